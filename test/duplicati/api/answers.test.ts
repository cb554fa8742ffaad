// What is read of the answers of each generation, and that nothing secret in them is kept.

import { describe, expect, it } from 'vitest'
import { backupIdOf, readJobOverrides, readJobs } from '../../../src/duplicati/api/jobs.ts'
import { readNotifications } from '../../../src/duplicati/api/notifications.ts'
import { type Duplicati, withDuplicati } from '../../../src/duplicati/api/session.ts'
import { readProgress, readServerState, readTask, readTasks } from '../../../src/duplicati/api/state.ts'
import { readSystemInfo } from '../../../src/duplicati/api/systemInfo.ts'
import { type Emulator, foreverToken, startDuplicati } from '../../support/duplicati/emulator.ts'
import { emulatedJob, failWithoutRow } from '../../support/duplicati/jobs.ts'
import { generations, recorded } from '../../support/duplicati/recorded.ts'

function ask<T>({ url }: Emulator, work: (duplicati: Duplicati) => Promise<T>): Promise<T> {
  return withDuplicati({ url, credential: { foreverToken }, certificateFingerprint: null }, work)
}

it.each([
  ['2.1.0.5', '2.1.0.5', '1790f1e02f474eee9420385874024439', null, '2026-11-30T04:00:48.538Z'],
  ['2.3.0.4', '2.3.0.4', '85c98cfa99dd424ebb0a54b2e7716eea', 'Etc/UTC', '2026-11-30T03:41:06.322Z'],
  ['next', '2.3.1.0', null, 'Etc/UTC', '2026-11-30T03:43:18.845Z'],
] as const)(
  '%s tells its release, its machine and its clock',
  async (generation, version, machineId, timeZone, time) => {
    const { extensions, ...info } = await ask(await startDuplicati(generation), readSystemInfo)
    const clock = { serverTime: new Date(time), utcOffset: '+00:00', timeZone }
    expect(info).toEqual({ version, machineName: 'nas', machineId, ...clock })
    expect(extensions.includes('v1:backup:sync-mode')).toBe(generation === 'next')
  },
)

it('a time zone of Windows is none', async () => {
  const emulator = await startDuplicati('2.3.0.4')
  const body = { ServerVersion: '2.2.0.3', ServerTimeZone: 'W. Europe Standard Time', Options: {}, MachineName: {} }
  emulator.lie('/api/v1/systeminfo', { status: 200, body })
  const clock = { serverTime: null, utcOffset: null, timeZone: null }
  const info = { version: '2.2.0.3', machineName: null, machineId: null, ...clock, extensions: [] }
  expect(await ask(emulator, readSystemInfo)).toEqual(info)
})

describe.each(generations)('the jobs of %s', (generation) => {
  it('are read as they were recorded, without their destination', async () => {
    const emulator = await startDuplicati(generation)
    const { status, body } = recorded(generation, 'backups')
    emulator.lie('/api/v1/backups', { status, body })
    const jobs = await ask(emulator, readJobs)
    expect(JSON.stringify(jobs)).not.toMatch(/file:|sqlite/)
    expect(jobs).toMatchSnapshot()
  })
})

it('a job without anything that is good to know is a job', async () => {
  const emulator = await startDuplicati('2.3.0.4')
  const odd = { Backup: { ID: 7, Name: 'x', Metadata: null, OperationType: 'Later' }, Schedule: {} }
  emulator.lie('/api/v1/backups', { status: 200, body: [odd] })
  const [job] = await ask(emulator, readJobs)
  expect(job).toMatchObject({ id: '7', name: 'x', operationType: 'Backup', lastFinishedAt: null, versions: null })
  expect(job?.schedule).toEqual({ time: null, repeat: null, allowedDays: [], lastRun: null })
})

it('the days of a schedule can stand in its rule alone', async () => {
  const emulator = await startDuplicati('2.3.0.4')
  const schedule = { Repeat: '1D', AllowedDays: null, Rule: 'Other=1;AllowedWeekDays=Monday,Friday' }
  emulator.jobs.push(emulatedJob('1', { schedule }))
  expect((await ask(emulator, readJobs))[0]?.schedule?.allowedDays).toEqual(['Monday', 'Friday'])
})

it('a failure that left no row is told by the job and a notification', async () => {
  const emulator = await startDuplicati('2.3.0.4')
  const job = emulatedJob('1')
  failWithoutRow(job, new Date('2026-11-30T03:36:09Z'), 'The volume size is wrong')
  emulator.jobs.push(job)
  emulator.notifications.push({
    ...{ ID: 4, Type: 'Error', Title: 'Job 1', Message: 'The volume size is wrong', Exception: 'hunter2' },
    ...{ BackupID: '1', Timestamp: '2026-11-30T03:36:09.1Z', LogEntryID: null },
  })
  const failed = { lastErrorAt: new Date('2026-11-30T03:36:09Z'), lastErrorMessage: 'The volume size is wrong' }
  expect(await ask(emulator, readJobs)).toMatchObject([failed])
  expect(await ask(emulator, readNotifications)).toEqual([
    {
      ...{ id: '4', type: 'Error', title: 'Job 1', message: 'The volume size is wrong', jobId: '1' },
      createdAt: new Date('2026-11-30T03:36:09.100Z'),
    },
  ])
})

it('a job may say of itself what it is in reports; its secrets are left', async () => {
  const emulator = await startDuplicati('2.1.0.5')
  const settings = [
    { Name: 'passphrase', Value: 'hunter2' },
    { Name: '--machine-id', Value: 'm' },
    { Name: 'backup-name', Value: 'n' },
    { Name: '--send-http-json-urls', Value: 'https://a.example' },
  ]
  emulator.jobs.push(emulatedJob('1', { settings }))
  const jsonUrls = 'https://a.example'
  expect(await ask(emulator, (duplicati) => readJobOverrides(duplicati, '1'))).toEqual({
    ...{ machineId: 'm', machineName: null, backupId: null, backupName: 'n', jsonUrls },
  })
  await expect(ask(emulator, (duplicati) => readJobOverrides(duplicati, '../x'))).rejects.toMatchObject({
    kind: 'NOT_FOUND',
  })
  expect(emulator.requests.at(-1)?.path).toBe('/api/v1/backup/..%2Fx')
  expect(backupIdOf('1')).toBe('DB-1')
})

describe.each(generations)('the state of %s', (generation) => {
  it('tells what runs, and how far it is', async () => {
    const emulator = await startDuplicati(generation)
    emulator.runningJobId = '1'
    const state = await ask(emulator, readServerState)
    expect(state).toMatchObject({ active: { taskId: '3', jobId: '1' }, queued: [], paused: false, pausedUntil: null })
    const due = { jobId: '1', at: new Date('2026-12-01T02:00:00Z') }
    expect(state.proposed).toEqual(generation === 'next' ? [] : [due])
    expect(await ask(emulator, readProgress)).toMatchSnapshot()
    expect(await ask(emulator, readTasks)).toMatchObject([{ id: '3', status: 'Running', startedAt: null }])
  })

  it('tells that nothing runs, and that it is paused', async () => {
    const emulator = await startDuplicati(generation)
    emulator.paused = true
    const pausedUntil = new Date('2026-11-30T04:41:08.173Z')
    expect(await ask(emulator, readServerState)).toMatchObject({ active: null, paused: true, pausedUntil })
    expect(await ask(emulator, readProgress)).toBe(null)
    expect(await ask(emulator, readTasks)).toEqual([])
    expect(await ask(emulator, (duplicati) => readTask(duplicati, '9'))).toBe(null)
  })
})

it('a task tells when it began, and why it failed', async () => {
  expect(await ask(await startDuplicati('2.3.0.4'), (duplicati) => readTask(duplicati, '2'))).toEqual({
    id: '2',
    status: 'Failed',
    startedAt: new Date('2026-11-30T03:36:08.984Z'),
    finishedAt: new Date('2026-11-30T03:36:09.112Z'),
    errorMessage: 'The volume size must be at least twice the block size',
  })
})
