// What releases from 0.8 on encrypted, and the file with the key to it.

import { createCipheriv, pbkdf2Sync, randomBytes } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** The 32 bytes of `.duplistatus.key` that go with the old database files of the tests. */
export const oldKeyBytes = Buffer.from('the old key, all of its 32 bytes')

/** Encrypts as those releases did: salt, nonce, tag and text, in hex. */
export function encryptAsOld(text: string, key: Buffer = oldKeyBytes): string {
  const [salt, nonce] = [randomBytes(32), randomBytes(12)]
  const cipher = createCipheriv('aes-256-gcm', pbkdf2Sync(key, salt, 100_000, 32, 'sha256'), nonce)
  const encrypted = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()])
  return [salt, nonce, cipher.getAuthTag(), encrypted].map((part) => part.toString('hex')).join(':')
}

/** Puts the key beside the database. */
export function writeOldKey(file: string, key: Buffer = oldKeyBytes): void {
  writeFileSync(join(dirname(file), '.duplistatus.key'), key)
}
