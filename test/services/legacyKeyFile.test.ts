// The key of an old release beside the database, and what is said where there is none that fits.

import { mkdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, it } from 'vitest'
import { legacyKeyFile } from '../../src/services/upkeep/legacyKeyFile.ts'
import { newPlace } from '../support/folders.ts'
import { encryptAsOld, oldKeyBytes, writeOldKey } from '../support/oldSecrets.ts'

const encrypted = encryptAsOld('a secret, ünïcode too')

it('opens what was encrypted with it, and nothing that was changed since', () => {
  const file = newPlace()
  writeOldKey(file)
  const { open } = legacyKeyFile(file)
  expect(open(encrypted)).toBe('a secret, ünïcode too')
  expect(open(encrypted.toUpperCase())).toBe('a secret, ünïcode too')
  expect(open(encryptAsOld(''))).toBe('')
  for (const [place, character] of [...encrypted].entries()) {
    if (place % 23 !== 0 || character === ':') continue
    const other = character === '0' ? '1' : '0'
    expect(open(encrypted.slice(0, place) + other + encrypted.slice(place + 1))).toBeNull()
  }
  for (const text of [
    '',
    ':::',
    'a secret',
    encrypted.slice(1),
    `${encrypted}0`,
    `${encrypted}:00`,
    `${encrypted}\n`,
  ]) {
    expect(open(text)).toBeNull()
  }
})

it.each<[string, (file: string) => void, string]>([
  ['there is none', () => {}, 'there is no .duplistatus.key beside the database'],
  [
    'it cannot be read',
    (file) => mkdirSync(join(dirname(file), '.duplistatus.key')),
    '.duplistatus.key cannot be read (EISDIR)',
  ],
  [
    'it is too long',
    (file) => writeOldKey(file, Buffer.concat([oldKeyBytes, Buffer.from('\n')])),
    '.duplistatus.key has 33 bytes where 32 are a key',
  ],
  [
    'it is another',
    (file) => writeOldKey(file, Buffer.alloc(32)),
    'the key in .duplistatus.key is not the one that they were encrypted with',
  ],
])('opens nothing where %s, and says so', (_, prepare, trouble) => {
  const file = newPlace()
  prepare(file)
  const key = legacyKeyFile(file)
  expect([key.open(encrypted), key.trouble]).toEqual([null, trouble])
})
