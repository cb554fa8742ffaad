// Who is believed about when a job is due, and which clock. The calendar has its tables in scheduledRun.test.ts.

import { describe, expect, it } from 'vitest'
import { parseInterval } from '../../src/domain/schedule/interval.ts'
import {
  announcedRun,
  begunByRightClock,
  expectation,
  placeInTime,
  type Schedule,
  type ScheduleFacts,
  type ScheduleSource,
  scheduleIssues,
  scheduleSources,
} from '../../src/domain/schedule/schedule.ts'
import { factsWith, type Known, schedule, secondsAfter } from '../support/schedule.ts'

const nothing = { dueAt: null, overdueAt: null, scheduleSource: null, interval: null }
const latestAt = new Date('2026-08-01T02:00:00Z')
const announced = new Date('2026-08-02T02:00:00Z')
const daily = Array.from({ length: 10 }, (_, day) => new Date(latestAt.getTime() - (9 - day) * 86_400_000))

describe('the source of a schedule', () => {
  const sources: Record<ScheduleSource, Known> = {
    SET: { set: schedule('12h') },
    ASKED: { asked: { schedule: schedule('6h'), from: latestAt.getTime() + 5 * 3_600_000 }, askedAt: latestAt },
    REPORTED: { announcedRun: announced },
    LEGACY: { legacy: schedule('2D') },
    INFERRED: { runs: daily },
  }

  it.each([
    ['SET', '2026-08-01T14:00Z', '12h'],
    ['ASKED', '2026-08-01T07:00Z', '6h'],
    ['REPORTED', '2026-08-02T02:00Z', null],
    ['LEGACY', '2026-08-03T02:00Z', '2D'],
    ['INFERRED', '2026-08-02T02:00Z', '1D'],
  ] as const)('is %s where nothing better tells', (source, due, interval) => {
    const known = scheduleSources.slice(scheduleSources.indexOf(source)).map((one) => sources[one])
    expect(expectation(factsWith({ latestAt, ...Object.assign({}, ...known) }))).toEqual({
      dueAt: new Date(due),
      overdueAt: secondsAfter(new Date(due), source === 'INFERRED' ? 86_400 : 3600),
      scheduleSource: source,
      interval: interval && parseInterval(interval),
    })
  })

  const all = factsWith({ latestAt, ...sources.SET, ...sources.REPORTED, ...sources.LEGACY, ...sources.INFERRED })

  it('is the next best where an announcement is met', () => {
    expect(expectation({ ...all, set: null, announcedRun: latestAt }).scheduleSource).toBe('LEGACY')
  })

  it.each<[string, ScheduleFacts]>([
    ['of which nothing is known', factsWith({ latestAt })],
    ['that is not watched', { ...all, watched: false }],
    ['that never ran', { ...all, latestAt: null, announcedRun: null, recentRuns: [] }],
  ])('is none of a job %s', (_, facts) => {
    expect(expectation(facts)).toEqual(nothing)
  })
})

describe('the tolerance', () => {
  it.each([
    ['none', 0],
    ['a second', 1],
    ['five minutes', 300],
    ['a day', 86_400],
  ])('of %s lies between due and overdue', (_, toleranceSeconds) => {
    for (const source of [{ set: schedule('1D') }, { announcedRun: announced }, { legacy: schedule('1D') }]) {
      const { dueAt, overdueAt } = expectation(factsWith({ ...source, latestAt, toleranceSeconds }))
      expect([dueAt, overdueAt]).toEqual([announced, secondsAfter(announced, toleranceSeconds)])
    }
  })
})

describe('long runs', () => {
  it.each([
    ['are waited for where one is known', [7200], 14_400],
    ['are waited for by the longest of two', [14_400, 600], 28_800],
    ['are waited for by the median of three', [14_400, 600, 1200], 3600],
    ['do not count where clocks were set meanwhile', [40_000_000], 3600],
    ['are waited for: twice the usual one, if that is longer than the tolerance', [14_400, 14_400, 14_400], 28_800],
    ['are no longer than the tolerance', [1800, 1800, 1800], 3600],
    ['are longer by a second', [1800.5, 1800.5, 1800.5], 3601],
    ['do not count where they are rare', [600, 86_400, 500, 700, 600], 3600],
    ['count where they are usual', [14_400, 600, 10_800], 21_600],
  ])('%s', (_, durations, seconds) => {
    for (const source of [{ set: schedule('1D') }, { announcedRun: announced }, { legacy: schedule('1D') }]) {
      const { dueAt, overdueAt } = expectation(factsWith({ ...source, latestAt, durations }))
      expect([dueAt, overdueAt]).toEqual([announced, secondsAfter(announced, seconds)])
    }
  })

  it('are waited for after the longest interval of a rhythm', () => {
    const facts = factsWith({ latestAt, runs: daily, durations: [57_600, 57_600, 57_600] })
    expect(expectation(facts).overdueAt).toEqual(secondsAfter(announced, 115_200))
  })
})

describe('an announcement', () => {
  it.each<[string, Partial<ScheduleFacts>, boolean]>([
    ['stands before any other run', {}, true],
    ['stands after a run by hand in between', { latestAt: new Date('2026-08-01T14:00Z') }, true],
    ['stands after a run a second before its time', { latestAt: secondsAfter(announced, -1) }, true],
    ['is met by a run at its time', { latestAt: announced }, false],
    ['is met by a run a second after its time', { latestAt: secondsAfter(announced, 1) }, false],
    ['is void a second before counting began anew', { watchFrom: secondsAfter(announced, 1) }, false],
    ['stands at the moment when counting began anew', { watchFrom: announced }, true],
    ['stands a second after counting began anew', { watchFrom: secondsAfter(announced, -1) }, true],
  ])('%s', (_, facts, stands) => {
    expect(expectation(factsWith({ latestAt, announcedRun: announced, ...facts }))).toEqual(
      stands
        ? { ...nothing, dueAt: announced, overdueAt: secondsAfter(announced, 3600), scheduleSource: 'REPORTED' }
        : nothing,
    )
  })
})

describe('the next run that an old release had planned', () => {
  const nextRun = new Date('2026-08-03T02:00Z')
  const weekly = schedule('1W', { timeOfDay: '02:00' })
  const weekLater = '2026-08-10T02:00Z'

  it.each<[string, Known, string]>([
    ['stands after a run by hand', {}, '2026-08-03T02:00Z'],
    ['stands eleven minutes before its time', { latestAt: secondsAfter(nextRun, -660) }, '2026-08-03T02:00Z'],
    ['is met by a run ten minutes before its time', { latestAt: secondsAfter(nextRun, -600) }, weekLater],
    ['is met by a run at its time', { latestAt: nextRun }, weekLater],
    ['is met by a run after its time', { latestAt: secondsAfter(nextRun, 3600) }, weekLater],
    ['is met by a run that ends after it', { durations: [49 * 3600] }, '2026-08-08T02:00Z'],
    ['stands after a run that ends with it', { durations: [48 * 3600] }, '2026-08-03T02:00Z'],
    ['is void a second before counting began anew', { watchFrom: secondsAfter(nextRun, 1) }, weekLater],
    ['stands at the moment when counting began anew', { watchFrom: nextRun }, '2026-08-03T02:00Z'],
    ['stands where the job never ran', { runs: [] }, '2026-08-03T02:00Z'],
    [
      'is void a year or more after the latest run',
      { latestAt: secondsAfter(nextRun, -367 * 86_400) },
      '2025-08-08T02:00Z',
    ],
    ['is void where a person set a schedule', { set: schedule('12h') }, '2026-08-01T14:00Z'],
    ['is void where Duplicati announced a run', { announcedRun: announced }, '2026-08-02T02:00Z'],
  ])('%s', (_, known, due) => {
    const facts = factsWith({ latestAt, legacy: { ...weekly, nextRun: nextRun.getTime() }, ...known })
    expect(expectation(facts).dueAt).toEqual(new Date(due))
  })

  it('is given the tolerance, and tells the interval and its source', () => {
    expect(expectation(factsWith({ latestAt, legacy: { ...weekly, nextRun: nextRun.getTime() } }))).toEqual({
      dueAt: nextRun,
      overdueAt: secondsAfter(nextRun, 3600),
      scheduleSource: 'LEGACY',
      interval: parseInterval('1W'),
    })
  })

  it('stands with an interval of hours, which then counts from the run', () => {
    const legacy = { ...schedule('6h'), nextRun: nextRun.getTime() }
    expect(expectation(factsWith({ latestAt, legacy })).dueAt).toEqual(nextRun)
    const ran = secondsAfter(nextRun, 120)
    expect(expectation(factsWith({ latestAt: ran, legacy })).dueAt).toEqual(secondsAfter(ran, 6 * 3600))
  })

  it('goes by a clock that is right', () => {
    const facts = factsWith({ latestAt, legacy: { ...weekly, nextRun: nextRun.getTime() }, runs: [nextRun] })
    expect(expectation(facts).dueAt).toEqual(new Date(weekLater))
  })
})

describe('a long run', () => {
  const run = (hours: number) => [{ at: latestAt, seconds: hours * 3600 }]

  it.each([
    ['every day', schedule('1D'), 40, '2026-08-03T02:00Z'],
    ['every day at an hour', schedule('1D', { timeOfDay: '02:00' }), 40, '2026-08-03T02:00Z'],
    ['until the hour', schedule('1D', { timeOfDay: '02:00' }), 24, '2026-08-02T02:00Z'],
    ['every six hours', schedule('6h'), 40, '2026-08-02T20:00Z'],
    ['every six hours, until one of them', schedule('6h'), 12, '2026-08-01T14:00Z'],
    ['on Saturdays', schedule('1W', { weekdays: ['SATURDAY'] }), 200, '2026-08-15T02:00Z'],
    ['every minute on Sundays', schedule('1m', { weekdays: ['SUNDAY'] }), 60, '2026-08-09T00:00Z'],
  ])('meets what falls into it: %s', (_, set, hours, due) => {
    const facts = { ...factsWith({ latestAt, set }), recentRuns: run(hours) }
    expect(expectation(facts).dueAt).toEqual(new Date(due))
    expect(expectation({ ...facts, set: null, legacy: set }).dueAt).toEqual(new Date(due))
  })

  it('meets the next of a rhythm', () => {
    const facts = factsWith({ latestAt, runs: daily, durations: [40 * 3600] })
    expect(expectation(facts).dueAt).toEqual(new Date('2026-08-03T02:00Z'))
  })
})

describe('a run that is owed since a pause ended', () => {
  const owedAt = new Date('2026-08-09T12:00Z')
  it.each([
    ['is due at once', null, 0, owedAt],
    ['is due still after a run a second before', -1, 0, owedAt],
    ['took place with a run that began then', 0, 0, new Date('2026-08-10T12:00Z')],
    ['took place with a run that was under way then', -60, 60, new Date('2026-08-10T11:59Z')],
  ])('%s', (_, offset, seconds, due) => {
    const at = offset === null ? latestAt : secondsAfter(owedAt, offset)
    const facts = factsWith({ latestAt: at, set: schedule('1D'), owedAt, watchFrom: null })
    const { dueAt, overdueAt } = expectation({ ...facts, recentRuns: [{ at, seconds }] })
    expect([dueAt, overdueAt]).toEqual([due, secondsAfter(due, 3600)])
  })
})

describe('an absence of this server', () => {
  // Due at 02:00, and overdue an hour later.
  const at = (text: string) => new Date(`2026-08-02T${text}Z`)
  it.each([
    ['of an hour changes nothing', '02:30:00', '03:30:00', '03:00:00'],
    ['of a second more gives the tolerance once more', '02:30:00', '03:30:01', '04:30:01'],
    ['over all of it does', '00:00:00', '08:00:00', '09:00:00'],
    ['that ends when the job is due changes nothing', '00:00:00', '02:00:00', '03:00:00'],
    ['that ends a second later does', '00:00:00', '02:00:01', '03:00:01'],
    ['that begins a second before it is overdue does', '02:59:59', '08:00:00', '09:00:00'],
    ['that begins when it is overdue changes nothing', '03:00:00', '08:00:00', '03:00:00'],
  ])('%s', (_, from, until, overdueAt) => {
    const facts = factsWith({ latestAt, announcedRun: announced, away: { from: at(from), until: at(until) } })
    expect(expectation(facts)).toMatchObject({ dueAt: announced, overdueAt: at(overdueAt) })
  })

  it('changes nothing where nothing is due', () => {
    expect(expectation(factsWith({ latestAt, away: { from: at('00:00:00'), until: at('08:00:00') } }))).toEqual(nothing)
  })
})

describe('the clock of a machine', () => {
  const endedAt = new Date('2026-08-01T02:10:00Z')
  const minute = 60
  const hour = 3600

  it.each<[string, number, Date | null]>([
    ['that is right', 1, announced],
    ['slow by ten minutes is right', 10 * minute, announced],
    ['slow by a second more is not told from a report that was long under way', 10 * minute + 1, announced],
    ['slow by hours neither, also where the announced time has passed', 30 * hour, announced],
    ['ahead by ten minutes is right', -10 * minute, announced],
    ['ahead by a second more moves the announcement', -10 * minute - 1, secondsAfter(announced, -10 * minute - 1)],
    ['ahead by years moves the announcement', -365 * 24 * hour, secondsAfter(announced, -365 * 24 * hour)],
  ])('%s', (_, behind, expected) => {
    expect(announcedRun(announced, null, endedAt, secondsAfter(endedAt, behind))).toEqual(expected)
    // Set right in the run, it shows by the begin alone.
    const receivedAt = secondsAfter(latestAt, behind)
    expect(announcedRun(announced, latestAt, null, receivedAt)).toEqual(expected)
    expect(announcedRun(announced, latestAt, secondsAfter(receivedAt, -1), receivedAt)).toEqual(expected)
  })

  it.each([
    ['is right where a report does not say when its run took place', announced, null, latestAt, announced],
    ['does not matter where nothing is announced', null, endedAt, endedAt, null],
  ])('%s', (_, next, ended, receivedAt, expected) => {
    expect(announcedRun(next, ended, ended, receivedAt)).toEqual(expected)
  })
})

describe('a slow clock', () => {
  it.each([
    ['slow by ten minutes: nothing is moved', 600, '2026-08-02T02:00:00Z'],
    ['slow by a second more', 601, '2026-08-02T02:10:01Z'],
    ['slow by two hours', 7200, '2026-08-02T04:00:00Z'],
    ['slow by 14 hours', 50_400, '2026-08-02T16:00:00Z'],
    ['an old report', 50_401, '2026-08-02T02:00:00Z'],
    ['fast by two hours', -7200, '2026-08-02T00:00:00Z'],
  ])('does not make a job overdue whose run comes in time: %s', (_, behind, due) => {
    const endedAt = secondsAfter(latestAt, 300)
    const receivedAt = secondsAfter(endedAt, behind)
    const at = begunByRightClock(placeInTime(latestAt, receivedAt), latestAt, endedAt, receivedAt)
    expect(expectation(factsWith({ set: schedule('1D'), runs: [at] })).dueAt).toEqual(new Date(due))
  })

  it('is believed where a report does not say when its run ended', () => {
    expect(begunByRightClock(latestAt, latestAt, null, announced)).toEqual(latestAt)
  })

  it('never has a run begin after its report was received', () => {
    const [beganAt, endedAt] = [secondsAfter(latestAt, 600), latestAt]
    expect(begunByRightClock(beganAt, beganAt, endedAt, secondsAfter(latestAt, 1200))).toEqual(
      secondsAfter(latestAt, 1200),
    )
  })
})

describe('the place of a run in time', () => {
  it.each([
    ['its begin', -1, announced, secondsAfter(announced, -1)],
    ['its begin at the receipt', 0, announced, announced],
    ['the receipt, if it began after it', 1, announced, announced],
    ['the receipt, if it began years after it', 100_000_000, announced, announced],
  ])('is %s', (_, shift, receivedAt, place) => {
    expect(placeInTime(secondsAfter(announced, shift), receivedAt)).toEqual(place)
  })

  it('is the receipt, if it does not say when it began', () => {
    expect(placeInTime(null, announced)).toEqual(announced)
  })

  it('of a run that began in the future does not put off the next one by more than an interval', () => {
    const place = placeInTime(new Date('2027-01-01T00:00Z'), latestAt)
    expect(expectation(factsWith({ set: schedule('1D'), latestAt: place })).dueAt).toEqual(announced)
  })
})

describe('what is wrong with a schedule', () => {
  const good = schedule('1D', { weekdays: ['MONDAY'], timeOfDay: '02:00', timeZone: 'Europe/Berlin' })

  it.each<[string, Schedule]>([
    ['of a time of day', good],
    ['of hours', schedule('12h')],
    ['of the last minute of a day', { ...good, timeOfDay: '23:59' }],
    ['of the first', { ...good, timeOfDay: '00:00' }],
  ])('is nothing: %s', (_, schedule) => {
    expect(scheduleIssues(schedule)).toEqual([])
  })

  it.each<[string, Partial<Schedule>, string]>([
    ['half a day', { interval: { count: 0.5, unit: 'DAY' } }, 'interval'],
    ['no day', { interval: { count: 0, unit: 'DAY' } }, 'interval'],
    ['less than no day', { interval: { count: -1, unit: 'DAY' } }, 'interval'],
    ['no number', { interval: { count: Number.NaN, unit: 'DAY' } }, 'interval'],
    ['eleven years', { interval: { count: 11, unit: 'YEAR' } }, 'interval'],
    ['no weekdays', { weekdays: [] }, 'weekdays'],
    ['24:00', { timeOfDay: '24:00' }, 'timeOfDay'],
    ['02:60', { timeOfDay: '02:60' }, 'timeOfDay'],
    ['2:00', { timeOfDay: '2:00' }, 'timeOfDay'],
    ['02:00:00', { timeOfDay: '02:00:00' }, 'timeOfDay'],
    ['an empty time of day', { timeOfDay: '' }, 'timeOfDay'],
    ['a time of day every 12 hours', { interval: { count: 12, unit: 'HOUR' } }, 'timeOfDay'],
    ['a time of day every 1,440 minutes', { interval: { count: 1440, unit: 'MINUTE' } }, 'timeOfDay'],
    ['a time zone that is none', { timeZone: 'Mars/Phobos' }, 'timeZone'],
    ['no time zone', { timeZone: '' }, 'timeZone'],
  ])('is %s', (_, wrong, path) => {
    expect(scheduleIssues({ ...good, ...wrong }).map((issue) => issue.path)).toEqual([path])
  })

  it('is said all at once', () => {
    const interval = { count: 0, unit: 'HOUR' } as const
    expect(scheduleIssues({ interval, weekdays: [], timeOfDay: '2am', timeZone: 'CET2' })).toMatchInlineSnapshot(`
      [
        {
          "message": "must be a whole number, above zero, and at most ten years",
          "path": "interval",
        },
        {
          "message": "must name a day, or be null for every day",
          "path": "weekdays",
        },
        {
          "message": "must be HH:MM, from 00:00 to 23:59",
          "path": "timeOfDay",
        },
        {
          "message": "needs an interval of days, weeks, months or years",
          "path": "timeOfDay",
        },
        {
          "message": "must be a time zone such as Europe/Berlin",
          "path": "timeZone",
        },
      ]
    `)
  })
})
