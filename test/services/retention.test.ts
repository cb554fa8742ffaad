// What is removed because the settings say so, what stays all the same, and that uploads hardly wait meanwhile.

import Database from 'better-sqlite3'
import { describe, expect, it } from 'vitest'
import { writeRuns } from '../bench/writeRuns.ts'
import { start, startApp, type TestApp } from '../support/app.ts'
import { makeChannel, outbox } from '../support/channels.ts'
import { newPlace, soak } from '../support/folders.ts'
import { problemsIn } from '../support/problems.ts'
import { report } from '../support/report.ts'
import { startWebhookReceiver } from '../support/webhookReceiver.ts'

const dayMs = 24 * 60 * 60 * 1000
/** So many days before the test begins, to the millisecond. */
const daysAgo = (days: number) => new Date(start.getTime() - days * dayMs)

async function send(app: TestApp, days: number, changes: Parameters<typeof report>[0] = {}) {
  const data = { BeginTime: daysAgo(days).toISOString(), ...changes?.data }
  const { status } = await app.post(report({ logLines: ['first', 'second'], ...changes, data }))
  expect(status).toBe(200)
}

async function keep(app: TestApp, input: object) {
  const { errors } = await app.graphql(
    'mutation ($input: UpdateSettingsInput!) { updateSettings(input: $input) { settings { keepDays } } }',
    { input },
  )
  expect(errors).toBeUndefined()
  await app.keepHouse()
  expect(problemsIn(app.file)).toEqual([])
}

/** The numbers of the runs that are there, with their log lines, and how many lines they say are not. */
function runsOf(file: string): [id: number, lines: number, dropped: number][] {
  return rows(
    file,
    'SELECT id, (SELECT count(*) FROM log_lines WHERE backup_id = b.id), log_lines_dropped FROM backups b ORDER BY id',
  ) as [number, number, number][]
}

function rows(file: string, sql: string): unknown[][] {
  const database = new Database(file, { readonly: true })
  const found = database.prepare(sql).raw().all() as unknown[][]
  database.close()
  return found
}

const numbersOf = (file: string) => runsOf(file).map(([id]) => id)

describe('what is kept', () => {
  it('is everything, unless somebody says otherwise', async () => {
    const app = await startApp()
    for (const days of [4000, 2000, 1]) await send(app, days)
    await app.keepHouse()
    expect(numbersOf(app.file)).toEqual([1, 2, 3])
    expect(await app.graphql('{ settings { keepDays keepPerJob keepLogDays } }')).toEqual({
      data: { settings: { keepDays: null, keepPerJob: null, keepLogDays: null } },
    })
  })

  it('is of runs what began within the days, to the millisecond', async () => {
    const app = await startApp()
    await send(app, 30 + 1 / dayMs)
    await send(app, 30)
    await send(app, 1)
    await keep(app, { keepDays: 30 })
    expect(numbersOf(app.file)).toEqual([2, 3])
    // A day later it is time again.
    app.setTime(new Date(start.getTime() + dayMs))
    await app.keepHouse()
    expect(numbersOf(app.file)).toEqual([3])
  })

  it('is of two runs at one place in time the one that was received later', async () => {
    const app = await startApp()
    // Begun after they were received, by a clock that is ahead: their place is that of the receipt.
    await send(app, -1)
    await send(app, -2)
    app.setTime(new Date(start.getTime() + 60 * 60 * 1000))
    await send(app, -1 / 24)
    await keep(app, { keepPerJob: 2 })
    expect(numbersOf(app.file)).toEqual([2, 3])
  })

  it('is looked at once a day, and at once when it is changed', async () => {
    const app = await startApp()
    for (const days of [40, 30, 20, 1]) await send(app, days)
    await keep(app, { keepDays: 35 })
    expect(numbersOf(app.file)).toEqual([2, 3, 4])
    await send(app, 50)
    app.setTime(new Date(start.getTime() + dayMs - 1))
    await app.keepHouse()
    expect(numbersOf(app.file)).toEqual([2, 3, 4, 5])
    await keep(app, { keepDays: 25 })
    expect(numbersOf(app.file)).toEqual([3, 4])
    await keep(app, { keepDays: null })
    await send(app, 50)
    await app.keepHouse()
    expect(numbersOf(app.file)).toEqual([3, 4, 6])
  })

  it('is the latest run of a job, and those from which it knows its sizes and its next run, however old they are', async () => {
    const app = await startApp()
    const unlisted = { KnownFileSize: 0, BackupListCount: 0 }
    await send(app, 90)
    await send(app, 80, { extra: { 'next-scheduled-run': '20260810T000000Z' } })
    await send(app, 70)
    for (const days of [60, 50]) await send(app, days, { data: { ParsedResult: 'Fatal' }, backend: unlisted })
    await send(app, 99, { extra: { 'backup-id': 'DB-2', 'backup-name': 'Mail' } })
    const jobs = '{ backupJobs { nodes { state lastStatus latestBackup { id } storedSize dueAt overdueAt } } }'
    const before = await app.graphql(jobs)
    await keep(app, { keepDays: 10, keepPerJob: 1 })
    expect(numbersOf(app.file)).toEqual([2, 3, 5, 6])
    expect(await app.graphql(jobs)).toEqual(before)
  })

  it.each([
    [4, [1, 2, 3, 4, 5]],
    [3, [2, 3, 4, 5]],
    [2, [3, 5]],
    [1, [5]],
  ])('is of each job the latest %i runs, dry runs not counted', async (keepPerJob, left) => {
    const app = await startApp()
    await send(app, 5)
    await send(app, 4)
    await send(app, 3)
    await send(app, 3.5, { data: { Dryrun: true } })
    await send(app, 2)
    await keep(app, { keepPerJob })
    expect(numbersOf(app.file)).toEqual(left)
  })

  it('is of logs what is within the days, and a run tells what it lost', async () => {
    const app = await startApp()
    await send(app, 30 + 1 / dayMs)
    await send(app, 30)
    await send(app, 1)
    await keep(app, { keepLogDays: 30 })
    expect(runsOf(app.file)).toEqual([
      [1, 0, 2],
      [2, 2, 0],
      [3, 2, 0],
    ])
  })

  it('is of messages and transitions what is within the days, and what still waits', async () => {
    const app = await startApp()
    const receiver = await startWebhookReceiver()
    await makeChannel(app.file, 'WEBHOOK', receiver.settings, { events: ['FAILED'], repeat: 'ONCE' })
    const tell = async (time: Date) => {
      app.setTime(time)
      for (const ParsedResult of ['Success', 'Error']) {
        const BeginTime = new Date(time.getTime() - 1).toISOString()
        await app.post(report({ data: { BeginTime, ParsedResult }, extra: { 'backup-id': ParsedResult + BeginTime } }))
      }
    }
    await tell(daysAgo(31))
    await app.deliver()
    receiver.always({ status: 503 })
    await tell(daysAgo(30 + 1 / dayMs))
    await app.deliver()
    receiver.always(null)
    await tell(daysAgo(30))
    const told = () => outbox(app.file).map(({ id, status }) => [id, status])
    expect(told()).toEqual([
      [1, 'SENT'],
      [2, 'PENDING'],
      [3, 'PENDING'],
    ])
    app.setTime(start)
    expect(rows(app.file, 'SELECT id FROM transitions')).toEqual([[1], [2], [3], [4], [5], [6]])
    await keep(app, { keepDays: 30 })
    expect(told()).toEqual([
      [2, 'PENDING'],
      [3, 'PENDING'],
    ])
    expect(rows(app.file, 'SELECT id FROM transitions')).toEqual([[5], [6]])
  })
})

it.each([
  [{ keepDays: 0 }, 'keepDays', 'must be 1 or more; null keeps everything'],
  [{ keepDays: 36_501 }, 'keepDays', 'must be 36500 or less; null keeps everything'],
  [{ keepPerJob: 0 }, 'keepPerJob', 'must be 1 or more; null keeps everything'],
  [{ keepPerJob: 1_000_001 }, 'keepPerJob', 'must be 1000000 or less; null keeps everything'],
  [{ keepLogDays: -1 }, 'keepLogDays', 'must be 1 or more; null keeps everything'],
])('refuses %j', async (input, path, message) => {
  const app = await startApp()
  const document = 'mutation ($input: UpdateSettingsInput!) { updateSettings(input: $input) { settings { keepDays } } }'
  expect(await app.graphql(document, { input })).toMatchObject({
    errors: [{ extensions: { code: 'BAD_USER_INPUT', issues: [{ path, message }] } }],
  })
})

it(
  'removes little at a time, and lets uploads in between',
  async () => {
    const runs = Number(process.env.RUNS ?? (soak ? 1_000_000 : 4000))
    const file = newPlace()
    await writeRuns(file, runs, start)
    const app = await startApp({ file })
    // A log so long that it does not go in one step.
    await send(app, 3000, { logLines: Array(1000).fill('a line'), extra: { 'backup-id': 'long' } })
    await send(app, 2999, { logLines: Array(1000).fill('a line'), extra: { 'backup-id': 'long' } })
    await app.graphql('mutation { updateSettings(input: { keepPerJob: 1 }) { settings { keepDays } } }')

    const counting = new Database(file, { readonly: true })
    const count = counting.prepare('SELECT (SELECT count(*) FROM backups), (SELECT count(*) FROM log_lines)').raw()
    const counts = [count.get() as [number, number]]
    let isDone = false
    const keeping = app.keepHouse().finally(() => {
      isDone = true
    })
    const waits: number[] = []
    let number = 0
    const post = async (into: number[]) => {
      const before = performance.now()
      await send(app, -number / dayMs, { logLines: [], extra: { 'backup-id': 'uploaded' } })
      number += 1
      into.push(performance.now() - before)
    }
    while (!isDone) {
      await post(waits)
      // A million runs are not counted at every step.
      if (!soak) counts.push(count.get() as [number, number])
      await new Promise((resolve) => setImmediate(resolve))
    }
    await keeping
    counting.close()

    expect(problemsIn(file)).toEqual([])
    expect(numbersOf(file).length).toBeLessThan(runs / 10)
    expect(waits.length).toBeGreaterThan(10)
    // No more than two steps lie between two looks, with a run in each that was uploaded meanwhile.
    const steps = counts.slice(1).map(([runs, lines], index) => {
      const [runsBefore, linesBefore] = counts[index] as [number, number]
      return { runs: runsBefore - runs, lines: linesBefore - lines }
    })
    expect(Math.max(0, ...steps.map(({ runs }) => runs))).toBeLessThanOrEqual(200)
    expect(Math.max(0, ...steps.map(({ lines }) => lines))).toBeLessThanOrEqual(2000)
    // What a report takes on this machine anyway.
    const usual: number[] = []
    while (usual.length < (soak ? waits.length : 10)) await post(usual)
    console.info(
      `${runs} runs pruned while ${waits.length} reports were posted: ${figures(waits)}; afterwards: ${figures(usual)}`,
    )
  },
  soak ? 3_600_000 : 600_000,
)

function figures(waits: number[]): string {
  const sorted = [...waits].sort((a, b) => a - b)
  const at = (share: number) => `${Math.round(sorted[Math.floor(share * (sorted.length - 1))] ?? 0)} ms`
  return `median ${at(0.5)}, 99% ${at(0.99)}, longest ${at(1)}`
}
