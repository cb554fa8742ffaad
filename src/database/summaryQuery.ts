// The figures over all servers and jobs, in one statement over the jobs.

import { Prisma, type PrismaClient } from '../generated/prisma/client.ts'

/** Sizes are bytes, and may exceed 64 bits. */
export interface SummaryRow {
  servers: number
  jobs: number
  runs: number
  uploadedSize: bigint
  storedSize: bigint
  sourceSize: bigint
  /** Jobs that are overdue. */
  overdue: number
  latestAt: Date | null
}

export async function readSummary(reader: PrismaClient): Promise<SummaryRow> {
  const [row] = await reader.$queryRaw<[Record<string, bigint | number | null>]>`
    SELECT (SELECT count(*) FROM servers) AS servers, count(*) AS jobs, sum(runs) AS runs,
      ${halves('uploaded_size')}, ${halves('stored_size')}, ${halves('source_size')},
      sum(state = 'OVERDUE') AS overdue, CAST(max(latest_at) AS INTEGER) AS latest
    FROM backup_jobs`
  const count = (name: string) => Number(row[name] ?? 0)
  const sum = (column: string) => (BigInt(row[`${column}_high`] ?? 0) << 32n) + BigInt(row[`${column}_low`] ?? 0)
  return {
    servers: count('servers'),
    jobs: count('jobs'),
    runs: count('runs'),
    uploadedSize: sum('uploaded_size'),
    storedSize: sum('stored_size'),
    sourceSize: sum('source_size'),
    overdue: count('overdue'),
    latestAt: row.latest ? new Date(count('latest')) : null,
  }
}

/** SQLite's sum fails beyond 64 bits; the sums of the upper and the lower halves do not. */
function halves(column: string) {
  return Prisma.raw(`sum(${column} >> 32) AS ${column}_high, sum(${column} & 0xffffffff) AS ${column}_low`)
}
