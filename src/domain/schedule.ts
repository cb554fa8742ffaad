// When the next run of a job is due, and the place of a run in time. Who tells the schedule, and in which order they are
// believed; scheduledRun.ts knows the calendar, inference.ts makes a guess.

import type { Issue } from './errors.ts'
import { rhythmOf } from './inference.ts'
import { type Interval, intervalOfMinutes, isInterval } from './interval.ts'
import { scheduledRun } from './scheduledRun.ts'
import { isTimeZone } from './timeBuckets.ts'

export const weekdays = ['MONDAY', 'TUESDAY', 'WEDNESDAY', 'THURSDAY', 'FRIDAY', 'SATURDAY', 'SUNDAY'] as const

export type Weekday = (typeof weekdays)[number]

/** A schedule as a person knows it. */
export interface Schedule {
  interval: Interval
  /** The days on which a run may begin; null: every day. */
  weekdays: Weekday[] | null
  /** `HH:MM` by the clock of the time zone; null: whenever the interval has passed. */
  timeOfDay: string | null
  /** By whose clock days and hours count, such as `Europe/Berlin`. */
  timeZone: string
}

/** Who says when a job is due, best first. */
export const scheduleSources = ['SET', 'REPORTED', 'LEGACY', 'INFERRED'] as const

export type ScheduleSource = (typeof scheduleSources)[number]

/** All that the expectation of a job depends on. */
export interface ScheduleFacts {
  /** False: nothing is ever due. */
  watched: boolean
  /** What a person set. */
  set: Schedule | null
  /** The latest announcement of a next run, as `announcedRun` read it. */
  announcedRun: Date | null
  /** What was set in an old release. */
  legacy: Schedule | null
  /** The place in time of the latest run that is not a dry run. */
  latestAt: Date | null
  /** The places in time of the last of these runs, ascending. Ten are enough for a daily rhythm. */
  recentRuns: Date[]
  /** Counting began anew here, as when a pause ends: nothing that was due before is expected. */
  watchFrom: Date | null
  /** How long after it was due a job is only late. */
  toleranceSeconds: number
}

/** Null where nothing is expected. */
export interface Expectation {
  dueAt: Date | null
  overdueAt: Date | null
  scheduleSource: ScheduleSource | null
  /** What the schedule repeats after; an announcement does not tell it. */
  interval: Interval | null
}

const nothing: Expectation = { dueAt: null, overdueAt: null, scheduleSource: null, interval: null }

/** Clocks that differ by no more are the same, and so much may pass from the end of a run to its report. */
const clockToleranceMs = 10 * 60 * 1000

/** A clock that was set by the wrong time zone is slow by no more. What comes later than that is an old report. */
const slowestClockMs = 14 * 60 * 60 * 1000

/**
 * When the next run is due by the first source that tells. A run that took place changes the facts, and thereby the
 * expectation; time alone does not.
 *
 * @throws RangeError if a schedule is in no time zone
 */
export function expectation(facts: ScheduleFacts): Expectation {
  if (!facts.watched) return nothing
  return (
    scheduled('SET', facts.set, facts) ?? reported(facts) ?? scheduled('LEGACY', facts.legacy, facts) ?? inferred(facts)
  )
}

function scheduled(
  scheduleSource: ScheduleSource,
  schedule: Schedule | null,
  facts: ScheduleFacts,
): Expectation | null {
  if (!schedule) return null
  const daysOfWeek = schedule.weekdays?.map((day) => weekdays.indexOf(day) + 1) ?? null
  const dueAt = scheduledRun({ ...schedule, daysOfWeek }, facts.latestAt, facts.watchFrom)
  return dueAt && { dueAt, overdueAt: afterTolerance(dueAt, facts), scheduleSource, interval: schedule.interval }
}

/**
 * Duplicati announces the next scheduled run in the reports of scheduled runs only; a run started by hand says nothing.
 * An announcement therefore stands until a run takes place at or after the announced time.
 */
function reported(facts: ScheduleFacts): Expectation | null {
  const { announcedRun: dueAt, latestAt, watchFrom } = facts
  if (!dueAt || (latestAt && latestAt >= dueAt) || (watchFrom && dueAt < watchFrom)) return null
  return { dueAt, overdueAt: afterTolerance(dueAt, facts), scheduleSource: 'REPORTED', interval: null }
}

/** A guess alarms late: when two usual intervals have passed, and the longest that belongs to the rhythm. */
function inferred(facts: ScheduleFacts): Expectation {
  const base = later(facts.latestAt, facts.watchFrom)
  const rhythm = rhythmOf(facts.recentRuns)
  if (!base || !rhythm) return nothing
  const usualMs = rhythm.usualMinutes * 60_000
  const toleranceMs = facts.toleranceSeconds * 1000
  return {
    dueAt: shifted(base, usualMs),
    overdueAt: shifted(base, Math.max(2 * usualMs, rhythm.longestMs + toleranceMs)),
    scheduleSource: 'INFERRED',
    interval: intervalOfMinutes(rhythm.usualMinutes),
  }
}

/**
 * The announcement of a report, by a clock that is right; null if there is none, or if its time has passed.
 *
 * Duplicati posts its report when a run ends: a later or earlier end shows how wrong the clock of the machine is. What
 * comes more than 14 hours after its end was not sent then. It is an old report, and its announcement stays as it is.
 *
 * @param endedAt the end of the run by the machine's clock; without it that clock is believed
 */
export function announcedRun(nextScheduledRun: Date | null, endedAt: Date | null, receivedAt: Date): Date | null {
  if (!nextScheduledRun) return null
  const behindMs = endedAt ? receivedAt.getTime() - endedAt.getTime() : 0
  if (behindMs > slowestClockMs) return nextScheduledRun
  const announced = Math.abs(behindMs) > clockToleranceMs ? shifted(nextScheduledRun, behindMs) : nextScheduledRun
  return announced > receivedAt ? announced : null
}

/**
 * The run's place in time: when it began, but not later than when its report was received. A machine whose clock is ahead
 * would otherwise stay the latest for as long as it is ahead.
 */
export function placeInTime(beganAt: Date | null, receivedAt: Date): Date {
  return beganAt && beganAt < receivedAt ? beganAt : receivedAt
}

/** Everything that is wrong with a schedule that is to be saved. */
export function scheduleIssues({ interval, weekdays, timeOfDay, timeZone }: Schedule): Issue[] {
  const issues: [boolean, string, string][] = [
    [isInterval(interval), 'interval', 'must be a whole number, above zero, and at most ten years'],
    [weekdays === null || weekdays.length > 0, 'weekdays', 'must name a day, or be null for every day'],
    [
      timeOfDay === null || /^([01]\d|2[0-3]):[0-5]\d$/.test(timeOfDay),
      'timeOfDay',
      'must be HH:MM, from 00:00 to 23:59',
    ],
    [
      timeOfDay === null || (interval.unit !== 'MINUTE' && interval.unit !== 'HOUR'),
      'timeOfDay',
      'needs an interval of days, weeks, months or years',
    ],
    [isTimeZone(timeZone), 'timeZone', 'must be a time zone such as Europe/Berlin'],
  ]
  return issues.filter(([holds]) => !holds).map(([, path, message]) => ({ path, message }))
}

function afterTolerance(dueAt: Date, { toleranceSeconds }: ScheduleFacts): Date {
  return shifted(dueAt, toleranceSeconds * 1000)
}

function later(a: Date | null, b: Date | null): Date | null {
  return a && b ? (a > b ? a : b) : (a ?? b)
}

function shifted(moment: Date, ms: number): Date {
  return new Date(moment.getTime() + ms)
}
