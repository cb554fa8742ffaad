// What metrics tell of each job, read in pages by its number.

import type { Database } from 'better-sqlite3'

/** Times are milliseconds since 1970, sizes bytes; null is what is not known. */
interface JobFigures {
  id: number
  /** As people call them. */
  server: string
  job: string
  state: string
  latestAt: number | null
  /** Of the latest run that ended as SUCCESS. */
  lastSuccessAt: number | null
  /** Of the latest run. */
  durationSeconds: number | null
  storedSize: number | null
  sourceSize: number | null
  dueAt: number | null
}

/** @param database a connection for reading only */
export function jobFiguresQuery(database: Database) {
  const page = database.prepare<[number, number], JobFigures>(`
    SELECT j.id, coalesce(s.alias, s.name) AS server, coalesce(j.alias, j.name) AS job, j.state,
      j.latest_at AS latestAt, j.last_success_at AS lastSuccessAt, b.duration_seconds AS durationSeconds,
      j.stored_size AS storedSize, j.source_size AS sourceSize, j.due_at AS dueAt
    FROM backup_jobs AS j JOIN servers AS s ON s.id = j.server_id LEFT JOIN backups AS b ON b.id = j.latest_backup_id
    WHERE j.id > ? ORDER BY j.id LIMIT ?`)
  return {
    /** At most `limit` jobs with a number above `after`, in the order of their numbers. */
    page: (after: number, limit: number): JobFigures[] => page.all(after, limit),
  }
}
