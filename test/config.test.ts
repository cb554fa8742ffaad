// How the environment is read where main.test.ts does not look: secrets, and addresses that are not what they seem to be.

import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, it } from 'vitest'
import { readConfig } from '../src/config.ts'
import { newPlace } from './support/folders.ts'
import { writeOldDatabase } from './support/oldDatabase.ts'
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
    ['SECRET_KEY and SECRET_KEY_FILE are both set; set only one of them', 'PORT must be a whole number'],
  ],
  [
    { SECRET_KEY_FILE: '/no/key' },
    ['SECRET_KEY_FILE names /no/key, and there is no such file', 'PORT must be a whole number'],
  ],
])('refuses %j with everything else that is wrong', (variables, problems) => {
  expect(() => readConfig({ ...variables, PORT: 'x' })).toThrow(
    new Error(`The settings are wrong:\n  ${problems.join('\n  ')}`),
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

it.each([
  ['file:backups.db', 'backups.db'],
  ['file:data/backups.db', 'data/backups.db'],
  ['file:../backups.db', '../backups.db'],
  ['file:/data/backups.db', '/data/backups.db'],
  ['file:///data/backups.db', '/data/backups.db'],
  ['file:./50% of my data~/$1.db', './50% of my data~/$1.db'],
])('takes %s for the file %s', (DATABASE_URL, path) => {
  expect(readConfig({ DATABASE_URL }).databaseFile).toBe(path)
})

it.each([
  [
    'file:~/x.db',
    'begins with ~, which stands for a folder in a shell alone: write the whole path, like /home/you/x.db',
  ],
  ['file:$HOME/x.db', /^begins with \$HOME, which .* like \/home\/you\/x\.db$/],
  ['file:\u0024{HOME}/x.db', /^begins with \$\{HOME\}, which /],
  ['file:./x.db?connection_limit=1', 'has parameters, which mean nothing here: leave ?connection_limit=1 out'],
  ['file:./my%20data/x.db', 'is percent-encoded (%20): write the path as it is, spaces included'],
  ['file:./%e0/x.db', 'is percent-encoded (%e0): write the path as it is, spaces included'],
  [
    'file://data/x.db',
    'names the host data, but the file must be on this machine: write file:/data/x.db, or file:./data/x.db',
  ],
  ['file:./data/', 'names a folder: write the file in it too, like file:./data/backups.db'],
  ['file:..', 'names a folder: write the file in it too, like file:../backups.db'],
  ['file::memory:', 'must be a file: :memory: would be gone when the server stops'],
  ['file:', 'must be a file, like file:./data/backups.db'],
  ['sqlite:./x.db', 'must be a file, like file:./data/backups.db'],
  ['./data/x.db', 'must be a file, like file:./data/backups.db'],
  ['"file:./x.db"', 'must be a file, like file:./data/backups.db'],
])('refuses the DATABASE_URL %s, and makes nothing of its name', (DATABASE_URL, problem) => {
  expect(problemsOf({ DATABASE_URL })).toEqual([expect.stringMatching(`^DATABASE_URL `)])
  const said = problemsOf({ DATABASE_URL })[0]?.replace('DATABASE_URL ', '')
  if (typeof problem === 'string') expect(said).toBe(problem)
  else expect(said).toMatch(problem)
})

it.each(['::1', '[::1]', '::', '0.0.0.0', 'localhost', 'nas.example', 'fe80::1%eth0'])('may listen at %s', (HOST) => {
  expect(readConfig({ HOST }).host).toBe(HOST.replace(/^\[(.*)\]$/, '$1'))
})

it.each([
  ['http://localhost', 'must be an address or a name alone, like 127.0.0.1, and not http://localhost'],
  ['localhost:9666', 'must be without a port: set HOST=localhost and PORT=9666'],
  ['[::1]:9666', 'must be without a port: set HOST=[::1] and PORT=9666'],
  ['*', 'must be an address or a name; 0.0.0.0 stands for all addresses'],
  ['[nas]', 'must be an address or a name, like 127.0.0.1'],
  ['nas/', 'must be an address or a name, like 127.0.0.1'],
])('refuses the HOST %s', (HOST, problem) => {
  expect(problemsOf({ HOST })).toEqual([`HOST ${problem}`])
})

it.each(['Europe/London', ':Europe/London', 'UTC', 'EST5EDT', 'Etc/GMT+5'])('takes the TZ %s', (TZ) => {
  expect(problemsOf({ TZ })).toEqual([])
})

it.each(['Mars/Olympus', 'europe/london', '+01:00', 'CET-1CEST', 'UTC0', '/etc/localtime'])(
  'refuses the TZ %s',
  (TZ) => {
    expect(problemsOf({ PORT: 'x', TZ })).toEqual([
      'PORT must be a whole number',
      'TZ must be a time zone by its name, like Europe/London',
    ])
  },
)

it.each(['Mars/Olympus', 'US/EASTERN'])('does not start by the clock of UTC where TZ is %s', async (TZ) => {
  const file = newPlace()
  const server = startProcess({ DATABASE_URL: `file:${file}`, TZ })
  expect(await server.exited).toBe(1)
  expect(server.output()).toBe('The settings are wrong:\n  TZ must be a time zone by its name, like Europe/London\n')
  expect(existsSync(file)).toBe(false)
})

// As `cp .env.example .env` leaves it.
it.each<[string, Record<string, string>]>([
  ['TZ=', {}],
  ['', { TZ: ' ' }],
  ['', {}],
])('takes an empty TZ for that of the machine (%j, %j)', async (line, environment) => {
  const file = newPlace()
  writeOldDatabase(file, '0.6')
  writeFileSync(join(dirname(file), '.env'), line)
  const server = startProcess({ DATABASE_URL: 'file:./backups.db', ...environment }, dirname(file))
  await server.listening
  expect(server.output()).toContain(`by the clock of ${zoneOfMachine()}, the time zone of this machine (TZ);`)
})

it('takes a variable of nothing but spaces for absent, and not for the number 0', () => {
  expect(readConfig({ PORT: ' ', BACKUP_EVERY_HOURS: '\t' })).toEqual(readConfig({}))
})

it('says that what must be a file is a folder, and the other way round', () => {
  const file = newPlace()
  writeFileSync(file, '')
  const folder = dirname(file)
  expect(problemsOf({ SECRET_KEY_FILE: folder })).toEqual([
    `SECRET_KEY_FILE names a folder, ${folder}: name the file in it`,
  ])
  expect(problemsOf({ BACKUP_FOLDER: file })).toEqual(['BACKUP_FOLDER is a file, and must be a folder'])
  expect(problemsOf({ BACKUP_FOLDER: `${file}/a/b` })).toEqual([
    `BACKUP_FOLDER cannot be a folder, because ${file} is a file`,
  ])
  expect(problemsOf({ BACKUP_FOLDER: '~/copies' })).toEqual([expect.stringMatching(/^BACKUP_FOLDER begins with ~, /)])
  expect(problemsOf({ BACKUP_FOLDER: `${folder}/a/b` })).toEqual([])
  expect(readdirSync(folder)).toEqual(['backups.db'])
})

it('listens at an IPv6 address in brackets', async () => {
  const server = startProcess({ DATABASE_URL: `file:${newPlace()}`, HOST: '[::1]' })
  expect(await server.listening).toMatch(/^http:\/\/\[::1\]:\d+$/)
  expect((await fetch(`${await server.listening}/api/ready`)).status).toBe(200)
})

it.each([
  [undefined, null],
  ['', null],
  ['https://backups.example', 'https://backups.example'],
  ['https://Backups.Example/', 'https://backups.example'],
  ['http://nas:9666', 'http://nas:9666'],
  ['http://[::1]:9666/', 'http://[::1]:9666'],
  ['https://home.example/duplistatus//', 'https://home.example/duplistatus'],
])('takes the PUBLIC_URL %s for %s', (PUBLIC_URL, url) => {
  expect(readConfig({ PUBLIC_URL }).publicUrl).toBe(url)
})

it.each([
  ['backups.example', 'must be an http or https URL, like https://backups.example'],
  ['nas:9666', 'must be an http or https URL, like https://backups.example'],
  ['ftp://nas', 'must be an http or https URL, like https://backups.example'],
  ['https://', 'must be an http or https URL, like https://backups.example'],
  ['https:///x', 'must be an http or https URL, like https://backups.example'],
  ['https://nas:99999', 'must be an http or https URL, like https://backups.example'],
  ['https://me:secret@nas', 'must not hold a user or a password, like https://backups.example'],
  ['https://nas/?', 'must have nothing after its path, like https://backups.example'],
  ['https://nas/#a', 'must have nothing after its path, like https://backups.example'],
  ['https://nas/x/api/upload', 'must be the address of the whole server: leave /api/upload out'],
  ['https://nas/graphql/', 'must be the address of the whole server: leave /graphql/ out'],
  ['http://0.0.0.0:9666', 'must be an address that others can reach, which 0.0.0.0 is not'],
  ['http://[::]:9666', 'must be an address that others can reach, which [::] is not'],
])('refuses the PUBLIC_URL %s', (PUBLIC_URL, problem) => {
  expect(problemsOf({ PUBLIC_URL })).toEqual([`PUBLIC_URL ${problem}`])
})

it('names the page by PUBLIC_URL in the line that says where it listens', async () => {
  const server = startProcess({ DATABASE_URL: `file:${newPlace()}`, PUBLIC_URL: 'https://home.example/duplistatus/' })
  await server.listening
  expect(server.output()).toContain('; GraphiQL is at https://home.example/duplistatus/graphql"')
})

/** What is wrong with the variables, a line each. */
function problemsOf(variables: Record<string, string>): string[] {
  try {
    readConfig(variables)
    return []
  } catch (error) {
    return (error as Error).message.split('\n  ').slice(1)
  }
}

/** Of a process to which nobody gave one. */
function zoneOfMachine(): string {
  const { TZ, ...environment } = process.env
  const script = 'process.stdout.write(Intl.DateTimeFormat().resolvedOptions().timeZone)'
  return execFileSync(process.execPath, ['-e', script], { env: environment, encoding: 'utf8' })
}
