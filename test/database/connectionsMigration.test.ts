// A filled file of the release before Duplicati was asked: every row of it is there after the migration, and the password of a server,
// which an old release left, is the credential of its connection, encrypted as it was.

import Database from 'better-sqlite3'
import { expect, it } from 'vitest'
import { applyMigrations, migrationNames } from '../../src/database/migrate.ts'
import { startApp } from '../support/app.ts'
import { fileBefore, rowsIn } from '../support/filledFile.ts'
import { problemsIn } from '../support/problems.ts'

const name = '20261201040000_connections'

it('keeps every row, and makes a connection of an address and a password', async () => {
  const file = await fileBefore(name)
  const database = new Database(file)
  database.exec(
    "UPDATE servers SET url = 'https://nas:8200/', password = 'sealed' WHERE id = 1; UPDATE servers SET password = 'sealed too', url = NULL WHERE id = 2",
  )
  database.close()
  const before = rowsIn(file)
  const names = migrationNames()
  applyMigrations(file, names.slice(0, names.indexOf(name) + 1))
  const after = rowsIn(file)
  expect(after).toEqual({
    ...before,
    backup_jobs: before.backup_jobs?.map((row) => ({
      ...row,
      asked_schedule: null,
      asked_at: null,
      held_for: null,
      held_at: null,
      held_until: null,
      running_since: null,
      finding: null,
    })),
    connections: [
      expect.objectContaining({
        server_id: 1,
        url: 'https://nas:8200/',
        credential_kind: 'PASSWORD',
        credential: 'sealed',
      }),
    ],
    collected_logs: [],
    removals: [],
  })
  applyMigrations(file, names)
  expect(problemsIn(file)).toEqual([])
  const app = await startApp({ file, now: '2026-12-01T12:00:00Z' })
  expect(
    await app.graphql(
      '{ server(by: { id: 1 }) { connection { url state problem version jobs checkedAt setup { reportsToUs } } } }',
    ),
  ).toEqual({
    data: {
      server: {
        connection: {
          url: 'https://nas:8200/',
          state: 'NEW',
          problem: null,
          version: null,
          jobs: null,
          checkedAt: null,
          setup: null,
        },
      },
    },
  })
})
