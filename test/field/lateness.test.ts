// When a run is expected, by what people reported to other projects: long runs, new jobs, runs by hand, wrong clocks.

import { describe, expect, it } from 'vitest'
import { at, failed, later, prevented, stopped, watchedJob } from './watchedJob.ts'

type Job = Awaited<ReturnType<typeof watchedJob>>

const setSchedule = (job: Job, schedule: string) =>
  job.act(`updateBackupJob(id: 1, input: { schedule: { ${schedule}, timeZone: "UTC" } })`)

/** Lets the clock go on in steps of ten minutes, and says what was told at which of them. */
async function watch(job: Job, from: string, until: string) {
  const told: string[] = []
  for (let now = from; now <= until; now = later(now, 10)) {
    job.app.setTime(now)
    for (const event of await job.told()) told.push(`${event} ${now.slice(8, 16)}`)
  }
  return told
}

describe('a run that goes on beyond the time it announced (duplicati #1628, #3251, #4851)', () => {
  it('of 40 hours, the first of its job, met the time that lies within itself', async () => {
    const job = await watchedJob()
    await job.run(at('1 02:00'), 40 * 60, { next: at('2 02:00') })
    expect(await job.told()).toEqual(['SUCCESS'])
    expect(await job.stand()).toMatchObject({ state: 'OK', dueAt: at('3 02:00') })
    await job.run(at('3 02:00'), 30, { next: at('4 02:00') })
    expect(await job.told()).toEqual(['SUCCESS'])
  })

  it('of 40 hours, with a schedule that was set meanwhile, or set before the next', async () => {
    const job = await watchedJob()
    await job.run(at('1 02:00'), 40 * 60, { next: at('2 02:00') })
    await setSchedule(job, 'interval: "1D", timeOfDay: "02:00"')
    expect(await job.told()).toEqual(['SUCCESS'])
    expect(await job.stand()).toMatchObject({ state: 'OK', dueAt: at('3 02:00') })
    // The next run takes as long: it is waited for.
    await job.run(at('3 02:00'), 40 * 60, { next: at('4 02:00') })
    expect(await job.told()).toEqual(['SUCCESS'])
    expect(await job.stand()).toMatchObject({ state: 'OK', dueAt: at('5 02:00') })
  })

  it.each([
    ['interval: "6h"', at('2 20:00')],
    ['interval: "1D"', at('3 02:00')],
    ['interval: "1D", timeOfDay: "17:59"', at('3 17:59')],
    ['interval: "1D", timeOfDay: "18:01"', at('2 18:01')],
    ['interval: "1D", timeOfDay: "02:00", weekdays: [FRIDAY, MONDAY]', at('5 02:00')],
  ])('of 40 hours, with a schedule of a person: %s', async (schedule, dueAt) => {
    const job = await watchedJob()
    await job.run(at('1 02:00'), 40 * 60)
    await setSchedule(job, schedule)
    expect(await job.stand()).toMatchObject({ state: 'OK', dueAt })
  })

  it('of a job that used to be quick is overdue, and its success is told; what it announced is met', async () => {
    const job = await watchedJob()
    for (let night = 1; night <= 4; night++) {
      await job.run(at(`${night} 02:00`), 10, { next: at(`${night + 1} 02:00`) })
    }
    expect(await job.told()).toEqual(Array(4).fill('SUCCESS'))
    await job.run(at('5 02:00'), 40 * 60, { next: at('6 02:00') })
    expect(await job.told()).toEqual(['OVERDUE', 'RECOVERED'])
    expect(await job.stand()).toMatchObject({ state: 'OK', dueAt: at('7 02:00'), overdueAt: at('7 03:00') })
  })

  it('of 7 hours, every 6 hours, announces a time within itself each time, and is never overdue', async () => {
    const job = await watchedJob()
    for (let began = at('1 00:00'); began < at('5 00:00'); began = later(began, 12 * 60)) {
      await job.run(began, 7 * 60, { next: later(began, 6 * 60) })
    }
    expect(await job.told()).toEqual(Array(8).fill('SUCCESS'))
  })

  it('that ends at the very moment it announced is told, and the run that is due then is only late', async () => {
    const job = await watchedJob()
    await job.run(at('1 02:00'), 24 * 60, { next: at('2 02:00') })
    expect(await job.told()).toEqual(['SUCCESS'])
    expect(await job.stand()).toMatchObject({ state: 'LATE', dueAt: at('2 02:00'), overdueAt: at('4 02:00') })
    await job.run(at('2 02:01'), 24 * 60, { next: at('3 02:00') })
    expect(await job.told()).toEqual(['SUCCESS'])
  })
})

describe('a new job whose runs take hours (healthchecks #547, #830, #910, #1135)', () => {
  it.each([
    ['2 hours', 120, 120, 120],
    ['an hour and a half', 90, 90, 90],
    ['6 hours first, and less then', 360, 45, 170],
    ['an hour first, and twice as long then', 60, 119, 230],
  ])('is not overdue in nights 2 and 3: %s', async (_, ...nights) => {
    const job = await watchedJob()
    for (const [index, minutes] of nights.entries()) {
      const began = at(`${index + 1} 02:00`)
      if (index > 0) expect(await watch(job, began, later(began, minutes))).toEqual([])
      await job.run(began, minutes, { next: later(began, 1440) })
      expect(await job.told()).toEqual(['SUCCESS'])
    }
  })

  it.each([
    ['failures', failed()],
    ['runs that somebody stopped', stopped],
  ])('is not overdue after a few quick %s, which say nothing of how long it takes', async (_, changes) => {
    const job = await watchedJob()
    for (const [index, minutes] of [120, 120, 0, 0, 0, 0].entries()) {
      const began = at(`${index + 1} 02:00`)
      await job.run(began, minutes, { ...(minutes === 0 ? changes : {}), next: later(began, 1440) })
    }
    await job.told()
    expect(await watch(job, at('7 02:00'), at('7 04:00'))).toEqual([])
    await job.run(at('7 02:00'), 120, { next: at('8 02:00') })
    expect(await job.told()).toEqual([changes === stopped ? 'SUCCESS' : 'RECOVERED'])
  })

  it('is overdue all the same when twice its run has passed', async () => {
    const job = await watchedJob()
    await job.run(at('1 02:00'), 120, { next: at('2 02:00') })
    await job.told()
    expect(await watch(job, at('2 02:00'), at('2 08:00'))).toEqual(['OVERDUE 02T06:10'])
  })
})

describe('a job that announced one run and is run by hand since (duplicati #2904, duplicati_dashboard #8)', () => {
  it('is expected at the announced hour of every day, and is not forgotten for two months', async () => {
    const job = await watchedJob()
    await job.run(at('1 02:00'), 10, { next: at('2 02:00') })
    expect(await watch(job, at('2 02:00'), at('2 08:50'))).toEqual(['SUCCESS 02T02:00', 'OVERDUE 02T03:10'])
    await job.run(at('2 09:00'), 10)
    expect(await job.told()).toEqual(['RECOVERED'])
    expect(await job.stand()).toMatchObject({ state: 'OK', dueAt: at('3 02:00'), overdueAt: at('3 03:00') })
    expect(await watch(job, at('3 02:00'), at('3 04:00'))).toEqual(['OVERDUE 03T03:10'])
    job.app.setTime(at('61 00:00'))
    expect(await job.stand()).toMatchObject({ state: 'OVERDUE', dueAt: at('3 02:00') })
  })

  it('weekly, is expected a week later, however often it is run by hand before', async () => {
    const job = await watchedJob()
    await job.run(at('1 02:00'), 10, { next: at('8 02:00') })
    await job.run(at('3 09:00'), 10)
    await job.run(at('5 19:00'), 10)
    expect(await job.stand()).toMatchObject({ state: 'OK', dueAt: at('8 02:00') })
    await job.run(at('8 07:00'), 10)
    expect(await job.stand()).toMatchObject({ dueAt: at('15 02:00') })
  })

  it('is not expected before the announced time because of a run by hand that a person stopped, or that failed', async () => {
    const job = await watchedJob()
    await job.run(at('1 02:00'), 10, { next: at('2 02:00') })
    await job.run(at('1 12:00'), 10, stopped)
    await job.run(at('1 13:00'), 10, failed())
    await job.run(at('1 14:00'), 0, prevented())
    expect(await job.stand()).toMatchObject({ state: 'FAILED', dueAt: at('2 02:00') })
  })
})

describe('a time that cannot be meant', () => {
  it('which lies before the begin of its own run, is taken for its hour of the next day', async () => {
    const job = await watchedJob()
    await job.run(at('1 02:05'), 10, { next: at('1 02:00') })
    expect(await job.stand()).toMatchObject({ state: 'OK', dueAt: at('2 02:00') })
    expect(await job.told()).toEqual(['SUCCESS'])
  })

  it('which lies two days back, of a run that was queued for so long, likewise', async () => {
    const job = await watchedJob()
    await job.run(at('3 12:00'), 10, { next: at('1 02:00') })
    expect(await job.stand()).toMatchObject({ state: 'OK', dueAt: at('4 02:00') })
    await job.run(at('4 02:00'), 10, { next: at('5 02:00') })
    expect(await job.stand()).toMatchObject({ state: 'OK', dueAt: at('5 02:00') })
    expect(await job.told()).toEqual(['SUCCESS', 'SUCCESS'])
  })

  it.each([
    ['a year', 365],
    ['a year and a day', 366],
    ['ten years', 3650],
    ['40 days', 40],
  ])('by a clock that is ahead by %s, is set right; a run by hand after it changes nothing', async (_, days) => {
    const job = await watchedJob()
    const minutes = days * 1440
    const [began, next] = [later(at('1 02:00'), minutes), later(at('2 02:00'), minutes)]
    await job.run(began, 10, { next, sent: -minutes * 60 })
    expect(await job.stand()).toMatchObject({ state: 'OK', dueAt: at('2 02:00') })
    expect(await watch(job, at('2 02:00'), at('2 08:50'))).toEqual(['SUCCESS 02T02:00', 'OVERDUE 02T03:10'])
    await job.run(at('2 09:00'), 10)
    expect(await job.told()).toEqual(['RECOVERED'])
    expect(await job.stand()).toMatchObject({ state: 'OK', dueAt: at('3 02:00') })
  })

  it.each([40, 364, 365, 366, 3650])(
    'by a clock that was %i days ahead, and was set right in the run, is not waited for so long',
    async (days) => {
      const job = await watchedJob()
      const minutes = days * 1440
      await job.run(at('1 02:00'), 10, {
        next: later(at('2 02:00'), minutes),
        data: { BeginTime: later(at('1 02:00'), minutes) },
      })
      const { dueAt } = await job.stand()
      expect(dueAt?.slice(0, 10)).toBe('2026-10-02')
    },
  )

  it('by a clock a year ahead, of a report that does not tell its end', async () => {
    const job = await watchedJob()
    const year = 365 * 1440
    job.app.setTime(at('1 02:10'))
    await job.run(later(at('1 02:00'), year), 10, {
      next: later(at('2 02:00'), year),
      sent: -year * 60,
      data: { EndTime: '0001-01-01T00:00:00' },
    })
    await job.run(at('2 09:00'), 10)
    const { dueAt } = await job.stand()
    expect(dueAt?.slice(0, 10)).toBe('2026-10-03')
  })
})

describe('a job that is paused before a vacation', () => {
  it('and resumed after it is expected at its next time, and nothing is told', async () => {
    const job = await watchedJob()
    await job.run(at('1 02:00'), 10, { next: at('2 02:00') })
    job.app.setTime(at('1 12:00'))
    await job.act('pauseJob(id: 1)')
    job.app.setTime(at('20 12:00'))
    await job.act('resumeJob(id: 1)')
    expect(await job.told()).toEqual(['SUCCESS'])
    expect(await job.stand()).toMatchObject({ state: 'OK', dueAt: at('21 02:00'), overdueAt: at('21 03:00') })
    expect(await watch(job, at('21 02:00'), at('21 04:00'))).toEqual(['OVERDUE 21T03:10'])
  })

  it('which goes on to run, is expected when it last announced', async () => {
    const job = await watchedJob()
    await job.run(at('1 02:00'), 10, { next: at('2 02:00') })
    await job.act('pauseJob(id: 1)')
    for (let night = 2; night <= 5; night++) {
      await job.run(at(`${night} 02:00`), 10, { next: at(`${night + 1} 02:00`) })
    }
    await job.act('resumeJob(id: 1)')
    expect(await job.told()).toEqual(['SUCCESS'])
    expect(await job.stand()).toMatchObject({ state: 'OK', dueAt: at('6 02:00') })
  })

  it('while it is late, but not overdue, is expected at its next time', async () => {
    const job = await watchedJob()
    await job.run(at('1 02:00'), 10, { next: at('2 02:00') })
    job.app.setTime(at('2 02:30'))
    await job.act('pauseJob(id: 1)')
    job.app.setTime(at('10 12:00'))
    await job.act('resumeJob(id: 1)')
    expect(await job.stand()).toMatchObject({ state: 'OK', dueAt: at('11 02:00') })
  })
})
