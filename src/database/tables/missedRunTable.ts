// The statements for the due times that passed without a run.

import type { Database } from 'better-sqlite3'
import type { MissedRun } from '../../domain/schedule/missed.ts'
import { rowCodec } from '../rows/rowCodec.ts'
import type { Stored } from '../rows/values.ts'

interface MissedRow extends MissedRun {
  jobId: number
  recordedAt: Date
}

const rows = rowCodec<MissedRow>('MissedRun', {
  jobId: 'plain',
  dueAt: 'plain',
  from: 'plain',
  until: 'plain',
  recordedAt: 'plain',
})

export function missedRunTable(database: Database) {
  const insert = database.prepare<Stored[]>(
    `INSERT OR IGNORE INTO missed_runs (${rows.columns}) VALUES (${rows.places})`,
  )
  // A run that took long met what fell due meanwhile, too.
  const isMet = (began: string, ended: string) => `(until_at IS NULL OR until_at > ${began})
    AND (from_at <= ${began} OR due_at BETWEEN ${began} AND ${ended})`
  const withdraw = database.prepare<[{ jobId: number; began: number; ended: number }]>(
    `DELETE FROM missed_runs WHERE job_id = :jobId AND ${isMet(':began', ':ended')}`,
  )
  const move = database.prepare<[{ from: number; into: number }]>(
    'UPDATE OR IGNORE missed_runs SET job_id = :into WHERE job_id = :from',
  )
  const withdrawMet = database.prepare<[{ jobId: number }]>(`
    DELETE FROM missed_runs WHERE job_id = :jobId AND EXISTS (
      SELECT 1 FROM backups b WHERE b.job_id = :jobId AND NOT b.dryrun AND NOT b.prevented
        AND ${isMet('b.ordered_at', 'b.ordered_at + coalesce(b.duration_seconds, 0) * 1000')})`)
  const removeOld = database.prepare<[number, number]>(
    'DELETE FROM missed_runs WHERE (job_id, due_at) IN (SELECT job_id, due_at FROM missed_runs WHERE due_at < ? ORDER BY due_at LIMIT ?)',
  )
  return {
    insert: (jobId: number, missed: MissedRun, now: Date) =>
      void insert.run(...rows.write({ ...missed, jobId, recordedAt: now })),
    /** Withdraws what a run met that counts. */
    withdraw: (jobId: number, began: Date, ended: Date) =>
      void withdraw.run({ jobId, began: began.getTime(), ended: ended.getTime() }),
    /** Gives a job what another one missed, but for what the runs of the two together met. */
    moveToJob: (from: number, into: number) => {
      move.run({ from, into })
      withdrawMet.run({ jobId: into })
    },
    /** Removes at most `limit` that were due before `olderThan`; how many it were. */
    removeOld: (olderThan: Date, limit: number): number => removeOld.run(olderThan.getTime(), limit).changes,
  }
}
