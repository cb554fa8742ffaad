// Decrypts what releases from 0.8 on had encrypted: AES-256-GCM under a key that is derived, by PBKDF2, for each text anew from
// the file `.duplistatus.key`. Reading that file is left to others.

import { createDecipheriv, pbkdf2Sync } from 'node:crypto'

export interface OldKey {
  /** What was encrypted; null if it cannot be decrypted. Deriving the key takes some ten milliseconds. */
  open(encrypted: string): string | null
  /** Why a text cannot be decrypted, as a part of a sentence. */
  trouble: string
}

const keyBytes = 32
const rounds = 100_000

/** Salt, nonce, tag and the text itself, in hex. */
const form = /^([0-9a-f]{64}):([0-9a-f]{24}):([0-9a-f]{32}):((?:[0-9a-f]{2})*)$/i

/** @param file what is in `.duplistatus.key` */
export function oldKey(file: Uint8Array): OldKey {
  if (file.length !== keyBytes) return noOldKey(`.duplistatus.key has ${file.length} bytes where ${keyBytes} are a key`)
  return {
    open: (encrypted) => {
      const [salt, nonce, tag, text] = (form.exec(encrypted) ?? []).slice(1).map((part) => Buffer.from(part, 'hex'))
      if (!salt || !nonce || !tag || !text) return null
      const decipher = createDecipheriv('aes-256-gcm', pbkdf2Sync(file, salt, rounds, keyBytes, 'sha256'), nonce)
      decipher.setAuthTag(tag)
      try {
        return decipher.update(text).toString('utf8') + decipher.final('utf8')
      } catch {
        return null
      }
    },
    trouble: 'the key in .duplistatus.key is not the one that they were encrypted with',
  }
}

/** Opens nothing. */
export function noOldKey(trouble: string): OldKey {
  return { open: () => null, trouble }
}
