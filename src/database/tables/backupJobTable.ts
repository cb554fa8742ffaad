// The statements that write backup jobs, and that find the job a report is of.

import type { Database } from 'better-sqlite3'
import type { IdentifiedJob } from '../../domain/identity.ts'
import type { JobHistory } from '../../domain/jobHistory.ts'
import type { RunStatus } from '../../domain/runStatus.ts'
import { addSortName } from './sortName.ts'

const columns = {
  latestBackupId: 'latest_backup_id',
  latestAt: 'latest_at',
  latestSeconds: 'latest_seconds',
  lastStatus: 'last_status',
  lastStopped: 'last_stopped',
  conclusiveAt: 'conclusive_at',
  conclusiveStatus: 'conclusive_status',
  lastSuccessId: 'last_success_id',
  lastSuccessAt: 'last_success_at',
  baselineAt: 'baseline_at',
  baselineFiles: 'baseline_files',
  baselineSize: 'baseline_size',
  baselineVersions: 'baseline_versions',
  recentRuns: 'recent_runs',
  measuredAt: 'measured_at',
  sourceSize: 'source_size',
  storedSize: 'stored_size',
  versions: 'versions',
  scheduledAt: 'scheduled_at',
  nextScheduledRun: 'next_scheduled_run',
  announcedRun: 'announced_run',
  runs: 'runs',
  succeeded: 'succeeded',
  warned: 'warned',
  failed: 'failed',
  uploadedSize: 'uploaded_size',
  dryRuns: 'dry_runs',
  preventedRuns: 'prevented_runs',
} satisfies Record<keyof JobHistory, string>

/** What a person may change of a job. */
export interface JobChanges {
  alias: string | null
  notes: string | null
}

/** A job as Duplicati names it, by its number here. */
export interface JobOfServer extends IdentifiedJob {
  id: number
}

export function backupJobTable(database: Database) {
  addSortName(database)
  const namesakes = database
    .prepare<[number, string], number>('SELECT id FROM backup_jobs WHERE server_id = ? AND name = ? ORDER BY id')
    .pluck()
  const insert = database.prepare<[{ serverId: number; name: string; now: number }]>(
    `INSERT INTO backup_jobs (server_id, name, sort_name, created_at, updated_at, state_since)
    VALUES (:serverId, :name, sort_name(:name), :now, :now, :now)`,
  )
  // A job that is new is no trouble, but worse than one that is paused.
  const addNew = database.prepare<[number]>('UPDATE servers SET severity = 1 WHERE id = ? AND severity < 1')
  const setBackupId = database.prepare<[string | null, number]>('UPDATE backup_jobs SET backup_id = ? WHERE id = ?')
  const rename = database.prepare<[{ id: number; name: string }]>(
    'UPDATE backup_jobs SET name = :name, sort_name = sort_name(coalesce(alias, :name)) WHERE id = :id AND name <> :name',
  )
  const history = database
    .prepare<[number], Record<keyof JobHistory, bigint | number | string | null>>(
      `SELECT ${Object.entries(columns).map(([name, column]) => `${column} AS ${name}`)} FROM backup_jobs WHERE id = ?`,
    )
    .safeIntegers()
  const setHistory = database.prepare(
    `UPDATE backup_jobs SET ${Object.entries(columns).map(([name, column]) => `${column} = :${name}`)} WHERE id = :id`,
  )
  const all = database.prepare<[], number>('SELECT id FROM backup_jobs ORDER BY id').pluck()
  const withMoreRuns = database
    .prepare<[number], number>('SELECT id FROM backup_jobs WHERE runs > ? ORDER BY id')
    .pluck()
  const ofServer = database.prepare<[number], JobOfServer>(
    'SELECT id, backup_id AS backupId, name FROM backup_jobs WHERE server_id = ? ORDER BY id',
  )
  const serverOf = database.prepare<[number], number>('SELECT server_id FROM backup_jobs WHERE id = ?').pluck()
  const move = database.prepare<[{ id: number; serverId: number }]>(
    'UPDATE backup_jobs SET server_id = :serverId WHERE id = :id',
  )
  const copy = database.prepare<[{ id: number; serverId: number; now: number }]>(`
    INSERT INTO backup_jobs (server_id, name, sort_name, created_at, updated_at, state_since, paused, lateness_watched, schedule,
      legacy_schedule, tolerance_seconds, watch_from)
    SELECT :serverId, name, sort_name(name), :now, :now, :now, paused, lateness_watched, schedule, legacy_schedule, tolerance_seconds, watch_from
    FROM backup_jobs WHERE id = :id`)
  const nameOf = database.prepare<[number], string>('SELECT name FROM backup_jobs WHERE id = ?').pluck()
  const remove = database.prepare<[number], JobChanges & { name: string }>(
    'DELETE FROM backup_jobs WHERE id = ? RETURNING name, alias, notes',
  )
  const editable = database.prepare<[number], JobChanges & { updatedAt: number }>(
    'SELECT alias, notes, updated_at AS updatedAt FROM backup_jobs WHERE id = ?',
  )
  const update = database.prepare<[JobChanges & { id: number; updatedAt: number }]>(
    'UPDATE backup_jobs SET alias = :alias, notes = :notes, updated_at = :updatedAt, sort_name = sort_name(coalesce(:alias, name)) WHERE id = :id',
  )
  const absorb = database.prepare<[{ from: number; into: number; now: number }]>(`
    UPDATE backup_jobs SET alias = coalesce(backup_jobs.alias, other.alias),
      sort_name = sort_name(coalesce(backup_jobs.alias, other.alias, backup_jobs.name)),
      notes = coalesce(backup_jobs.notes, other.notes), created_at = min(backup_jobs.created_at, other.created_at),
      schedule = coalesce(backup_jobs.schedule, other.schedule),
      legacy_schedule = coalesce(backup_jobs.legacy_schedule, other.legacy_schedule),
      tolerance_seconds = coalesce(backup_jobs.tolerance_seconds, other.tolerance_seconds), updated_at = :now
    FROM (SELECT * FROM backup_jobs WHERE id = :from) other WHERE backup_jobs.id = :into`)

  const writeSortNames = database.prepare<[]>(
    "UPDATE backup_jobs SET sort_name = sort_name(coalesce(alias, name)) WHERE sort_name = ''",
  )

  return {
    findByName: (serverId: number, name: string): number[] => namesakes.all(serverId, name),
    insert: (serverId: number, name: string, now: Date): number => {
      addNew.run(serverId)
      return Number(insert.run({ serverId, name, now: now.getTime() }).lastInsertRowid)
    },
    setBackupId: (id: number, backupId: string | null) => void setBackupId.run(backupId, id),
    rename: (id: number, name: string) => void rename.run({ id, name }),
    /** What the job with this id, which must exist, remembers of its runs. */
    history: (id: number): JobHistory => {
      const row = history.get(id)
      if (!row) throw new Error(`There is no job ${id}`)
      const number = (value: bigint | number | string | null) => (value === null ? null : Number(value))
      const date = (value: bigint | number | string | null) => (value === null ? null : new Date(Number(value)))
      return {
        latestBackupId: number(row.latestBackupId),
        latestAt: date(row.latestAt),
        latestSeconds: number(row.latestSeconds),
        lastStatus: row.lastStatus as RunStatus | null,
        lastStopped: row.lastStopped === 1n,
        conclusiveAt: date(row.conclusiveAt),
        conclusiveStatus: row.conclusiveStatus as RunStatus | null,
        lastSuccessId: number(row.lastSuccessId),
        lastSuccessAt: date(row.lastSuccessAt),
        baselineAt: date(row.baselineAt),
        baselineFiles: row.baselineFiles as bigint | null,
        baselineSize: row.baselineSize as bigint | null,
        baselineVersions: number(row.baselineVersions),
        recentRuns: (JSON.parse(row.recentRuns as string) as [number, number | null][]).map(([at, seconds]) => ({
          at: new Date(at),
          seconds,
        })),
        measuredAt: date(row.measuredAt),
        sourceSize: row.sourceSize as bigint | null,
        storedSize: row.storedSize as bigint | null,
        versions: number(row.versions),
        scheduledAt: date(row.scheduledAt),
        nextScheduledRun: date(row.nextScheduledRun),
        announcedRun: date(row.announcedRun),
        runs: Number(row.runs),
        succeeded: Number(row.succeeded),
        warned: Number(row.warned),
        failed: Number(row.failed),
        uploadedSize: row.uploadedSize as bigint,
        dryRuns: Number(row.dryRuns),
        preventedRuns: Number(row.preventedRuns),
      }
    },
    setHistory: (id: number, value: JobHistory) =>
      void setHistory.run({
        id,
        ...value,
        latestAt: value.latestAt?.getTime() ?? null,
        lastStopped: Number(value.lastStopped),
        conclusiveAt: value.conclusiveAt?.getTime() ?? null,
        lastSuccessAt: value.lastSuccessAt?.getTime() ?? null,
        baselineAt: value.baselineAt?.getTime() ?? null,
        recentRuns: JSON.stringify(value.recentRuns.map(({ at, seconds }) => [at.getTime(), seconds])),
        measuredAt: value.measuredAt?.getTime() ?? null,
        scheduledAt: value.scheduledAt?.getTime() ?? null,
        nextScheduledRun: value.nextScheduledRun?.getTime() ?? null,
        announcedRun: value.announcedRun?.getTime() ?? null,
      }),
    /** Writes names for sorting where a migration left none. */
    writeSortNames: () => void writeSortNames.run(),
    all: (): number[] => all.all(),
    /** The jobs with more runs than that, without dry runs. */
    withMoreRuns: (than: number): number[] => withMoreRuns.all(than),
    ofServer: (serverId: number) => ofServer.all(serverId),
    serverOf: (id: number): number | undefined => serverOf.get(id),
    nameOf: (id: number): string => nameOf.get(id) ?? '',
    move: (id: number, serverId: number) => void move.run({ id, serverId }),
    /** A new job without runs, watched as the other one is; its number. */
    copy: (id: number, serverId: number, now: Date): number =>
      Number(copy.run({ id, serverId, now: now.getTime() }).lastInsertRowid),
    /** Gives the job whatever only the other has. */
    absorb: (from: number, into: number, now: Date) => void absorb.run({ from, into, now: now.getTime() }),
    /** Removes it with everything that is left of it; undefined if there is none. */
    remove: (id: number) => remove.get(id),
    findEditable: (id: number): (JobChanges & { updatedAt: Date }) | undefined => {
      const row = editable.get(id)
      return row && { ...row, updatedAt: new Date(row.updatedAt) }
    },
    update: (id: number, changes: JobChanges, now: Date) =>
      void update.run({ ...changes, id, updatedAt: now.getTime() }),
  }
}
