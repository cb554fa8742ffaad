// From the schedule that a job has in Duplicati to ours.

import { Temporal } from 'temporal-polyfill'
import { type Interval, inDays, parseInterval } from '../../domain/schedule/interval.ts'
import { type Schedule, type Weekday, weekdays } from '../../domain/schedule/schedule.ts'
import type { JobSchedule } from './jobs.ts'

/**
 * The schedule as a person would set it here; null if it cannot be told: it does not repeat, or after something that is no
 * `Interval`, such as a month and a day.
 *
 * The hour counts from a day on, as in Duplicati: it keeps the time of day of its time zone when clocks change.
 *
 * @param timeZone by whose clock Duplicati keeps it: the zone that is set there, or else the machine's
 * @throws RangeError if there is no such time zone
 */
export function scheduleOf({ time, repeat, allowedDays }: JobSchedule, timeZone: string): Schedule | null {
  const repeated = repeatedAfter(repeat ?? '')
  if (!repeated) return null
  const interval = inDays(repeated)
  const goesByClock = interval.unit !== 'MINUTE' && interval.unit !== 'HOUR'
  return {
    interval,
    weekdays: weekdaysOf(allowedDays),
    timeOfDay: time && goesByClock ? timeOfDay(time, timeZone) : null,
    timeZone,
  }
}

/**
 * Duplicati takes a plain number for seconds, has seconds beside our units, and allows spaces (Timeparser.ParseTimeInterval). Of
 * seconds only whole minutes are an `Interval`.
 */
function repeatedAfter(repeat: string): Interval | null {
  const text = /^\s*\d+\s*$/.test(repeat) ? `${repeat.trim()}s` : repeat.replaceAll(/\s*([smhDWMY])\s*|^\s+/g, '$1')
  let seconds = 0
  const rest = text.replaceAll(/(\d+)s/g, (_, count) => {
    seconds += Number(count)
    return ''
  })
  if (seconds % 60 !== 0) return null
  return parseInterval(seconds > 0 ? `${rest}${seconds / 60}m` : rest)
}

/** Null if it is every day: all of them are there, or none that is known. */
function weekdaysOf(names: string[]): Weekday[] | null {
  const named = new Set(names.map((name) => name.trim().slice(0, 3).toUpperCase()))
  const days = weekdays.filter((day) => named.has(day.slice(0, 3)))
  return days.length === 0 || days.length === weekdays.length ? null : days
}

function timeOfDay(time: Date, timeZone: string): string {
  const local = Temporal.Instant.fromEpochMilliseconds(time.getTime()).toZonedDateTimeISO(timeZone)
  return local.toPlainTime().toString({ smallestUnit: 'minute' })
}
