// What an announced run says of those after it. Duplicati announces the next run in the reports of scheduled runs only, so that
// after a run by hand the last announcement is all there is: from when the run that made it began to the announced time is one
// interval, and its times go on from there.

import type { RecentRun } from '../recentRun.ts'
import { rhythmOf } from './inference.ts'

const minuteMs = 60 * 1000
const hourMs = 60 * minuteMs
const dayMs = 24 * hourMs

/** Nearly so far from whole days is whole days: the run began a little late, or clocks were changed. */
const nearDaysMs = 90 * minuteMs

/** What is announced for so long after a run, or later, comes from a wrong clock. */
const absurdMs = 366 * dayMs

export interface Announcement {
  announcedRun: Date
  /** The place in time of the run that announced it; null if nobody knows. */
  scheduledAt: Date | null
  /** The last ten runs, ascending. */
  recentRuns: RecentRun[]
}

/** Whether the announced time cannot be meant: it lies before the begin of its own run, or a year or more after it. */
export function isAbsurd({ announcedRun, scheduledAt }: Announcement): boolean {
  if (!scheduledAt) return false
  const ms = announcedRun.getTime() - scheduledAt.getTime()
  return ms <= 0 || ms >= absurdMs
}

/**
 * The interval of the schedule in milliseconds; null if the announcement does not tell it.
 *
 * Whole hours, and whole five minutes below an hour, are taken as they are. Anything else comes from a run that began late, as
 * on a laptop that slept, and is rounded up to whole days: an alarm that comes late is better than one for nothing.
 */
export function announcedInterval(announcement: Announcement): number | null {
  const { announcedRun, scheduledAt } = announcement
  if (!scheduledAt || isAbsurd(announcement)) return null
  const ms = announcedRun.getTime() - scheduledAt.getTime()
  const days = Math.round(ms / dayMs)
  if (days > 0 && Math.abs(ms - days * dayMs) <= nearDaysMs) return days * dayMs
  const minutes = Math.round(ms / minuteMs)
  const isExact = minutes > 0 && (minutes % 60 === 0 || (minutes < 60 && minutes % 5 === 0))
  return isExact ? minutes * minuteMs : Math.ceil(ms / dayMs) * dayMs
}

/**
 * The interval in milliseconds where the announcement does not tell one: from the last but one run to the last in whole days,
 * and a day, which is Duplicati's own default, where there is only one run.
 */
export function assumedInterval({ recentRuns }: Announcement): number {
  const [before, last] = recentRuns.slice(-2)
  const ms = before && last ? last.at.getTime() - before.at.getTime() : dayMs
  return Math.max(1, Math.round(ms / dayMs)) * dayMs
}

/** Of the announced times the first that lies after `after`, and not before `from`. It may lie before the announced one. */
export function announcedTime(announcedRun: Date, intervalMs: number, after: Date | null, from: Date | null): Date {
  const start = announcedRun.getTime()
  const steps = Math.max(
    after ? Math.floor((after.getTime() - start) / intervalMs) + 1 : Number.NEGATIVE_INFINITY,
    from ? Math.ceil((from.getTime() - start) / intervalMs) : Number.NEGATIVE_INFINITY,
  )
  return new Date(start + (Number.isFinite(steps) ? steps : 0) * intervalMs)
}

/**
 * Whether the schedule seems to have been given up in Duplicati: the ten last runs all came without an announcement, or those
 * since the last one have a rhythm of their own that is not much quicker.
 */
export function isGivenUp({ recentRuns, scheduledAt }: Announcement, remembered: number, intervalMs: number): boolean {
  if (!scheduledAt) return false
  const since = recentRuns.filter(({ at }) => at > scheduledAt).map(({ at }) => at)
  if (since.length >= remembered) return true
  const rhythm = rhythmOf(since)
  return rhythm !== null && rhythm.usualMinutes * minuteMs >= intervalMs / 2
}
