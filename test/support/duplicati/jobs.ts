// The jobs of the emulated Duplicati, and what their runs leave behind.

import type { LogRow } from './recorded.ts'

export interface EmulatedJob {
  id: string
  name: string
  operationType: 'Backup' | 'Sync'
  schedule: object | null
  settings: { Name: string; Value: string }[]
  metadata: Record<string, string>
  /** Newest first. */
  log: LogRow[]
}

export function emulatedJob(id: string, given: Partial<EmulatedJob> = {}): EmulatedJob {
  const job = { id, name: `Job ${id}`, operationType: 'Backup' as const, schedule: null, settings: [], metadata: {} }
  return { ...job, log: [], ...given }
}

/** A run that came to its end: a row, and the metadata. @param result is added to a plain success */
export function addRun(job: EmulatedJob, beganAt: Date, result: Record<string, unknown> = {}): LogRow {
  const endedAt = new Date(beganAt.getTime() + 60_000)
  const data = {
    MainOperation: 'Backup',
    ParsedResult: 'Success',
    Interrupted: false,
    BeginTime: beganAt.toISOString(),
    EndTime: endedAt.toISOString(),
    Duration: '00:01:00',
    ExaminedFiles: 3,
    ...result,
  }
  const row = addRow(job, endedAt, JSON.stringify(data))
  job.metadata.LastBackupStarted = compact(beganAt)
  job.metadata.LastBackupFinished = compact(endedAt)
  return row
}

/** A run that a script did not let begin: a row without figures, and no metadata. */
export function addPreventedRun(job: EmulatedJob, beganAt: Date, parsedResult: string): LogRow {
  const result = { MainOperation: 'Backup', ParsedResult: parsedResult, Interrupted: true, ExaminedFiles: 0 }
  const times = { BeginTime: beganAt.toISOString(), EndTime: beganAt.toISOString(), Duration: '00:00:00' }
  return addRow(job, beganAt, JSON.stringify({ ...result, ...times }))
}

/** A failure that left no row, as before there is a database. */
export function failWithoutRow(job: EmulatedJob, at: Date, message: string): void {
  job.metadata.LastErrorDate = compact(at)
  job.metadata.LastErrorMessage = message
}

/** A row of any type. */
export function addRow(job: EmulatedJob, writtenAt: Date, message: unknown): LogRow {
  const id = (job.log[0]?.ID ?? 0) + 1
  const row = {
    ID: id,
    OperationID: id,
    Timestamp: Math.floor(writtenAt.getTime() / 1000),
    Type: 'Result',
    Message: message,
    Exception: {},
  }
  job.log.unshift(row)
  return row
}

function compact(at: Date): string {
  return `${at.toISOString().slice(0, 19).replaceAll(/[-:]/g, '')}Z`
}
