// The figures of a server's or a job's history, in one statement: for every job what was known of it before, and what its
// runs add up to in each bucket of time. Each bucket is a range of one index.

import type { TimeBucket } from '../domain/timeBuckets.ts'
import { Prisma, type PrismaClient } from '../generated/prisma/client.ts'

/** Whose history. */
export type HistoryScope = { serverId: number } | { jobId: number }

/** What runs add up to. Dry runs do not count. */
export interface RunSums {
  runs: number
  /** Those that ended as ERROR or FATAL. */
  failures: number
  durationSeconds: number
  /** Bytes; may exceed 64 bits. */
  uploadedSize: bigint
}

/** What the latest of the runs that know the stored size knows, as domain/jobHistory.ts has it. Sizes are bytes. */
export interface Measurement {
  sourceSize: bigint | null
  storedSize: bigint
  versions: number | null
}

export interface JobFigures {
  /** The latest before the first bucket. */
  measuredBefore: Measurement | null
  /** By bucket; null where there is nothing. */
  buckets: { sums: RunSums | null; measured: Measurement | null }[]
}

/** The figures of each job in the scope. */
export async function readHistory(
  reader: PrismaClient,
  scope: HistoryScope,
  buckets: TimeBucket[],
): Promise<JobFigures[]> {
  const rows = await reader.$queryRaw<{ before: string | null; figures: string }[]>(historyStatement(scope, buckets))
  return rows.map(({ before, figures }) => ({
    measuredBefore: before === null ? null : measurement(JSON.parse(before)),
    buckets: (JSON.parse(figures) as StoredFigures[])
      .sort((a, b) => a.bucket - b.bucket)
      .map(({ sums, measured }) => ({ sums: sums && runSums(sums), measured: measured && measurement(measured) })),
  }))
}

/**
 * One row for each job, its figures as JSON: to convert a row for every bucket would take longer than to read the runs.
 * A bucket's runs are read once, and the latest of those that know the sizes once more.
 */
export function historyStatement(scope: HistoryScope, buckets: TimeBucket[]): Prisma.Sql {
  const borders = JSON.stringify(buckets.map(({ from, to }) => [from.getTime(), to.getTime()]))
  const within = Prisma.sql`job_id = job.id AND ordered_at >= begins AND ordered_at < ends AND NOT dryrun`
  const before = Prisma.sql`job_id = job.id AND ordered_at < (SELECT min(begins) FROM buckets) AND NOT dryrun`
  return Prisma.sql`
    WITH buckets AS MATERIALIZED (
      SELECT key AS bucket, value ->> 0 AS begins, value ->> 1 AS ends FROM json_each(${borders})
    )
    SELECT
      (${latestMeasurement(before)}) AS before,
      (SELECT json_group_array(json_object(
        'bucket', bucket, 'sums', (${sums(within)}), 'measured', (${latestMeasurement(within)})
      )) FROM buckets) AS figures
    FROM backup_jobs AS job
    WHERE ${'serverId' in scope ? Prisma.sql`server_id = ${scope.serverId}` : Prisma.sql`id = ${scope.jobId}`}`
}

/** SQLite's sum fails beyond 64 bits; the sums of the upper and the lower halves do not. JSON numbers end at 2^53: text does not. */
function sums(runs: Prisma.Sql): Prisma.Sql {
  return Prisma.sql`
    SELECT json_object(
      'runs', count(*),
      'failures', sum(status IN ('ERROR', 'FATAL')),
      'seconds', total(duration_seconds),
      'uploadedHigh', CAST(sum(uploaded_size >> 32) AS TEXT),
      'uploadedLow', CAST(sum(uploaded_size & 0xffffffff) AS TEXT)
    ) FROM backups WHERE ${runs} HAVING count(*) > 0`
}

function latestMeasurement(runs: Prisma.Sql): Prisma.Sql {
  return Prisma.sql`
    SELECT json_object(
      'source', CAST(source_size AS TEXT), 'stored', CAST(known_file_size AS TEXT), 'versions', backup_list_count
    ) FROM backups WHERE ${runs} AND known_file_size IS NOT NULL
    ORDER BY ordered_at DESC, id DESC LIMIT 1`
}

interface StoredFigures {
  bucket: number
  sums: StoredSums | null
  measured: StoredMeasurement | null
}

interface StoredSums {
  runs: number
  failures: number
  seconds: number
  uploadedHigh: string
  uploadedLow: string
}

interface StoredMeasurement {
  source: string | null
  stored: string
  versions: number | null
}

function runSums({ runs, failures, seconds, uploadedHigh, uploadedLow }: StoredSums): RunSums {
  const uploadedSize = (BigInt(uploadedHigh) << 32n) + BigInt(uploadedLow)
  return { runs, failures, durationSeconds: seconds, uploadedSize }
}

function measurement({ source, stored, versions }: StoredMeasurement): Measurement {
  return { sourceSize: source === null ? null : BigInt(source), storedSize: BigInt(stored), versions }
}
