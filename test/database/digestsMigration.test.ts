// A filled file of the release before digests: every row of it is there after the migration, unchanged, although the table of messages
// is made anew. Its numbers go on where they were.

import Database from 'better-sqlite3'
import { expect, it } from 'vitest'
import { applyMigrations, migrationNames } from '../../src/database/migrate.ts'
import { startApp } from '../support/app.ts'
import { fileBefore, rowsIn } from '../support/filledFile.ts'
import { problemsIn } from '../support/problems.ts'

const name = '20261201000000_digests'

async function migrated(prepare: (database: Database.Database) => void = () => {}) {
  const file = await fileBefore(name)
  const names = migrationNames()
  const database = new Database(file)
  prepare(database)
  database.close()
  const before = rowsIn(file)
  applyMigrations(file, names.slice(0, names.indexOf(name) + 1))
  return { file, before }
}

it('keeps every row, and gives no channel a digest', async () => {
  const { file, before } = await migrated()
  expect(before.notifications?.length).toBeGreaterThan(1)
  expect(before.channels?.length).toBeGreaterThan(0)
  expect(rowsIn(file)).toEqual({ ...before, digests: [] })
  applyMigrations(file, migrationNames())
  expect(problemsIn(file)).toEqual([])
})

it('keeps every index of the messages', async () => {
  const { file } = await migrated()
  const old = await fileBefore(name)
  const indexes = (path: string) => {
    const database = new Database(path, { readonly: true })
    const sql =
      "SELECT name, sql FROM sqlite_schema WHERE type = 'index' AND tbl_name = 'notifications' AND sql IS NOT NULL ORDER BY name"
    const rows = database.prepare<[], { name: string; sql: string }>(sql).all()
    database.close()
    return rows.map((row) => row.sql.replaceAll(/["\s]+/g, ''))
  }
  expect(indexes(file)).toEqual(indexes(old))
})

it('does not give the number of a removed message again', async () => {
  const { file } = await migrated((database) => database.exec('DELETE FROM notifications WHERE id > 10'))
  const database = new Database(file, { readonly: true })
  const sequence = database
    .prepare<[], { name: string; seq: number }>("SELECT * FROM sqlite_sequence WHERE name LIKE '%notifications'")
    .all()
  database.close()
  expect(sequence).toEqual([{ name: 'notifications', seq: 16 }])
})

it('leads to a server that shows every message with its job, and takes a digest', async () => {
  const { file, before } = await migrated()
  applyMigrations(file, migrationNames())
  const app = await startApp({ file, now: '2026-12-01T12:00:00Z', environment: { TZ: '' } })
  const { data } = await app.graphql(
    '{ notifications(first: 100) { nodes { databaseId job { databaseId } server { databaseId } } } }',
  )
  const { nodes } = (data as { notifications: { nodes: { databaseId: number; job: object; server: object }[] } })
    .notifications
  expect(nodes.reverse()).toEqual(
    before.notifications?.map(({ id, job_id, server_id }) => ({
      databaseId: id,
      job: { databaseId: job_id },
      server: { databaseId: server_id },
    })),
  )
  expect(
    await app.graphql(
      'mutation { setDigest(input: { channel: 1, period: DAILY, timeOfDay: "08:00", timeZone: "UTC" }) { digest { nextAt } } }',
    ),
  ).toEqual({ data: { setDigest: { digest: { nextAt: '2026-12-02T08:00:00.000Z' } } } })
})
