// What a digest says of jobs and of their runs, read in pages: between them others are answered.

import type { Database } from 'better-sqlite3'
import type { DigestJob } from '../../domain/messages/digest.ts'
import type { RunStatus } from '../../domain/runStatus.ts'

/** A due time that a run can still be waited for is not older, in milliseconds: a tolerance is a year at most. */
const longestWaitMs = 400 * 24 * 60 * 60 * 1000

type JobRow = Omit<DigestJob, 'stateSince' | 'latestAt' | 'isSnoozed' | 'storedBefore' | 'quotaWarning'> & {
  id: number
  latestId: number | null
  stateSince: number | null
  latestAt: number | null
  snoozedUntil: number | null
  quotaWarning: number | null
}

export interface CountedRuns {
  jobId: number
  status: RunStatus
  runs: number
}

/** @param database a connection for reading only */
export function digestQuery(database: Database) {
  const page = database.prepare<[number, number], JobRow>(`
    SELECT j.id, coalesce(s.alias, s.name) AS server, coalesce(j.alias, j.name) AS name, j.state, j.state_since AS stateSince,
      j.last_status AS lastStatus, j.latest_at AS latestAt, j.snoozed_until AS snoozedUntil, j.acknowledged,
      j.stored_size AS storedSize, j.latest_backup_id AS latestId, b.total_quota_space AS totalQuota,
      b.free_quota_space AS freeQuota, b.reported_quota_warning OR b.reported_quota_error AS quotaWarning
    FROM backup_jobs j JOIN servers s ON s.id = j.server_id LEFT JOIN backups b ON b.id = j.latest_backup_id
    WHERE j.id > ? ORDER BY j.id LIMIT ?`)
  const storedBefore = database
    .prepare<[number, number], number>(`
      SELECT known_file_size FROM backups
      WHERE job_id = ? AND id <= ? AND NOT dryrun AND NOT prevented AND known_file_size IS NOT NULL
      ORDER BY ordered_at DESC, id DESC LIMIT 1`)
    .pluck()
  const runs = database.prepare<[number, number], CountedRuns>(`
    SELECT job_id AS jobId, status, count(*) AS runs FROM backups
    WHERE id > ? AND id <= ? AND NOT dryrun AND NOT prevented GROUP BY job_id, status`)
  const missed = database.prepare<[Record<string, number>], { jobId: number; missed: number }>(`
    SELECT job_id AS jobId, count(*) AS missed FROM missed_runs
    WHERE due_at > :since - ${longestWaitMs} AND recorded_at > :since AND recorded_at <= :until GROUP BY job_id`)
  const lastId = database.prepare<[], number>('SELECT coalesce(max(id), 0) FROM backups').pluck()
  const lastIdAt = database
    .prepare<[number], number>(
      'SELECT id FROM backups WHERE received_at <= ? ORDER BY received_at DESC, id DESC LIMIT 1',
    )
    .pluck()

  return {
    /**
     * At most `limit` jobs with a number above `after`, in the order of their numbers.
     *
     * @param countedId the last run that the digest before knew
     */
    page: (after: number, limit: number, countedId: number, now: Date): (DigestJob & { id: number })[] =>
      page.all(after, limit).map(({ latestId, stateSince, latestAt, snoozedUntil, quotaWarning, ...row }) => ({
        ...row,
        stateSince: stateSince === null ? null : new Date(stateSince),
        latestAt: latestAt === null ? null : new Date(latestAt),
        isSnoozed: snoozedUntil !== null && snoozedUntil > now.getTime(),
        quotaWarning: quotaWarning === 1,
        storedBefore: latestId !== null && latestId > countedId ? (storedBefore.get(row.id, countedId) ?? null) : null,
      })),
    /** The runs with a number above `after` and up to `until` that count, by job and status. */
    runs: (after: number, until: number): CountedRuns[] => runs.all(after, until),
    /** The due times that were found to be missed after `since` and up to `until`, by job. */
    missed: (since: Date, until: Date): { jobId: number; missed: number }[] =>
      missed.all({ since: since.getTime(), until: until.getTime() }),
    /** The number of the latest run; 0 if there is none. */
    lastId: (): number => lastId.get() ?? 0,
    /** The number of the last run that had been received by then; 0 if none had. */
    lastIdAt: (moment: Date): number => lastIdAt.get(moment.getTime()) ?? 0,
  }
}
