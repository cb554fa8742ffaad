// Compares every run of the copy with what became of it, in SQL. What it cannot compare, because the old row is not as its release wrote
// rows, is left to the comparison by hand.

import type { Database } from 'better-sqlite3'
import type { ServerTable } from './carryServers.ts'
import { levels, runConditions } from './runConditions.ts'
import { finalColumns } from './runMapping.ts'

/** How many runs are compared by one statement. */
const portion = 5000

/**
 * Pairs the runs of the copy that were not set aside with those of the new file, both in their order, in the temporary table
 * `pairs (place, id)`.
 *
 * @param database the new file, with the copy attached as `old`
 * @returns how many there are
 * @throws Error unless there are as many of the ones as of the others
 */
export function pairRuns(database: Database): number {
  database.exec(`
    CREATE TEMP TABLE pairs (id INTEGER NOT NULL PRIMARY KEY, place INTEGER NOT NULL);
    INSERT INTO pairs SELECT row_number() OVER (ORDER BY rowid), rowid FROM old.backups
      WHERE rowid NOT IN (SELECT place FROM quarantine WHERE source = 'backups' AND NOT repaired)`)
  const count = (table: string) => Number(database.prepare(`SELECT count(*) FROM ${table}`).pluck().get())
  const [expected, found] = [count('pairs'), count('backups')]
  if (expected !== found) throw new Error(`The new file has ${found} runs where ${expected} were expected.`)
  return found
}

/** @throws Error if a run has something that no old release could have told: a figure of later reports, a line of another level */
export function checkUntouched(database: Database): void {
  const columns = database.prepare<[], { name: string; dflt_value: string | null }>('PRAGMA table_info(backups)').all()
  const untouched = columns.filter(({ name }) => !finalColumns.includes(name))
  const where = untouched.map(({ name, dflt_value }) => `${name} IS NOT ${dflt_value ?? 'NULL'}`).join(' OR ')
  const id = database.prepare<[], number>(`SELECT id FROM backups WHERE ${where} LIMIT 1`).pluck().get()
  if (id !== undefined) throw new Error(`The run ${id} has a figure that its old row cannot have had.`)
  const level = database
    .prepare<[], string>(
      `SELECT level FROM log_lines WHERE level NOT IN (${levels.map((name) => `'${name}'`)}) LIMIT 1`,
    )
    .pluck()
    .get()
  if (level !== undefined) throw new Error(`There is a log line of the level ${level}, which old files did not have.`)
}

/**
 * @param columns those of the old table `backups`
 * @returns the numbers of the runs, ascending, of which SQL cannot say that they are what they must be
 */
export function* runsToCompareByHand(
  database: Database,
  columns: Set<string>,
  servers: ServerTable,
  progress: (done: number) => void,
): Generator<number> {
  const total = Number(database.prepare('SELECT count(*) FROM pairs').pluck().get())
  const differing = database
    .prepare<[{ from: number; to: number }], number>(`
      SELECT p.id FROM pairs p CROSS JOIN old.backups o ON o.rowid = p.place LEFT JOIN backups n ON n.id = p.id
      WHERE p.id BETWEEN :from AND :to AND (${runConditions(columns, servers).join('\n AND ')}) IS NOT 1 ORDER BY p.id`)
    .pluck()
  for (let done = 0; done < total; done += portion) {
    yield* differing.all({ from: done + 1, to: done + portion })
    progress(Math.min(done + portion, total))
  }
}
