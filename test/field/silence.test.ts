// Whoever hears that a trouble begins hears that it ends, also when that is while nothing may be told (uptime-kuma #4004, #7148).

import { describe, expect, it } from 'vitest'
import { at, failed, later, prevented, stopped, watchedJob } from './watchedJob.ts'

type Job = Awaited<ReturnType<typeof watchedJob>>

/** A job that was due on the 2nd at 02:00, and is told to be overdue. */
async function overdue(options: Parameters<typeof watchedJob>[0] = {}) {
  const job = await watchedJob(options)
  await job.run(at('1 02:00'), 10, { next: at('2 02:00') })
  job.app.setTime(at('2 04:00'))
  expect((await job.told()).at(-1)).toBe('OVERDUE')
  return job
}

/** A job whose failure on the 2nd is told, and that is next due on the 9th. */
async function broken() {
  const job = await watchedJob()
  await job.run(at('1 02:00'), 10, { next: at('9 02:00') })
  await job.run(at('2 02:00'), 10, { ...failed(), next: at('9 02:00') })
  expect(await job.told()).toEqual(['SUCCESS', 'FAILED'])
  return job
}

const snooze = (job: Job, until: string) => job.act(`snoozeJob(id: 1, until: "${until}")`)

describe('being overdue that was told and ends while the job is snoozed', () => {
  it('is told when the snooze has ended, once', async () => {
    const job = await overdue()
    await snooze(job, at('2 12:00'))
    await job.run(at('2 06:00'), 10, { next: at('3 02:00') })
    job.app.setTime(at('2 12:00'))
    expect(await job.told()).toEqual([])
    job.app.setTime(at('2 12:01'))
    expect(await job.told()).toEqual(['RECOVERED'])
    await job.run(at('3 02:00'), 10, { next: at('4 02:00') })
    expect(await job.told()).toEqual(['SUCCESS'])
  })

  it('is told when a person ends the snooze', async () => {
    const job = await overdue()
    await snooze(job, at('5 12:00'))
    await job.run(at('2 06:00'), 10, { next: at('3 02:00') })
    expect(await job.told()).toEqual([])
    await job.act('snoozeJob(id: 1, until: null)')
    expect(await job.told()).toEqual(['RECOVERED'])
  })

  it('is not told if the job is overdue again when the snooze ends; that it still is, is', async () => {
    const job = await overdue()
    await snooze(job, at('4 12:00'))
    await job.run(at('2 06:00'), 10, { next: at('3 02:00') })
    job.app.setTime(at('4 12:01'))
    expect(await job.told()).toEqual(['OVERDUE'])
    await job.run(at('4 13:00'), 10, { next: at('5 02:00') })
    expect(await job.told()).toEqual(['RECOVERED'])
  })

  it('is not told if the run failed: the failure is, and its end', async () => {
    const job = await overdue()
    await snooze(job, at('2 12:00'))
    await job.run(at('2 06:00'), 10, { ...failed(), next: at('3 02:00') })
    job.app.setTime(at('2 12:01'))
    expect(await job.told()).toEqual(['FAILED'])
    await job.run(at('3 02:00'), 10, { next: at('4 02:00') })
    expect(await job.told()).toEqual(['RECOVERED'])
  })

  it.each([
    ['stopped', stopped],
    ['of which nobody says how it ended', { data: { ParsedResult: null } }],
  ])('is not told by a run that was %s; the next whole run tells it', async (_, changes) => {
    const job = await overdue()
    await snooze(job, at('2 12:00'))
    await job.run(at('2 06:00'), 10, { ...changes, next: at('3 02:00') })
    job.app.setTime(at('2 12:01'))
    expect(await job.told()).toEqual([])
    await job.run(at('3 02:00'), 10, { next: at('4 02:00') })
    expect(await job.told()).toEqual(['RECOVERED'])
  })

  it('and is replaced by a longer snooze is told when that has ended', async () => {
    const job = await overdue()
    await snooze(job, at('2 08:00'))
    await job.run(at('2 06:00'), 10, { next: at('9 02:00') })
    await snooze(job, at('3 08:00'))
    job.app.setTime(at('3 07:59'))
    expect(await job.told()).toEqual([])
    job.app.setTime(at('3 08:01'))
    expect(await job.told()).toEqual(['RECOVERED'])
  })
})

describe('being overdue that was told and ends while the job is paused', () => {
  it('is told when the job is resumed, once', async () => {
    const job = await overdue()
    await job.act('pauseJob(id: 1)')
    await job.run(at('2 06:00'), 10, { next: at('3 02:00') })
    expect(await job.told()).toEqual([])
    job.app.setTime(at('2 12:00'))
    await job.act('resumeJob(id: 1)')
    expect(await job.told()).toEqual(['RECOVERED'])
    expect(await job.stand()).toMatchObject({ state: 'OK', dueAt: at('3 02:00') })
    await job.act('pauseJob(id: 1)')
    await job.act('resumeJob(id: 1)')
    expect(await job.told()).toEqual([])
  })

  it('is told when the job is resumed weeks later, after many runs', async () => {
    const job = await overdue()
    await job.act('pauseJob(id: 1)')
    for (let night = 3; night <= 16; night++) {
      await job.run(at(`${night} 02:00`), 10, { next: at(`${night + 1} 02:00`) })
    }
    await job.act('resumeJob(id: 1)')
    expect(await job.told()).toEqual(['RECOVERED'])
    expect(await job.stand()).toMatchObject({ state: 'OK', dueAt: at('17 02:00') })
  })

  it('is not told if a snooze goes on; then it is', async () => {
    const job = await overdue()
    await job.act('pauseJob(id: 1)')
    await job.run(at('2 06:00'), 10, { next: at('9 02:00') })
    await snooze(job, at('3 12:00'))
    await job.act('resumeJob(id: 1)')
    expect(await job.told()).toEqual([])
    job.app.setTime(at('3 12:01'))
    expect(await job.told()).toEqual(['RECOVERED'])
  })

  it('is not told if the latest of the runs meanwhile failed', async () => {
    const job = await overdue()
    await job.act('pauseJob(id: 1)')
    await job.run(at('3 02:00'), 10, { next: at('4 02:00') })
    await job.run(at('4 02:00'), 10, { ...failed(), next: at('5 02:00') })
    await job.act('resumeJob(id: 1)')
    expect(await job.told()).toEqual(['FAILED'])
    await job.run(at('5 02:00'), 10, { next: at('6 02:00') })
    expect(await job.told()).toEqual(['RECOVERED'])
  })
})

describe('a failure that was told and ends', () => {
  it('while the job is snoozed is told when the snooze has ended', async () => {
    const job = await broken()
    await snooze(job, at('4 00:00'))
    await job.run(at('3 02:00'), 10, { next: at('9 02:00') })
    expect(await job.told()).toEqual([])
    job.app.setTime(at('4 00:01'))
    expect(await job.told()).toEqual(['RECOVERED'])
  })

  it('while the job is paused is told when it is resumed', async () => {
    const job = await broken()
    await job.act('pauseJob(id: 1)')
    await job.run(at('3 02:00'), 10, { next: at('9 02:00') })
    await job.act('resumeJob(id: 1)')
    expect(await job.told()).toEqual(['RECOVERED'])
  })

  it('after somebody acknowledged it is told', async () => {
    const job = await broken()
    await job.act('acknowledgeJob(id: 1)')
    await job.run(at('3 02:00'), 10, { ...failed('System.Exception: another'), next: at('9 02:00') })
    expect(await job.told()).toEqual([])
    await job.run(at('4 02:00'), 10, { next: at('9 02:00') })
    expect(await job.told()).toEqual(['RECOVERED'])
  })

  it('which nobody was told of, because the job was snoozed, ends without a word', async () => {
    const job = await watchedJob()
    await job.run(at('1 02:00'), 10, { next: at('9 02:00') })
    await snooze(job, at('3 12:00'))
    await job.run(at('2 02:00'), 10, { ...failed(), next: at('9 02:00') })
    await job.run(at('3 02:00'), 10, { next: at('9 02:00') })
    job.app.setTime(at('4 00:00'))
    expect(await job.told()).toEqual(['SUCCESS'])
  })
})

describe('a job that was overdue when it was paused, and is resumed', () => {
  it('is due at once, and overdue when the tolerance has passed', async () => {
    const job = await overdue()
    await job.act('pauseJob(id: 1)')
    job.app.setTime(at('4 12:00'))
    await job.act('resumeJob(id: 1)')
    expect(await job.stand()).toMatchObject({ dueAt: at('4 12:00'), overdueAt: at('4 13:00') })
    expect((await job.stand()).state).not.toBe('OVERDUE')
    job.app.setTime(at('4 13:00'))
    expect(await job.told()).toEqual([])
    job.app.setTime(at('4 13:01'))
    expect(await job.told()).toEqual(['OVERDUE'])
    await job.run(at('4 14:00'), 10)
    expect(await job.told()).toEqual(['RECOVERED'])
    expect(await job.stand()).toMatchObject({ state: 'OK', dueAt: at('5 02:00') })
  })

  it('and runs within the tolerance has recovered', async () => {
    const job = await overdue()
    await job.act('pauseJob(id: 1)')
    job.app.setTime(at('4 12:00'))
    await job.act('resumeJob(id: 1)')
    await job.run(at('4 12:20'), 10, { next: at('5 02:00') })
    expect(await job.told()).toEqual(['RECOVERED'])
    expect(await job.stand()).toMatchObject({ state: 'OK', dueAt: at('5 02:00') })
  })

  it('is due at once although a script prevented a run in the pause, or prevents one now', async () => {
    const job = await overdue()
    await job.act('pauseJob(id: 1)')
    await job.run(at('3 02:00'), 0, prevented())
    job.app.setTime(at('4 12:00'))
    await job.act('resumeJob(id: 1)')
    await job.run(at('4 12:10'), 0, prevented())
    expect(await job.stand()).toMatchObject({ dueAt: at('4 12:00'), overdueAt: at('4 13:00') })
    expect(await job.told()).toEqual([])
  })

  it('and is paused and resumed again and again is due then, and never OK without a run', async () => {
    const job = await overdue()
    for (let hour = 5; hour < 9; hour++) {
      await job.act('pauseJob(id: 1)')
      job.app.setTime(at(`2 0${hour}:00`))
      await job.act('resumeJob(id: 1)')
      expect(await job.stand()).toMatchObject({ dueAt: at(`2 0${hour}:00`) })
      job.app.setTime(later(at(`2 0${hour}:00`), 30))
      expect((await job.stand()).state).toBe('LATE')
    }
  })

  it('with a schedule of a person likewise', async () => {
    const job = await watchedJob()
    await job.run(at('1 02:00'), 10)
    const schedule = '{ interval: "1W", weekdays: [THURSDAY], timeOfDay: "02:00", timeZone: "UTC" }'
    await job.act(`updateBackupJob(id: 1, input: { schedule: ${schedule} })`)
    job.app.setTime(at('8 04:00'))
    expect(await job.told()).toEqual(['SUCCESS', 'OVERDUE'])
    await job.act('pauseJob(id: 1)')
    job.app.setTime(at('9 12:00'))
    await job.act('resumeJob(id: 1)')
    expect(await job.stand()).toMatchObject({ dueAt: at('9 12:00'), overdueAt: at('9 13:00') })
    await job.run(at('9 12:30'), 10)
    expect(await job.told()).toEqual(['RECOVERED'])
    expect(await job.stand()).toMatchObject({ state: 'OK', dueAt: at('15 02:00') })
  })
})
