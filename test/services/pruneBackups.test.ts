// Which old runs go, which stay, and that no job looks different afterwards.

import Database from 'better-sqlite3'
import { describe, expect, it } from 'vitest'
import { startApp, type TestApp } from '../support/app.ts'
import { problemsIn } from '../support/problems.ts'
import { report } from '../support/report.ts'

const day = (number: number) => `2026-07-${String(number).padStart(2, '0')}T00:00:00.000Z`

interface Sent {
  day: number
  job?: string
  data?: Record<string, unknown>
  backend?: Record<string, unknown>
  next?: string
}

async function send(app: TestApp, { day: number, job = 'Photos', data, backend, next }: Sent) {
  const extra = { 'backup-id': job, 'backup-name': job, 'next-scheduled-run': next }
  const { status } = await app.post(
    report({ data: { BeginTime: day(number), ...data }, backend, extra, logLines: ['x'] }),
  )
  expect(status).toBe(200)
}

async function sendDays(app: TestApp, ...days: number[]) {
  for (const number of days) await send(app, { day: number })
}

interface Pruning {
  olderThan?: string
  keepLatest?: number
  dryRun?: boolean
}

/**
 * Prunes, twice more than asked: by a dry run before, which must count the same and leave everything, and once more, when
 * nothing must be left to remove. No job may look different afterwards, but for its totals.
 */
async function prune(app: TestApp, pruning: Pruning) {
  const before = [await jobsOf(app), numbersIn(app.file)]
  const tried = await answer(app, { ...pruning, dryRun: true })
  expect([await jobsOf(app), numbersIn(app.file)]).toEqual(before)
  const done = await answer(app, pruning)
  expect(tried).toEqual({ ...done, dryRun: true })
  expect(await jobsOf(app)).toEqual(before[0])
  expect(problemsIn(app.file)).toEqual([])
  expect(await answer(app, pruning)).toEqual({ dryRun: false, deletedBackups: 0, jobs: [] })
  return done
}

async function answer(app: TestApp, pruning: Pruning) {
  const { data, errors } = await app.graphql(
    `mutation ($olderThan: DateTime!, $keepLatest: Int! = 1, $dryRun: Boolean! = false) {
      pruneBackups(olderThan: $olderThan, keepLatest: $keepLatest, dryRun: $dryRun) {
        dryRun deletedBackups jobs { deletedBackups backupJob { id } }
      }
    }`,
    { olderThan: day(28), ...pruning },
  )
  expect(errors).toBeUndefined()
  return (data as { pruneBackups: object }).pruneBackups
}

/** Everything that jobs and servers show, but for totals. */
async function jobsOf(app: TestApp) {
  const { data } = await app.graphql(`{
    backupJobs { nodes {
      id state lastStatus latestBackupAt latestBackup { id } nextScheduledRun dueAt overdueAt sourceSize storedSize versions
    } }
    servers { nodes { id state lastSeen updatedAt latestBackup { id } } }
    summary { totalBackupJobs totalStorageUsed totalBackupSize overdueJobs lastBackupAt }
  }`)
  return data
}

/** The numbers of the runs that are there, and of those that have log lines. */
function numbersIn(file: string) {
  const database = new Database(file, { readonly: true })
  const numbers = (sql: string) => database.prepare(`${sql} ORDER BY 1`).pluck().all()
  const all = { runs: numbers('SELECT id FROM backups'), logs: numbers('SELECT DISTINCT backup_id FROM log_lines') }
  database.close()
  return all
}

const removed = (runs: number, job = 1) => ({
  dryRun: false,
  deletedBackups: runs,
  jobs: [{ deletedBackups: runs, backupJob: { id: `BackupJob:${job}` } }],
})

describe('pruneBackups', () => {
  it('removes the runs that began before the moment, not the one that began at it, and their logs', async () => {
    const app = await startApp()
    await sendDays(app, 1, 2, 3, 4)
    expect(await prune(app, { olderThan: day(3) })).toEqual(removed(2))
    expect(numbersIn(app.file)).toEqual({ runs: [3, 4], logs: [3, 4] })
    expect(await prune(app, { olderThan: '2026-07-03T00:00:00.001Z' })).toEqual(removed(1))
    expect(numbersIn(app.file)).toEqual({ runs: [4], logs: [4] })
    const { data } = await app.graphql(`{
      backupJobs { nodes { totals { runs uploadedSize } backups { totalCount nodes { id } } } }
      summary { totalBackups totalUploadedSize }
      nodes(ids: ["Backup:1", "Backup:3", "Backup:4"]) { id }
    }`)
    expect(data).toEqual({
      backupJobs: {
        nodes: [{ totals: { runs: 1, uploadedSize: 500 }, backups: { totalCount: 1, nodes: [{ id: 'Backup:4' }] } }],
      },
      summary: { totalBackups: 1, totalUploadedSize: 500 },
      nodes: [null, null, { id: 'Backup:4' }],
    })
  })

  it('keeps the latest run of a job, however old it is, and more if asked to', async () => {
    const app = await startApp()
    await sendDays(app, 4, 1, 3, 2)
    expect(await prune(app, { keepLatest: 4 })).toEqual({ dryRun: false, deletedBackups: 0, jobs: [] })
    expect(await prune(app, { keepLatest: 3 })).toEqual(removed(1))
    expect(numbersIn(app.file).runs).toEqual([1, 3, 4])
    expect(await prune(app, {})).toEqual(removed(2))
    expect(numbersIn(app.file).runs).toEqual([1])
  })

  it('takes of two runs at the same time the one received later for the later', async () => {
    const app = await startApp()
    app.setTime(day(5))
    await sendDays(app, 6, 7)
    const justAfter = '2026-07-05T00:00:00.001Z'
    // Both lie where the sizes are known from, so both stay.
    expect(await prune(app, { olderThan: justAfter })).toMatchObject({ deletedBackups: 0 })
    app.setTime(day(20))
    await sendDays(app, 8)
    expect(await prune(app, { olderThan: justAfter, keepLatest: 2 })).toEqual(removed(1))
    expect(numbersIn(app.file).runs).toEqual([2, 3])
  })

  it('does not count dry runs among those it keeps, and removes old ones', async () => {
    const app = await startApp()
    for (const number of [1, 2, 3, 4]) await send(app, { day: number, data: { Dryrun: number % 2 === 0 } })
    await send(app, { day: 1, job: 'Tried', data: { Dryrun: true } })
    expect(await prune(app, { olderThan: day(2), keepLatest: 2 })).toEqual(removed(1, 2))
    expect(await prune(app, { olderThan: day(4), keepLatest: 2 })).toEqual(removed(1))
    expect(numbersIn(app.file).runs).toEqual([1, 3, 4])
    expect(await prune(app, { keepLatest: 9 })).toEqual(removed(1))
    expect(numbersIn(app.file).runs).toEqual([1, 3])
  })

  it('keeps the runs from which a job knows its sizes and its next run', async () => {
    const app = await startApp()
    const unlisted = { KnownFileSize: 0, BackupListCount: 0 }
    await send(app, { day: 1, next: '20260710T000000Z' })
    await send(app, { day: 2, next: '20260801T113000Z', backend: unlisted, data: { ParsedResult: 'Fatal' } })
    await send(app, { day: 3, backend: { KnownFileSize: 3 } })
    await send(app, { day: 4, backend: { KnownFileSize: 4 } })
    for (const number of [5, 6, 7]) {
      await send(app, { day: number, backend: unlisted, data: { ParsedResult: 'Fatal' } })
    }
    expect(await jobsOf(app)).toMatchObject({
      backupJobs: { nodes: [{ state: 'LATE', storedSize: 4, dueAt: '2026-08-01T11:30:00.000Z' }] },
    })
    expect(await prune(app, {})).toEqual(removed(4))
    expect(numbersIn(app.file).runs).toEqual([2, 4, 7])
  })

  it('lists every job that loses runs, and leaves the others out', async () => {
    const app = await startApp()
    for (const job of ['A', 'B', 'C']) {
      await send(app, { day: 1, job, data: { ParsedResult: 'Warning' } })
      await send(app, { day: job === 'B' ? 30 : 2, job, data: { ParsedResult: 'Error' } })
      if (job === 'C') await send(app, { day: 3, job, data: { ParsedResult: 'Warning' } })
    }
    await send(app, { day: 1, job: 'D' })
    await send(app, { day: 30, job: 'E' })
    expect(await prune(app, {})).toEqual({
      dryRun: false,
      deletedBackups: 4,
      jobs: [
        { deletedBackups: 1, backupJob: { id: 'BackupJob:1' } },
        { deletedBackups: 1, backupJob: { id: 'BackupJob:2' } },
        { deletedBackups: 2, backupJob: { id: 'BackupJob:3' } },
      ],
    })
    expect(numbersIn(app.file).runs).toEqual([2, 4, 7, 8, 9])
  })

  it('keeps the last success of a job, and the last run that tells whether it works', async () => {
    const app = await startApp()
    const stopped = { ParsedResult: 'Success', Interrupted: true }
    const days = [{}, { ParsedResult: 'Error' }, { ParsedResult: 'Error' }, stopped, stopped]
    for (const [index, data] of days.entries()) await send(app, { day: index + 1, data })
    expect(await prune(app, {})).toMatchObject({ deletedBackups: 2 })
    expect(numbersIn(app.file).runs).toEqual([1, 3, 5])
    expect(problemsIn(app.file)).toEqual([])
  })

  it('shows of every job what the query asks, as it is now', async () => {
    const app = await startApp()
    await sendDays(app, 1, 2)
    const { data } = await app.graphql(`
      mutation { old: pruneBackups(olderThan: "${day(28)}") {
        __typename dryRun n: deletedBackups jobs { __typename backupJob { ...Job } again: backupJob { name } }
      } }
      fragment Job on BackupJob { __typename id state server { name jobs { id } } totals { runs } latestBackup { status } }
    `)
    expect(data).toEqual({
      old: {
        __typename: 'PruneBackupsPayload',
        dryRun: false,
        n: 1,
        jobs: [
          {
            __typename: 'PrunedBackups',
            backupJob: {
              __typename: 'BackupJob',
              id: 'BackupJob:1',
              state: 'OK',
              server: { name: 'nas', jobs: [{ id: 'BackupJob:1' }] },
              totals: { runs: 1 },
              latestBackup: { status: 'SUCCESS' },
            },
            again: { name: 'Photos' },
          },
        ],
      },
    })
  })

  it.each([0, -1])('refuses to keep %i, and removes nothing', async (keepLatest) => {
    const app = await startApp()
    await sendDays(app, 1, 2)
    const document = `mutation { pruneBackups(olderThan: "${day(28)}", keepLatest: ${keepLatest}) { deletedBackups } }`
    expect(await app.graphql(document)).toMatchObject({
      data: null,
      errors: [
        {
          path: ['pruneBackups'],
          extensions: {
            code: 'BAD_USER_INPUT',
            issues: [{ path: 'keepLatest', message: 'must be 1 or more; deleteBackupJob removes all runs of a job' }],
          },
        },
      ],
    })
    expect(numbersIn(app.file).runs).toEqual([1, 2])
  })

  it('has nothing to remove where there is nothing', async () => {
    const app = await startApp()
    expect(await prune(app, {})).toEqual({ dryRun: false, deletedBackups: 0, jobs: [] })
  })

  it.each([500, 501, 1201])('removes %i runs of a job, while others come', async (count) => {
    // All of them are posted at once.
    const app = await startApp({ environment: { MAX_WAITING_UPLOADS: '2000' } })
    const first = Date.parse(day(1))
    const minute = (index: number) => report({ data: { BeginTime: new Date(first + index * 60_000).toISOString() } })
    await Promise.all(Array.from({ length: count }, (_, index) => app.post(minute(index))))
    const pruned = answer(app, { olderThan: new Date(first + count * 60_000).toISOString() })
    const later = await Promise.all(Array.from({ length: 20 }, (_, index) => app.post(minute(count + index))))
    expect(later.map(({ body }) => body)).toEqual(later.map(() => expect.objectContaining({ duplicate: false })))
    // Whether the latest of the old ones stays depends on whether the first of the new ones was there before.
    const { deletedBackups } = (await pruned) as { deletedBackups: number }
    expect([count - 1, count]).toContain(deletedBackups)
    expect(numbersIn(app.file).runs).toHaveLength(count + 20 - deletedBackups)
    expect(problemsIn(app.file)).toEqual([])
    expect(await prune(app, {})).toMatchObject({ deletedBackups: count + 19 - deletedBackups })
  })
})
