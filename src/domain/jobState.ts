// The state of a job at a moment, and of a server from its jobs.

import type { RunStatus } from './runStatus.ts'

/** The first that holds is the state; of several jobs, the first in this list is the worst. */
export const jobStates = ['PAUSED', 'OVERDUE', 'LATE', 'FAILED', 'WARNING', 'OK', 'NEW'] as const

export type JobState = (typeof jobStates)[number]

export interface JobFacts {
  paused: boolean
  /** Null: nothing is expected. */
  dueAt: Date | null
  overdueAt: Date | null
  /** Of the latest run that is not a dry run; null before the first. */
  lastStatus: RunStatus | null
}

/** The state of a job at `now`. A job is late one instant after it was due, not at the moment itself. */
export function jobState(job: JobFacts, now: Date): JobState {
  if (job.paused) return 'PAUSED'
  if (job.overdueAt && job.overdueAt < now) return 'OVERDUE'
  if (job.dueAt && job.dueAt < now) return 'LATE'
  switch (job.lastStatus) {
    case 'ERROR':
    case 'FATAL':
      return 'FAILED'
    case 'WARNING':
    case 'UNKNOWN':
      return 'WARNING'
    case 'SUCCESS':
      return 'OK'
    case null:
      return 'NEW'
  }
}

/** The worst state among the jobs that are not paused; NEW without jobs, PAUSED if all are paused. */
export function worstState(states: readonly JobState[]): JobState {
  return (
    jobStates.find((state) => state !== 'PAUSED' && states.includes(state)) ?? (states.length > 0 ? 'PAUSED' : 'NEW')
  )
}
