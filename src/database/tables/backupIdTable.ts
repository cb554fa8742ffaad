// The statements for the ids under which jobs are reported: (machine-id or none, backup-id) → job.

import type { Database } from 'better-sqlite3'
import { rowCodec } from '../rows/rowCodec.ts'
import type { Stored } from '../rows/values.ts'

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

const marks = rowCodec<JobMark>('BackupId', {
  jobId: 'plain',
  machineId: 'plain',
  backupId: 'plain',
  lastAt: 'plain',
  succeededAt: 'plain',
})

export function backupIdTable(database: Database) {
  const find = database
    .prepare<[number, string, string], Stored[]>(`
      SELECT ${marks.columnsOf('i')} FROM backup_ids i JOIN backup_jobs j ON j.id = i.job_id
      WHERE j.server_id = ? AND i.machine_id = ? AND i.backup_id = ? ORDER BY i.last_at DESC, i.job_id`)
    .raw()
  const ofJob = database
    .prepare<[number], Stored[]>(
      `SELECT ${marks.columns} FROM backup_ids WHERE job_id = ? ORDER BY last_at, machine_id, backup_id`,
    )
    .raw()
  // A job that was only ever reported without a machine-id, on any server of the machine's name.
  const unidentified = database
    .prepare<[{ machine: string; backupId: string; name: string }], number>(`
      SELECT j.id FROM servers s JOIN backup_jobs j ON j.server_id = s.id AND j.name = :name
        JOIN backup_ids i ON i.job_id = j.id AND i.machine_id = '' AND i.backup_id = :backupId
      WHERE s.name = :machine AND NOT EXISTS (SELECT 1 FROM backup_ids o WHERE o.job_id = j.id AND o.machine_id <> '')
      ORDER BY j.id`)
    .pluck()
  const set = database.prepare<Stored[]>(`
    INSERT INTO backup_ids (${marks.columns}) VALUES (${marks.places})
    ON CONFLICT (job_id, machine_id, backup_id) DO UPDATE SET succeeded_at = excluded.succeeded_at,
      last_at = max(coalesce(last_at, excluded.last_at), coalesce(excluded.last_at, last_at))`)
  const remove = database.prepare<[number, string, string]>(
    'DELETE FROM backup_ids WHERE job_id = ? AND machine_id = ? AND backup_id = ?',
  )

  return {
    /** The jobs of the server that have this id: one, unless it comes without a machine-id. */
    find: (serverId: number, machineId: string, backupId: string): JobMark[] =>
      find.all(serverId, machineId, backupId).map(marks.read),
    ofJob: (jobId: number): JobMark[] => ofJob.all(jobId).map(marks.read),
    /** The jobs on servers of this name that are known by this id and name from reports without a machine-id alone. */
    unidentified: (machine: string, backupId: string, name: string): number[] =>
      unidentified.all({ machine, backupId, name }),
    /** Adds the id, or notes what became of it: its latest run only moves on. */
    set: (mark: JobMark) => void set.run(...marks.write(mark)),
    remove: ({ jobId, machineId, backupId }: JobMark) => void remove.run(jobId, machineId, backupId),
  }
}
