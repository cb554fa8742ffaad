// Which due times passed without a run. A due time that was missed is told by a report that never came, so that it is recorded when its
// tolerance has passed, and withdrawn if a run that met it is reported after all.

import { type Absence, isAwayDuring } from './absence.ts'
import type { AskedSchedule } from './asked.ts'
import { type LegacySchedule, type Schedule, type ScheduleSource, weekdays } from './schedule.ts'
import { scheduledRun } from './scheduledRun.ts'

/** A due time that no run met. A run meets it that begins from `from` on and before `until`, the next due time. */
export interface MissedRun {
  dueAt: Date
  from: Date
  /** Null: nobody knows when the next run was due. */
  until: Date | null
}

/** What of a job's watch tells of its due times. */
export interface Waiting {
  schedule: Schedule | null
  legacySchedule: LegacySchedule | null
  askedSchedule: AskedSchedule | null
  scheduleSource: ScheduleSource | null
  dueAt: Date | null
  overdueAt: Date | null
  owedAt: Date | null
  /** The due time that is missed next, unless a run meets it. */
  missDueAt: Date | null
}

const minuteMs = 60_000

/** A run that begins earlier than it was due by no more than this is that run: by a clock, or by the hour of its schedule. */
const earlyMs = { byClock: 10 * minuteMs, byHour: 60 * minuteMs }

/**
 * When `missDueAt` is missed: a moment after its tolerance. Null if nothing is waited for.
 *
 * @param patienceMs the tolerance of the job. An absence of this server gives more to the first due time alone
 */
export function missedAt({ missDueAt, dueAt, overdueAt }: Waiting, patienceMs: number): Date | null {
  if (!missDueAt || !dueAt || !overdueAt) return null
  return missDueAt.getTime() === dueAt.getTime() ? overdueAt : new Date(missDueAt.getTime() + patienceMs)
}

/**
 * What becomes of `missDueAt` once its tolerance has passed: the due time that was missed, and the one to wait for next. Of a schedule
 * every due time can be missed; an announcement and a rhythm tell of one.
 *
 * @param at when it was missed
 * @param intervalMs how far the due times lie apart where there is no schedule; null if nobody knows
 * @param away when this server was away: what was due meanwhile is unknown, and not missed
 */
export function missed(waiting: Waiting, at: Date, intervalMs: number | null, away: Absence | null) {
  const dueAt = waiting.missDueAt as Date
  const schedule = scheduleOf(waiting)
  const next = schedule ? dueAfter(schedule, dueAt) : null
  const until = next ?? (intervalMs === null ? null : new Date(dueAt.getTime() + intervalMs))
  const isUnknown = away !== null && isAwayDuring(away, dueAt, at)
  // What is owed after a pause was missed before it.
  const isOwed = dueAt.getTime() === waiting.owedAt?.getTime()
  const byHour = schedule !== null && schedule.timeOfDay !== null
  const from = new Date(dueAt.getTime() - earliness(byHour, until && until.getTime() - dueAt.getTime()))
  return { missed: isUnknown || isOwed ? null : { dueAt, from, until }, next }
}

/**
 * The due time to wait for once what is expected has changed. What was due before, and was not waited for, was not expected then, or is
 * counted already; a report alone can tell late of a time that is over.
 *
 * @param waited the due time that was waited for until now
 */
export function nextMissable(waiting: Waiting, waited: Date | null, now: Date, isReported: boolean): Date | null {
  const { dueAt, overdueAt } = waiting
  if (!dueAt || !overdueAt || overdueAt >= now || (waited && waited <= dueAt)) return dueAt
  const schedule = scheduleOf(waiting)
  if (schedule) return dueAfter(schedule, dueAt, waited && waited < now ? waited : now)
  return isReported ? dueAt : null
}

/** The due time to begin with at `now`: what was missed before is not counted. */
export function firstMissable(waiting: Waiting, now: Date): Date | null {
  return nextMissable(waiting, null, now, false)
}

/** Never more than a quarter of what lies between two due times. */
function earliness(byHour: boolean, betweenMs: number | null): number {
  return Math.min(byHour ? earlyMs.byHour : earlyMs.byClock, betweenMs === null ? Infinity : betweenMs / 4)
}

function scheduleOf({ scheduleSource, schedule, legacySchedule, askedSchedule }: Waiting): Schedule | null {
  if (scheduleSource === 'SET') return schedule
  if (scheduleSource === 'ASKED') return askedSchedule?.schedule ?? null
  return scheduleSource === 'LEGACY' ? legacySchedule : null
}

/** The first due time after `dueAt` that is not before `from`. */
function dueAfter(schedule: Schedule, dueAt: Date, from = dueAt): Date | null {
  const daysOfWeek = schedule.weekdays?.map((day) => weekdays.indexOf(day) + 1) ?? null
  return scheduledRun({ ...schedule, daysOfWeek }, null, dueAt, from)
}
