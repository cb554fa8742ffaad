// The statements that record what became of jobs.

import type { Database } from 'better-sqlite3'
import type { Transition } from '../../domain/jobWatch.ts'

export function transitionTable(database: Database) {
  const insert = database.prepare<[Record<string, number | string | null>]>(`
    INSERT INTO transitions (server_id, job_id, from_state, to_state, at, recorded_at, why, backup_id)
    VALUES ((SELECT server_id FROM backup_jobs WHERE id = :jobId), :jobId, :from, :to, :at, :now, :why, :backupId)`)
  const followRuns = database.prepare<[{ ids: string; jobId: number; serverId: number }]>(`
    UPDATE transitions SET job_id = :jobId, server_id = :serverId WHERE backup_id IN (SELECT value FROM json_each(:ids))`)
  const moveToJob = database.prepare<[{ from: number; into: number; serverId: number }]>(
    'UPDATE transitions SET server_id = :serverId, job_id = :into WHERE job_id = :from',
  )
  const removeOld = database.prepare<[number, number]>(
    'DELETE FROM transitions WHERE id IN (SELECT id FROM transitions WHERE at < ? ORDER BY at, id LIMIT ?)',
  )
  return {
    /** @returns its number */
    insert: (jobId: number, { from, to, at, why, backupId }: Transition, now: Date): number =>
      Number(insert.run({ jobId, from, to, at: at.getTime(), now: now.getTime(), why, backupId }).lastInsertRowid),
    /** Removes at most `limit` that happened before `olderThan`; how many it were. */
    removeOld: (olderThan: Date, limit: number): number => removeOld.run(olderThan.getTime(), limit).changes,
    /** Moves those that tell of these runs. */
    followRuns: (ids: number[], jobId: number, serverId: number) =>
      void followRuns.run({ ids: JSON.stringify(ids), jobId, serverId }),
    moveToJob: (from: number, into: number, serverId: number) => void moveToJob.run({ from, into, serverId }),
  }
}
