// The states of jobs: what they are called, and how bad they are.

import type { BackupStatus, JobState } from '../generated/graphql.ts'

/** How the eye is to take something: all is well, look at it, act, or nothing to say. */
export type Tone = 'good' | 'warning' | 'bad' | 'quiet'

/** The worst first: what needs somebody comes before what may still be on its way. */
export const states: JobState[] = ['OVERDUE', 'FAILED', 'LATE', 'WARNING', 'NEW', 'OK', 'PAUSED']

export const stateWords: Record<JobState, string> = {
  OVERDUE: 'overdue',
  FAILED: 'failed',
  LATE: 'late',
  WARNING: 'warning',
  NEW: 'new',
  OK: 'OK',
  PAUSED: 'paused',
}

export const stateTones: Record<JobState, Tone> = {
  OVERDUE: 'bad',
  FAILED: 'bad',
  LATE: 'warning',
  WARNING: 'warning',
  NEW: 'quiet',
  OK: 'good',
  PAUSED: 'quiet',
}

/** Whether somebody should look at it. */
export function isTrouble(state: JobState): boolean {
  return stateTones[state] === 'bad' || stateTones[state] === 'warning'
}

export const statusWords: Record<BackupStatus, string> = {
  SUCCESS: 'success',
  WARNING: 'warning',
  ERROR: 'error',
  FATAL: 'fatal',
  UNKNOWN: 'unknown',
}

export const statusTones: Record<BackupStatus, Tone> = {
  SUCCESS: 'good',
  WARNING: 'warning',
  ERROR: 'bad',
  FATAL: 'bad',
  UNKNOWN: 'warning',
}
