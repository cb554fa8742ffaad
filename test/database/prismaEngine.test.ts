// Prisma's own engine, which the Prisma CLI uses, and our migrations: either goes on from a file where the other stopped, and what they
// make is the same to the letter.

import { copyFileSync } from 'node:fs'
import Database from 'better-sqlite3'
import { describe, expect, it } from 'vitest'
import { applyMigrations, migrationNames } from '../../src/database/migrate.ts'
import { fixture } from '../support/app.ts'
import { rowsIn, writeFilled } from '../support/filledFile.ts'
import { newPlace } from '../support/folders.ts'
import { applyWithEngine, diagnose } from '../support/schemaEngine.ts'
import { change } from '../support/states.ts'

const names = migrationNames()
const inOrder = {
  editedMigrationNames: [],
  failedMigrationNames: [],
  hasMigrationsTable: true,
  history: null,
  resetReason: null,
}

/** What SQLite keeps of the file beside its rows, and the record of its migrations but for what is of the moment. */
function outline(file: string) {
  const database = new Database(file, { readonly: true })
  const schema = database.prepare('SELECT type, name, tbl_name, sql FROM sqlite_schema ORDER BY rowid').all()
  const pragmas = ['journal_mode', 'page_size', 'encoding', 'auto_vacuum', 'user_version', 'application_id']
  const settings = pragmas.map((name) => [name, database.pragma(name, { simple: true })])
  const record = database
    .prepare(
      `SELECT rowid, checksum, migration_name, logs, rolled_back_at, applied_steps_count,
         typeof(id), typeof(started_at), typeof(finished_at), typeof(applied_steps_count)
       FROM _prisma_migrations ORDER BY rowid`,
    )
    .all()
  const moments = database.prepare('SELECT id, started_at, finished_at FROM _prisma_migrations').all()
  database.close()
  return { schema, settings, record, moments: moments as Record<'id' | 'started_at' | 'finished_at', string>[] }
}

function expectSame(mine: string, its: string) {
  const [{ moments, ...rest }, { moments: itsMoments, ...itsRest }] = [outline(mine), outline(its)]
  expect(rest).toEqual(itsRest)
  expect(rowsIn(mine)).toEqual(rowsIn(its))
  for (const { id, started_at, finished_at } of [...moments, ...itsMoments]) {
    expect(id).toMatch(/^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/)
    for (const time of [started_at, finished_at]) expect(time).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+00:00$/)
    expect(started_at <= finished_at).toBe(true)
  }
}

it('finds everything applied, unedited and without drift in a file of ours, and has nothing to do', async () => {
  const file = newPlace()
  applyMigrations(file, names)
  expect(await diagnose(file)).toEqual(inOrder)
  expect(await applyWithEngine(file, names)).toEqual([])
})

it.each([
  ['an index that is missing', 'DROP INDEX backups_status_idx', { resetReason: expect.stringContaining('Drift') }],
  [
    'a migration that was edited',
    'UPDATE _prisma_migrations SET checksum = 1 WHERE rowid = 1',
    { editedMigrationNames: [names[0]] },
  ],
  [
    'a migration that failed',
    'UPDATE _prisma_migrations SET finished_at = NULL WHERE rowid = (SELECT max(rowid) FROM _prisma_migrations)',
    { failedMigrationNames: [names.at(-1)] },
  ],
])('would find %s', async (_, sql, found) => {
  const file = newPlace()
  applyMigrations(file, names)
  change(file, sql)
  expect(await diagnose(file)).toMatchObject(found)
})

it('makes the same new file', async () => {
  const [mine, its] = [newPlace(), newPlace()]
  applyMigrations(mine, names)
  await applyWithEngine(its, names)
  expectSame(mine, its)
})

describe.each(names.slice(0, -1))('from a filled file after %s', (name) => {
  it('makes the same of it as we do', async () => {
    const [mine, its] = [newPlace(), newPlace()]
    writeFilled(mine, name)
    copyFileSync(mine, its)
    applyMigrations(mine, names)
    expect(await applyWithEngine(its, names)).toEqual(names.slice(names.indexOf(name) + 1))
    expectSame(mine, its)
  })
})

it.each(names.slice(0, -1))('has gone as far as %s, and we go on', async (name) => {
  const file = newPlace()
  const done = names.slice(0, names.indexOf(name) + 1)
  await applyWithEngine(file, done)
  expect(applyMigrations(file, names)).toEqual(names.slice(done.length))
  expect(await diagnose(file)).toEqual(inOrder)
})

it('makes the same as we do of a file that people used', async () => {
  const [mine, its] = [newPlace(), newPlace()]
  for (const file of [mine, its]) change(file, await fixture('before-identity.sql'))
  applyMigrations(mine, names)
  await applyWithEngine(its, names)
  expectSame(mine, its)
})
