// Opens the database file: brought to this release's shape first, then one connection that writes and two that read.

import type { Logger } from 'pino'
import { PrismaClient } from '../generated/prisma/client.ts'
import { type AccessReader, openAccessReader } from './accessReader.ts'
import { LiteralSqlite } from './literalContains.ts'
import { prepareFile } from './prepareFile.ts'
import { openWriter, type Writer } from './writer.ts'

export interface OpenDatabase {
  /** For reading only; it sees whole transactions. */
  reader: PrismaClient
  /** For reading who may come in, at once. */
  access: AccessReader
  writer: Writer
  /** Closes the readers first: the last connection to close must be one that may fold the write-ahead log in. */
  close(): Promise<void>
}

/**
 * Opens the file at `file`. It is created if there is none, and taken over if an older release left it.
 *
 * @throws Refusal if the file cannot be used; it is then as it was
 */
export async function openDatabase(file: string, clock: () => Date, log: Logger): Promise<OpenDatabase> {
  await prepareFile(file, clock(), log)
  const writer = openWriter(file)
  const reader = openReader(file)
  const access = openAccessReader(file)
  return {
    reader,
    access,
    writer,
    close: async () => {
      await reader.$disconnect()
      access.close()
      writer.close()
    },
  }
}

function openReader(file: string): PrismaClient {
  return new PrismaClient({
    adapter: new LiteralSqlite({ url: file, readonly: true }, { timestampFormat: 'unixepoch-ms' }),
  })
}
