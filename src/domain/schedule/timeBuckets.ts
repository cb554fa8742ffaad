// The whole hours, days, weeks and months, by the wall clock of a time zone, that a stretch of time is made of.

import { Temporal } from 'temporal-polyfill'

export type BucketSize = 'HOUR' | 'DAY' | 'WEEK' | 'MONTH'

/** `from` is inclusive, `to` exclusive. */
export interface TimeBucket {
  from: Date
  to: Date
}

type DateSize = Exclude<BucketSize, 'HOUR'>

const hourMs = 60 * 60 * 1000
const dayMs = 24 * hourMs
const units = { HOUR: 'hours', DAY: 'days', WEEK: 'weeks', MONTH: 'months' } as const

/** Whether this is a time zone by whose clock buckets can be made, such as `Europe/Berlin`. */
export function isTimeZone(name: string): boolean {
  try {
    wallClock(new Date(0), name)
    return true
  } catch {
    return false
  }
}

/**
 * The buckets between two moments: the first holds `from`, the last holds the last millisecond before `to`, and each ends
 * where the next one begins. They are made one by one: whoever wants no more than some may stop there.
 *
 * An hour ends where the offset of the zone changes, and is never longer than an hour: the hour that is repeated in autumn
 * is two buckets. A day, week or month begins at the first moment of its date, whatever the clock shows then, and is as
 * long as it takes; weeks begin on Monday. A date that a zone skipped has no bucket.
 *
 * @param from must be before `to`
 * @throws RangeError if there is no such time zone
 */
export function* timeBuckets(from: Date, to: Date, size: BucketSize, timeZone: string): Generator<TimeBucket> {
  const at = wallClock(from, timeZone)
  let begin = Number.NEGATIVE_INFINITY
  for (const border of size === 'HOUR' ? hours(at) : dates(at, size)) {
    // A clock that goes back past midnight shows the day before once more; it then belongs to the day that had begun.
    if (border > from.getTime() && border > begin) yield { from: new Date(begin), to: new Date(border) }
    if (border >= to.getTime()) return
    begin = border
  }
}

/**
 * The last `count` buckets before `to`.
 *
 * @throws RangeError if there is no such time zone
 */
export function lastTimeBuckets(count: number, to: Date, size: BucketSize, timeZone: string): TimeBucket[] {
  // One more than needed, for a day that was skipped.
  const from = wallClock(to, timeZone).subtract({ [units[size]]: count + 1 })
  return [...timeBuckets(new Date(from.epochMilliseconds), to, size, timeZone)].slice(-count)
}

/** The beginnings of the hours, from the one that holds `at`, without end. */
function* hours(at: Temporal.ZonedDateTime): Generator<number> {
  // The previous change is the last one before a moment, and this very moment may be one.
  const last = at.add({ nanoseconds: 1 }).getTimeZoneTransition('previous')
  let border = Math.max(hourOf(at.epochMilliseconds, at), last?.epochMilliseconds ?? Number.NEGATIVE_INFINITY)
  let clock: Temporal.ZonedDateTime | null = at
  while (clock) {
    const change: Temporal.ZonedDateTime | null = clock.getTimeZoneTransition('next')
    const until = change?.epochMilliseconds ?? Number.POSITIVE_INFINITY
    for (; border < until; border = hourOf(border, clock) + hourMs) yield border
    border = until
    clock = change
  }
}

/** When the hour that holds `moment` begins, at the offset of `clock`. */
function hourOf(moment: number, clock: Temporal.ZonedDateTime): number {
  const local = moment + clock.offsetNanoseconds / 1e6
  return moment - (((local % hourMs) + hourMs) % hourMs)
}

/** The beginnings of the days, weeks or months, from the one of the date of `at`, without end. A skipped day begins with the next. */
function* dates(at: Temporal.ZonedDateTime, size: DateSize): Generator<number> {
  let date = firstDateOf(at.toPlainDate(), size)
  for (;;) {
    const begin = date.toZonedDateTime(at.timeZoneId)
    const until = regularUntil(begin, size)
    let border = begin.epochMilliseconds
    let count = 0
    do {
      yield border
      border += size === 'WEEK' ? 7 * dayMs : dayMs
      count += 1
    } while (border < until)
    date = date.add({ [units[size]]: count })
  }
}

/** Up to when all days, or weeks, are as long as another: till clocks are set, they need not be looked up one by one. */
function regularUntil(begin: Temporal.ZonedDateTime, size: DateSize): number {
  const isMidnight = begin.hour === 0 && begin.minute === 0 && begin.second === 0
  if (size === 'MONTH' || !isMidnight) return begin.epochMilliseconds
  return begin.getTimeZoneTransition('next')?.epochMilliseconds ?? Number.POSITIVE_INFINITY
}

function firstDateOf(date: Temporal.PlainDate, size: DateSize): Temporal.PlainDate {
  if (size === 'MONTH') return date.with({ day: 1 })
  return size === 'WEEK' ? date.subtract({ days: date.dayOfWeek - 1 }) : date
}

function wallClock(moment: Date, timeZone: string): Temporal.ZonedDateTime {
  return Temporal.Instant.fromEpochMilliseconds(moment.getTime()).toZonedDateTimeISO(timeZone)
}
