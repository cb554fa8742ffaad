// Reads of runs what their jobs remember of them, in the order of receipt: the order in which they are to be added up.

import type { Database } from 'better-sqlite3'
import type { HistoricRun } from '../../domain/jobHistory.ts'
import { type Remark, savedNothing } from '../../domain/remarks.ts'
import { json, rowCodec } from '../rows/rowCodec.ts'
import type { Stored } from '../rows/values.ts'

/** A run, and whose it is. */
export interface HistoricRunOfJob {
  jobId: number
  run: HistoricRun
}

interface HistoricRow extends Omit<HistoricRun, 'savedNothing'> {
  jobId: number
  remarks: Remark[] | null
}

const runs = rowCodec<HistoricRow>('Backup', {
  id: 'plain',
  jobId: 'plain',
  orderedAt: 'plain',
  receivedAt: 'plain',
  beganAt: 'plain',
  endedAt: 'plain',
  durationSeconds: 'plain',
  dryRun: 'plain',
  prevented: 'plain',
  interrupted: 'plain',
  partial: 'plain',
  acknowledged: 'plain',
  remarks: json(),
  status: 'plain',
  examinedFiles: 'plain',
  uploadedSize: 'plain',
  sourceSize: 'plain',
  storedSize: 'plain',
  versions: 'plain',
  nextScheduledRun: 'plain',
})

/** To be asked for with {@link historicRun}, of a raw statement with safe integers. */
export const historicColumns = runs.columns

export function historicRuns(database: Database) {
  const all = database.prepare<[], Stored[]>(`SELECT ${historicColumns} FROM backups ORDER BY id`)
  const ofJob = database.prepare<[number], Stored[]>(`SELECT ${historicColumns} FROM backups WHERE job_id = ?`)
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

export function historicRun(cells: Stored[]): HistoricRunOfJob {
  const { jobId, remarks, ...run } = runs.read(cells)
  return { jobId, run: { ...run, savedNothing: savedNothing(remarks ?? []) } }
}
