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

export interface RecentRun {
  /** When it began, by a clock that is right. */
  at: Date
  /** How long it took, in seconds; null if it does not tell. */
  seconds: number | null
}

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
  /** The place in time of the latest run that is not a dry run: by it an announcement is kept. */
  latestAt: Date | null
  /** The last of these runs, ascending. Ten are enough for a daily rhythm. */
  recentRuns: RecentRun[]
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
  const dueAt = scheduledRun({ ...schedule, daysOfWeek }, facts.recentRuns.at(-1)?.at ?? null, facts.watchFrom)
  return dueAt && { dueAt, overdueAt: shifted(dueAt, patienceMs(facts)), scheduleSource, interval: schedule.interval }
}

/**
 * Duplicati announces the next scheduled run in the reports of scheduled runs only; a run started by hand says nothing.
 * An announcement therefore stands until a run takes place at or after the announced time.
 */
function reported(facts: ScheduleFacts): Expectation | null {
  const { announcedRun: dueAt, latestAt, watchFrom } = facts
  if (!dueAt || (latestAt && latestAt >= dueAt) || (watchFrom && dueAt < watchFrom)) return null
  return { dueAt, overdueAt: shifted(dueAt, patienceMs(facts)), scheduleSource: 'REPORTED', interval: null }
}

/** A guess alarms late: when two usual intervals have passed, and the longest that belongs to the rhythm. */
function inferred(facts: ScheduleFacts): Expectation {
  const begun = facts.recentRuns.map(({ at }) => at)
  const base = later(begun.at(-1) ?? null, facts.watchFrom)
  const rhythm = rhythmOf(begun)
  if (!base || !rhythm) return nothing
  const usualMs = rhythm.usualMinutes * 60_000
  return {
    dueAt: shifted(base, usualMs),
    overdueAt: shifted(base, Math.max(2 * usualMs, rhythm.longestMs + patienceMs(facts))),
    scheduleSource: 'INFERRED',
    interval: intervalOfMinutes(rhythm.usualMinutes),
  }
}

/**
 * The announcement of a report. A report cannot be received before its run has ended: a clock that is more than ten minutes
 * ahead shows, and announces too late by as much. A clock that is behind cannot be told from a report that was long under way:
 * what it announces stands.
 *
 * @param endedAt the end of the run by the machine's clock; without it that clock is believed
 */
export function announcedRun(nextScheduledRun: Date | null, endedAt: Date | null, receivedAt: Date): Date | null {
  if (!nextScheduledRun || !endedAt) return nextScheduledRun
  const aheadMs = endedAt.getTime() - receivedAt.getTime()
  return aheadMs > clockToleranceMs ? shifted(nextScheduledRun, -aheadMs) : nextScheduledRun
}

/**
 * When a run began, by a clock that is right: what a schedule is held against.
 *
 * Duplicati posts its report when a run ends: a later or earlier end shows how wrong the clock of the machine is. What
 * comes more than 14 hours after its end was not sent then: it is an old report, and says nothing about the clock.
 *
 * @param placeInTime where the run stands in lists
 * @param endedAt the end of the run by the machine's clock; without it that clock is believed
 */
export function begunByRightClock(
  placeInTime: Date,
  beganAt: Date | null,
  endedAt: Date | null,
  receivedAt: Date,
): Date {
  const behindMs = endedAt ? receivedAt.getTime() - endedAt.getTime() : 0
  if (!beganAt || Math.abs(behindMs) <= clockToleranceMs || behindMs > slowestClockMs) return placeInTime
  const begun = shifted(beganAt, behindMs)
  return begun < receivedAt ? begun : receivedAt
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

/**
 * How long after it was due a job is only late: the tolerance, or twice the usual run where that is longer. A run is due when
 * it should begin, but Duplicati reports it when it has ended. Three runs make a usual one; the first is often much longer.
 */
function patienceMs({ toleranceSeconds, recentRuns }: ScheduleFacts): number {
  const durations = recentRuns.flatMap(({ seconds }) => seconds ?? []).sort((a, b) => a - b)
  const usual = durations.length < 3 ? 0 : (durations[Math.floor(durations.length / 2)] ?? 0)
  return Math.max(toleranceSeconds, 2 * usual) * 1000
}

function later(a: Date | null, b: Date | null): Date | null {
  return a && b ? (a > b ? a : b) : (a ?? b)
}

function shifted(moment: Date, ms: number): Date {
  return new Date(moment.getTime() + ms)
}
