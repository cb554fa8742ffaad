// What the evidence of a run says beside its status, as seen over GraphQL and REST, and what becomes of the job.

import { describe, expect, it } from 'vitest'
import { startApp, type TestApp } from '../support/app.ts'
import { problemsIn } from '../support/problems.ts'
import { report } from '../support/report.ts'

interface Night {
  data?: Record<string, unknown>
  backend?: Record<string, unknown>
  logLines?: string[]
  exception?: string | null
}

/** One run a night, reported when it ended. */
async function nights(app: TestApp, ...all: Night[]) {
  for (const [index, { data, ...rest }] of all.entries()) await night(app, index + 1, { data, ...rest })
}

async function night(app: TestApp, day: number, { data, ...rest }: Night = {}) {
  const began = new Date(Date.UTC(2026, 9, day, 2))
  const ended = new Date(began.getTime() + 600_000)
  app.setTime(ended)
  const times = { BeginTime: began.toISOString(), EndTime: ended.toISOString() }
  expect(await app.post(report({ data: { ...times, ...data }, ...rest }))).toMatchObject({ status: 200 })
}

const prevented = (ParsedResult = 'Success') => ({
  data: { ParsedResult, Interrupted: true, ExaminedFiles: 0, SizeOfExaminedFiles: 0 },
  backend: { BytesUploaded: 0, KnownFileSize: 0, BackupListCount: 0 },
})

async function latest(app: TestApp) {
  const { data } = await app.graphql(
    '{ backups(first: 1, orderBy: BEGAN_AT_DESC) { nodes { status remarks { kind message } job { state } } } }',
  )
  expect(problemsIn(app.file)).toEqual([])
  const [run] = (data as { backups: { nodes: { status: string; remarks: object[]; job: { state: string } }[] } })
    .backups.nodes
  return run
}

const of = (files: number, bytes = files * 50) => ({ data: { ExaminedFiles: files, SizeOfExaminedFiles: bytes } })
const verification = (status: string) => ({
  data: {
    TestResults: {
      VerificationsActualLength: 3,
      Verifications: [
        { Key: 'a.dblock.zip', Value: [] },
        { Key: 'b.dindex.zip', Value: [{ Key: status, Value: 'c.dblock.zip' }] },
      ],
    },
  },
})
const line = (text: string) =>
  `2026-10-02 02:00:00 +00 - [Warning-Duplicati.Library.Main.Operation.Backup.FileBlockProcessor.FileEntry-PathProcessingFailed]: ${text}`

describe('a run after a good one of 1,000 files', () => {
  it.each<[string, Night, string, string | null]>([
    ['is as good', of(1000), 'SUCCESS', null],
    [
      'of which nothing is left (duplicati #4496)',
      of(0),
      'WARNING',
      'No files were examined: the source may be empty or not mounted. The last good run examined 1000.',
    ],
    ['that shrank by nine tenths is not remarkable', of(100), 'SUCCESS', null],
    ['that shrank by more is', of(99), 'WARNING', 'The source shrank from 1000 files to 99 since the last good run.'],
    ['that lost nine tenths of its bytes is not', of(1000, 5000), 'SUCCESS', null],
    [
      'that lost more is',
      of(1000, 4999),
      'WARNING',
      'The source shrank from 48.83 KB to 4.88 KB since the last good run.',
    ],
    [
      'that left no version (duplicati #1905)',
      { backend: { BackupListCount: 0 } },
      'WARNING',
      'No version is left at the destination; there were 7.',
    ],
    ['that left one version is not', { backend: { BackupListCount: 1 } }, 'SUCCESS', null],
    [
      'whose check found a file modified (duplicati PR #5004)',
      verification('Modified'),
      'WARNING',
      'The check of the destination found 1 entry that is missing or damaged: c.dblock.zip (modified).',
    ],
    [
      'or missing',
      verification('Missing'),
      'WARNING',
      'The check of the destination found 1 entry that is missing or damaged: c.dblock.zip (missing).',
    ],
    ['but not one that is only extra', verification('Extra'), 'SUCCESS', null],
    [
      'that could not save some files (duplicati #2257)',
      {
        data: { FilesWithError: 3 },
        logLines: [
          line('Failed to process path: /data/a b.txt'),
          line('Fehler bei C:\\Users\\x.pst\r\nSystem.IO.IOException'),
        ],
      },
      'ERROR',
      '3 files could not be saved: /data/a b.txt, C:\\Users\\x.pst and 1 more.',
    ],
    ['nor the one that no line names', { data: { FilesWithError: 1 } }, 'ERROR', '1 file could not be saved.'],
    [
      'that is partial',
      { data: { PartialBackup: true, ExaminedFiles: 5 } },
      'WARNING',
      'The backup is partial: it ended after 5 files, before everything was saved.',
    ],
    [
      'that was stopped',
      { data: { Interrupted: true, ExaminedFiles: 1 } },
      'WARNING',
      'The backup was stopped after it had examined 1 file: the rest is not saved.',
    ],
    ['that was prevented', prevented(), 'UNKNOWN', 'The script before the backup stopped it: nothing was saved.'],
  ])('%s', async (_, change, status, message) => {
    const app = await startApp()
    await nights(app, {}, change)
    const run = await latest(app)
    expect(run).toMatchObject({ status, remarks: message === null ? [] : [{ message }] })
    expect((await app.rest('GET', '/api/lastbackup/1')).body).toMatchObject({
      latest_backup: { remarks: run?.remarks[0] && status !== 'UNKNOWN' ? run.remarks : [] },
    })
  })
})

it.each([
  ['is not remarkable below a hundred files', 99, 1, 'SUCCESS'],
  ['is from a hundred files on', 100, 9, 'WARNING'],
])('a source that shrinks %s', async (_, before, after, status) => {
  const app = await startApp()
  await nights(app, of(before), of(after))
  expect(await latest(app)).toMatchObject({ status })
})

it('a job that never examined a file is asked about once, and then is as it is', async () => {
  const app = await startApp()
  await nights(app, of(0))
  expect(await latest(app)).toMatchObject({ status: 'WARNING', remarks: [{ kind: 'NOTHING_EXAMINED' }] })
  await app.graphql('mutation { acknowledgeJob(id: 1) { backupJob { id } } }')
  await night(app, 2, of(0))
  expect(await latest(app)).toMatchObject({ status: 'SUCCESS', remarks: [], job: { state: 'OK' } })
})

it('a wanted deletion warns until somebody acknowledges it, and is what later runs are compared with', async () => {
  const app = await startApp()
  await nights(app, of(1000), of(10), of(10))
  expect(await latest(app)).toMatchObject({ status: 'WARNING', job: { state: 'WARNING' } })
  await app.graphql('mutation { acknowledgeJob(id: 1) { backupJob { id } } }')
  await night(app, 4, of(10))
  expect(await latest(app)).toMatchObject({ status: 'SUCCESS', job: { state: 'OK' } })
})

it('a clock that is ahead is remarked on, from ten minutes on, and changes no status', async () => {
  for (const [ahead, remarks] of [
    [10, []],
    [
      11,
      [
        {
          kind: 'CLOCK_WRONG',
          message:
            'The clock of the machine is ahead: the run says that it began 11 minutes after its report was received.',
        },
      ],
    ],
  ] as const) {
    const app = await startApp({ now: '2026-10-01T02:00:00Z' })
    const began = new Date(Date.UTC(2026, 9, 1, 2, ahead)).toISOString()
    await app.post(report({ data: { BeginTime: began, EndTime: began } }))
    expect(await latest(app)).toMatchObject({ status: 'SUCCESS', remarks })
  }
})

describe('a run that a script prevented (duplicati #4344)', () => {
  it.each([
    ['Success', 'UNKNOWN'],
    ['Warning', 'WARNING'],
    ['Error', 'ERROR'],
  ])('stated as %s is shown as %s, and counts nowhere', async (result, status) => {
    const app = await startApp()
    await nights(app, {}, prevented(result))
    const { data } = await app.graphql(`{
      backupJob(id: 1) { state lastStatus lastSuccessAt latestBackup { id } lastSuccess { id } totals { runs preventedRuns } }
      backups { totalCount nodes { id status prevented } }
      summary { totalBackups failedJobs warningJobs }
    }`)
    expect(data).toEqual({
      backupJob: {
        ...{ state: 'OK', lastStatus: 'SUCCESS', lastSuccessAt: '2026-10-01T02:00:00.000Z' },
        ...{ latestBackup: { id: 'Backup:1' }, lastSuccess: { id: 'Backup:1' } },
        totals: { runs: 1, preventedRuns: 1 },
      },
      backups: {
        totalCount: 2,
        nodes: [
          { id: 'Backup:2', status, prevented: true },
          { id: 'Backup:1', status: 'SUCCESS', prevented: false },
        ],
      },
      summary: { totalBackups: 1, failedJobs: 0, warningJobs: 0 },
    })
  })

  it('does not end a failure, nor being overdue, and moves no due time', async () => {
    const app = await startApp()
    await app.graphql(`mutation { createChannel(input: { name: "x", settings: { ntfy: { topic: "t" } } }) { channel { id } }
      setNotificationRule(input: { channel: 1, events: [OVERDUE, FAILED, WARNING, SUCCESS, RECOVERED], repeat: ONCE }) { notificationRule { id } } }`)
    const stand = async () =>
      (await app.graphql('{ backupJob(id: 1) { state dueAt lastSuccessAt } notifications { nodes { event } } }')).data
    await nights(app, {}, {}, {}, { data: { ParsedResult: 'Fatal' }, exception: 'System.Exception: no' })
    const failed = await stand()
    expect(failed).toMatchObject({ backupJob: { state: 'FAILED', lastSuccessAt: '2026-10-03T02:00:00.000Z' } })
    await night(app, 5, prevented())
    expect(await stand()).toMatchObject({
      ...(failed as object),
      backupJob: { ...(failed as { backupJob: object }).backupJob, state: 'LATE' },
    })
    await night(app, 7, prevented())
    expect(await stand()).toMatchObject({ backupJob: { state: 'OVERDUE', lastSuccessAt: '2026-10-03T02:00:00.000Z' } })
    await night(app, 8)
    expect(await stand()).toMatchObject({ backupJob: { state: 'OK' } })
  })
})

it('counts jobs that failed and that warn in the summaries', async () => {
  const app = await startApp()
  for (const [id, ParsedResult] of ['Success', 'Warning', 'Error', 'Fatal'].entries()) {
    await app.post(report({ data: { ParsedResult }, extra: { 'backup-id': `DB-${id}`, 'backup-name': `job ${id}` } }))
  }
  expect((await app.rest('GET', '/api/summary')).body).toMatchObject({ failedBackupsCount: 2, warningBackupsCount: 1 })
  expect(await app.graphql('{ summary { failedJobs warningJobs overdueJobs } }')).toEqual({
    data: { summary: { failedJobs: 2, warningJobs: 1, overdueJobs: 0 } },
  })
})

describe('what is unusual for a job', () => {
  const quiet = Array.from({ length: 10 }, (): Night => ({ data: { ModifiedFiles: 20 } }))
  const many: Night = { data: { ModifiedFiles: 800, DeletedFiles: 700 } }
  const message =
    '800 files were changed and 700 have vanished from the source: usually it is about 20 together, and it was never more than 20.'

  it('is remarked on, and changes neither status nor state', async () => {
    const app = await startApp()
    await nights(app, ...quiet, many)
    expect(await latest(app)).toEqual({
      status: 'SUCCESS',
      remarks: [{ kind: 'MANY_FILES_CHANGED', message }],
      job: { state: 'OK' },
    })
    await night(app, 12, many)
    expect(await latest(app)).toMatchObject({ remarks: [] })
  })

  it('comes after what the evidence says, and is not said of a run that was stopped', async () => {
    const app = await startApp()
    await nights(app, ...quiet, { data: { ...many.data, FilesWithError: 1 } })
    expect(await latest(app)).toMatchObject({ remarks: [{ kind: 'FILES_FAILED' }, { kind: 'MANY_FILES_CHANGED' }] })
    await night(app, 12, { data: { ...many.data, ModifiedFiles: 90_000, Interrupted: true } })
    expect(await latest(app)).toMatchObject({ remarks: [{ kind: 'STOPPED' }] })
  })

  it('is not said of its first ten runs, nor of a dry run', async () => {
    const app = await startApp()
    await nights(app, ...quiet.slice(1), many)
    expect(await latest(app)).toMatchObject({ remarks: [] })
    await night(app, 11, { data: { ModifiedFiles: 90_000, IsDryRun: true, DryRun: true, Dryrun: true } })
    const { data } = await app.graphql('{ backups(filter: { dryRun: true }) { nodes { remarks { kind } } } }')
    expect(data).toEqual({ backups: { nodes: [{ remarks: [] }] } })
  })

  it('is judged by the runs before it, also where its report comes late', async () => {
    const app = await startApp()
    await nights(app, ...quiet)
    await night(app, 20, { data: { ModifiedFiles: 5000 } })
    const began = new Date(Date.UTC(2026, 9, 15, 2))
    const times = { BeginTime: began.toISOString(), EndTime: new Date(began.getTime() + 600_000).toISOString() }
    expect(await app.post(report({ data: { ...times, ModifiedFiles: 2000 } }))).toMatchObject({ status: 200 })
    const { data } = await app.graphql(
      '{ backups(first: 2, orderBy: BEGAN_AT_DESC) { nodes { remarks { kind message } } } }',
    )
    expect(data).toMatchObject({
      backups: {
        nodes: [
          { remarks: [{ kind: 'MANY_FILES_CHANGED' }] },
          { remarks: [{ message: expect.stringContaining('never more than 20.') }] },
        ],
      },
    })
  })
})
