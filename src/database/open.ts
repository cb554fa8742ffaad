// Opens the database file: brought to this release's shape first, then one connection that writes and three that read: one for
// prepared statements, one for histories, which take longer than a turn, and one for Prisma.

import Database from 'better-sqlite3'
import type { Logger } from 'pino'
import { PrismaClient } from '../generated/prisma/client.ts'
import type { Breaks } from './breaks.ts'
import { prepareFile } from './file/prepareFile.ts'
import { refusalAtStart, type StorageFaults, storageFaults } from './file/storageFaults.ts'
import { LiteralSqlite } from './literalContains.ts'
import { type AccessReader, accessReader } from './queries/accessReader.ts'
import { digestQuery } from './queries/digestQuery.ts'
import { duplicatesQuery } from './queries/duplicatesQuery.ts'
import { type HistoryReader, historyReader } from './queries/historyReader.ts'
import { jobFiguresQuery } from './queries/jobFiguresQuery.ts'
import { logLineQuery } from './queries/logLineQuery.ts'
import { pastRunsQuery } from './queries/pastRunsQuery.ts'
import { runCountQuery } from './queries/runCountQuery.ts'
import { stateCountQuery } from './queries/stateCountQuery.ts'
import { summaryQuery } from './queries/summaryQuery.ts'
import { tagQuery } from './queries/tagQuery.ts'
import { type AnsweredReads, answerReads } from './reads/answerReads.ts'
import { type BeginSnapshot, createSnapshots } from './snapshot.ts'
import { openWriter, pageCache, type Writer } from './writer.ts'

export interface OpenDatabase {
  /** For reading only; it sees whole transactions. */
  reader: PrismaClient
  /** The same for one request, whose reads take turns with those of others. */
  readerInTurns(breaks: Breaks): PrismaClient
  /** Of all that is read here but what `reader` leaves to Prisma, and what `writer` reads. */
  beginSnapshot: BeginSnapshot
  /** For reading who may come in, at once. */
  access: AccessReader
  history: HistoryReader
  logLines: ReturnType<typeof logLineQuery>
  summary: ReturnType<typeof summaryQuery>
  stateCounts: ReturnType<typeof stateCountQuery>
  duplicates: ReturnType<typeof duplicatesQuery>
  runCount: ReturnType<typeof runCountQuery>
  jobFigures: ReturnType<typeof jobFiguresQuery>
  digests: ReturnType<typeof digestQuery>
  tags: ReturnType<typeof tagQuery>
  pastRuns: ReturnType<typeof pastRunsQuery>
  writer: Writer
  /** Tells the failures of storage from others. */
  faults: StorageFaults
  /** Closes the readers first: the last connection to close must be one that may fold the write-ahead log in. */
  close(): Promise<void>
}

/**
 * How long SQLite may stop the server for a lock, in milliseconds. Readers wait for nobody but a process that mends the
 * write-ahead log after another one died.
 */
const readerTimeoutMs = 100

/**
 * Opens the file at `file`. It is created if there is none, and taken over if an older release left it.
 *
 * @param preparedReads whether reads of the Prisma client are answered by prepared statements, where those know how
 * @throws Refusal if the file cannot be used; it is then as it was
 */
export async function openDatabase(
  file: string,
  clock: () => Date,
  log: Logger,
  { preparedReads } = { preparedReads: true },
): Promise<OpenDatabase> {
  try {
    return await open(file, clock, log, preparedReads)
  } catch (error) {
    throw refusalAtStart(file, error)
  }
}

async function open(file: string, clock: () => Date, log: Logger, preparedReads: boolean): Promise<OpenDatabase> {
  await prepareFile(file, clock(), log)
  const faults = storageFaults(file, log)
  const writer = openWriter(file, faults)
  const statements = openForReading(file)
  const charts = openForReading(file)
  const client = openClient(file)
  const reads: AnsweredReads = preparedReads ? answerReads(client, statements) : { client, inTurns: () => client }
  return {
    reader: reads.client,
    readerInTurns: ({ read }) => reads.inTurns(read),
    beginSnapshot: createSnapshots(statements),
    access: accessReader(statements, faults),
    history: historyReader(charts),
    logLines: logLineQuery(statements),
    summary: summaryQuery(statements),
    stateCounts: stateCountQuery(statements),
    duplicates: duplicatesQuery(statements),
    runCount: runCountQuery(statements),
    jobFigures: jobFiguresQuery(statements),
    digests: digestQuery(statements),
    tags: tagQuery(statements),
    pastRuns: pastRunsQuery(statements),
    writer,
    faults,
    close: async () => {
      await client.$disconnect()
      statements.close()
      charts.close()
      await writer.close()
    },
  }
}

function openForReading(file: string): Database.Database {
  const database = new Database(file, { readonly: true, fileMustExist: true, timeout: readerTimeoutMs })
  database.pragma(pageCache)
  return database
}

function openClient(file: string): PrismaClient {
  return new PrismaClient({
    adapter: new LiteralSqlite(
      { url: file, readonly: true, timeout: readerTimeoutMs },
      { timestampFormat: 'unixepoch-ms' },
    ),
  })
}
