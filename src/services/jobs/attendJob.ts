// What a person does about a job: pauses it, silences it for a time, or says to know of its trouble.

import { badInput, DomainError } from '../../domain/errors.ts'
import { withAcknowledged } from '../../domain/jobMemory.ts'
import { resumption, troubleOf } from '../../domain/jobWatch.ts'
import type { Context } from '../context.ts'
import { type Change, changeWatch } from './watchJobs.ts'

export const pausing: Change = () => ({ paused: true })

export const resuming: Change = (watch, _, now) => resumption(watch, now)

/** @throws DomainError BAD_USER_INPUT if the moment has passed */
export const snoozing =
  (until: Date | null): Change =>
  (_, __, now) => {
    if (until && until <= now) throw badInput('The job is not silenced', [{ path: 'until', message: 'must lie ahead' }])
    return { snoozedUntil: until }
  }

/**
 * Expects nothing of the job, and tells nothing of it, until it is resumed. A paused job stays so.
 *
 * @throws DomainError NOT_FOUND
 */
export function pauseJob(context: Context, jobId: number): Promise<void> {
  return changeWatch(context, 'pauseJob', jobId, 'PAUSE', pausing)
}

/**
 * Watches the job again. It counts from now: what was due while it was paused is not missed. What was overdue before that, and
 * did not run since, is due at once. What the pause kept from being told is told: that a trouble is over, or a failure.
 *
 * @throws DomainError NOT_FOUND
 */
export function resumeJob(context: Context, jobId: number): Promise<void> {
  return changeWatch(context, 'resumeJob', jobId, 'PAUSE', resuming)
}

/**
 * Tells nothing of the job until then; null ends that. If it is overdue or failed then, that is told, or else that a trouble is
 * over of which somebody was told.
 *
 * @throws DomainError NOT_FOUND, BAD_USER_INPUT if the moment has passed
 */
export function snoozeJob(context: Context, jobId: number, until: Date | null): Promise<void> {
  return changeWatch(context, 'snoozeJob', jobId, 'PAUSE', snoozing(until))
}

/** Somebody knows of the trouble, and of what is wrong with its latest run: later runs are compared with that one. */
export const acknowledging: Change = (watch, { jobs, backups }, now, jobId) => {
  const history = jobs.memory(jobId)
  const trouble = troubleOf(watch, history)
  if (!trouble) throw new DomainError('CONFLICT', `BackupJob:${jobId} has no trouble that could be acknowledged.`)
  if (trouble !== 'OVERDUE' && history.latestBackupId !== null) {
    const run = backups.acknowledge(history.latestBackupId)
    if (run) jobs.setMemory(jobId, withAcknowledged(history, run))
  }
  return { acknowledged: trouble, acknowledgedAt: now }
}

/**
 * Reminds nobody any more that the job is overdue, or tells nobody of further failures, until that trouble is over.
 *
 * @throws DomainError NOT_FOUND, CONFLICT if the job is in no trouble
 */
export function acknowledgeJob(context: Context, jobId: number): Promise<void> {
  return changeWatch(context, 'acknowledgeJob', jobId, 'PAUSE', acknowledging)
}
