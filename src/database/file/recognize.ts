// Tells what a database file is: empty, ours, or left by an older release. Facts: the file shapes that releases 0.3 to 1.4
// of duplistatus left behind.

import type { Database } from 'better-sqlite3'
import { pendingMigrations } from '../migrate.ts'
import { Refusal } from './refusal.ts'

/** A release, by the shape of its tables. */
type OldRelease = "the guide's 0.6" | '0.3 to 0.5' | '0.6' | '0.7' | '0.8' | '0.9 to 1.4'

export type Found =
  | { kind: 'empty' }
  | { kind: 'ours'; pending: string[] }
  | { kind: 'old'; release: OldRelease; servers: 'machines' | 'servers' }

/** @throws Refusal if it is the database of something else, or of a newer release, or its migrations are not sound */
export function recognize(database: Database, file: string): Found {
  const tables = tablesOf(database)
  if (tables.size === 0) return { kind: 'empty' }
  if (tables.has('_prisma_migrations')) return { kind: 'ours', pending: pendingMigrations(database, file) }
  if (hasColumns(tables.get('machines'), ['id', 'name'])) {
    return { kind: 'old', release: releaseOfMachines(database, tables), servers: 'machines' }
  }
  if (hasColumns(tables.get('servers'), ['id', 'name']) && hasColumns(tables.get('backups'), ['server_id'])) {
    return { kind: 'old', release: releaseOfServers(tables), servers: 'servers' }
  }
  throw new Refusal(`${file} is not a duplistatus database; set DATABASE_URL to the right file, or to a new one.`)
}

/** The columns of every table. */
export function tablesOf(database: Database): Map<string, Set<string>> {
  const names = database
    .prepare<[], string>(
      "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'",
    )
    .pluck()
    .all()
  const columns = database.prepare<[string], string>('SELECT name FROM pragma_table_info(?)').pluck()
  return new Map(names.map((name) => [name, new Set(columns.all(name))]))
}

function hasColumns(table: Set<string> | undefined, columns: string[]): boolean {
  return table !== undefined && columns.every((column) => table.has(column))
}

function releaseOfMachines(database: Database, tables: Map<string, Set<string>>): OldRelease {
  const type = database
    .prepare<[], string>("SELECT upper(type) FROM pragma_table_info('machines') WHERE name = 'id'")
    .pluck()
  // INTEGER, or INT where somebody rebuilt the table by hand.
  if (type.get()?.startsWith('INT')) return "the guide's 0.6"
  return tables.has('configurations') ? '0.6' : '0.3 to 0.5'
}

function releaseOfServers(tables: Map<string, Set<string>>): OldRelease {
  if (tables.has('users')) return '0.9 to 1.4'
  return tables.get('servers')?.has('server_password') ? '0.8' : '0.7'
}
