// Checks a database: whether the file is sound, and whether what servers and jobs remember is what their runs add up to.

import type Database from 'better-sqlite3'
import { emptyMemory, type JobMemory, withRun } from '../../domain/jobMemory.ts'
import { type JobState, severityOf, worstState } from '../../domain/jobState.ts'
import { expected } from '../../domain/jobWatch.ts'
import { keptRecentRuns, type RecentRun } from '../../domain/recentRun.ts'
import { sortNameOf } from '../../domain/sortName.ts'
import { backupJobTable } from '../tables/backupJobTable.ts'
import { jobWatchTable } from '../tables/jobWatchTable.ts'
import { rememberedRuns } from '../tables/rememberedRuns.ts'
import { settingsTable } from '../tables/settingsTable.ts'

/** What is wrong with it, a sentence each; empty if nothing is. */
export function verifyDatabase(database: Database.Database): string[] {
  const integrity = database.prepare<[], string>('PRAGMA integrity_check').pluck().all()
  if (integrity.length !== 1 || integrity[0] !== 'ok')
    return integrity.map((problem) => `The file is damaged: ${problem.split('\n').at(-1)}.`)
  const dangling = database
    .prepare<[], { table: string; rowid: number; parent: string }>('PRAGMA foreign_key_check')
    .all()
  return [
    ...dangling.map(
      ({ table, rowid, parent }) => `Row ${rowid} of ${table} belongs to a row of ${parent} that is not there.`,
    ),
    ...jobProblems(database),
    ...serverProblems(database),
    ...orderProblems(database),
  ]
}

function jobProblems(database: Database.Database): string[] {
  const problems: string[] = []
  const remembered = backupJobTable(database)
  const watches = jobWatchTable(database)
  const settings = settingsTable(database).watching()
  const told = new Map<number, JobMemory>()
  for (const { jobId, run } of rememberedRuns(database).ofAll()) {
    told.set(jobId, withRun(told.get(jobId) ?? emptyMemory, run))
  }
  for (const id of database.prepare<[], number>('SELECT id FROM backup_jobs').pluck().all()) {
    const stored = remembered.memory(id)
    const folded = told.get(id) ?? emptyMemory
    for (const name of Object.keys(emptyMemory) as (keyof JobMemory)[]) {
      const isRight =
        name === 'recentRuns'
          ? isRhythmOf(stored.recentRuns, folded.recentRuns)
          : plain(stored[name]) === plain(folded[name])
      if (!isRight) {
        problems.push(
          `BackupJob:${id} remembers ${name} ${plain(stored[name])}, but its runs say ${plain(folded[name])}.`,
        )
      }
    }
    const watch = watches.find(id)
    if (!watch?.stateSince) continue
    const due = expected(watch, stored, settings)
    for (const name of ['dueAt', 'overdueAt'] as const) {
      if (plain(watch[name]) === plain(due[name])) continue
      problems.push(`BackupJob:${id} has ${name} ${plain(watch[name])}, but its schedule says ${plain(due[name])}.`)
    }
  }
  return problems
}

/** Whether the last runs that are there are remembered. Others may be too: pruning takes old runs, and leaves the rhythm. */
function isRhythmOf(remembered: RecentRun[], runs: RecentRun[]): boolean {
  const known = new Set(remembered.map((run) => plain([run])))
  const found = runs.filter((run) => known.has(plain([run])))
  const isLast = found.every((run, index) => run === runs[runs.length - found.length + index])
  return isLast && (found.length === runs.length || remembered.length === keptRecentRuns)
}

function serverProblems(database: Database.Database): string[] {
  return database
    .prepare<[], { id: number; stored: number | null; expected: number | null }>(`
      SELECT id, latest_backup_id AS stored, (
        SELECT latest_backup_id FROM backup_jobs WHERE server_id = s.id AND latest_backup_id IS NOT NULL
        ORDER BY latest_at DESC, latest_backup_id DESC LIMIT 1
      ) AS expected FROM servers s WHERE stored IS NOT expected`)
    .all()
    .map(({ id, stored, expected }) => `Server:${id} has the latest run ${stored}, but its jobs say ${expected}.`)
}

/** Whether what lists are ordered by is what they show. Names that a migration left are written by the next start. */
function orderProblems(database: Database.Database): string[] {
  const columns = 'id, severity, sort_name AS sortName, coalesce(alias, name) AS displayName'
  type Row = { id: number; severity: number; sortName: string; displayName: string; states: string | null }
  const jobs = database.prepare<[], Row>(`SELECT ${columns}, state AS states FROM backup_jobs`).all()
  const states = '(SELECT group_concat(state) FROM backup_jobs WHERE server_id = s.id)'
  const servers = database.prepare<[], Row>(`SELECT ${columns}, ${states} AS states FROM servers s`).all()
  const problemOf = (name: string, { id, severity, sortName, displayName, states }: Row) => {
    const worst = worstState((states?.split(',') ?? []) as JobState[])
    const isNamed = sortName === '' || sortName === sortNameOf(displayName)
    if (isNamed && severity === severityOf(worst)) return []
    return [`${name}:${id} is sorted as ${sortName} and ${severity}, but it is ${displayName} and ${worst}.`]
  }
  return [...jobs.flatMap((job) => problemOf('BackupJob', job)), ...servers.flatMap((one) => problemOf('Server', one))]
}

function plain(value: JobMemory[keyof JobMemory]): string {
  if (Array.isArray(value)) return value.map(({ at, seconds }) => `${plain(at)} (${seconds} s)`).join(', ')
  return value instanceof Date ? value.toISOString() : String(value)
}
