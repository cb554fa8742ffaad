// Opens the database file: brought to this release's shape first, then one connection that writes and one that reads.

import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { PrismaBetterSqlite3 } from '@prisma/adapter-better-sqlite3'
import type { Logger } from 'pino'
import { PrismaClient } from '../generated/prisma/client.ts'
import { applyMigrations, migrationNames, pendingMigrations } from './migrate.ts'
import { openWriter, type Writer } from './writer.ts'

export interface OpenDatabase {
  /** For reading only; it sees whole transactions. */
  reader: PrismaClient
  writer: Writer
  /** Closes the readers first: the last connection to close must be one that may fold the write-ahead log in. */
  close(): Promise<void>
}

/**
 * Opens the file at `file`, and creates it if there is none.
 *
 * @throws if the file cannot be brought to this release's shape; it is then as it was before the failing migration
 */
export async function openDatabase(file: string, log: Logger): Promise<OpenDatabase> {
  mkdirSync(dirname(file), { recursive: true })
  const pending = await pendingMigrations(file)
  if (pending.length > 0) {
    log.info(`Found ${pending.length} pending migrations`)
    await applyMigrations(file, migrationNames())
    log.info(`Applied ${pending.join(', ')}`)
  }
  const writer = openWriter(file)
  const reader = openReader(file)
  return {
    reader,
    writer,
    close: async () => {
      await reader.$disconnect()
      writer.close()
    },
  }
}

function openReader(file: string): PrismaClient {
  return new PrismaClient({
    adapter: new PrismaBetterSqlite3({ url: file, readonly: true }, { timestampFormat: 'unixepoch-ms' }),
  })
}
