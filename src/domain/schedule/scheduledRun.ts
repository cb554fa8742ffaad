// When a timetable wants the next run: elapsed time below a day, the wall clock of its time zone from a day on.

import { Temporal } from 'temporal-polyfill'
import { elapsedMs, type Interval, inDays } from './interval.ts'

/** A run that begins earlier than its time of day by no more than this is that run. */
const earlyMs = 60 * 60 * 1000

const units = { MINUTE: 'minutes', HOUR: 'hours', DAY: 'days', WEEK: 'weeks', MONTH: 'months', YEAR: 'years' } as const

export interface Timetable {
  interval: Interval
  /** 1 is Monday, 7 is Sunday; null or none: every day. */
  daysOfWeek: number[] | null
  /** `HH:MM`; counts where the interval is of whole days. */
  timeOfDay: string | null
  timeZone: string
}

/**
 * The next run after the latest one, or after counting began if that was later; null without either. What falls before the end
 * of the latest run was met by it.
 *
 * 1. An interval below a day is elapsed time. Where that meets a day that is not allowed, interval after interval is added
 *    until the day is, as Duplicati does.
 * 2. From a day on, the hour is kept when clocks change. A local time that is skipped moves forward, one that comes twice
 *    is the first; where a month is too short, its last day is meant. A day that is not allowed gives way to the next one
 *    that is.
 * 3. With a time of day, the latest run is that of the last allowed day whose time had come, or was to come within an
 *    hour, and the interval counts from there: a run by hand in between, an early and a late one move nothing.
 *
 * @throws RangeError if there is no such time zone
 */
export function scheduledRun(
  timetable: Timetable,
  latestAt: Date | null,
  countedFrom: Date | null,
  endedAt: Date | null = latestAt,
): Date | null {
  const latest = latestAt?.getTime() ?? Number.NEGATIVE_INFINITY
  const counted = countedFrom?.getTime() ?? Number.NEGATIVE_INFINITY
  const base = Math.max(latest, counted)
  if (base === Number.NEGATIVE_INFINITY) return null
  const ended = endedAt?.getTime() ?? Number.NEGATIVE_INFINITY

  const interval = inDays(timetable.interval)
  const stepMs = elapsedMs(interval)
  if (stepMs !== null) return new Date(afterSteps(base, stepMs, ended, timetable))
  const from =
    timetable.timeOfDay !== null && interval.unit !== 'MINUTE' && interval.unit !== 'HOUR'
      ? // Only a run can be early: what is still to come when counting begins, is expected.
        lastOccurrence(Math.max(latest + earlyMs, counted), timetable.timeOfDay, timetable)
      : wallClock(base, timetable).toPlainDateTime()
  for (let count = interval.count; ; count += interval.count) {
    const due = firstAllowed(from.add({ [units[interval.unit]]: count }), timetable)
    if (due >= ended) return new Date(due)
  }
}

type Days = Pick<Timetable, 'daysOfWeek' | 'timeZone'>

/** The first of the moments `base + n × step`, not before `ended`, whose day is allowed. Leaps to the morning of an allowed day. */
function afterSteps(base: number, stepMs: number, ended: number, days: Days): number {
  let due = base + Math.max(1, Math.ceil((ended - base) / stepMs)) * stepMs
  if (days.daysOfWeek === null) return due
  for (let clock = wallClock(due, days); !isAllowed(clock, days); clock = wallClock(due, days)) {
    const morning = firstAllowed(clock.toPlainDate().add({ days: 1 }).toPlainDateTime(), days)
    due += Math.max(1, Math.ceil((morning - due) / stepMs)) * stepMs
  }
  return due
}

/** The last time of day on an allowed day that is not after the moment, as a clock shows it that is never set. */
function lastOccurrence(moment: number, timeOfDay: string, days: Days): Temporal.PlainDateTime {
  let local = wallClock(moment, days).toPlainDate().toPlainDateTime(Temporal.PlainTime.from(timeOfDay))
  while ((allowedMoment(local, days) ?? Number.POSITIVE_INFINITY) > moment) local = local.subtract({ days: 1 })
  return local
}

/** The moment of a local time, on its day or else on the next one that is allowed. */
function firstAllowed(from: Temporal.PlainDateTime, days: Days): number {
  for (let local = from; ; local = local.add({ days: 1 })) {
    const moment = allowedMoment(local, days)
    if (moment !== null) return moment
  }
}

/** The moment of a local time; null if its day is not allowed. */
function allowedMoment(local: Temporal.PlainDateTime, days: Days): number | null {
  if (!isAllowed(local, days)) return null
  // A time zone can skip a whole day; the moment is then on another one.
  const moment = local.toZonedDateTime(days.timeZone)
  return isAllowed(moment, days) ? moment.epochMilliseconds : null
}

function isAllowed({ dayOfWeek }: { dayOfWeek: number }, { daysOfWeek }: Days): boolean {
  return !daysOfWeek?.length || daysOfWeek.includes(dayOfWeek)
}

function wallClock(moment: number, { timeZone }: Days): Temporal.ZonedDateTime {
  return Temporal.Instant.fromEpochMilliseconds(moment).toZonedDateTimeISO(timeZone)
}
