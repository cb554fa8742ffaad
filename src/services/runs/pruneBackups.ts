// Removes old runs.

import type { Tables } from '../../database/writer.ts'
import { badInput } from '../../domain/errors.ts'
import { logChange } from '../access/logChange.ts'
import type { Context } from '../context.ts'
import { removeInSteps } from './removeBackups.ts'

export interface Pruning {
  /** Only runs that began before this moment. */
  olderThan: Date
  /** How many of the latest runs every job keeps, however old they are; dry runs are not among them. */
  keepLatest: number
  /** Only count. */
  dryRun: boolean
}

export interface PrunedJob {
  jobId: number
  /** How many runs of it were removed, or would be. */
  runs: number
}

/**
 * Removes old runs of all jobs, their log lines with them. A job also keeps the runs from which it knows its sizes and its
 * next run: no state changes.
 *
 * @returns the jobs that lose runs
 * @throws DomainError BAD_USER_INPUT
 */
export async function pruneBackups(context: Context, pruning: Pruning): Promise<PrunedJob[]> {
  const { writer } = context.database
  const { olderThan, keepLatest, dryRun } = pruning
  if (keepLatest < 1) {
    throw badInput('Nothing was removed', [
      { path: 'keepLatest', message: 'must be 1 or more; deleteBackupJob removes all runs of a job' },
    ])
  }
  const pruned: PrunedJob[] = []
  for (const jobId of writer.read(({ jobs }) => jobs.all())) {
    const runs = dryRun
      ? writer.read(({ backups }) => backups.prunable(jobId, olderThan, keepLatest, -1).length)
      : await pruneJob(context, jobId, olderThan, keepLatest)
    if (runs > 0) pruned.push({ jobId, runs })
  }
  if (!dryRun && pruned.length > 0) {
    const before = pruned.map(({ jobId, runs }) => ({ backupJob: `BackupJob:${jobId}`, backups: runs }))
    const target = `the runs before ${olderThan.toISOString()} but ${keepLatest} of each job`
    logChange(context, { action: 'pruneBackups', target, before, after: null })
  }
  return pruned
}

/**
 * The same of one job.
 *
 * @returns how many runs it lost
 */
export function pruneJob(
  context: Context,
  jobId: number,
  olderThan: Date,
  keepLatest: number,
  signal?: AbortSignal,
): Promise<number> {
  const next = ({ backups }: Tables, limit: number) => backups.prunable(jobId, olderThan, keepLatest, limit)
  return removeInSteps(context, { next, ...(signal ? { signal } : {}) })
}
