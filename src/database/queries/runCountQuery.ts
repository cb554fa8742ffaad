// How many runs there are, dry and prevented ones too, from what the jobs remember.

import type { Database, Statement } from 'better-sqlite3'

/** Whose runs: all conditions hold, and none is everybody's. */
type Owner = { serverId?: number; jobId?: number }

export function runCountQuery(database: Database) {
  const statements = new Map<string, Statement<number[], number>>()
  return {
    read: (owners: Owner[]): number => {
      const conditions = owners.flatMap(({ serverId, jobId }) => [
        ...(serverId === undefined ? [] : [{ sql: 'server_id = ?', value: serverId }]),
        ...(jobId === undefined ? [] : [{ sql: 'id = ?', value: jobId }]),
      ])
      const where = conditions.map(({ sql }) => sql).join(' AND ') || 'true'
      const statement =
        statements.get(where) ??
        database
          .prepare<number[], number>(
            `SELECT coalesce(sum(runs + dry_runs + prevented_runs), 0) FROM backup_jobs WHERE ${where}`,
          )
          .pluck()
      statements.set(where, statement)
      return statement.get(...conditions.map(({ value }) => value)) ?? 0
    },
  }
}
