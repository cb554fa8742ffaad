// A filled file of the release before messages passed each other: every row of it is there after the migration, unchanged but for
// messages that wait behind others of their job.

import Database from 'better-sqlite3'
import { expect, it } from 'vitest'
import { applyMigrations, migrationNames } from '../../src/database/migrate.ts'
import { fileBefore, rowsIn } from '../support/filledFile.ts'
import { problemsIn } from '../support/problems.ts'

const name = '20261130190000_order_of_receipt'

it('keeps every row, and lets the messages of a job wait for the first of them', async () => {
  const file = await fileBefore(name)
  const names = migrationNames()
  const database = new Database(file)
  // The first message of job 1 failed and waits; job 2 has one that was not tried yet, and was given another by a later failure.
  database.exec(`
    UPDATE notifications SET status = 'SENT', ended_at = created_at, next_attempt_at = NULL;
    UPDATE notifications SET status = 'PENDING', ended_at = NULL, next_attempt_at = created_at WHERE id IN (2, 3, 5, 7, 8);
    UPDATE notifications SET attempts = 4, next_attempt_at = 1791000000000 WHERE id = 2;`)
  database.close()
  const before = rowsIn(file)

  applyMigrations(file, names.slice(0, names.indexOf(name) + 1))

  const waiting = before.notifications?.map((row) =>
    row.id === 3 || row.id === 5
      ? { ...row, next_attempt_at: Math.max(1791000000000, Number(row.next_attempt_at)) }
      : row,
  )
  expect(rowsIn(file)).toEqual({ ...before, notifications: waiting })
  expect(before.notifications?.filter(({ status }) => status === 'PENDING')).toHaveLength(5)
  applyMigrations(file, names)
  expect(problemsIn(file)).toEqual([])
})
