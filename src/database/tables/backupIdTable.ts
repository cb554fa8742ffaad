// The statements for the ids under which jobs are reported: (machine-id or none, backup-id) → job.

import type { Database } from 'better-sqlite3'

/** An id of a job. */
export interface JobMark {
  jobId: number
  /** Empty: it was reported without a machine-id. */
  machineId: string
  backupId: string
  /** The place in time of its latest run. */
  lastAt: Date | null
  /** Since when it goes on with the job of an older id, by its name alone; null if it does not. */
  succeededAt: Date | null
}

interface Row extends Omit<JobMark, 'lastAt' | 'succeededAt'> {
  lastAt: number | null
  succeededAt: number | null
}

export function backupIdTable(database: Database) {
  const columns =
    'i.job_id AS jobId, i.machine_id AS machineId, i.backup_id AS backupId, i.last_at AS lastAt, i.succeeded_at AS succeededAt'
  const find = database.prepare<[number, string, string], Row>(`
    SELECT ${columns} FROM backup_ids i JOIN backup_jobs j ON j.id = i.job_id
    WHERE j.server_id = ? AND i.machine_id = ? AND i.backup_id = ? ORDER BY i.last_at DESC, i.job_id`)
  const ofJob = database.prepare<[number], Row>(
    `SELECT ${columns} FROM backup_ids i WHERE i.job_id = ? ORDER BY i.last_at, i.machine_id, i.backup_id`,
  )
  // A job that was only ever reported without a machine-id, on any server of the machine's name.
  const unidentified = database
    .prepare<[{ machine: string; backupId: string; name: string }], number>(`
      SELECT j.id FROM servers s JOIN backup_jobs j ON j.server_id = s.id AND j.name = :name
        JOIN backup_ids i ON i.job_id = j.id AND i.machine_id = '' AND i.backup_id = :backupId
      WHERE s.name = :machine AND NOT EXISTS (SELECT 1 FROM backup_ids o WHERE o.job_id = j.id AND o.machine_id <> '')
      ORDER BY j.id`)
    .pluck()
  const set = database.prepare<[Record<string, number | string | null>]>(`
    INSERT INTO backup_ids (job_id, machine_id, backup_id, last_at, succeeded_at)
    VALUES (:jobId, :machineId, :backupId, :lastAt, :succeededAt)
    ON CONFLICT (job_id, machine_id, backup_id) DO UPDATE SET succeeded_at = :succeededAt,
      last_at = max(coalesce(last_at, :lastAt), coalesce(:lastAt, last_at))`)
  const remove = database.prepare<[number, string, string]>(
    'DELETE FROM backup_ids WHERE job_id = ? AND machine_id = ? AND backup_id = ?',
  )

  return {
    /** The jobs of the server that have this id: one, unless it comes without a machine-id. */
    find: (serverId: number, machineId: string, backupId: string): JobMark[] =>
      find.all(serverId, machineId, backupId).map(asMark),
    ofJob: (jobId: number): JobMark[] => ofJob.all(jobId).map(asMark),
    /** The jobs on servers of this name that are known by this id and name from reports without a machine-id alone. */
    unidentified: (machine: string, backupId: string, name: string): number[] =>
      unidentified.all({ machine, backupId, name }),
    /** Adds the id, or notes what became of it: its latest run only moves on. */
    set: ({ lastAt, succeededAt, ...mark }: JobMark) =>
      void set.run({ ...mark, lastAt: lastAt?.getTime() ?? null, succeededAt: succeededAt?.getTime() ?? null }),
    remove: ({ jobId, machineId, backupId }: JobMark) => void remove.run(jobId, machineId, backupId),
  }
}

function asMark({ lastAt, succeededAt, ...row }: Row): JobMark {
  return {
    ...row,
    lastAt: lastAt === null ? null : new Date(lastAt),
    succeededAt: succeededAt === null ? null : new Date(succeededAt),
  }
}
