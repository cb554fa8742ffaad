// When somebody is woken, and when not, as reports come through the front door and the clock moves. Each case is one that people
// met with this or another monitor.

import { describe, expect, it } from 'vitest'
import { startApp, type TestApp } from '../support/app.ts'
import { report } from '../support/report.ts'
import { verifyFile } from '../support/verifyFile.ts'

/** An app with a channel that is told of everything. */
async function start(): Promise<TestApp> {
  const app = await startApp({ now: '2026-08-01T00:00:00Z' })
  // Nothing is sent: what is written counts.
  const { errors } = await app.graphql(`mutation {
    createChannel(input: { name: "Phone", settings: { ntfy: { url: "http://127.0.0.1:9", topic: "x" } } }) { channel { id } }
    setNotificationRule(input: {
      channel: 1, events: [OVERDUE, FAILED, WARNING, SUCCESS, RECOVERED], repeat: ONCE
    }) { notificationRule { id } }
  }`)
  expect(errors).toBeUndefined()
  return app
}

const at = (text: string) => `2026-08-${text.slice(0, 2)}T${text.slice(3)}:00.000Z`

interface Run {
  result?: string
  next?: string
  more?: Record<string, unknown>
  exception?: string
}

/** A run from then to now, reported now; days and hours of August. */
async function run(app: TestApp, from: string, to: string, { result = 'Success', next, more, exception }: Run = {}) {
  const seconds = (Date.parse(at(to)) - Date.parse(at(from))) / 1000
  const days = Math.floor(seconds / 86_400)
  const clock = new Date(seconds * 1000).toISOString().slice(11, 19)
  app.setTime(at(to))
  const { status } = await app.post(
    report({
      data: { BeginTime: at(from), EndTime: at(to), Duration: `${days}.${clock}`, ParsedResult: result, ...more },
      extra: next ? { 'next-scheduled-run': `${at(next).slice(0, 19).replaceAll(/[-:]/g, '')}Z` } : {},
      exception: exception ?? null,
    }),
  )
  expect(status).toBe(200)
}

/** What was told so far, and how the job stands at that time. */
async function told(app: TestApp, moment: string): Promise<string[]> {
  app.setTime(at(moment))
  const { data } = await app.graphql(`{
    notifications(first: 100) { nodes { event createdAt } }
    backupJobs { nodes { state dueAt } }
  }`)
  const { notifications, backupJobs } = data as {
    notifications: { nodes: { event: string; createdAt: string }[] }
    backupJobs: { nodes: { state: string; dueAt: string | null }[] }
  }
  const [job] = backupJobs.nodes
  const lines = notifications.nodes.map(({ event, createdAt }) => `${short(createdAt)} ${event}`).reverse()
  return [...lines, `${job?.state}, due ${job?.dueAt ? short(job.dueAt) : 'never'}`]
}

const short = (time: string) => time.slice(8, 16).replace('T', ' ')

const mutate = async (app: TestApp, mutation: string) => {
  const { errors } = await app.graphql(`mutation { ${mutation} { backupJob { id } } }`)
  expect(errors).toBeUndefined()
}

it('a first run of forty hours announces a time within itself: duplicati #1628, #3251, #4851', async () => {
  const app = await start()
  await run(app, '01 02:00', '02 18:00', { next: '02 02:00' })
  expect(await told(app, '02 18:01')).toEqual(['02 18:00 SUCCESS', 'OK, due 03 02:00'])
})

it('the first nights of a job that runs for two hours: healthchecks #547, #830', async () => {
  const app = await start()
  for (const [day, next] of [
    ['01', '02'],
    ['02', '03'],
    ['03', '04'],
  ]) {
    await run(app, `${day} 02:00`, `${day} 04:00`, { next: `${next} 02:00` })
  }
  expect(await told(app, '03 12:00')).toEqual([
    '01 04:00 SUCCESS',
    '02 04:00 SUCCESS',
    '03 04:00 SUCCESS',
    'OK, due 04 02:00',
  ])
})

it('a laptop that was off and was then backed up by hand stays due: duplicati #2904', async () => {
  const app = await start()
  await run(app, '01 02:00', '01 02:10', { next: '02 02:00' })
  await told(app, '02 03:01')
  await run(app, '02 09:00', '02 09:10')
  expect(await told(app, '03 03:01')).toEqual([
    '01 02:10 SUCCESS',
    '02 03:01 OVERDUE',
    '02 09:10 RECOVERED',
    '03 03:01 OVERDUE',
    'OVERDUE, due 03 02:00',
  ])
})

it('a vacation does not end the watch: duplicati_dashboard #8', async () => {
  const app = await start()
  await run(app, '01 02:00', '01 02:10', { next: '02 02:00' })
  await mutate(app, 'pauseJob(id: 1)')
  app.setTime(at('20 12:00'))
  await mutate(app, 'resumeJob(id: 1)')
  expect(await told(app, '21 03:01')).toEqual(['01 02:10 SUCCESS', '21 03:01 OVERDUE', 'OVERDUE, due 21 02:00'])
})

it('a job that fails every quarter of an hour is one message: healthchecks #1171', async () => {
  const app = await start()
  for (let minute = 15; minute <= 375; minute += 15) {
    const moment = (minutes: number) => `01 ${new Date(minutes * 60_000).toISOString().slice(11, 16)}`
    await run(app, moment(minute - 1), moment(minute), { result: 'Fatal', exception: `No space on volume ${minute}` })
  }
  expect(await told(app, '01 07:00')).toEqual(['01 00:15 FAILED', 'FAILED, due never'])
  await run(app, '01 07:00', '01 07:01', { result: 'Fatal', exception: 'Access is denied' })
  expect(await told(app, '01 07:02')).toEqual(['01 00:15 FAILED', '01 07:01 FAILED', 'FAILED, due never'])
})

it('a run that a person stopped does not end a failure: duplicati #4222', async () => {
  const app = await start()
  await run(app, '01 02:00', '01 02:10', { result: 'Error' })
  await run(app, '01 03:00', '01 03:10', { more: { Interrupted: true } })
  expect(await told(app, '01 03:11')).toEqual(['01 02:10 FAILED', '01 03:10 WARNING', 'FAILED, due never'])
  await run(app, '01 04:00', '01 04:10')
  expect(await told(app, '01 04:11')).toEqual([
    '01 02:10 FAILED',
    '01 03:10 WARNING',
    '01 04:10 RECOVERED',
    'OK, due 01 05:00',
  ])
})

describe('whoever heard the beginning hears the end: uptime-kuma #4004, #7148', () => {
  it.each([
    ['snoozed', 'snoozeJob(id: 1, until: "2026-08-04T00:00:00Z")', 'snoozeJob(id: 1)'],
    ['paused', 'pauseJob(id: 1)', 'resumeJob(id: 1)'],
  ])('%s', async (_, silence, speech) => {
    const app = await start()
    await run(app, '01 02:00', '01 02:10', { next: '02 02:00' })
    await told(app, '02 03:01')
    await mutate(app, silence)
    await run(app, '02 09:00', '02 09:10', { next: '08 02:00' })
    expect(await told(app, '03 00:00')).toHaveLength(3)
    await mutate(app, speech)
    expect(await told(app, '03 00:01')).toEqual([
      '01 02:10 SUCCESS',
      '02 03:01 OVERDUE',
      '03 00:00 RECOVERED',
      'OK, due 08 02:00',
    ])
  })

  it('and what was overdue before a pause is due at once after it', async () => {
    const app = await start()
    await run(app, '01 02:00', '01 02:10', { next: '02 02:00' })
    await told(app, '02 03:01')
    await mutate(app, 'pauseJob(id: 1)')
    app.setTime(at('09 12:00'))
    await mutate(app, 'resumeJob(id: 1)')
    expect(await told(app, '09 13:01')).toEqual([
      '01 02:10 SUCCESS',
      '02 03:01 OVERDUE',
      '09 13:01 OVERDUE',
      'OVERDUE, due 09 12:00',
    ])
  })
})

describe('this server itself was down: uptime-kuma #4085', () => {
  async function restarted(from: string, until: string) {
    const first = await start()
    await run(first, '01 02:00', '01 02:10', { next: '02 02:00' })
    await told(first, from)
    await first.close()
    return startApp({ file: first.file, now: at(until) })
  }

  it('for longer than the tolerance: nobody is told before that has passed once more, and then the message says so', async () => {
    const app = await restarted('01 23:00', '02 08:00')
    expect(await told(app, '02 09:00')).toEqual(['01 02:10 SUCCESS', 'LATE, due 02 02:00'])
    expect(await told(app, '02 09:01')).toEqual(['01 02:10 SUCCESS', '02 09:01 OVERDUE', 'OVERDUE, due 02 02:00'])
    const { data } = await app.graphql('{ notifications(first: 1) { nodes { message } } }')
    expect(JSON.stringify(data)).toMatch(/This server was not running from .*: a report that was sent then is lost\./)
    await app.close()
    expect(verifyFile(app.file)).toEqual([])
  })

  it('for a moment: the alarm comes in time, and the message says so', async () => {
    const app = await restarted('02 02:10', '02 02:20')
    expect(await told(app, '02 03:01')).toEqual(['01 02:10 SUCCESS', '02 03:01 OVERDUE', 'OVERDUE, due 02 02:00'])
    const { data } = await app.graphql('{ notifications(first: 1) { nodes { message } } }')
    expect(JSON.stringify(data)).toContain('This server was not running')
  })

  it('before a run was due: nothing is different', async () => {
    const app = await restarted('01 12:00', '02 01:00')
    expect(await told(app, '02 03:01')).toEqual(['01 02:10 SUCCESS', '02 03:01 OVERDUE', 'OVERDUE, due 02 02:00'])
    const { data } = await app.graphql('{ notifications(first: 1) { nodes { message } } }')
    expect(JSON.stringify(data)).not.toContain('This server was not running')
  })
})
