// The figures over all servers and jobs, in one statement over the jobs.

import Database from 'better-sqlite3'

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

type Row = Record<string, bigint | null>

export function summaryQuery(database: Database.Database) {
  const summing = (sizes: (column: string) => string) =>
    database
      .prepare<[], Row>(`
        SELECT (SELECT count(*) FROM servers) AS servers, count(*) AS jobs, sum(runs) AS runs,
          ${sizes('uploaded_size')}, ${sizes('stored_size')}, ${sizes('source_size')},
          sum(state = 'OVERDUE') AS overdue, max(latest_at) AS latest
        FROM backup_jobs`)
      .safeIntegers()
  const ordinary = summing((column) => `sum(${column}) AS ${column}_low`)
  const large = summing(
    (column) => `sum(${column} >> 32) AS ${column}_high, sum(${column} & 0xffffffff) AS ${column}_low`,
  )

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
      const row = readRow()
      const count = (name: string) => Number(row[name] ?? 0)
      const sum = (column: string) => ((row[`${column}_high`] ?? 0n) << 32n) + (row[`${column}_low`] ?? 0n)
      return {
        servers: count('servers'),
        jobs: count('jobs'),
        runs: count('runs'),
        uploadedSize: sum('uploaded_size'),
        storedSize: sum('stored_size'),
        sourceSize: sum('source_size'),
        overdue: count('overdue'),
        latestAt: row.latest == null ? null : new Date(count('latest')),
      }
    },
  }
}
