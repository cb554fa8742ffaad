// The statements that write backup jobs, and that find the job a report is of.

import type { Database } from 'better-sqlite3'
import type { Namesake } from '../domain/identity.ts'
import type { JobHistory } from '../domain/jobHistory.ts'
import type { RunStatus } from '../domain/runStatus.ts'

const columns = {
  latestBackupId: 'latest_backup_id',
  latestAt: 'latest_at',
  lastStatus: 'last_status',
  measuredAt: 'measured_at',
  sourceSize: 'source_size',
  storedSize: 'stored_size',
  versions: 'versions',
  scheduledAt: 'scheduled_at',
  nextScheduledRun: 'next_scheduled_run',
  dueAt: 'due_at',
  overdueAt: 'overdue_at',
  runs: 'runs',
  succeeded: 'succeeded',
  warned: 'warned',
  failed: 'failed',
  uploadedSize: 'uploaded_size',
  dryRuns: 'dry_runs',
} satisfies Record<keyof JobHistory, string>

export function backupJobTable(database: Database) {
  const byBackupId = database
    .prepare<[number, string], number>('SELECT id FROM backup_jobs WHERE server_id = ? AND backup_id = ?')
    .pluck()
  const namesakes = database.prepare<[number, string], { id: number; identified: number }>(
    'SELECT id, backup_id IS NOT NULL AS identified FROM backup_jobs WHERE server_id = ? AND name = ? ORDER BY id',
  )
  const insert = database.prepare<[number, string, number]>(
    'INSERT INTO backup_jobs (server_id, name, created_at) VALUES (?, ?, ?)',
  )
  const setBackupId = database.prepare<[string, number]>('UPDATE backup_jobs SET backup_id = ? WHERE id = ?')
  const rename = database.prepare<[{ id: number; name: string }]>(
    'UPDATE backup_jobs SET name = :name WHERE id = :id AND name <> :name',
  )
  const history = database
    .prepare<[number], Record<keyof JobHistory, bigint | string | null>>(
      `SELECT ${Object.entries(columns).map(([name, column]) => `${column} AS ${name}`)} FROM backup_jobs WHERE id = ?`,
    )
    .safeIntegers()
  const setHistory = database.prepare(
    `UPDATE backup_jobs SET ${Object.entries(columns).map(([name, column]) => `${column} = :${name}`)} WHERE id = :id`,
  )

  return {
    findByBackupId: (serverId: number, backupId: string): number | undefined => byBackupId.get(serverId, backupId),
    findByName: (serverId: number, name: string): Namesake[] =>
      namesakes.all(serverId, name).map(({ id, identified }) => ({ id, identified: identified === 1 })),
    insert: (serverId: number, name: string, now: Date): number =>
      Number(insert.run(serverId, name, now.getTime()).lastInsertRowid),
    setBackupId: (id: number, backupId: string) => void setBackupId.run(backupId, id),
    rename: (id: number, name: string) => void rename.run({ id, name }),
    /** What the job with this id, which must exist, remembers of its runs. */
    history: (id: number): JobHistory => {
      const row = history.get(id)
      if (!row) throw new Error(`There is no job ${id}`)
      const number = (value: bigint | string | null) => (value === null ? null : Number(value))
      const date = (value: bigint | string | null) => (value === null ? null : new Date(Number(value)))
      return {
        latestBackupId: number(row.latestBackupId),
        latestAt: date(row.latestAt),
        lastStatus: row.lastStatus as RunStatus | null,
        measuredAt: date(row.measuredAt),
        sourceSize: row.sourceSize as bigint | null,
        storedSize: row.storedSize as bigint | null,
        versions: number(row.versions),
        scheduledAt: date(row.scheduledAt),
        nextScheduledRun: date(row.nextScheduledRun),
        dueAt: date(row.dueAt),
        overdueAt: date(row.overdueAt),
        runs: Number(row.runs),
        succeeded: Number(row.succeeded),
        warned: Number(row.warned),
        failed: Number(row.failed),
        uploadedSize: row.uploadedSize as bigint,
        dryRuns: Number(row.dryRuns),
      }
    },
    setHistory: (id: number, value: JobHistory) =>
      void setHistory.run({
        id,
        ...value,
        latestAt: value.latestAt?.getTime() ?? null,
        measuredAt: value.measuredAt?.getTime() ?? null,
        scheduledAt: value.scheduledAt?.getTime() ?? null,
        nextScheduledRun: value.nextScheduledRun?.getTime() ?? null,
        dueAt: value.dueAt?.getTime() ?? null,
        overdueAt: value.overdueAt?.getTime() ?? null,
      }),
  }
}
