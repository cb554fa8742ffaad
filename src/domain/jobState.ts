// The state of a job at a moment, and of a server from its jobs.

import { isFailure, type RunStatus } from './runStatus.ts'

/** The first that holds is the state; of several jobs, the first in this list is the worst. */
export const jobStates = ['PAUSED', 'OVERDUE', 'LATE', 'FAILED', 'WARNING', 'OK', 'NEW'] as const

export type JobState = (typeof jobStates)[number]

/** All states, the worst first. A paused job is no trouble at all: it comes last. */
export const statesBySeverity: readonly JobState[] = [...jobStates.filter((state) => state !== 'PAUSED'), 'PAUSED']

/** How bad a state is, as a number to sort by: the higher, the worse. */
export function severityOf(state: JobState): number {
  return statesBySeverity.length - 1 - statesBySeverity.indexOf(state)
}

export interface JobFacts {
  paused: boolean
  /** Null: nothing is expected. */
  dueAt: Date | null
  overdueAt: Date | null
  /** Of the latest run that is not a dry run; null before the first. */
  lastStatus: RunStatus | null
  /** Whether that run was stopped by a person, or is partial: it does not show that the job works again. */
  lastStopped: boolean
  /** Of the latest run that showed whether the job works. */
  conclusiveStatus: RunStatus | null
}

/**
 * The state of a job at `now`. It is FAILED if the latest run failed, or if all runs since one that failed were stopped. A job is late one instant after it was due, not at the moment itself.
 */
export function jobState(job: JobFacts, now: Date): JobState {
  if (job.paused) return 'PAUSED'
  if (job.overdueAt && job.overdueAt < now) return 'OVERDUE'
  if (job.dueAt && job.dueAt < now) return 'LATE'
  if (isFailure(job.lastStatus) || (job.lastStopped && isFailure(job.conclusiveStatus))) return 'FAILED'
  switch (job.lastStatus) {
    case 'WARNING':
    case 'UNKNOWN':
      return 'WARNING'
    case 'SUCCESS':
      return 'OK'
    default:
      return 'NEW'
  }
}

/** The worst state among the jobs that are not paused; NEW without jobs, PAUSED if all are paused. */
export function worstState(states: readonly JobState[]): JobState {
  return statesBySeverity.find((state) => states.includes(state)) ?? 'NEW'
}
