// Applies the migrations of prisma/migrations. Each is one transaction, so that a process that is killed leaves a file with whole
// migrations only, and the next start applies the rest.

import { readdirSync, readFileSync } from 'node:fs'
import Database from 'better-sqlite3'
import { Refusal } from './file/refusal.ts'
import { appliedMigrations, checksumOf, createMigrationTable, recordMigration } from './migrationTable.ts'

const migrationsFolder = new URL('../../prisma/migrations/', import.meta.url)

/** The names of all migrations of this release, in the order in which they are applied. */
export function migrationNames(): string[] {
  return readdirSync(migrationsFolder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort()
}

/**
 * Those of this release's migrations that the file does not have yet.
 *
 * @throws Refusal if one that it has is unknown to this release, failed, or was edited after it was applied
 */
export function pendingMigrations(database: Database.Database, file: string): string[] {
  const applied = appliedMigrations(database)
  const known = migrationNames()
  for (const { name, checksum, done } of applied) {
    if (!known.includes(name)) {
      throw new Refusal(`${file} was written by a newer release (migration ${name}); use that release or a later one.`)
    }
    if (!done) throw new Refusal(`The migration ${name} of ${file} failed; restore the copy that was made before it.`)
    if (checksum !== checksumOf(migrationSql(name))) {
      throw new Refusal(`The migration ${name} was edited after ${file} was made with it; install this release again.`)
    }
  }
  return known.filter((name) => !applied.some((migration) => migration.name === name))
}

/**
 * Applies those of the named migrations that the file does not have yet, in their order, and creates the file if there is none. Whatever
 * ends the process, the file has whole migrations only; and what was applied survives a power failure, unless the settings give that up.
 * Afterwards no connection to the file is open.
 *
 * @param names a leading part of {@link migrationNames}
 * @param settings statements that are run on the connection first, such as pragmas
 * @returns the names that were applied now
 * @throws Refusal as {@link pendingMigrations} does; the file is then as it was
 * @throws Error that names the migration that failed and says why; the file then has those before it, and nothing of this one
 */
export function applyMigrations(file: string, names: string[], settings = ''): string[] {
  const database = new Database(file)
  try {
    // In WAL mode the default of better-sqlite3 would not wait for the disk.
    database.pragma('synchronous = FULL')
    database.exec(settings)
    // Migrations drop tables to make them anew. With foreign keys on, that would delete the rows of other tables that belong to them.
    // Inside a transaction this pragma does nothing: it has to come before, and those in the migrations themselves have no effect.
    database.pragma('foreign_keys = OFF')
    const pending = pendingMigrations(database, file).filter((name) => names.includes(name))
    for (const name of pending) applyMigration(database, name)
    return pending
  } finally {
    database.close()
  }
}

function applyMigration(database: Database.Database, name: string) {
  const startedAt = new Date()
  const sql = migrationSql(name)
  const apply = database.transaction(() => {
    const danglingBefore = danglingRows(database)
    createMigrationTable(database)
    database.exec(sql)
    checkForeignKeys(database, danglingBefore)
    recordMigration(database, name, sql, startedAt)
  })
  try {
    apply.immediate()
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw new Error(`The migration ${name} failed, and nothing of it was kept: ${reason}`, { cause: error })
  }
}

/**
 * Fails if more rows dangle than before the migration. Those that did before are no fault of it: whoever deleted a server with sqlite3 must
 * be able to upgrade.
 */
function checkForeignKeys(database: Database.Database, danglingBefore: number) {
  if (danglingRows(database) <= danglingBefore) return
  const found = database
    .prepare<[], string>(
      `SELECT DISTINCT 'rows of ' || "table" || ' would belong to rows of ' || parent || ' that are not there'
       FROM pragma_foreign_key_check`,
    )
    .pluck()
    .all()
  throw new Error(found.join(', '))
}

/** How many rows belong to a row of another table that is not there. */
function danglingRows(database: Database.Database): number {
  return database.prepare<[], number>('SELECT count(*) FROM pragma_foreign_key_check').pluck().get() ?? 0
}

function migrationSql(name: string): string {
  return readFileSync(new URL(`${name}/migration.sql`, migrationsFolder), 'utf8')
}
