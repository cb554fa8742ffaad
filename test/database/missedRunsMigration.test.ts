// A filled file of the release before missed due times were counted: every row of it is there after the migration, unchanged, and nothing
// is said to have been missed or removed. The first start waits for the next due time of each job.

import { expect, it } from 'vitest'
import { applyMigrations, migrationNames } from '../../src/database/migrate.ts'
import { startApp } from '../support/app.ts'
import { fileBefore, rowsIn } from '../support/filledFile.ts'
import { problemsIn } from '../support/problems.ts'

const name = '20261130230000_missed_runs'

async function migrated() {
  const file = await fileBefore(name)
  const names = migrationNames()
  const before = rowsIn(file)
  applyMigrations(file, names.slice(0, names.indexOf(name) + 1))
  return { file, before }
}

it('keeps every row, and says of none that something was missed', async () => {
  const { file, before } = await migrated()
  const jobs = before.backup_jobs?.map((job) => ({ ...job, miss_due_at: null, pruned_from: null, pruned_until: null }))
  expect(jobs?.length).toBeGreaterThan(1)
  const settings = before.settings?.map((row) => ({ ...row, missed_since: null }))
  expect(rowsIn(file)).toEqual({ ...before, backup_jobs: jobs, settings, missed_runs: [] })
  applyMigrations(file, migrationNames())
  expect(problemsIn(file)).toEqual([])
})

it('counts from the first start on', async () => {
  const { file } = await migrated()
  applyMigrations(file, migrationNames())
  const app = await startApp({ file, now: '2026-12-01T00:00:00Z' })
  await app.close()
  const rows = rowsIn(file)
  expect(rows.settings).toMatchObject([{ missed_since: Date.parse('2026-12-01T00:00:00Z') }])
  expect(rows.missed_runs).toEqual([])
  // What is overdue by then was missed before; what is still waited for can be missed.
  for (const { overdue_at, due_at, miss_due_at } of rows.backup_jobs ?? []) {
    if (due_at === null) expect(miss_due_at).toBeNull()
    else if (Number(overdue_at) >= Date.parse('2026-12-01T00:00:00Z')) expect(miss_due_at).toBe(due_at)
    else expect(Number(miss_due_at ?? Infinity)).toBeGreaterThan(Date.parse('2026-12-01T00:00:00Z'))
  }
})
