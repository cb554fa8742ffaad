// Random schedules at random moments, against two simulations that know no calendar: they step from minute to minute and
// ask Intl what the clock on the wall shows. Nothing here is shared with the rules.

import fc from 'fast-check'
import { expect, it } from 'vitest'
import type { IntervalUnit } from '../../src/domain/schedule/interval.ts'
import { expectation, type Schedule, type Weekday, weekdays } from '../../src/domain/schedule/schedule.ts'
import { factsWith } from '../support/schedule.ts'

const minute = 60_000
const hour = 60 * minute
const day = 24 * hour

const zones = process.env.SOAK
  ? Intl.supportedValuesOf('timeZone')
  : [
      'UTC',
      'Europe/Berlin',
      'America/New_York',
      'Australia/Lord_Howe',
      'Asia/Kolkata',
      'Pacific/Apia',
      'Africa/Casablanca',
    ]

const allowedDays = fc.option(fc.subarray<Weekday>([...weekdays], { minLength: 1 }))
const twoDigits = (most: number) => fc.integer({ min: 0, max: most }).map((number) => String(number).padStart(2, '0'))

/** A moment; every second one within days of a change of the clock, where there is one in that year. */
function momentIn(timeZone: string) {
  return fc
    .record({
      year: fc.integer({ min: 2000, max: 2037 }),
      nearChange: fc.boolean(),
      which: fc.nat(),
      before: fc.integer({ min: -day, max: 3 * day }),
      anywhere: fc.integer({ min: 0, max: 365 * day }),
    })
    .map(({ year, nearChange, which, before, anywhere }) => {
      const changes = nearChange ? changesIn(year, timeZone) : []
      const change = changes[which % changes.length]
      return change === undefined ? Date.UTC(year) + anywhere : change - before
    })
}

it('expects what a scheduler finds that steps from minute to minute', () => {
  const cases = fc.constantFrom(...zones).chain((timeZone) =>
    fc.record({
      schedule: fc.record({
        interval: fc.oneof(
          ...(
            [
              ['MINUTE', 10, 3000],
              ['HOUR', 1, 60],
              ['DAY', 1, 10],
              ['WEEK', 1, 3],
              ['MONTH', 1, 14],
              ['YEAR', 1, 3],
            ] as const
          ).map(([unit, min, max]) =>
            fc.record({ count: fc.integer({ min, max }), unit: fc.constant<IntervalUnit>(unit) }),
          ),
        ),
        weekdays: allowedDays,
        timeOfDay: fc.option(
          fc.tuple(fc.oneof(twoDigits(3), twoDigits(23)), twoDigits(59)).map((parts) => parts.join(':')),
        ),
        timeZone: fc.constant(timeZone),
      }),
      latest: momentIn(timeZone),
      pause: fc.option(fc.integer({ min: -3 * day, max: 3 * day })),
    }),
  )
  fc.assert(
    fc.property(cases, ({ schedule, latest, pause }) => {
      const watchFrom = pause === null ? null : latest + pause
      const { dueAt } = expectation(
        factsWith({
          set: schedule,
          latestAt: new Date(latest),
          watchFrom: watchFrom === null ? null : new Date(watchFrom),
        }),
      )
      expect(dueAt).toEqual(new Date(simulated(schedule, latest, watchFrom)))
    }),
    { numRuns: process.env.SOAK ? 5000 : 150, seed: 7 },
  )
}, 3_600_000)

function simulated(
  { interval, weekdays, timeOfDay, timeZone }: Schedule,
  latest: number,
  watchFrom: number | null,
): number {
  const { count, unit } = interval
  const allowed = (moment: number) => weekdays === null || weekdays.includes(weekdayAt(moment, timeZone))
  const base = Math.max(latest, watchFrom ?? latest)
  const length = count * (unit === 'MINUTE' ? minute : hour)
  const short = unit === 'MINUTE' || unit === 'HOUR'
  if (short && length < day) {
    let due = base + length
    while (!allowed(due)) due += length
    return due
  }
  let local = shown(base, timeZone)
  if (timeOfDay !== null && !(short && length % day !== 0)) {
    const until = Math.max(latest + hour, watchFrom ?? latest)
    local = `${shown(until, timeZone).slice(0, 10)} ${timeOfDay}:00.000`
    for (;;) {
      const moment = momentOf(local, timeZone)
      if (moment <= until && allowed(moment)) break
      local = plus(local, -day)
    }
  }
  local = short ? plus(local, length) : plusDates(local, count, unit)
  while (!allowed(momentOf(local, timeZone))) local = plus(local, day)
  return momentOf(local, timeZone)
}

it('expects every run of a machine that watches the clock, whatever is run by hand in between', () => {
  const cases = fc.constantFrom(...zones).chain((timeZone) =>
    fc.record({
      timeZone: fc.constant(timeZone),
      begin: momentIn(timeZone).map((moment) => moment - (moment % minute)),
      // Later than any clock is set, so that the machine need not know of skipped hours.
      timeOfDay: fc
        .tuple(fc.integer({ min: 4, max: 22 }), twoDigits(59))
        .map(([hours, minutes]) => `${String(hours).padStart(2, '0')}:${minutes}`),
      weekdays: allowedDays,
      // In minutes: how much earlier or later than planned each run begins, and when something is run by hand.
      shifts: fc.array(fc.integer({ min: -60, max: 60 }), { minLength: 15, maxLength: 15 }),
      byHand: fc.array(fc.integer({ min: 0, max: 15 * 24 * 60 }), { maxLength: 10 }),
    }),
  )
  fc.assert(
    fc.property(cases, ({ timeZone, begin, timeOfDay, weekdays, shifts, byHand }) => {
      const planned: number[] = []
      for (let now = begin; now < begin + 15 * day; now += minute) {
        if (shown(now, timeZone).slice(11, 16) !== timeOfDay) continue
        if (weekdays === null || weekdays.includes(weekdayAt(now, timeZone))) planned.push(now)
      }
      const scheduledRuns = planned.map((plan, index) => plan + (shifts[index] ?? 0) * minute)
      const set: Schedule = { interval: { count: 1, unit: 'DAY' }, weekdays, timeOfDay, timeZone }
      for (const run of [...scheduledRuns, ...byHand.map((after) => begin + after * minute)]) {
        const latestAt = Math.max(run, ...scheduledRuns.filter((other) => other <= run))
        // What began no earlier than an hour before a planned moment is that run.
        const due = planned.find((plan) => plan > latestAt + hour)
        if (due !== undefined)
          expect(expectation(factsWith({ set, latestAt: new Date(latestAt) })).dueAt).toEqual(new Date(due))
      }
    }),
    { numRuns: process.env.SOAK ? 500 : 15, seed: 7 },
  )
}, 3_600_000)

/** What the clock on the wall shows, as `2026-03-29 03:30:00.000`. */
function shown(moment: number, timeZone: string): string {
  const format = remembered(clocks, timeZone, () => {
    const numeric = {
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
      second: '2-digit',
    } as const
    return new Intl.DateTimeFormat('sv-SE', { ...numeric, fractionalSecondDigits: 3, timeZone })
  })
  return format.format(moment).replace(',', '.')
}

function weekdayAt(moment: number, timeZone: string): Weekday {
  const format = remembered(calendars, timeZone, () => new Intl.DateTimeFormat('en-US', { weekday: 'long', timeZone }))
  return format.format(moment).toUpperCase() as Weekday
}

const clocks = new Map<string, Intl.DateTimeFormat>()
const calendars = new Map<string, Intl.DateTimeFormat>()

function remembered<Value>(known: Map<string, Value>, key: string, make: () => Value): Value {
  const value = known.get(key) ?? make()
  known.set(key, value)
  return value
}

/** The first moment at which the clock shows this; where it leaps over it, when it would have if it had not been set. */
function momentOf(local: string, timeZone: string): number {
  // No clock is further from UTC than 15 hours, or 24 more where a day is skipped.
  let now = asIfUtc(local) - 39 * hour
  for (;;) {
    const clock = shown(now, timeZone)
    const next = shown(now + minute, timeZone)
    if (clock === local) return now
    if (clock < local && next > local) return now + asIfUtc(local) - asIfUtc(clock)
    now += minute
  }
}

function asIfUtc(local: string): number {
  return Date.parse(`${local.replace(' ', 'T')}Z`)
}

/** As a clock goes that is never set. */
function plus(local: string, ms: number): string {
  return new Date(asIfUtc(local) + ms).toISOString().replace('T', ' ').replace('Z', '')
}

function plusDates(local: string, count: number, unit: IntervalUnit): string {
  if (unit === 'DAY' || unit === 'WEEK') return plus(local, count * (unit === 'DAY' ? day : 7 * day))
  const months = Number(local.slice(0, 4)) * 12 + Number(local.slice(5, 7)) - 1 + count * (unit === 'YEAR' ? 12 : 1)
  const month = `${Math.floor(months / 12)}-${String((months % 12) + 1).padStart(2, '0')}`
  for (let date = Number(local.slice(8, 10)); ; date -= 1) {
    const text = `${month}-${String(date).padStart(2, '0')}${local.slice(10)}`
    // A date that is not in the calendar is another one when read and written.
    if (!Number.isNaN(asIfUtc(text)) && plus(text, 0) === text) return text
  }
}

/** The days of a year, by UTC, on which the clock is set. */
function changesIn(year: number, timeZone: string): number[] {
  const offset = (moment: number) => asIfUtc(shown(moment, timeZone)) - moment
  const days = Array.from({ length: 366 }, (_, index) => Date.UTC(year) + index * day)
  return days.filter((moment) => offset(moment) !== offset(moment + day))
}
