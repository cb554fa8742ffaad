// What Duplicati answered of the schedule of a job, and from which due time on it is believed.

import { Temporal } from 'temporal-polyfill'
import { elapsedMs, type Interval } from './interval.ts'
import { weekdays as allDays, type Schedule, type Weekday } from './schedule.ts'

/** The schedule, which holds from a due time on; null: the job has none, and runs by hand alone. */
export interface AskedSchedule {
  schedule: Schedule | null
  /** The first due time that is expected by it, in milliseconds since 1970; null without a schedule. */
  from: number | null
}

/** A run is expected at nearly the time that was guessed from earlier ones; clocks may be changed in between. */
const nearMs = 90 * 60 * 1000
/** Further back nobody waits for a run. */
const mostSteps = 1000

const units = { MINUTE: 'minutes', HOUR: 'hours', DAY: 'days', WEEK: 'weeks', MONTH: 'months', YEAR: 'years' } as const

/**
 * What an answer says of a job that is waited for since `dueAt`.
 *
 * Duplicati moves the next time on when a run begins, and not when it ends: after one that was killed, the next time says nothing of
 * it. So a run that is waited for stays so, if its time is one of this schedule's. If it is not, the schedule was changed.
 *
 * @param next the next time by the answer
 * @param dueAt when a run is due by what was known; null if none is
 */
export function askedSchedule(schedule: Schedule | null, next: Date | null, dueAt: Date | null): AskedSchedule {
  if (!schedule || !next) return { schedule: null, from: null }
  const isWaitedFor = dueAt !== null && dueAt < next && isOfSchedule(dueAt, schedule, next)
  return { schedule, from: (isWaitedFor ? dueAt : next).getTime() }
}

/** Whether the moment is about one of the times of the schedule before the given one. */
function isOfSchedule(moment: Date, { interval, weekdays, timeZone }: Schedule, next: Date): boolean {
  const distance = next.getTime() - moment.getTime()
  const stepMs = elapsedMs(interval)
  if (stepMs !== null) {
    const rest = distance % stepMs
    return Math.min(rest, stepMs - rest) <= Math.min(nearMs, stepMs / 2)
  }
  // Days that are not allowed give way to later ones: every day can be one of the times.
  const step: Interval = weekdays === null ? interval : { count: 1, unit: 'DAY' }
  const start = Temporal.Instant.fromEpochMilliseconds(next.getTime()).toZonedDateTimeISO(timeZone)
  for (let count = 1; count <= mostSteps; count++) {
    const time = start.subtract({ [units[step.unit]]: count * step.count })
    if (Math.abs(time.epochMilliseconds - moment.getTime()) <= nearMs) {
      return weekdays === null || weekdays.includes(allDays[time.dayOfWeek - 1] as Weekday)
    }
    if (time.epochMilliseconds < moment.getTime()) return false
  }
  return false
}
