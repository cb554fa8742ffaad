// Reads of runs what their jobs remember of them, in the order of receipt: the order in which they are to be added up.

import type { Database } from 'better-sqlite3'
import type { HistoricRun } from '../../domain/jobHistory.ts'

/** The cells of {@link historicColumns}, in their order: for hundreds of thousands of rows, objects would take three times as long. */
export type HistoricRow = (bigint | number | string | null)[]

export const historicColumns = `id, job_id, ordered_at, received_at, began_at, ended_at, duration_seconds, dryrun, prevented,
  interrupted, partial_backup, acknowledged, remarks LIKE '%"NOTHING_EXAMINED"%' AS saved_nothing, status, examined_files,
  uploaded_size, source_size, known_file_size, backup_list_count, next_scheduled_run`

/** A run, and whose it is. */
export interface HistoricRunOfJob {
  jobId: number
  run: HistoricRun
}

export function historicRuns(database: Database) {
  const all = database.prepare<[], HistoricRow>(`SELECT ${historicColumns} FROM backups ORDER BY id`)
  const ofJob = database.prepare<[number], HistoricRow>(`SELECT ${historicColumns} FROM backups WHERE job_id = ?`)
  for (const statement of [all, ofJob]) statement.raw().safeIntegers()
  return {
    /** The runs of all jobs, one at a time. */
    *ofAll(): Generator<HistoricRunOfJob> {
      for (const row of all.iterate()) yield historicRun(row)
    },
    ofJob: (jobId: number): HistoricRun[] =>
      ofJob
        .all(jobId)
        .map((row) => historicRun(row).run)
        .sort((a, b) => a.id - b.id),
  }
}

export function historicRun(row: HistoricRow): HistoricRunOfJob {
  const [
    id,
    jobId,
    orderedAt,
    receivedAt,
    beganAt,
    endedAt,
    seconds,
    dryRun,
    prevented,
    interrupted,
    partial,
    acknowledged,
    savedNothing,
    status,
    examinedFiles,
    uploadedSize,
    sourceSize,
    storedSize,
    versions,
    nextScheduledRun,
  ] = row
  const run = {
    id: Number(id),
    orderedAt: new Date(Number(orderedAt)),
    receivedAt: new Date(Number(receivedAt)),
    beganAt: time(beganAt),
    durationSeconds: seconds === null ? null : Number(seconds),
    endedAt: time(endedAt),
    dryRun: dryRun === 1n,
    prevented: prevented === 1n,
    interrupted: interrupted === 1n,
    partial: partial === 1n,
    savedNothing: savedNothing === 1n,
    acknowledged: acknowledged === 1n,
    status: status as HistoricRun['status'],
    examinedFiles: examinedFiles as bigint,
    uploadedSize: uploadedSize as bigint,
    sourceSize: sourceSize as bigint | null,
    storedSize: storedSize as bigint | null,
    versions: versions === null ? null : Number(versions),
    nextScheduledRun: time(nextScheduledRun),
  }
  return { jobId: Number(jobId), run }
}

function time(milliseconds: HistoricRow[number] | undefined): Date | null {
  return milliseconds === null ? null : new Date(Number(milliseconds))
}
