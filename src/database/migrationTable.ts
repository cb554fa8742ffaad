// The table in which Prisma's engine records the migrations of a file. We write it exactly as the engine does, so that the Prisma CLI can
// go on with the file.

import { createHash, randomUUID } from 'node:crypto'
import type { Database } from 'better-sqlite3'

export interface AppliedMigration {
  name: string
  checksum: string
  /** 0: it began, and failed or was killed. Our own migrations leave no such row, Prisma's engine does. */
  done: 0 | 1
}

/** The migrations that the file has, by name; none if nothing was ever recorded. Those that were rolled back do not count. */
export function appliedMigrations(database: Database): AppliedMigration[] {
  const isThere = database.prepare("SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = '_prisma_migrations'")
  if (!isThere.get()) return []
  return database
    .prepare<[], AppliedMigration>(
      `SELECT migration_name AS name, checksum, finished_at IS NOT NULL AS done
       FROM _prisma_migrations WHERE rolled_back_at IS NULL ORDER BY migration_name`,
    )
    .all()
}

/** Makes the table if there is none. The spaces are the engine's, too: SQLite keeps the text. */
export function createMigrationTable(database: Database): void {
  database.exec(`CREATE TABLE IF NOT EXISTS "_prisma_migrations" (
    "id"                    TEXT PRIMARY KEY NOT NULL,
    "checksum"              TEXT NOT NULL,
    "finished_at"           DATETIME,
    "migration_name"        TEXT NOT NULL,
    "logs"                  TEXT,
    "rolled_back_at"        DATETIME,
    "started_at"            DATETIME NOT NULL DEFAULT current_timestamp,
    "applied_steps_count"   INTEGER UNSIGNED NOT NULL DEFAULT 0
)`)
}

/** Records that a migration has succeeded. */
export function recordMigration(database: Database, name: string, sql: string, startedAt: Date): void {
  database
    .prepare(
      `INSERT INTO _prisma_migrations (id, checksum, migration_name, started_at, finished_at, applied_steps_count)
       VALUES (?, ?, ?, ?, ?, 1)`,
    )
    .run(randomUUID(), checksumOf(sql), name, asEngineWrites(startedAt), asEngineWrites(new Date()))
}

/** By which the engine, and we, tell a migration that was edited after it was applied. */
export function checksumOf(sql: string): string {
  return createHash('sha256').update(sql).digest('hex')
}

const asEngineWrites = (time: Date) => time.toISOString().replace('Z', '+00:00')
