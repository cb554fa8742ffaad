// A start that is refused says in one sentence why, and leaves everything as it was; `migrate --status` says the same.

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import Database from 'better-sqlite3'
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest'
import { applyMigrations, migrationNames } from '../../src/database/migrate.ts'
import { duplistatus, run } from '../support/cli.ts'
import { newPlace, soak } from '../support/folders.ts'
import { writeOldDatabase, writeUncheckpointed } from '../support/oldDatabase.ts'
import { change, changeInLog, damage, fingerprints } from '../support/states.ts'
import { expectNoLeftovers, expectTakenOver, oldContent } from '../support/takenOver.ts'

let ours = ''
beforeAll(() => {
  ours = join(mkdtempSync(join(tmpdir(), 'duplistatus-')), 'backups.db')
  applyMigrations(ours, migrationNames())
})
afterAll(() => rmSync(dirname(ours), { recursive: true }))

const [first] = migrationNames() as [string]
const foreignTables = `
  CREATE TABLE servers (id INTEGER PRIMARY KEY, name TEXT); CREATE TABLE songs (title TEXT);
  INSERT INTO songs VALUES ('Gute Nacht'), ('Der Lindenbaum');`
const newerRow = `
  INSERT INTO _prisma_migrations (id, checksum, migration_name, finished_at, applied_steps_count)
  VALUES ('1', 'x', '29990101000000_later', 1, 1)`
const someRow = "INSERT INTO configurations (key, value) VALUES ('overdue', '2h')"
const oursWith = (sql: string) => (file: string) => {
  copyFileSync(ours, file)
  change(file, sql)
}

const notSqlite = 'FILE is not an SQLite database; set DATABASE_URL to the right file, or to a new one.'
const notOurs = 'FILE is not a duplistatus database; set DATABASE_URL to the right file, or to a new one.'
const damaged = /^FILE is damaged \([^\n]+\); restore an earlier copy of it\.$/
const damagedWithLog =
  /^FILE is damaged \([^\n]+\), or FILE-wal belongs to another database: then move that away, or restore an earlier copy of it\.$/
const newer = 'FILE was written by a newer release (migration 29990101000000_later); use that release or a later one.'

const cases: [name: string, given: (file: string) => void, sentence: string | RegExp][] = [
  ['a file of something else', (file) => writeFileSync(file, 'Dear diary, today I made a backup.'), notSqlite],
  [
    'a file of something else, with an empty log beside it',
    (file) => {
      writeFileSync(file, 'Dear diary, today I made a backup.')
      writeFileSync(`${file}-wal`, '')
    },
    notSqlite,
  ],
  [
    'a folder',
    (file) => mkdirSync(file),
    'FILE is a folder; set DATABASE_URL to a file in it, like file:FILE/backups.db.',
  ],
  ['the database of something else', (file) => change(file, foreignTables), notOurs],
  [
    'the database of something else, in WAL mode',
    (file) => change(file, `PRAGMA journal_mode = WAL; ${foreignTables}`),
    notOurs,
  ],
  [
    'the database of something else, whose tables are all in the log',
    (file) => {
      change(file, 'PRAGMA journal_mode = WAL')
      changeInLog(file, foreignTables)
    },
    notOurs,
  ],
  [
    'an old database with a damaged page',
    (file) => {
      writeOldDatabase(file, '0.6')
      damage(file, 'backups')
    },
    damaged,
  ],
  [
    'an old database with a damaged page and a log',
    (file) => {
      writeOldDatabase(file, '0.6')
      damage(file, 'backups')
      changeInLog(file, someRow)
    },
    damagedWithLog,
  ],
  [
    'an old database that was cut off',
    (file) => {
      writeOldDatabase(file, '0.6')
      truncateSync(file, 20_000)
    },
    damaged,
  ],
  [
    'an old database that was cut off, with a log',
    (file) => {
      writeOldDatabase(file, '0.6')
      changeInLog(file, someRow)
      truncateSync(file, 20_000)
    },
    damagedWithLog,
  ],
  ['a database of a newer release', oursWith(newerRow), newer],
  [
    'a database that a newer release migrated in the log only',
    (file) => {
      copyFileSync(ours, file)
      changeInLog(file, newerRow)
    },
    newer,
  ],
  [
    'a database whose migration was edited',
    oursWith(`UPDATE _prisma_migrations SET checksum = 'x' WHERE migration_name = '${first}'`),
    `The migration ${first} was edited after FILE was made with it; install this release again.`,
  ],
  [
    'a database whose migration failed',
    oursWith(`UPDATE _prisma_migrations SET finished_at = NULL WHERE migration_name = '${first}'`),
    `The migration ${first} of FILE failed; restore the copy that was made before it.`,
  ],
]

it.each(cases)('%s is refused, and stays as it was', async (_, given, sentence) => {
  const file = newPlace()
  given(file)
  const before = fingerprints(file)
  const server = await startRefused(file)
  expect(server).toEqual({ code: 1, stdout: '', stderr: `${server.stderr.trimEnd()}\n` })
  const said = server.stderr.trimEnd().replaceAll(file, 'FILE')
  if (typeof sentence === 'string') expect(said).toBe(sentence)
  else expect(said).toMatch(sentence)
  expect(fingerprints(file)).toEqual(before)

  // In words it says the same; of one sentence that is seen below.
  if (soak) expect(await duplistatus(file, 'migrate', '--status')).toEqual(server)
  const json = await duplistatus(file, 'migrate', '--status', '--json')
  expect({ ...json, stdout: JSON.parse(json.stdout) }).toEqual({
    code: 1,
    stdout: { file, error: server.stderr.trimEnd() },
    stderr: '',
  })
  expect(fingerprints(file)).toEqual(before)
})

it('a database that another process keeps open is refused after ten seconds, and both keep what they have', async () => {
  const file = newPlace()
  writeUncheckpointed(file, '0.6')
  const container = await startOldContainer(file)
  const before = fingerprints(file)
  const [server, status] = await Promise.all([startRefused(file), duplistatus(file, 'migrate', '--status')])
  const refused = {
    code: 1,
    stdout: '',
    stderr: `Another process has ${file} open, most likely the old container; stop it and start again.\n`,
  }
  expect(server).toEqual(refused)
  expect(status).toEqual({ code: 0, stdout: expect.stringContaining('was left by release 0.6'), stderr: '' })
  expect(fingerprints(file)).toEqual(before)
  // What the old container goes on to write is there when it has gone, and is taken over.
  const unchanged = oldContent(file)
  await container.writesOneMoreAndCloses()
  const old = oldContent(file)
  expect(old.runs).toEqual([...unchanged.runs, expect.objectContaining({ id: 'one-more' })])
  expect(await duplistatus(file, 'migrate')).toMatchObject({ code: 0 })
  expectTakenOver(file, old)
  expectNoLeftovers(file)
})

it('a database that another process has to itself is refused by status too', async () => {
  const file = newPlace()
  writeOldDatabase(file, '0.6')
  const before = fingerprints(file)
  const database = new Database(file)
  database.pragma('locking_mode = EXCLUSIVE')
  database.exec('BEGIN EXCLUSIVE')
  const status = await duplistatus(file, 'migrate', '--status')
  database.close()
  expect(status).toEqual({
    code: 1,
    stdout: '',
    stderr: `Another process has ${file} open, most likely the old container; stop it and start again.\n`,
  })
  expect(fingerprints(file)).toEqual(before)
})

/** Starts the server on a port that is taken: one that came as far as to listen would complain about that. */
async function startRefused(file: string) {
  const listener = createServer().listen(0, '127.0.0.1')
  onTestFinished(() => void listener.close())
  await once(listener, 'listening')
  const { port } = listener.address() as { port: number }
  return run('main.js', [], { DATABASE_URL: `file:${file}`, PORT: String(port) })
}

/** A process that has read the file once in WAL mode, as an old container has, and then does nothing. */
async function startOldContainer(file: string) {
  const sqlite = createRequire(import.meta.url).resolve('better-sqlite3')
  const script = `
    const database = new (require(${JSON.stringify(sqlite)}))(${JSON.stringify(file)})
    database.pragma('journal_mode = WAL')
    process.send(database.prepare('SELECT count(*) FROM backups').pluck().get())
    process.once('message', () => {
      database.exec(\`CREATE TEMP TABLE one AS SELECT * FROM backups LIMIT 1;
        UPDATE one SET id = 'one-more', begin_time = '2025-05-08T02:00:00.000Z';
        INSERT INTO backups SELECT * FROM one\`)
      database.close()
      process.disconnect()
    })`
  const child = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] })
  onTestFinished(() => void child.kill('SIGKILL'))
  await once(child, 'message')
  return {
    async writesOneMoreAndCloses() {
      child.send('write')
      expect(await once(child, 'exit')).toEqual([0, null])
    },
  }
}
