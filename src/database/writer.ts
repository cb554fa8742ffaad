// The one connection that writes, and the queue in front of it.
//
// What waits at the same time is written in one transaction, because a commit costs a sync of the disk. A transaction is
// synchronous: nothing else runs on the connection meanwhile. Readers have connections of their own and see whole
// transactions only.

import Database from 'better-sqlite3'
import { DomainError } from '../domain/errors.ts'
import { backupJobTable } from './backupJobTable.ts'
import { backupTable } from './backupTable.ts'
import { channelTable } from './channelTable.ts'
import { jobWatchTable } from './jobWatchTable.ts'
import { notificationTable } from './notificationTable.ts'
import { serverTable } from './serverTable.ts'
import { settingsTable } from './settingsTable.ts'
import { subjectQuery } from './subjectQuery.ts'
import { tokenTable } from './tokenTable.ts'
import { transitionTable } from './transitionTable.ts'

export type Tables = ReturnType<typeof tablesOf>

export interface Writer {
  /**
   * Runs `work` inside a transaction. Its statements apply all or not at all; it may be run twice, so it must have no
   * other effect.
   *
   * @returns what `work` returns, once it is safely on disk
   * @throws what `work` throws; DomainError UNAVAILABLE if the database cannot be written now
   */
  write<T>(work: (tables: Tables) => T): Promise<T>
  /** Reads outside a transaction, at once: what `read` does must not write. */
  read<T>(read: (tables: Tables) => T): T
  /** Calls back after every transaction, once it is safely on disk. */
  onWritten(listener: () => void): void
  /**
   * Changes with every commit, before anybody is told of it, whether it is ours or another process made it; null while the
   * database does not tell.
   */
  version(): string | null
  /** Writes what waits and closes the connection, which folds the write-ahead log into the file. */
  close(): void
}

interface Task {
  work: (tables: Tables) => unknown
  resolve: (value: unknown) => void
  reject: (error: unknown) => void
}

/** Opens the file, which must have all migrations, for writing. */
export function openWriter(file: string): Writer {
  const database = new Database(file, { fileMustExist: true })
  database.pragma('journal_mode = WAL')
  // NORMAL, the default in WAL mode, could lose an acknowledged report when the power fails.
  database.pragma('synchronous = FULL')
  database.pragma('foreign_keys = ON')
  const tables = tablesOf(database)
  /** Changes with the commits of other connections. */
  const othersVersion = database.prepare<[], number>('PRAGMA data_version').pluck()
  let commits = 0
  const transaction = database.transaction((tasks: Task[]) => tasks.map((task) => task.work(tables)))
  const listeners: (() => void)[] = []
  let waiting: Task[] = []

  function flush() {
    const tasks = waiting
    waiting = []
    try {
      const results = commit(tasks)
      for (const listener of listeners) listener()
      for (const [index, task] of tasks.entries()) task.resolve(results[index])
    } catch (error) {
      if (tasks.length === 1) tasks[0]?.reject(asUnavailable(error))
      else for (const task of tasks) alone(task)
    }
  }

  function commit(tasks: Task[]): unknown[] {
    try {
      return transaction.immediate(tasks)
    } finally {
      // Of a commit that failed nobody knows how far it came.
      commits += 1
    }
  }

  /** After a failed batch: only the guilty one gets the error. */
  function alone(task: Task) {
    try {
      const [result] = commit([task])
      for (const listener of listeners) listener()
      task.resolve(result)
    } catch (error) {
      task.reject(asUnavailable(error))
    }
  }

  return {
    write: <T>(work: (tables: Tables) => T) =>
      new Promise<T>((resolve, reject) => {
        if (waiting.length === 0) setImmediate(flush)
        waiting.push({ work, resolve: resolve as (value: unknown) => void, reject })
      }),
    read: (read) => read(tables),
    onWritten: (listener) => void listeners.push(listener),
    version: () => {
      try {
        return `${commits} ${othersVersion.get()}`
      } catch {
        return null
      }
    },
    close: () => {
      flush()
      database.close()
    },
  }
}

function tablesOf(database: Database.Database) {
  return {
    servers: serverTable(database),
    jobs: backupJobTable(database),
    watches: jobWatchTable(database),
    backups: backupTable(database),
    transitions: transitionTable(database),
    channels: channelTable(database),
    notifications: notificationTable(database),
    settings: settingsTable(database),
    subjects: subjectQuery(database),
    tokens: tokenTable(database),
  }
}

/** Locked, full, read-only or failing storage is no fault of the request: it may work later. */
export function asUnavailable(error: unknown): unknown {
  if (
    !(error instanceof Database.SqliteError) ||
    !/^SQLITE_(BUSY|LOCKED|FULL|IOERR|READONLY|CANTOPEN)/.test(error.code)
  ) {
    return error
  }
  return new DomainError('UNAVAILABLE', `The database cannot be written now (${error.message}); try again later.`, {
    cause: error,
  })
}
