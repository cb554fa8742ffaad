// Secrets in the database: what they look like, which key they need, and what is said when it is missing.

import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, it } from 'vitest'
import { secretKey } from '../../src/database/file/secretKey.ts'
import { DomainError } from '../../src/domain/errors.ts'
import { newPlace } from '../support/folders.ts'

const given = 'a key of at least thirty-two characters'
const purpose = 'channel 1 accessToken'
const keyFileOf = (file: string) => join(dirname(file), 'secret.key')

/** What a failure tells a user, with the folder of the test left out. */
function failure(work: () => unknown, file: string): string {
  try {
    return `no failure: ${work()}`
  } catch (error) {
    if (!(error instanceof DomainError)) throw error
    return `${error.code} ${error.message.replaceAll(dirname(file), '…')}`
  }
}

it.each(['', 'tk_secret', 'Größe 写真 🎉\u0000', 'x'.repeat(10_000)])('gives back what it encrypted', (secret) => {
  const key = secretKey(newPlace(), given)
  const sealed = key.seal(secret, purpose)
  expect(sealed).toMatch(/^v1\.[\w+/]+=*$/)
  expect(key.open(sealed, purpose)).toBe(secret)
})

it('encrypts the same secret differently every time, and shows nothing of it', () => {
  const key = secretKey(newPlace(), given)
  const sealed = Array.from({ length: 100 }, () => key.seal('tk_secret', purpose))
  expect(new Set(sealed.map((text) => text.slice(0, 19))).size).toBe(100)
  for (const text of sealed) expect(Buffer.from(text.slice(3), 'base64').toString('latin1')).not.toContain('tk_')
})

it('still opens what was encrypted by the first release that could', () => {
  const sealed = 'v1.HytlF+1XOj8+C2OfgPpFpXyINgTKyqOkE+nMmVszXVI3zQ6aRg=='
  expect(secretKey(newPlace(), given).open(sealed, purpose)).toBe('tk_secret')
})

it('makes the key when it is first needed, readable for its owner alone, and uses it again', () => {
  const file = newPlace()
  const key = secretKey(file, null)
  expect(existsSync(keyFileOf(file))).toBe(false)
  const sealed = key.seal('tk_secret', purpose)
  expect(statSync(keyFileOf(file)).mode & 0o777).toBe(0o600)
  expect(readFileSync(keyFileOf(file), 'utf8')).toMatch(/^[\w+/]{43}=\n$/)
  const later = secretKey(file, null)
  expect(later.open(sealed, purpose)).toBe('tk_secret')
  expect(key.open(later.seal('tk_other', purpose), purpose)).toBe('tk_other')
})

it('makes no file when the key is given', () => {
  const file = newPlace()
  secretKey(file, given).seal('tk_secret', purpose)
  expect(existsSync(keyFileOf(file))).toBe(false)
})

it('uses the key file of a process that made it first', () => {
  const file = newPlace()
  const [first, second] = [secretKey(file, null), secretKey(file, null)]
  const sealed = [first.seal('one', purpose), second.seal('two', purpose)]
  expect(sealed.map((text) => secretKey(file, null).open(text, purpose))).toEqual(['one', 'two'])
})

it('opens nothing without the key file, makes no other one, and goes on when it is back', () => {
  const file = newPlace()
  const sealed = secretKey(file, null).seal('tk_secret', purpose)
  const kept = readFileSync(keyFileOf(file))
  rmSync(keyFileOf(file))
  const key = secretKey(file, null)
  expect(failure(() => key.open(sealed, purpose), file)).toMatchInlineSnapshot(
    `"UNAVAILABLE The database holds secrets, but the key to them cannot be read (ENOENT: no such file or directory, open '…/secret.key'). Put the file back, set SECRET_KEY, or set the secrets again."`,
  )
  expect(existsSync(keyFileOf(file))).toBe(false)
  writeFileSync(keyFileOf(file), kept)
  expect(key.open(sealed, purpose)).toBe('tk_secret')
})

it.each([
  ['with another key', (file: string) => secretKey(file, `${given}!`).open],
  [
    'for another purpose',
    (file: string) => (sealed: string) => secretKey(file, given).open(sealed, 'channel 2 accessToken'),
  ],
])('does not open %s', (_, opener) => {
  const file = newPlace()
  const sealed = secretKey(file, given).seal('tk_secret', purpose)
  expect(failure(() => opener(file)(sealed, purpose), file)).toBe(
    'UNAVAILABLE A secret in the database was encrypted with another key than that of SECRET_KEY. Use the key that it was encrypted with, or set the secret again.',
  )
})

it('does not open a text of which any part was changed', () => {
  const file = newPlace()
  const key = secretKey(file, given)
  const bytes = Buffer.from(key.seal('tk_secret', purpose).slice(3), 'base64')
  const changed = Array.from(bytes, (byte, index) => {
    const other = Buffer.from(bytes)
    other[index] = byte ^ 1
    return `v1.${other.toString('base64')}`
  })
  const others = [
    '',
    'v1.',
    'tk_secret',
    `v2.${bytes.toString('base64')}`,
    `v1.${bytes.subarray(0, 20).toString('base64')}`,
  ]
  for (const sealed of [...changed, ...others]) {
    expect(failure(() => key.open(sealed, purpose), file)).toMatch(
      /^UNAVAILABLE A secret in the database was encrypted with another/,
    )
  }
})

it('takes a key file that breaks off for none, and leaves it alone', () => {
  const file = newPlace()
  writeFileSync(keyFileOf(file), 'x'.repeat(31))
  const key = secretKey(file, null)
  expect(failure(() => key.seal('tk_secret', purpose), file)).toMatchInlineSnapshot(
    `"UNAVAILABLE …/secret.key contains no key. Put the right one back; if there never was one, remove the file, and a new key is created."`,
  )
  expect(readFileSync(keyFileOf(file), 'utf8')).toBe('x'.repeat(31))
})

it('says what to do when the key file cannot be made, and makes it when it can', () => {
  const file = join(dirname(newPlace()), 'data/backups.db')
  const key = secretKey(file, null)
  expect(failure(() => key.seal('tk_secret', purpose), file)).toMatchInlineSnapshot(
    `"UNAVAILABLE The key for secrets cannot be made (ENOENT: no such file or directory, open '…/secret.key'). Let the server write the folder, or set SECRET_KEY."`,
  )
  mkdirSync(dirname(file))
  expect(key.open(key.seal('tk_secret', purpose), purpose)).toBe('tk_secret')
})

it('says that the key file may not be read', () => {
  const file = newPlace()
  mkdirSync(keyFileOf(file))
  expect(failure(() => secretKey(file, null).open('v1.', purpose), file)).toMatch(
    /^UNAVAILABLE .*cannot be read \(EISDIR/,
  )
})
