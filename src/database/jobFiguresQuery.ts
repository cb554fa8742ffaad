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
  /** Of the latest run that ended as SUCCESS. */
  lastSuccessAt: number | null
  /** Of the latest run. */
  durationSeconds: number | null
  storedSize: number | null
  sourceSize: number | null
  dueAt: number | null
}

export async function readJobFigures(reader: PrismaClient): Promise<JobFigures[]> {
  const rows = await reader.$queryRaw<Record<string, string | number | bigint | null>[]>(jobFiguresStatement())
  return rows.map(({ server, job, state, ...figures }) => ({
    ...(Object.fromEntries(
      Object.entries(figures).map(([name, value]) => [name, value === null ? null : Number(value)]),
    ) as Omit<JobFigures, 'server' | 'job' | 'state'>),
    ...{ server: String(server), job: String(job), state: String(state) },
  }))
}

function jobFiguresStatement(): Prisma.Sql {
  return Prisma.sql`
    SELECT j.id, coalesce(s.alias, s.name) AS server, coalesce(j.alias, j.name) AS job, j.state,
      CAST(j.latest_at AS INTEGER) AS latestAt, CAST(j.due_at AS INTEGER) AS dueAt,
      b.duration_seconds AS durationSeconds, j.stored_size AS storedSize, j.source_size AS sourceSize,
      CAST(j.last_success_at AS INTEGER) AS lastSuccessAt
    FROM backup_jobs AS j JOIN servers AS s ON s.id = j.server_id LEFT JOIN backups AS b ON b.id = j.latest_backup_id
    ORDER BY j.id`
}
