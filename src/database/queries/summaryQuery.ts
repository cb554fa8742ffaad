// The figures over all servers and jobs, in one statement over indexes.

import Database from 'better-sqlite3'

/** Sizes are bytes, and may exceed 64 bits. */
export interface SummaryRow {
  servers: number
  jobs: number
  runs: number
  uploadedSize: bigint
  storedSize: bigint
  sourceSize: bigint
  /** Jobs by their state. */
  overdue: number
  failed: number
  warning: number
  latestAt: Date | null
}

/** The counts, when the latest run began, and the upper and lower half of each sum. */
type Row = [bigint, bigint, bigint | null, bigint, bigint, bigint, bigint | null, ...(bigint | null)[]]

export function summaryQuery(database: Database.Database) {
  // All of it is answered by indexes: backup_jobs_summary_idx holds what is added up, and begins with the latest run.
  const summing = (sizes: (column: string) => string) =>
    database
      .prepare<[], Row>(`
        SELECT (SELECT count(*) FROM servers), count(*), sum(runs),
          (SELECT count(*) FROM backup_jobs WHERE state = 'OVERDUE'),
          (SELECT count(*) FROM backup_jobs WHERE state = 'FAILED'),
          (SELECT count(*) FROM backup_jobs WHERE state = 'WARNING'), (SELECT max(latest_at) FROM backup_jobs),
          ${sizes('uploaded_size')}, ${sizes('stored_size')}, ${sizes('source_size')}
        FROM backup_jobs`)
      .raw()
      .safeIntegers()
  const ordinary = summing((column) => `0, sum(${column})`)
  const large = summing((column) => `sum(${column} >> 32), sum(${column} & 0xffffffff)`)

  /** SQLite's sum fails beyond 64 bits; the sums of the upper and the lower halves do not, but take longer. */
  function readRow(): Row {
    try {
      return ordinary.get() as Row
    } catch (error) {
      if (error instanceof Database.SqliteError && error.message === 'integer overflow') return large.get() as Row
      throw error
    }
  }

  return {
    read: (): SummaryRow => {
      // An aggregate without groups is one row, also of no rows.
      const [servers, jobs, runs, overdue, failed, warning, latest, ...halves] = readRow()
      const sum = (place: number) => ((halves[2 * place] ?? 0n) << 32n) + (halves[2 * place + 1] ?? 0n)
      return {
        servers: Number(servers),
        jobs: Number(jobs),
        runs: Number(runs ?? 0n),
        uploadedSize: sum(0),
        storedSize: sum(1),
        sourceSize: sum(2),
        overdue: Number(overdue),
        failed: Number(failed),
        warning: Number(warning),
        latestAt: latest === null ? null : new Date(Number(latest)),
      }
    },
  }
}
