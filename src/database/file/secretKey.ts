// Encrypts the secrets that the database holds, with a key that it does not hold: a copy of the file alone gives none away.
//
// It is here and not beside the channels because the key belongs to the file: it is made beside it, as durably as the
// file itself, and has to be kept with the copies that are made of it.

import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes, timingSafeEqual } from 'node:crypto'
import { closeSync, fsyncSync, openSync, readFileSync, writeSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { DomainError } from '../../domain/errors.ts'
import { sync } from './disk.ts'

export interface SecretKey {
  /**
   * The text, encrypted. The key file is there, safely on disk, once this returns.
   *
   * @param purpose what the secret is for: it can be decrypted for that alone, so that no row can pass for another
   * @throws DomainError UNAVAILABLE if the key file can be neither read nor made
   */
  seal(secret: string, purpose: string): string
  /**
   * What `seal` was given.
   *
   * @throws DomainError UNAVAILABLE if the key is missing or another one, with what to do
   */
  open(sealed: string, purpose: string): string
  /**
   * Proves that a text comes from this server: HMAC-SHA256 in base64url, 43 characters.
   *
   * @throws DomainError UNAVAILABLE as `seal`
   */
  sign(text: string): string
  /** Whether `sign` made this signature of the text; false also if the key cannot be read. */
  isSigned(text: string, signature: string): boolean
}

/** Says how a sealed text was made: AES-256-GCM, and then the nonce, the tag and the rest in Base64. */
const version = 'v1.'
const nonceBytes = 12
const tagBytes = 16

/**
 * The key for the secrets in a database. It is looked for when it is first needed, and again until it is there: a server
 * whose key is missing starts, and works with everything but these secrets.
 *
 * @param given SECRET_KEY; null: the key is in the file `secret.key` beside the database, which is made at need
 */
export function secretKey(databaseFile: string, given: string | null): SecretKey {
  const file = join(dirname(databaseFile), 'secret.key')
  const source = given === null ? file : 'SECRET_KEY'
  let known: string | undefined

  function key(find: () => string, use: 'secrets' | 'signatures' = 'secrets'): Buffer {
    known ??= given ?? find()
    // The texts are keys already, random and long; this gives them the length that AES wants, and each use its own (RFC 5869).
    return Buffer.from(hkdfSync('sha256', known, '', `duplistatus ${use}`, 32))
  }

  const sign = (text: string) =>
    createHmac(
      'sha256',
      key(() => findOrMake(file), 'signatures'),
    )
      .update(text)
      .digest('base64url')

  return {
    sign,
    isSigned: (text, signature) => {
      try {
        return timingSafeEqual(Buffer.from(sign(text)), Buffer.from(signature))
      } catch {
        return false
      }
    },
    seal: (secret, purpose) => {
      const nonce = randomBytes(nonceBytes)
      const cipher = createCipheriv(
        'aes-256-gcm',
        key(() => findOrMake(file)),
        nonce,
      ).setAAD(Buffer.from(purpose))
      const text = Buffer.concat([cipher.update(secret, 'utf8'), cipher.final()])
      return version + Buffer.concat([nonce, cipher.getAuthTag(), text]).toString('base64')
    },
    open: (sealed, purpose) => {
      const decipherer = key(() => findKey(file))
      const bytes = Buffer.from(sealed.slice(version.length), 'base64')
      try {
        if (!sealed.startsWith(version)) throw new Error(`It does not begin with ${version}`)
        const decipher = createDecipheriv('aes-256-gcm', decipherer, bytes.subarray(0, nonceBytes), {
          authTagLength: tagBytes,
        })
        decipher.setAAD(Buffer.from(purpose)).setAuthTag(bytes.subarray(nonceBytes, nonceBytes + tagBytes))
        return decipher.update(bytes.subarray(nonceBytes + tagBytes)).toString('utf8') + decipher.final('utf8')
      } catch (cause) {
        throw new DomainError(
          'UNAVAILABLE',
          `A secret in the database was encrypted with another key than that of ${source}. Use the key that it was encrypted with, or set the secret again.`,
          { cause },
        )
      }
    },
  }
}

/** @throws DomainError UNAVAILABLE */
function findKey(file: string): string {
  let text: string
  try {
    text = readFileSync(file, 'utf8').trim()
  } catch (cause) {
    throw new DomainError(
      'UNAVAILABLE',
      `The database holds secrets, but the key to them cannot be read (${(cause as Error).message}). Put the file back, set SECRET_KEY, or set the secrets again.`,
      { cause },
    )
  }
  if (text.length >= 32) return text
  throw new DomainError(
    'UNAVAILABLE',
    `${file} contains no key. Put the right one back; if there never was one, remove the file, and a new key is created.`,
  )
}

/** @throws DomainError UNAVAILABLE */
function findOrMake(file: string): string {
  const made = randomBytes(32).toString('base64')
  try {
    // Fails if it is there: two processes never use two keys.
    const descriptor = openSync(file, 'wx', 0o600)
    try {
      writeSync(descriptor, `${made}\n`)
      fsyncSync(descriptor)
    } finally {
      closeSync(descriptor)
    }
    sync(dirname(file))
    return made
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException
    if (code === 'EEXIST') return findKey(file)
    throw new DomainError(
      'UNAVAILABLE',
      `The key for secrets cannot be made (${message}). Let the server write the folder, or set SECRET_KEY.`,
      { cause },
    )
  }
}
