// The statements that write backup jobs, and that find the job a report is of.

import type { Database } from 'better-sqlite3'
import type { IdentifiedJob } from '../../domain/identity.ts'
import type { JobMemory } from '../../domain/jobMemory.ts'
import { rowCodec } from '../rows/rowCodec.ts'
import type { Stored } from '../rows/values.ts'
import { addSortName } from './sortName.ts'

const memories = rowCodec<JobMemory>('BackupJob', {
  latestBackupId: 'plain',
  latestAt: 'plain',
  latestSeconds: 'plain',
  lastStatus: 'plain',
  lastStopped: 'plain',
  conclusiveAt: 'plain',
  conclusiveStatus: 'plain',
  lastSuccessId: 'plain',
  lastSuccessAt: 'plain',
  baselineAt: 'plain',
  baselineFiles: 'plain',
  baselineSize: 'plain',
  baselineVersions: 'plain',
  recentRuns: {
    read: (text) =>
      (JSON.parse(text) as [number, number | null][]).map(([at, seconds]) => ({ at: new Date(at), seconds })),
    write: (runs) => JSON.stringify(runs.map(({ at, seconds }) => [at.getTime(), seconds])),
  },
  measuredAt: 'plain',
  sourceSize: 'plain',
  storedSize: 'plain',
  versions: 'plain',
  scheduledAt: 'plain',
  nextScheduledRun: 'plain',
  announcedRun: 'plain',
  runs: 'plain',
  succeeded: 'plain',
  warned: 'plain',
  failed: 'plain',
  uploadedSize: 'plain',
  dryRuns: 'plain',
  preventedRuns: 'plain',
})

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
  const prunedUntil = database
    .prepare<[number], number | null>('SELECT pruned_until FROM backup_jobs WHERE id = ?')
    .pluck()
  const memory = database
    .prepare<[number], Stored[]>(`SELECT ${memories.columns} FROM backup_jobs WHERE id = ?`)
    .raw()
    .safeIntegers()
  const setMemory = database.prepare<Stored[]>(`UPDATE backup_jobs SET ${memories.assignments} WHERE id = ?`)
  const notePruned = database.prepare<[{ id: number; from: number; until: number }]>(`
    UPDATE backup_jobs SET pruned_from = min(coalesce(pruned_from, :from), :from),
      pruned_until = max(coalesce(pruned_until, :until), :until) WHERE id = :id`)
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
      legacy_schedule, tolerance_seconds, watch_from, pruned_from, pruned_until)
    SELECT :serverId, name, sort_name(name), :now, :now, :now, paused, lateness_watched, schedule, legacy_schedule, tolerance_seconds, watch_from,
      pruned_from, pruned_until
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
      tolerance_seconds = coalesce(backup_jobs.tolerance_seconds, other.tolerance_seconds), updated_at = :now,
      pruned_from = min(coalesce(backup_jobs.pruned_from, other.pruned_from), coalesce(other.pruned_from, backup_jobs.pruned_from)),
      pruned_until = max(coalesce(backup_jobs.pruned_until, other.pruned_until), coalesce(other.pruned_until, backup_jobs.pruned_until))
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
    memory: (id: number): JobMemory => {
      const row = memory.get(id)
      if (!row) throw new Error(`There is no job ${id}`)
      return memories.read(row)
    },
    setMemory: (id: number, value: JobMemory) => void setMemory.run(...memories.write(value), id),
    /** Up to when runs were removed because they were old, in milliseconds since 1970; null if none were. */
    prunedUntil: (id: number): number | null => prunedUntil.get(id) ?? null,
    /** Notes that runs were removed because they were old: the first and the last of them, by their places in time. */
    notePruned: (id: number, from: Date, until: Date) =>
      void notePruned.run({ id, from: from.getTime(), until: until.getTime() }),
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
