// What the last runs of a job let expect: how long a run takes, how much changes, how the destination grows, and when it is full.

import type { PastRun } from './pastRun.ts'
import { median, slope } from './robust.ts'

export const dayMs = 24 * 60 * 60 * 1000

/** Fewer runs, or a growth over fewer days, say nothing. */
export const runsAtLeast = 10
/** How many of the last runs say what is usual. */
export const usualRuns = 60
export const growthDaysAtLeast = 14
/** What is older says nothing of how the destination grows now. */
const growthDays = 90
/** Nobody can tell what is further away. */
const horizonDays = 2 * 365

export interface Filling {
  /** By how many bytes the destination grows a day, negative if it shrinks. */
  growthPerDay: number
  /** The same of the room that is used up, by this job or by others; never negative. */
  usedPerDay: number
  /** Bytes that still fit in; null if nobody tells. */
  free: number | null
  /** When nothing fits in any more; null if that is unknown, more than two years away, or not to be expected. */
  fullAt: Date | null
}

/**
 * How the destination fills up, by the runs of the last 90 days. Null with fewer than ten that tell its size, or if they lie
 * within less than two weeks.
 *
 * @param runs ascending
 */
export function fillingOf(runs: readonly PastRun[], spanDays = growthDaysAtLeast): Filling | null {
  const latest = runs.findLast(({ storedSize }) => storedSize !== null)
  if (!latest) return null
  const recent = runs.filter(({ at }) => at.getTime() >= latest.at.getTime() - growthDays * dayMs)
  const growthPerDay = changePerDay(recent, ({ storedSize }) => storedSize, spanDays)
  if (growthPerDay === null) return null
  const free = freeOf(latest)
  // Others may fill the same disk: what is left shrinks faster than this job grows.
  const shrinking = -(changePerDay(recent, ({ freeQuota }) => freeQuota, spanDays) ?? 0)
  const usedPerDay = Math.max(growthPerDay, shrinking, 0)
  const days = free === null ? Number.POSITIVE_INFINITY : free / usedPerDay
  // 0 / 0: it is full, and does not grow.
  const fullAt = days <= horizonDays ? new Date(latest.at.getTime() + Math.round(days * dayMs)) : null
  return { growthPerDay, usedPerDay, free, fullAt }
}

function changePerDay(
  runs: readonly PastRun[],
  sizeOf: (run: PastRun) => number | null,
  spanDays: number,
): number | null {
  const points = runs.flatMap((run) => {
    const y = sizeOf(run)
    return y === null ? [] : [{ x: run.at.getTime() / dayMs, y }]
  })
  const span = (points.at(-1)?.x ?? 0) - (points[0]?.x ?? 0)
  return points.length < runsAtLeast || span < spanDays ? null : slope(points)
}

/** The room on the disk, or what is left of the bytes that the job may use, whichever is less. */
function freeOf({ freeQuota, assignedQuota, storedSize }: PastRun): number | null {
  const rooms = [freeQuota, assignedQuota === null || storedSize === null ? null : assignedQuota - storedSize]
  const known = rooms.filter((room) => room !== null)
  return known.length === 0 ? null : Math.max(0, Math.min(...known))
}

export interface Outlook {
  /** How many runs it is made of. */
  runs: number
  /** Medians; null where too few runs tell. Files are those that were changed or deleted. */
  usualSeconds: number | null
  usualFiles: number
  filling: Filling | null
}

/**
 * What a job lets expect, by its last runs. Null with fewer than ten.
 *
 * @param runs the last comparable ones, ascending
 */
export function outlookOf(runs: readonly PastRun[]): Outlook | null {
  if (runs.length < runsAtLeast) return null
  const recent = runs.slice(-usualRuns)
  return {
    runs: runs.length,
    usualSeconds: usual(recent, ({ seconds }) => seconds),
    usualFiles: median(recent.map(filesOf)),
    filling: fillingOf(runs),
  }
}

/** How many files of its source a run found changed or gone. */
export function filesOf({ modifiedFiles, deletedFiles }: PastRun): number {
  return modifiedFiles + deletedFiles
}

/** The median of a figure; null where too few runs tell it. */
export function usual(runs: readonly PastRun[], figure: (run: PastRun) => number | null): number | null {
  const known = runs.map(figure).filter((value) => value !== null)
  return known.length < runsAtLeast ? null : median(known)
}
