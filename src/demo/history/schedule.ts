// When a job's runs are due.

import { Temporal } from 'temporal-polyfill'

export type Schedule =
  /** At a local time of day, on all days or on some: 1 is Monday, 7 is Sunday. */
  | { at: string; days?: number[] }
  /** Every so many hours, counted from a run that is due so many minutes before the present. */
  | { everyHours: number; dueMinutesAgo: number }

const minuteMs = 60_000

/** All times from `from` on and before `until`, ascending. */
export function scheduledTimes(
  schedule: Schedule,
  timeZone: string,
  now: number,
  from: number,
  until: number,
): number[] {
  const times: number[] = []
  if ('everyHours' in schedule) {
    const due = Math.floor(now / minuteMs - schedule.dueMinutesAgo) * minuteMs
    const step = schedule.everyHours * 60 * minuteMs
    for (let at = due + Math.ceil((from - due) / step) * step; at < until; at += step) times.push(at)
    return times
  }
  let day = Temporal.Instant.fromEpochMilliseconds(from).toZonedDateTimeISO(timeZone).toPlainDate()
  for (;;) {
    const at = day.toZonedDateTime({ timeZone, plainTime: schedule.at }).epochMilliseconds
    if (at >= until) return times
    if (at >= from && (schedule.days?.includes(day.dayOfWeek) ?? true)) times.push(at)
    day = day.add({ days: 1 })
  }
}
