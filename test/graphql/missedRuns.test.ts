// Due times that pass without a run: when each is counted, what withdraws it, and what was never missed.

import { describe, expect, it } from 'vitest'
import { graphql } from '../generated/gql.ts'
import { startApp, type TestApp } from '../support/app.ts'
import { report } from '../support/report.ts'

const missedRuns = graphql(`
  query MissedRuns($from: DateTime!, $to: DateTime!) {
    server(by: { id: 1 }) {
      history(from: $from, to: $to, bucket: DAY) { from missed }
      jobs { history(from: $from, to: $to, bucket: DAY) { missed } }
    }
  }
`)

/** The days of August on which something was missed, a day for each; `null` is a day that was not counted. */
async function missedDays(app: TestApp, from = 1, to = 12): Promise<(number | string)[]> {
  const day = (number: number) => new Date(Date.UTC(2026, 7, number)).toISOString()
  const { server } = await app.query(missedRuns, { from: day(from), to: day(to) })
  if (!server) throw new Error('There is no server 1')
  // A server has missed what its jobs have missed.
  const ofJobs = server.history.map(({ missed }, place) =>
    missed === null ? null : server.jobs.reduce((sum, { history }) => sum + (history[place]?.missed ?? 0), 0),
  )
  expect(server.history.map(({ missed }) => missed)).toEqual(ofJobs)
  return server.history.flatMap(({ from, missed }): (number | string)[] => {
    const date = Number(from.slice(8, 10))
    return typeof missed === 'number' ? Array<number>(missed).fill(date) : [`${date}: null`]
  })
}

/** A moment of August. */
const at = (day: number, time: string) => `2026-08-${String(day).padStart(2, '0')}T${time}:00Z`

async function post(app: TestApp, day: number, time: string, changes: Parameters<typeof report>[0] = {}) {
  const began = new Date(at(day, time)).getTime()
  const iso = (ms: number) => new Date(ms).toISOString()
  return app.post(
    report({ ...changes, data: { BeginTime: iso(began), EndTime: iso(began + 600_000), ...changes.data } }),
  )
}

const setSchedule = `mutation ($input: UpdateBackupJobInput!) { updateBackupJob(id: 1, input: $input) { backupJob { dueAt } } }`
const daily = { interval: '1D', timeOfDay: '02:00', timeZone: 'UTC' }

/** A job that ran on the first of August at 02:00, and is to run every day at that hour. */
async function dailyJob(options: Parameters<typeof startApp>[0] = {}) {
  const app = await startApp({ now: at(1, '00:00'), ...options })
  app.setTime(at(1, '02:11'))
  await post(app, 1, '02:00')
  const { errors } = await app.graphql(setSchedule, { input: { schedule: daily } })
  expect(errors).toBeUndefined()
  return app
}

describe('a due time', () => {
  it('is missed a moment after its tolerance, and not before', async () => {
    const app = await dailyJob()
    app.setTime(at(2, '03:00'))
    expect(await missedDays(app)).toEqual([])
    app.setTime('2026-08-02T03:00:00.001Z')
    expect(await missedDays(app)).toEqual([2])
  })

  it('is missed each time while a schedule is not kept', async () => {
    const app = await dailyJob()
    app.setTime(at(5, '01:00'))
    expect(await missedDays(app)).toEqual([2, 3, 4])
    await app.close()
  })

  it('is missed once where only an announcement tells of it', async () => {
    const app = await startApp({ now: at(1, '00:00') })
    app.setTime(at(1, '02:11'))
    await post(app, 1, '02:00', { extra: { 'next-scheduled-run': '20260802T020000Z' } })
    app.setTime(at(6, '12:00'))
    expect(await missedDays(app)).toEqual([2])
  })

  it('is not missed by a run that begins early, or late within the tolerance', async () => {
    const app = await dailyJob()
    app.setTime(at(2, '01:31'))
    await post(app, 2, '01:20')
    app.setTime(at(3, '02:55'))
    await post(app, 3, '02:45')
    app.setTime(at(4, '02:30'))
    expect(await missedDays(app)).toEqual([])
  })

  it('is not counted before anything was expected, and unknown before it was counted', async () => {
    const app = await startApp({ now: at(3, '00:00') })
    app.setTime(at(3, '02:11'))
    await post(app, 3, '02:00')
    app.setTime(at(9, '00:00'))
    expect(await missedDays(app)).toEqual(['1: null', '2: null'])
  })
})

describe('after this server was away while a job was due', () => {
  /** A job that is due on the second, and a server that is away from just before that until noon of the fourth. */
  async function awayFromSecond() {
    const first = await dailyJob()
    first.setTime(at(2, '01:30'))
    await first.graphql('{ summary { totalServers } }')
    await first.close()
    const app = await startApp({ file: first.file, now: at(4, '12:00') })
    app.setTime(at(4, '12:01'))
    await app.graphql('{ summary { totalServers } }')
    return app
  }

  it('a later due time is missed a moment after its own tolerance', async () => {
    const app = await awayFromSecond()
    app.setTime(at(5, '03:00'))
    expect(await missedDays(app)).toEqual([])
    app.setTime('2026-08-05T03:00:00.001Z')
    expect(await missedDays(app)).toEqual([5])
  })

  it('and stays missed when the next run takes place', async () => {
    const app = await awayFromSecond()
    app.setTime(at(6, '02:11'))
    await post(app, 6, '02:00')
    app.setTime(at(6, '12:00'))
    expect(await missedDays(app)).toEqual([5])
  })
})

describe('a miss is withdrawn', () => {
  it('when a run that met it is reported after all', async () => {
    const app = await dailyJob()
    app.setTime(at(5, '01:00'))
    await post(app, 3, '02:00')
    expect(await missedDays(app)).toEqual([2, 4])
  })

  it.each([
    ['at the due time', '02:00', []],
    ['an hour early', '01:00', []],
    ['earlier than that', '00:59', [2]],
    ['late in the day', '23:59', []],
  ])('when it began before the next one: %s', async (_, time, left) => {
    const app = await dailyJob()
    app.setTime(at(3, '01:59'))
    expect(await missedDays(app)).toEqual([2])
    await post(app, 2, time)
    expect(await missedDays(app)).toEqual(left)
  })

  it('by a run that took so long that it met several', async () => {
    const app = await dailyJob()
    app.setTime(at(4, '12:00'))
    expect(await missedDays(app)).toEqual([2, 3, 4])
    await post(app, 2, '02:00', { data: { EndTime: at(4, '11:00'), Duration: '2.09:00:00' } })
    expect(await missedDays(app)).toEqual([])
  })

  it.each([
    ['a dry run', { data: { Dryrun: true } }],
    [
      'a run that was prevented',
      {
        data: { ParsedResult: 'Warning', ExaminedFiles: 0, SizeOfExaminedFiles: 0, Interrupted: true },
        backend: { BytesUploaded: 0, KnownFileSize: 0, BackupListCount: 0, RemoteCalls: 0 },
        logLines: [
          '2026-08-02 02:00:00 +00 - [Warning-Duplicati.Library.Modules.Builtin.RunScript-InvalidExitCode]: The script "/s" returned with exit code 2',
        ],
      },
    ],
  ])('but not by %s', async (_, changes) => {
    const app = await dailyJob()
    app.setTime(at(2, '12:00'))
    await post(app, 2, '02:00', changes)
    expect(await missedDays(app)).toEqual([2])
  })

  it('when it began then by a clock that is right', async () => {
    const app = await dailyJob()
    // It ran from 02:10 to 04:10, and its clock is three hours behind.
    app.setTime(at(2, '04:10'))
    await post(app, 1, '23:10', { data: { EndTime: at(2, '01:10'), Duration: '02:00:00' } })
    expect(await missedDays(app)).toEqual([])
  })

  it('by the runs of a job that is merged into it', async () => {
    const app = await dailyJob()
    app.setTime(at(4, '12:00'))
    await post(app, 3, '02:00', { extra: { 'backup-id': 'DB-2', 'backup-name': 'Anew' } })
    expect(await missedDays(app)).toEqual([2, 3, 4])
    const { errors } = await app.graphql('mutation { mergeBackupJobs(from: 2, into: 1) { movedBackups } }')
    expect(errors).toBeUndefined()
    expect(await missedDays(app)).toEqual([2, 4])
  })
})

describe('nothing is missed', () => {
  it('while a job is paused', async () => {
    const app = await dailyJob()
    await app.graphql('mutation { pauseJob(id: 1) { backupJob { id } } }')
    app.setTime(at(4, '12:00'))
    await app.graphql('mutation { resumeJob(id: 1) { backupJob { id } } }')
    expect(await missedDays(app)).toEqual([])
    app.setTime(at(6, '00:00'))
    expect(await missedDays(app)).toEqual([5])
  })

  it('while lateness is not watched', async () => {
    const app = await dailyJob()
    await app.graphql(setSchedule, { input: { latenessWatched: false } })
    app.setTime(at(4, '12:00'))
    expect(await missedDays(app)).toEqual([])
  })

  it('while this server was away', async () => {
    const first = await dailyJob()
    const { file } = first
    first.setTime(at(2, '12:00'))
    await first.graphql('{ summary { totalServers } }')
    await first.close()
    const app = await startApp({ file, now: at(5, '12:00') })
    app.setTime(at(5, '12:10'))
    await app.graphql('{ summary { totalServers } }')
    app.setTime(at(7, '12:00'))
    expect(await missedDays(app)).toEqual([2, 6, 7])
  })

  it('while this server was away for less time than shortly before', async () => {
    let app = await dailyJob()
    const { file } = app
    for (const [from, until] of [
      [at(1, '04:00'), at(1, '16:00')],
      [at(2, '01:00'), at(2, '06:00')],
    ] as const) {
      app.setTime(from)
      await app.graphql('{ summary { totalServers } }')
      await app.close()
      app = await startApp({ file, now: until })
    }
    app.setTime(at(3, '12:00'))
    expect(await missedDays(app)).toEqual([3])
  })

  it('before a schedule was set', async () => {
    const app = await startApp({ now: at(1, '00:00') })
    app.setTime(at(1, '02:11'))
    await post(app, 1, '02:00')
    app.setTime(at(5, '12:00'))
    await app.graphql(setSchedule, { input: { schedule: daily } })
    app.setTime(at(6, '12:00'))
    expect(await missedDays(app)).toEqual([6])
  })

  it('before lateness was watched again', async () => {
    const app = await dailyJob()
    await app.graphql(setSchedule, { input: { latenessWatched: false } })
    app.setTime(at(5, '12:00'))
    await app.graphql(setSchedule, { input: { latenessWatched: true } })
    app.setTime(at(6, '12:00'))
    expect(await missedDays(app)).toEqual([6])
  })

  it('of what runs met that a person deleted', async () => {
    const app = await dailyJob()
    for (const day of [2, 3]) {
      app.setTime(at(day, '02:11'))
      await post(app, day, '02:00')
    }
    await app.graphql('mutation { deleteBackup(id: 2) { deletedBackup { id } } }')
    await app.graphql('mutation { deleteBackup(id: 3) { deletedBackup { id } } }')
    app.setTime(at(4, '12:00'))
    expect(await missedDays(app)).toEqual([4])
  })

  it('on days that a new schedule leaves out', async () => {
    const app = await dailyJob()
    app.setTime(at(2, '12:00'))
    // The first day of August that it was due is a Sunday.
    await app.graphql(setSchedule, { input: { schedule: { ...daily, weekdays: ['SUNDAY'] } } })
    app.setTime(at(11, '12:00'))
    expect(await missedDays(app)).toEqual([2, 9])
  })

  it('twice, by a run that is reported late and moves the times of the others', async () => {
    const app = await startApp({ now: at(1, '00:00') })
    app.setTime(at(1, '02:11'))
    await post(app, 1, '02:00')
    await app.graphql(setSchedule, { input: { schedule: { interval: '12h', timeZone: 'UTC' } } })
    app.setTime(at(3, '12:00'))
    expect(await missedDays(app)).toEqual([1, 2, 2, 3])
    await post(app, 1, '14:20')
    app.setTime(at(3, '13:00'))
    expect(await missedDays(app)).toEqual([2, 2, 3])
    app.setTime(at(3, '16:00'))
    expect(await missedDays(app)).toEqual([2, 2, 3, 3])
  })
})

describe('a bucket is complete', () => {
  it('unless runs of it were removed because they were old', async () => {
    const app = await dailyJob()
    for (const day of [2, 3, 4, 5]) {
      app.setTime(at(day, '02:11'))
      await post(app, day, '02:00')
    }
    const complete = async () => {
      const answer = await app.graphql(
        `{ server(by: { id: 1 }) { history(from: "${at(1, '00:00')}", to: "${at(6, '00:00')}") { runs complete } } }`,
      )
      const { history } = (answer.data as { server: { history: { runs: number; complete: boolean }[] } }).server
      return history.map(({ runs, complete }) => `${runs} ${complete}`)
    }
    expect(await complete()).toEqual(['1 true', '1 true', '1 true', '1 true', '1 true'])
    await app.graphql(`mutation { pruneBackups(olderThan: "${at(3, '12:00')}", keepLatest: 1) { deletedBackups } }`)
    expect(await complete()).toEqual(['0 false', '0 false', '0 false', '1 true', '1 true'])
  })

  it('and nobody knows what was missed when misses of it were removed because they were old', async () => {
    const app = await dailyJob()
    app.setTime(at(6, '12:00'))
    expect(await missedDays(app)).toEqual([2, 3, 4, 5, 6])
    await app.graphql('mutation { updateSettings(input: { keepDays: 2 }) { settings { keepDays } } }')
    await app.keepHouse()
    expect(await missedDays(app)).toEqual(['1: null', '2: null', '3: null', '4: null', 5, 6])
  })

  it('also when a person deleted a single run of it', async () => {
    const app = await dailyJob()
    app.setTime(at(2, '02:11'))
    await post(app, 2, '02:00')
    await app.graphql('mutation { deleteBackup(id: 1) { deletedBackup { id } } }')
    const answer = await app.graphql(
      `{ server(by: { id: 1 }) { history(from: "${at(1, '00:00')}", to: "${at(3, '00:00')}") { runs complete } } }`,
    )
    expect(answer.data).toMatchObject({
      server: {
        history: [
          { runs: 0, complete: true },
          { runs: 1, complete: true },
        ],
      },
    })
  })
})
