// What metrics tell of each job, in one statement over the jobs.

import { Prisma, type PrismaClient } from '../generated/prisma/client.ts'

/** Times are milliseconds since 1970, sizes bytes; null is what is not known. */
interface JobFigures {
  id: number
  /** As people call them. */
  server: string
  job: string
  state: string
  latestAt: number | null
  /** Of the latest run that ended as SUCCESS, if it is one of the last thousand. */
  lastSuccessAt: number | null
  /** Of the latest run. */
  durationSeconds: number | null
  storedSize: number | null
  sourceSize: number | null
  dueAt: number | null
}

/** How many runs of a job are looked through for one that succeeded, newest first, in the index alone. */
const lookBack = 1000

export async function readJobFigures(reader: PrismaClient): Promise<JobFigures[]> {
  const rows = await reader.$queryRaw<Record<string, string | number | bigint | null>[]>(jobFiguresStatement())
  return rows.map(({ server, job, state, ...figures }) => ({
    ...(Object.fromEntries(
      Object.entries(figures).map(([name, value]) => [name, value === null ? null : Number(value)]),
    ) as Omit<JobFigures, 'server' | 'job' | 'state'>),
    ...{ server: String(server), job: String(job), state: String(state) },
  }))
}

/** The row of a run is read only if it succeeded: dry runs do not count. */
function jobFiguresStatement(): Prisma.Sql {
  return Prisma.sql`
    SELECT j.id, coalesce(s.alias, s.name) AS server, coalesce(j.alias, j.name) AS job, j.state,
      CAST(j.latest_at AS INTEGER) AS latestAt, CAST(j.due_at AS INTEGER) AS dueAt,
      b.duration_seconds AS durationSeconds, j.stored_size AS storedSize, j.source_size AS sourceSize,
      CASE j.last_status WHEN 'SUCCESS' THEN CAST(j.latest_at AS INTEGER) ELSE (
        SELECT CAST(r.ordered_at AS INTEGER) FROM (
          SELECT id, ordered_at, status FROM backups WHERE job_id = j.id
          ORDER BY ordered_at DESC, id DESC LIMIT ${lookBack}
        ) AS r
        WHERE r.status = 'SUCCESS' AND (SELECT NOT dryrun FROM backups WHERE id = r.id) LIMIT 1
      ) END AS lastSuccessAt
    FROM backup_jobs AS j JOIN servers AS s ON s.id = j.server_id LEFT JOIN backups AS b ON b.id = j.latest_backup_id
    ORDER BY j.id`
}
