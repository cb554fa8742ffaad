// Before anybody is told that a job is overdue, its Duplicati is asked: what it knows wakes nobody, and what it does not know is told.

import { describe, expect, it } from 'vitest'
import { at, type Connected, connect, reportOf, startBoth } from '../support/connected.ts'
import { addPreventedRun, addRun, failWithoutRow } from '../support/duplicati/jobs.ts'
import { problemsIn } from '../support/problems.ts'
import { randomNumbers } from '../support/random.ts'

/** Every day at 02:00, with five runs that were reported; somebody listens. */
async function daily(): Promise<
  Connected & {
    told(): Promise<{ event: string; message: string }[]>
    pass(moment: Date): Promise<void>
    state(): Promise<string>
  }
> {
  const both = await startBoth()
  const { app, photos } = both
  await app.graphql(`mutation {
    createChannel(input: { name: "x", settings: { ntfy: { topic: "t" } } }) { channel { id } }
    setNotificationRule(input: { channel: 1, events: [OVERDUE, FAILED, WARNING, RECOVERED] }) { notificationRule { id } } }`)
  photos.schedule = schedule(2)
  for (let day = 2; day <= 5; day++) {
    addRun(photos, at(`${day} 02:00`))
    app.setTime(at(`${day} 02:02`))
    await app.post(reportOf(photos, at(`${day} 02:00`)))
  }
  photos.schedule = schedule(6)
  await connect(both)
  await app.collect()
  let heard = 0
  return {
    ...both,
    told: async () => {
      const { data } = await app.graphql(
        '{ notifications(first: 100, orderBy: CREATED_AT_ASC) { nodes { event message } } }',
      )
      const all = (data as { notifications: { nodes: { event: string; message: string }[] } }).notifications.nodes
      const news = all.slice(heard)
      heard = all.length
      return news
    },
    /** Time passes up to then; what is asked meanwhile is answered. */
    pass: async (moment) => {
      app.setTime(moment)
      await app.catchUp()
      await app.collect()
    },
    state: async () => {
      const { data } = await app.graphql('{ backupJob(id: 1) { state } }')
      return (data as { backupJob: { state: string } }).backupJob.state
    },
  }
}

const schedule = (day: number, hour = 2) => ({
  ...{ ID: 1, Tags: ['ID=1'], Time: new Date(Date.UTC(2026, 7, day, hour)).toISOString(), Repeat: '1D' },
  ...{ LastRun: new Date(Date.UTC(2026, 7, day - 1, hour)).toISOString(), Rule: '', AllowedDays: [] },
})

describe('a job that falls overdue', () => {
  it('is not told if Duplicati knows the run, which is recorded', async () => {
    const { app, photos, pass, told, state } = await daily()
    addRun(photos, at('6 02:00'))
    photos.schedule = schedule(7)
    await pass(at('6 03:01'))
    await pass(at('6 03:03'))
    expect(await told()).toEqual([])
    expect(await state()).toBe('OK')
    const { data } = await app.graphql('{ backups(first: 1) { nodes { origin beganAt } } backupJob(id: 1) { dueAt } }')
    expect(data).toEqual({
      backups: { nodes: [{ origin: 'COLLECTED', beganAt: at('6 02:00').toISOString() }] },
      backupJob: { dueAt: at('7 02:00').toISOString() },
    })
    expect(problemsIn(app.file)).toEqual([])
  })

  it('is told once, within a minute, if Duplicati knows of no run either; also if one was killed after it had begun', async () => {
    const { photos, pass, told, state } = await daily()
    // The next time moves on when a run begins.
    photos.schedule = schedule(7)
    await pass(at('6 03:01'))
    expect(await told()).toEqual([])
    await pass(at('6 03:02'))
    expect(await told()).toEqual([
      {
        event: 'OVERDUE',
        message: expect.stringMatching(
          /Its Duplicati was asked, and knows of no run either\. It expects the next one at 2026-08-07 02:00/,
        ),
      },
    ])
    await pass(at('6 03:30'))
    expect(await told()).toEqual([])
    expect(await state()).toBe('OVERDUE')
  })

  it('is told as before if Duplicati does not answer', async () => {
    const { duplicati, pass, told } = await daily()
    duplicati.lie('/api/v1/backups', { status: 500, body: 'no' })
    await pass(at('6 03:01'))
    await pass(at('6 03:02'))
    expect(await told()).toMatchObject([
      { event: 'OVERDUE', message: expect.stringContaining('Its Duplicati was asked for the run, without success:') },
    ])
  })

  it.each<[string, (both: Connected) => void, RegExp]>([
    ['that it is paused', ({ duplicati }) => void Object.assign(duplicati, { paused: true }), /Duplicati is paused/],
    ['that the job is gone', ({ duplicati }) => void duplicati.jobs.splice(0), /there is no such backup any more/],
    [
      'that a script prevented it',
      ({ photos }) => {
        for (const hour of ['02:00', '02:20', '02:40']) addPreventedRun(photos, at(`6 ${hour}`), 'Success')
      },
      /A script prevented it 3 times since 2026-08-06 02:00/,
    ],
    [
      'an error that never became a run',
      ({ photos }) => failWithoutRow(photos, at('6 02:00'), 'The folder is\nmissing'),
      /An error at 2026-08-06 02:00 UTC: The folder is missing/,
    ],
  ])('is told with what was found: %s', async (_, change, message) => {
    const both = await daily()
    change(both)
    await both.pass(at('6 03:01'))
    await both.pass(at('6 03:02'))
    expect(await both.told()).toMatchObject([{ event: 'OVERDUE', message: expect.stringMatching(message) }])
  })

  it('is waited for while it runs, for twice its usual time at most, and asked again', async () => {
    const { duplicati, photos, pass, told, state } = await daily()
    photos.schedule = { ...schedule(7), LastRun: at('6 03:00').toISOString() }
    duplicati.runningJobId = '1'
    // A usual run takes a minute.
    await pass(at('6 03:01'))
    expect([await told(), await state()]).toEqual([[], 'LATE'])
    await pass(at('6 03:04'))
    expect(await told()).toMatchObject([
      {
        event: 'OVERDUE',
        message: expect.stringContaining('A run that began at 2026-08-06 03:00 UTC is still under way.'),
      },
    ])
  })

  it('is not told if the run that was under way ends well', async () => {
    const { app, duplicati, photos, pass, told, state } = await daily()
    photos.schedule = { ...schedule(7), LastRun: at('6 03:00').toISOString() }
    duplicati.runningJobId = '1'
    await pass(at('6 03:01'))
    duplicati.runningJobId = null
    addRun(photos, at('6 03:00'))
    app.setTime(at('6 03:02'))
    await app.post(reportOf(photos, at('6 03:00')))
    await pass(at('6 03:30'))
    expect([await told(), await state()]).toEqual([[], 'OK'])
  })

  it('is no longer, where its schedule was changed', async () => {
    const { photos, pass, told, state } = await daily()
    photos.schedule = schedule(6, 20)
    await pass(at('6 03:01'))
    await pass(at('6 03:30'))
    expect([await told(), await state()]).toEqual([[], 'OK'])
    await pass(at('6 21:01'))
    await pass(at('6 21:02'))
    expect(await told()).toMatchObject([{ event: 'OVERDUE' }])
  })
})

it('tells of every run that is missing, and of no other, in a month in which reports are lost', async () => {
  const random = randomNumbers(7)
  const { app, photos, pass, told } = await daily()
  const missing: number[] = []
  const heard: number[] = []
  for (let day = 6; day <= 35; day++) {
    const roll = random()
    const began = new Date(Date.UTC(2026, 7, day, 2))
    // Some begin and are killed, and some are not let begin at all.
    if (roll < 0.2) missing.push(day)
    if (roll >= 0.1) photos.schedule = schedule(day + 1)
    if (roll >= 0.2) {
      addRun(photos, began)
      app.setTime(new Date(began.getTime() + 120_000))
      if (random() < 0.5) await app.post(reportOf(photos, began))
    }
    for (const minute of [61, 62, 63, 120, 600]) await pass(new Date(began.getTime() + minute * 60_000))
    const events = (await told()).map(({ event }) => event)
    if (events.includes('OVERDUE')) heard.push(day)
    expect(events.filter((event) => event === 'OVERDUE').length).toBeLessThan(2)
    if (roll < 0.1) photos.schedule = schedule(day + 1)
  }
  expect(missing.length).toBeGreaterThan(3)
  // A job that is overdue already is not told anew until it has run.
  const first = missing.filter((day) => !missing.includes(day - 1))
  expect(heard).toEqual(first)
  expect(problemsIn(app.file)).toEqual([])
})
