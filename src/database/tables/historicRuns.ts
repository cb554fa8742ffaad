// Reads of runs what their jobs remember of them, in the order of receipt: the order in which they are to be added up.

import type { Database } from 'better-sqlite3'
import type { HistoricRun } from '../../domain/jobHistory.ts'

export type HistoricRow = Record<string, bigint | number | string | null>

export const historicColumns = `id, job_id, ordered_at, received_at, began_at, ended_at, duration_seconds, dryrun, prevented,
  interrupted, partial_backup, acknowledged, remarks LIKE '%"NOTHING_EXAMINED"%' AS saved_nothing, status, examined_files,
  uploaded_size, source_size, known_file_size, backup_list_count, next_scheduled_run`

export function historicRuns(database: Database) {
  const all = database.prepare<[], HistoricRow>(`SELECT ${historicColumns} FROM backups ORDER BY id`).safeIntegers()
  const ofJob = database
    .prepare<[number], HistoricRow>(`SELECT ${historicColumns} FROM backups WHERE job_id = ?`)
    .safeIntegers()
  return {
    /** The runs of all jobs, one at a time. */
    *ofAll(): Generator<{ jobId: number; run: HistoricRun }> {
      for (const row of all.iterate()) yield { jobId: Number(row.job_id), run: historicRun(row) }
    },
    ofJob: (jobId: number): HistoricRun[] =>
      ofJob
        .all(jobId)
        .map(historicRun)
        .sort((a, b) => a.id - b.id),
  }
}

export function historicRun(row: HistoricRow): HistoricRun {
  return {
    id: Number(row.id),
    orderedAt: new Date(Number(row.ordered_at)),
    receivedAt: new Date(Number(row.received_at)),
    beganAt: row.began_at === null ? null : new Date(Number(row.began_at)),
    durationSeconds: row.duration_seconds === null ? null : Number(row.duration_seconds),
    endedAt: row.ended_at === null ? null : new Date(Number(row.ended_at)),
    dryRun: row.dryrun === 1n,
    prevented: row.prevented === 1n,
    interrupted: row.interrupted === 1n,
    partial: row.partial_backup === 1n,
    savedNothing: row.saved_nothing === 1n,
    acknowledged: row.acknowledged === 1n,
    status: row.status as HistoricRun['status'],
    examinedFiles: row.examined_files as bigint,
    uploadedSize: row.uploaded_size as bigint,
    sourceSize: row.source_size as bigint | null,
    storedSize: row.known_file_size as bigint | null,
    versions: row.backup_list_count === null ? null : Number(row.backup_list_count),
    nextScheduledRun: row.next_scheduled_run === null ? null : new Date(Number(row.next_scheduled_run)),
  }
}
