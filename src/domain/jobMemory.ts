// What a job remembers of its runs, so that reading it never costs more with more runs.

import { keptRecentRuns, type RecentRun } from './recentRun.ts'
import type { Int64 } from './report.ts'
import { isFailure, type RunStatus } from './runStatus.ts'
import { announcedRun, begunByRightClock } from './schedule/schedule.ts'

/** Null where no run has told yet. */
export interface JobMemory {
  /** The latest run that counts. Dry runs and prevented runs do not. */
  latestBackupId: number | null
  latestAt: Date | null
  /** How long it took, in seconds; null where it does not tell. */
  latestSeconds: number | null
  lastStatus: RunStatus | null
  /** Whether that run was stopped, or is partial, and did not fail. */
  lastStopped: boolean
  /** The latest run that tells whether the job works: it failed, or it was whole and saved something. */
  conclusiveAt: Date | null
  conclusiveStatus: RunStatus | null
  /** The latest run with the status SUCCESS. */
  lastSuccessId: number | null
  lastSuccessAt: Date | null
  /** What later runs are compared with: the latest run that is a success, or that somebody acknowledged. */
  baselineAt: Date | null
  baselineFiles: Int64 | null
  baselineSize: Int64 | null
  baselineVersions: number | null
  /** The last ten runs, ascending. */
  recentRuns: RecentRun[]
  /** The latest known figures, and the place in time of the run that knew them. */
  measuredAt: Date | null
  sourceSize: Int64 | null
  storedSize: Int64 | null
  versions: number | null
  /** The latest announcement of a next run, and the place in time of the run that made it. */
  scheduledAt: Date | null
  nextScheduledRun: Date | null
  /** That announcement with the machine's clock set right; null if it says nothing. */
  announcedRun: Date | null
  /** Totals over the runs that count. */
  runs: number
  succeeded: number
  /** Ended as WARNING or UNKNOWN. */
  warned: number
  /** Ended as ERROR or FATAL. */
  failed: number
  uploadedSize: Int64
  dryRuns: number
  preventedRuns: number
}

/** Whether Duplicati posted a run, or it was found in a log there, or in the database of an old release. */
export type RunOrigin = 'REPORTED' | 'COLLECTED' | 'TAKEN_OVER'

/** What of a run its job remembers. */
export interface RememberedRun {
  id: number
  orderedAt: Date
  /** Of one that was collected it says nothing of when the run ended. */
  origin: RunOrigin
  receivedAt: Date
  beganAt: Date | null
  endedAt: Date | null
  durationSeconds: number | null
  dryRun: boolean
  prevented: boolean
  interrupted: boolean
  partial: boolean
  /** Whether a remark says that it saved nothing. */
  savedNothing: boolean
  /** Somebody said to know of what is wrong with it. */
  acknowledged: boolean
  status: RunStatus
  examinedFiles: Int64
  uploadedSize: Int64
  sourceSize: Int64 | null
  storedSize: Int64 | null
  versions: number | null
  nextScheduledRun: Date | null
}

export const emptyMemory: JobMemory = {
  latestBackupId: null,
  latestAt: null,
  latestSeconds: null,
  lastStatus: null,
  lastStopped: false,
  conclusiveAt: null,
  conclusiveStatus: null,
  lastSuccessId: null,
  lastSuccessAt: null,
  baselineAt: null,
  baselineFiles: null,
  baselineSize: null,
  baselineVersions: null,
  recentRuns: [],
  measuredAt: null,
  sourceSize: null,
  storedSize: null,
  versions: null,
  scheduledAt: null,
  nextScheduledRun: null,
  announcedRun: null,
  runs: 0,
  succeeded: 0,
  warned: 0,
  failed: 0,
  uploadedSize: 0,
  dryRuns: 0,
  preventedRuns: 0,
}

/**
 * The history with one more run, whichever order the runs arrive in: the latest is the one that lies furthest in time,
 * and of two at the same time the one received later. Runs are therefore added by ascending id.
 */
export function withRun(history: JobMemory, run: RememberedRun): JobMemory {
  if (run.dryRun) return { ...history, dryRuns: history.dryRuns + 1 }
  if (run.prevented) return { ...history, preventedRuns: history.preventedRuns + 1 }
  const next = {
    ...history,
    ...totals(history, run, 1),
    uploadedSize: saturatingSum(history.uploadedSize, run.uploadedSize),
    recentRuns: withRecent(history.recentRuns, run),
  }
  if (isNotBefore(run.orderedAt, history.latestAt)) {
    next.latestBackupId = run.id
    next.latestAt = run.orderedAt
    next.latestSeconds = run.durationSeconds
    next.lastStatus = run.status
    next.lastStopped = isStopped(run)
  }
  if (isConclusive(run) && isNotBefore(run.orderedAt, history.conclusiveAt)) {
    next.conclusiveAt = run.orderedAt
    next.conclusiveStatus = run.status
  }
  if (run.status === 'SUCCESS' && isNotBefore(run.orderedAt, history.lastSuccessAt)) {
    next.lastSuccessId = run.id
    next.lastSuccessAt = run.orderedAt
  }
  if ((run.status === 'SUCCESS' || run.acknowledged) && isNotBefore(run.orderedAt, history.baselineAt)) {
    Object.assign(next, baselineOf(run))
  }
  if (run.storedSize !== null && isNotBefore(run.orderedAt, history.measuredAt)) {
    next.measuredAt = run.orderedAt
    next.sourceSize = run.sourceSize
    next.storedSize = run.storedSize
    next.versions = run.versions
  }
  if (run.nextScheduledRun !== null && isNotBefore(run.orderedAt, history.scheduledAt)) {
    next.scheduledAt = run.orderedAt
    next.nextScheduledRun = run.nextScheduledRun
    next.announcedRun = announcedRun(run.nextScheduledRun, run.beganAt, run.endedAt, run.receivedAt)
  }
  return next
}

/** The history once somebody said to know of what is wrong with a run: later runs are compared with it. */
export function withAcknowledged(history: JobMemory, run: RememberedRun): JobMemory {
  return isNotBefore(run.orderedAt, history.baselineAt) ? { ...history, ...baselineOf(run) } : history
}

/**
 * The history without a run of which it knows nothing but what it adds to the totals; null if it knows more of it: then it has
 * to be added up anew. The rhythm stays as it is.
 */
export function withoutOldRun(history: JobMemory, run: RememberedRun): JobMemory | null {
  if (run.dryRun) return { ...history, dryRuns: history.dryRuns - 1 }
  if (run.prevented) return { ...history, preventedRuns: history.preventedRuns - 1 }
  const { latestAt, measuredAt, scheduledAt, conclusiveAt, lastSuccessAt, baselineAt } = history
  if (
    [latestAt, measuredAt, scheduledAt, conclusiveAt, lastSuccessAt, baselineAt].some(
      (at) => at?.getTime() === run.orderedAt.getTime(),
    )
  )
    return null
  const uploadedSize = BigInt(history.uploadedSize)
  // Of a sum that was cut off nobody knows what it would be without the run.
  if (uploadedSize === int64Limit - 1n || uploadedSize === -int64Limit) return null
  return {
    ...history,
    ...totals(history, run, -1),
    uploadedSize: saturatingSum(uploadedSize, -BigInt(run.uploadedSize)),
  }
}

/** A run that a person stopped counts, but it is no success, and it does not end a failure. */
function isStopped({ interrupted, partial, status }: RememberedRun): boolean {
  return (interrupted || partial) && !isFailure(status)
}

/** UNKNOWN tells nothing, a stopped run did not get far enough, and one that saved nothing is never good news. */
function isConclusive(run: RememberedRun): boolean {
  if (isFailure(run.status)) return true
  return (run.status === 'SUCCESS' || run.status === 'WARNING') && !isStopped(run) && !run.savedNothing
}

function baselineOf({ orderedAt, examinedFiles, sourceSize, versions }: RememberedRun) {
  return {
    baselineAt: orderedAt,
    baselineFiles: examinedFiles,
    baselineSize: sourceSize,
    baselineVersions: versions,
  }
}

function totals(history: JobMemory, { status }: RememberedRun, step: 1 | -1) {
  return {
    runs: history.runs + step,
    succeeded: history.succeeded + (status === 'SUCCESS' ? step : 0),
    warned: history.warned + (status === 'WARNING' || status === 'UNKNOWN' ? step : 0),
    failed: history.failed + (isFailure(status) ? step : 0),
  }
}

/** When a run began, by a clock that is right: only a report comes when its run has ended, and shows how wrong the clock is. */
export function begunAt({
  orderedAt,
  beganAt,
  endedAt,
  receivedAt,
  origin,
}: Pick<RememberedRun, 'orderedAt' | 'beganAt' | 'endedAt' | 'receivedAt' | 'origin'>): Date {
  return origin === 'COLLECTED' ? orderedAt : begunByRightClock(orderedAt, beganAt, endedAt, receivedAt)
}

/** A run that failed or was stopped sooner says nothing of how long the runs of its job take. */
const shortSeconds = 600

function withRecent(runs: RecentRun[], run: RememberedRun) {
  const { durationSeconds } = run
  const isCutShort = (isFailure(run.status) || isStopped(run)) && (durationSeconds ?? 0) < shortSeconds
  const at = begunAt(run)
  const recent = { at, seconds: isCutShort ? null : durationSeconds }
  const all = [...runs, recent]
  const last = runs.at(-1)
  // Nearly always it is the latest.
  if (last && at < last.at) all.sort((a, b) => a.at.getTime() - b.at.getTime())
  return all.slice(-keptRecentRuns)
}

/** The last runs, of which one is told anew. Those that are not kept any more stay among them. */
export function withRunRetold(runs: RecentRun[], before: RememberedRun, after: RememberedRun): RecentRun[] {
  const [known] = withRun(emptyMemory, before).recentRuns
  const others = runs.filter(({ at, seconds }) => at.getTime() !== known?.at.getTime() || seconds !== known.seconds)
  return after.dryRun || after.prevented ? others : withRecent(others, after)
}

function isNotBefore(at: Date, known: Date | null): boolean {
  return known === null || at >= known
}

/** SQLite holds 64 bits; sizes that no disk has must not make a report fail. */
function saturatingSum(a: Int64, b: Int64): Int64 {
  const sum = BigInt(a) + BigInt(b)
  if (sum >= int64Limit) return int64Limit - 1n
  return sum < -int64Limit ? -int64Limit : sum
}

const int64Limit = 2n ** 63n
