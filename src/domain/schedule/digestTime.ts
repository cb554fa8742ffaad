// When a digest is due: once a day, a week or a month, by the wall clock of a time zone.

import { Temporal } from 'temporal-polyfill'
import { type Weekday, weekdays } from './schedule.ts'

export const digestPeriods = ['DAILY', 'WEEKLY', 'MONTHLY'] as const

export type DigestPeriod = (typeof digestPeriods)[number]

export interface DigestTime {
  period: DigestPeriod
  /** `HH:MM`. */
  timeOfDay: string
  /** Counts if it is weekly; null is Monday. */
  weekday: Weekday | null
}

const steps = { DAILY: { days: 1 }, WEEKLY: { weeks: 1 }, MONTHLY: { months: 1 } } as const

/**
 * The first time after a moment. It is due once on its date: a local time that is skipped moves forward, one that comes twice is the
 * first, as in scheduledRun.ts. A monthly one is due on the first.
 *
 * @throws RangeError if there is no such time zone
 */
export function nextDigest({ period, timeOfDay, weekday }: DigestTime, after: Date, timeZone: string): Date {
  const plainTime = Temporal.PlainTime.from(timeOfDay)
  const today = Temporal.Instant.fromEpochMilliseconds(after.getTime()).toZonedDateTimeISO(timeZone).toPlainDate()
  // One period early: where clocks are set back past midnight, what is due on the day before can still come.
  for (let date = dateOf(today, period, weekday).subtract(steps[period]); ; date = date.add(steps[period])) {
    const { epochMilliseconds } = date.toZonedDateTime({ timeZone, plainTime })
    if (epochMilliseconds > after.getTime()) return new Date(epochMilliseconds)
  }
}

function dateOf(date: Temporal.PlainDate, period: DigestPeriod, weekday: Weekday | null): Temporal.PlainDate {
  if (period === 'DAILY') return date
  if (period === 'MONTHLY') return date.with({ day: 1 })
  return date.add({ days: weekdays.indexOf(weekday ?? 'MONDAY') + 1 - date.dayOfWeek })
}
