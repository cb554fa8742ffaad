// A filled file of the release before lists had these orders: every row of it is there after the migration, unchanged, with what it is
// ordered by; names are written for sorting by the next start.

import Database from 'better-sqlite3'
import { expect, it } from 'vitest'
import { applyMigrations, migrationNames } from '../../src/database/migrate.ts'
import { type JobState, severityOf, worstState } from '../../src/domain/jobState.ts'
import { sortNameOf } from '../../src/domain/sortName.ts'
import { startApp } from '../support/app.ts'
import { fileBefore, rowsIn } from '../support/filledFile.ts'
import { problemsIn } from '../support/problems.ts'

const name = '20261130220000_orders'

it('keeps every row, and knows by what it is ordered', async () => {
  const file = await fileBefore(name)
  const names = migrationNames()
  const other = new Database(file)
  other.exec(`
    INSERT INTO servers (id, name, created_at, updated_at) VALUES (90, 'Ärger', 0, 0), (91, 'All paused', 0, 0);
    INSERT INTO backup_jobs (server_id, name, created_at, updated_at, state_since, paused, state) VALUES (91, 'x', 0, 0, 0, 1, 'PAUSED');`)
  other.close()
  const before = rowsIn(file)
  expect(new Set(before.backup_jobs?.map(({ state }) => state)).size).toBeGreaterThan(2)

  applyMigrations(file, names.slice(0, names.indexOf(name) + 1))

  const severity = (state: unknown) => severityOf(state as JobState)
  const secondsOf = (run: unknown) => before.backups?.find(({ id }) => id === run)?.duration_seconds ?? null
  const jobs = before.backup_jobs?.map((job) => ({
    ...job,
    severity: severity(job.state),
    sort_name: '',
    latest_seconds: secondsOf(job.latest_backup_id),
  }))
  const servers = before.servers?.map((server) => {
    const states = before.backup_jobs
      ?.filter((job) => job.server_id === server.id)
      .map(({ state }) => state as JobState)
    return { ...server, severity: severityOf(worstState(states ?? [])), sort_name: '' }
  })
  expect(rowsIn(file)).toEqual({ ...before, backup_jobs: jobs, servers })
  expect(jobs?.some(({ latest_seconds }) => latest_seconds !== null)).toBe(true)

  applyMigrations(file, names)
  expect(problemsIn(file)).toEqual([])

  const app = await startApp({ file })
  const named = rowsIn(file)
  for (const row of [...(named.servers ?? []), ...(named.backup_jobs ?? [])]) {
    expect(row.sort_name).toBe(sortNameOf(String(row.alias ?? row.name)))
  }
  await app.close()
  expect(problemsIn(file)).toEqual([])
})
