// When the next run of a job is due, and the place of a run in time. Who tells the schedule, and in which order they are
// believed; scheduledRun.ts knows the calendar, announcement.ts what follows on an announced run, inference.ts makes a guess.
//
// Long because the sources and what is done to all of them are better read in one place.

import type { Issue } from '../errors.ts'
import { keptRecentRuns, type RecentRun } from '../recentRun.ts'
import { type Absence, isAwayDuring, lengthOf } from './absence.ts'
import {
  type Announcement,
  announcedInterval,
  announcedTime,
  assumedInterval,
  isAbsurd,
  isGivenUp,
} from './announcement.ts'
import type { AskedSchedule } from './asked.ts'
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

/** A schedule that an old release had. */
export interface LegacySchedule extends Schedule {
  /** The next run that was planned there, in milliseconds since 1970; absent if it did not say. */
  nextRun?: number
}

/** Who says when a job is due, best first. */
export const scheduleSources = ['SET', 'ASKED', 'REPORTED', 'LEGACY', 'INFERRED'] as const

export type ScheduleSource = (typeof scheduleSources)[number]

/** All that the expectation of a job depends on. */
export interface ScheduleFacts {
  /** False: nothing is ever due. */
  watched: boolean
  /** What a person set. */
  set: Schedule | null
  /** What Duplicati answered, and when; null: it was not asked. */
  asked: AskedSchedule | null
  askedAt: Date | null
  /** For which due time Duplicati is asked before anything is told, and until when. */
  heldFor: Date | null
  heldUntil: Date | null
  /** The latest announcement of a next run, as `announcedRun` read it. */
  announcedRun: Date | null
  /** The place in time of the run that announced it. */
  scheduledAt: Date | null
  /** What was set in an old release. */
  legacy: LegacySchedule | null
  /** The place in time of the latest run that is not a dry run: by it an announcement is kept. */
  latestAt: Date | null
  /** The last of these runs, ascending. Ten are enough for a daily rhythm. */
  recentRuns: RecentRun[]
  /** Counting began anew here, as when a pause ends: nothing that was due before is expected. */
  watchFrom: Date | null
  /** A run is owed since then: it was overdue when the job was paused, and this is when it was resumed. */
  owedAt: Date | null
  /** When this server was last away for a while. */
  away: Absence | null
  /** How long after it was due a job is only late. */
  toleranceSeconds: number
}

/** What the tolerance of a job depends on. */
type Patience = Pick<ScheduleFacts, 'toleranceSeconds' | 'recentRuns'>

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

/** A run that is said to have taken longer did not: clocks were set meanwhile. */
const longestRunMs = 366 * 24 * 60 * 60 * 1000

/**
 * When the next run is due by the first source that tells. A run that took place changes the facts, and thereby the
 * expectation; time alone does not.
 *
 * @throws RangeError if a schedule is in no time zone
 */
export function expectation(facts: ScheduleFacts): Expectation {
  if (!facts.watched) return nothing
  const regular =
    scheduled('SET', facts.set, facts) ??
    asked(facts) ??
    reported(facts) ??
    planned(facts) ??
    scheduled('LEGACY', facts.legacy, facts) ??
    inferred(facts) ??
    assumed(facts) ??
    nothing
  return held(afterAbsence(owed(regular, facts), facts), facts)
}

function scheduled(
  scheduleSource: ScheduleSource,
  schedule: Schedule | null,
  facts: ScheduleFacts,
): Expectation | null {
  if (!schedule) return null
  const daysOfWeek = schedule.weekdays?.map((day) => weekdays.indexOf(day) + 1) ?? null
  const latestAt = facts.recentRuns.at(-1)?.at ?? null
  const dueAt = scheduledRun({ ...schedule, daysOfWeek }, latestAt, facts.watchFrom, lastEnd(facts))
  return dueAt && dueBy(scheduleSource, dueAt, facts, schedule.interval)
}

/** What Duplicati answered holds until a later run announces another time. Where it has no schedule, nothing is expected. */
function asked(facts: ScheduleFacts): Expectation | null {
  const { asked, askedAt, scheduledAt, recentRuns, watchFrom } = facts
  if (!asked || !askedAt || (scheduledAt && scheduledAt > askedAt)) return null
  if (!asked.schedule || asked.from === null) return { ...nothing, scheduleSource: 'ASKED' }
  const from = new Date(asked.from)
  const latestAt = recentRuns.at(-1)?.at ?? null
  const counted = later(lastEnd(facts), watchFrom)
  if ((!latestAt || latestAt < from) && (!counted || counted <= from)) {
    return dueBy('ASKED', from, facts, asked.schedule.interval)
  }
  return scheduled('ASKED', asked.schedule, facts)
}

/**
 * Duplicati announces the next scheduled run in the reports of scheduled runs only; a run started by hand says nothing. An
 * announcement therefore stands until a run takes place at the announced time or later, or ends after it: Duplicati reckons the
 * next run when one is queued, so that a run of 40 hours announces a time within itself. After that, and after a pause, the
 * announced times go on by the interval that the announcement tells.
 */
function reported(facts: ScheduleFacts): Expectation | null {
  const { announcedRun, latestAt, watchFrom } = facts
  const announcement = announcementOf(facts)
  if (!announcedRun || !announcement || isAbsurd(announcement)) return null
  const from = later(lastEnd(facts), watchFrom)
  if ((!latestAt || latestAt < announcedRun) && (!from || from <= announcedRun)) {
    return dueBy('REPORTED', announcedRun, facts)
  }
  const interval = announcedInterval(announcement)
  if (interval === null || isGivenUp(announcement, keptRecentRuns, interval)) return null
  return dueBy('REPORTED', announcedTime(announcedRun, interval, latestAt, from), facts)
}

/**
 * The next run that an old release had planned stands until a run begins then or later, or ends after it, as an announcement does;
 * the schedule goes on from there. A time that is absurd after the latest run is a mistake.
 */
function planned(facts: ScheduleFacts): Expectation | null {
  const { legacy, recentRuns, watchFrom } = facts
  if (legacy?.nextRun === undefined) return null
  const nextRun = new Date(legacy.nextRun)
  const latestAt = recentRuns.at(-1)?.at ?? null
  const isMet = latestAt !== null && latestAt >= shifted(nextRun, -clockToleranceMs)
  if (isMet || isAbsurd({ announcedRun: nextRun, scheduledAt: latestAt, recentRuns })) return null
  const from = later(lastEnd(facts), watchFrom)
  return from && from > nextRun ? null : dueBy('LEGACY', nextRun, facts, legacy.interval)
}

/** A guess alarms late: when two usual intervals have passed, and the longest that belongs to the rhythm. */
function inferred(facts: ScheduleFacts): Expectation | null {
  const begun = facts.recentRuns.map(({ at }) => at)
  const base = later(begun.at(-1) ?? null, facts.watchFrom)
  const rhythm = rhythmOf(begun)
  if (!base || !rhythm) return null
  const usualMs = rhythm.usualMinutes * 60_000
  // What falls into a run was met by it.
  const busyMs = (lastEnd(facts)?.getTime() ?? 0) - base.getTime()
  const metMs = Math.max(0, Math.ceil(busyMs / usualMs) - 1) * usualMs
  return {
    dueAt: shifted(base, metMs + usualMs),
    overdueAt: shifted(base, metMs + Math.max(2 * usualMs, rhythm.longestMs + patienceMs(facts))),
    scheduleSource: 'INFERRED',
    interval: intervalOfMinutes(rhythm.usualMinutes),
  }
}

/**
 * A job that announced a run is never forgotten, also where the announcement is absurd, as by a clock that is a year ahead, and
 * no rhythm is known: then its times go on by an interval that is assumed.
 */
function assumed(facts: ScheduleFacts): Expectation | null {
  const { announcedRun, scheduledAt, latestAt, watchFrom } = facts
  const announcement = announcementOf(facts)
  if (!announcedRun || !announcement || !scheduledAt || isGivenUp(announcement, keptRecentRuns, Infinity)) return null
  const interval = announcedInterval(announcement) ?? assumedInterval(announcement)
  const from = later(lastEnd(facts), watchFrom)
  return dueBy('REPORTED', announcedTime(announcedRun, interval, latestAt, from), facts)
}

function announcementOf({ announcedRun, scheduledAt, recentRuns }: ScheduleFacts): Announcement | null {
  return announcedRun && { announcedRun, scheduledAt, recentRuns }
}

function dueBy(
  scheduleSource: ScheduleSource,
  dueAt: Date,
  facts: ScheduleFacts,
  interval: Interval | null = null,
): Expectation {
  return { dueAt, overdueAt: shifted(dueAt, patienceMs(facts)), scheduleSource, interval }
}

/** What was overdue when the job was paused is due at once when it is resumed, until a run takes place. */
function owed(regular: Expectation, facts: ScheduleFacts): Expectation {
  const { owedAt, latestAt } = facts
  const latest = later(lastEnd(facts), latestAt)
  if (!owedAt || (latest && latest >= owedAt)) return regular
  return { ...regular, dueAt: owedAt, overdueAt: shifted(owedAt, patienceMs(facts)) }
}

/**
 * A report that came while this server was away for longer than a job is given is lost. So the job is given that time once more,
 * for another run, or for Duplicati to try again.
 */
function afterAbsence(expected: Expectation, facts: ScheduleFacts): Expectation {
  const { dueAt, overdueAt } = expected
  const patience = patienceMs(facts)
  if (!facts.away || !dueAt || !overdueAt || lengthOf(facts.away) <= patience) return expected
  if (!isAwayDuring(facts.away, dueAt, overdueAt)) return expected
  return { ...expected, overdueAt: later(overdueAt, shifted(facts.away.until, patience)) }
}

/** Nobody is told that a job is overdue while its Duplicati is asked whether it is. */
function held(expected: Expectation, { heldFor, heldUntil }: ScheduleFacts): Expectation {
  const { dueAt, overdueAt } = expected
  if (!dueAt || !overdueAt || heldFor?.getTime() !== dueAt.getTime()) return expected
  return { ...expected, overdueAt: later(overdueAt, heldUntil) }
}

/**
 * The announcement of a report. A report cannot be received before its run has begun and ended: a clock that is more than ten
 * minutes ahead shows, also if it was set right in the run, and announces too late by as much. A clock that is behind cannot be told
 * from a report that was long under way: what it announces stands.
 *
 * @param beganAt the begin of the run by the machine's clock
 * @param endedAt its end by the same clock; without both that clock is believed
 */
export function announcedRun(
  nextScheduledRun: Date | null,
  beganAt: Date | null,
  endedAt: Date | null,
  receivedAt: Date,
): Date | null {
  const latest = later(beganAt, endedAt)
  if (!nextScheduledRun || !latest) return nextScheduledRun
  const aheadMs = latest.getTime() - receivedAt.getTime()
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
 * it should begin, but Duplicati reports it when it has ended. The usual run is the median of the known ones; of one or two it
 * is the longest, so that the first nights of a new job raise no alarm.
 */
export function patienceMs({ toleranceSeconds, recentRuns }: Patience): number {
  const ascending = recentRuns
    .filter(({ seconds }) => seconds !== null)
    .map(durationMs)
    .sort((a, b) => a - b)
  const usual = ascending[ascending.length < 3 ? ascending.length - 1 : Math.floor(ascending.length / 2)] ?? 0
  return Math.max(toleranceSeconds * 1000, 2 * usual)
}

/** When the last of the runs ended, or began if it does not tell. */
function lastEnd({ recentRuns }: ScheduleFacts): Date | null {
  return recentRuns.reduce<Date | null>((last, run) => later(last, shifted(run.at, durationMs(run))), null)
}

function durationMs({ seconds }: RecentRun): number {
  const ms = (seconds ?? 0) * 1000
  return ms > 0 && ms < longestRunMs ? ms : 0
}

function later(a: Date | null, b: Date | null): Date | null {
  return a && b ? (a > b ? a : b) : (a ?? b)
}

function shifted(moment: Date, ms: number): Date {
  return new Date(moment.getTime() + ms)
}
