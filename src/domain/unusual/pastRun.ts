// What of the earlier runs of a job later ones are compared with.

import type { Run } from '../report.ts'
import { isFailure } from '../runStatus.ts'

/** Counts and sizes are rounded to the precision of a double: statistics need no more. */
export interface PastRun {
  /** Its place in time. */
  at: Date
  /** How long it took; null if it does not tell. */
  seconds: number | null
  examinedFiles: number
  addedFiles: number
  modifiedFiles: number
  deletedFiles: number
  /** Bytes up to the destination and down from it. */
  movedSize: number
  /** The next four are null where the run does not tell. */
  storedSize: number | null
  versions: number | null
  /** Bytes that the destination still has room for, and those that a person allowed the job in all. */
  freeQuota: number | null
  assignedQuota: number | null
  /** The kinds of its remarks. */
  remarked: string[]
}

/**
 * Of a run that failed with an exception, was stopped, or only tried, nobody expects that its figures are like those of others.
 */
export function isComparable({
  dryRun,
  prevented,
  interrupted,
  partial,
  status,
  exception,
}: Pick<Run, 'dryRun' | 'prevented' | 'interrupted' | 'partial' | 'status' | 'exception'>): boolean {
  return (
    !dryRun &&
    !prevented &&
    !interrupted &&
    !partial &&
    !(isFailure(status) && exception !== null) &&
    status !== 'FATAL'
  )
}

/** The run with the figures that are compared. */
export function comparedRun(run: Run, at: Date): PastRun {
  const known = (value: number | bigint | null) => (value === null ? null : Number(value))
  return {
    at,
    seconds: run.durationSeconds,
    examinedFiles: Number(run.examinedFiles),
    addedFiles: Number(run.addedFiles),
    modifiedFiles: Number(run.modifiedFiles),
    deletedFiles: Number(run.deletedFiles),
    movedSize: Number(run.uploadedSize) + Number(run.downloadedSize),
    storedSize: known(run.storedSize),
    versions: run.versions,
    freeQuota: known(run.freeQuota),
    assignedQuota: known(run.assignedQuota),
    remarked: [],
  }
}
