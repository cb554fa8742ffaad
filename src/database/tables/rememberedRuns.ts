// Reads of runs what their jobs remember of them, in the order of receipt: the order in which they are to be added up.

import type { Database } from 'better-sqlite3'
import type { RememberedRun } from '../../domain/jobMemory.ts'
import { type Remark, savedNothing } from '../../domain/remarks.ts'
import { json, rowCodec } from '../rows/rowCodec.ts'
import type { Stored } from '../rows/values.ts'

/** A run, and whose it is. */
export interface RememberedRunOfJob {
  jobId: number
  run: RememberedRun
}

interface RememberedRow extends Omit<RememberedRun, 'savedNothing'> {
  jobId: number
  remarks: Remark[] | null
}

const runs = rowCodec<RememberedRow>('Backup', {
  id: 'plain',
  jobId: 'plain',
  orderedAt: 'plain',
  origin: 'plain',
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

/** To be asked for with {@link rememberedRun}, of a raw statement with safe integers. */
export const rememberedColumns = runs.columns

export function rememberedRuns(database: Database) {
  const all = database.prepare<[], Stored[]>(`SELECT ${rememberedColumns} FROM backups ORDER BY id`)
  const ofJob = database.prepare<[number], Stored[]>(`SELECT ${rememberedColumns} FROM backups WHERE job_id = ?`)
  for (const statement of [all, ofJob]) statement.raw().safeIntegers()
  return {
    /** The runs of all jobs, one at a time. */
    *ofAll(): Generator<RememberedRunOfJob> {
      for (const row of all.iterate()) yield rememberedRun(row)
    },
    ofJob: (jobId: number): RememberedRun[] =>
      ofJob
        .all(jobId)
        .map((row) => rememberedRun(row).run)
        .sort((a, b) => a.id - b.id),
  }
}

export function rememberedRun(cells: Stored[]): RememberedRunOfJob {
  const { jobId, remarks, ...run } = runs.read(cells)
  return { jobId, run: { ...run, savedNothing: savedNothing(remarks ?? []) } }
}
