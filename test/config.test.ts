// How the environment is read where main.test.ts does not look: secrets.

import { existsSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, it } from 'vitest'
import { readConfig } from '../src/config.ts'
import { newPlace } from './support/folders.ts'
import { startProcess } from './support/process.ts'

const key = 'x'.repeat(32)

it('has no key for secrets unless one is given', () => {
  expect(readConfig({}).secretKey).toBe(null)
  expect(readConfig({ SECRET_KEY: '', SECRET_KEY_FILE: '' }).secretKey).toBe(null)
  expect(readConfig({ SECRET_KEY: key }).secretKey).toBe(key)
})

it('reads a secret from a file, without the line break at its end', () => {
  const file = newPlace()
  writeFileSync(file, `${key}\r\n`)
  expect(readConfig({ SECRET_KEY_FILE: file }).secretKey).toBe(key)
})

it.each([
  [
    { SECRET_KEY: key.slice(1) },
    ['PORT must be a whole number', 'SECRET_KEY must have 32 characters or more, all of them random'],
  ],
  [
    { SECRET_KEY: key, SECRET_KEY_FILE: '/x' },
    ['SECRET_KEY and SECRET_KEY_FILE are both set; one must do', 'PORT must be a whole number'],
  ],
  [
    { SECRET_KEY_FILE: '/no/key' },
    [
      "SECRET_KEY_FILE cannot be read: ENOENT: no such file or directory, open '/no/key'",
      'PORT must be a whole number',
    ],
  ],
])('refuses %j with everything else that is wrong', (variables, problems) => {
  expect(() => readConfig({ ...variables, PORT: 'x' })).toThrow(
    new Error(`The environment is not right:\n  ${problems.join('\n  ')}`),
  )
})

it('refuses a file that holds no key', () => {
  const file = newPlace()
  writeFileSync(file, '\n')
  expect(() => readConfig({ SECRET_KEY_FILE: file })).toThrow('SECRET_KEY must have 32 characters or more')
})

it('is completed by a file .env in the working folder, which changes nothing that is set', async () => {
  const folder = dirname(newPlace())
  writeFileSync(join(folder, '.env'), 'LOG_LEVEL=debug\nDATABASE_URL=file:./from-env.db\nHOST=127.0.0.1\n')
  const server = startProcess({ DATABASE_URL: 'file:./set.db' }, folder)
  await server.listening
  expect([existsSync(join(folder, 'set.db')), existsSync(join(folder, 'from-env.db'))]).toEqual([true, false])
  const second = startProcess({}, folder)
  await second.listening
  expect(existsSync(join(folder, 'from-env.db'))).toBe(true)
})
