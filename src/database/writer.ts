// The one connection that writes, and the queue in front of it.
//
// What waits at the same time is written in one transaction, because a commit costs a sync of the disk. A transaction is
// synchronous: nothing else runs on the connection meanwhile. Readers have connections of their own and see whole
// transactions only.

import { setTimeout as sleep } from 'node:timers/promises'
import Database from 'better-sqlite3'
import { isBusy } from './file/exclusive.ts'
import { samePlace } from './file/samePlace.ts'
import { type StorageFaults, storageFaults } from './file/storageFaults.ts'
import { writeProof } from './file/writeProof.ts'
import { healthQuery } from './queries/healthQuery.ts'
import { pastRunsQuery } from './queries/pastRunsQuery.ts'
import { subjectQuery } from './queries/subjectQuery.ts'
import { tagQuery } from './queries/tagQuery.ts'
import { backupIdTable } from './tables/backupIdTable.ts'
import { backupJobTable } from './tables/backupJobTable.ts'
import { backupTable } from './tables/backupTable.ts'
import { channelTable } from './tables/channelTable.ts'
import { connectionTable } from './tables/connectionTable.ts'
import { digestTable } from './tables/digestTable.ts'
import { jobWatchTable } from './tables/jobWatchTable.ts'
import { missedRunTable } from './tables/missedRunTable.ts'
import { notificationTable } from './tables/notificationTable.ts'
import { serverTable } from './tables/serverTable.ts'
import { settingsTable } from './tables/settingsTable.ts'
import { tagTable } from './tables/tagTable.ts'
import { tokenTable } from './tables/tokenTable.ts'
import { transitionTable } from './tables/transitionTable.ts'
import { unusualRuleTable } from './tables/unusualRuleTable.ts'

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
  /** How many writes wait for the next transaction. */
  waiting(): number
  /** Calls back after every transaction, once it is safely on disk. */
  onWritten(listener: () => void): void
  /** Writes what waits and closes the connection, which folds the write-ahead log into the file. */
  close(): Promise<void>
}

/** How long the lock of another process is waited out, in milliseconds: Duplicati does not post again what was refused. */
const patienceMs = 10_000
/** How long until the next try. */
const pauseMs = 25

interface Task {
  /** When it came, by a clock that nobody sets. */
  since: number
  work: (tables: Tables) => unknown
  resolve: (value: unknown) => void
  reject: (error: unknown) => void
}

type Outcome = { value: unknown } | { error: unknown }

/** Of the file's pages each connection keeps up to 4 MiB, where SQLite's default is 16 MB: a dashboard of 200 jobs looks at less than 2. */
export const pageCache = 'cache_size = -4096'

/** Opens the file, which must have all migrations, for writing. */
export function openWriter(file: string, faults: StorageFaults = storageFaults(file, null)): Writer {
  const database = new Database(file, { fileMustExist: true })
  database.pragma('journal_mode = WAL')
  // NORMAL, the default in WAL mode, could lose an acknowledged report when the power fails.
  database.pragma('synchronous = FULL')
  database.pragma('foreign_keys = ON')
  database.pragma(pageCache)
  // From now on it is we who wait.
  database.pragma('busy_timeout = 0')
  const tables = tablesOf(database)
  // Within another one, better-sqlite3 makes a savepoint of it.
  const savepoint = database.transaction((task: Task) => task.work(tables))
  const transaction = database.transaction((tasks: Task[]) => tasks.map((task) => outcomeOf(task, tasks.length > 1)))
  const isInPlace = samePlace(file)
  const listeners: (() => void)[] = []
  let waiting: Task[] = []
  let isScheduled = false

  /** What the task returns or throws: of several, one that throws undoes itself alone. What storage throws undoes all. */
  function outcomeOf(task: Task, isOneOfSeveral: boolean): Outcome {
    if (!isOneOfSeveral) return { value: task.work(tables) }
    try {
      return { value: savepoint(task) }
    } catch (error) {
      if (error instanceof Database.SqliteError || !database.inTransaction) throw error
      return { error }
    }
  }

  function schedule(pause: number | null) {
    if (isScheduled) return
    isScheduled = true
    const begin = () => {
      isScheduled = false
      flush()
    }
    if (pause === null) setImmediate(begin)
    else setTimeout(begin, pause)
  }

  function flush() {
    const tasks = waiting
    waiting = []
    if (tasks.length > 0 && !together(tasks)) for (const task of tasks) together([task])
  }

  /** False if several tasks failed: then each is to be tried alone, so that only the guilty one gets the error. */
  function together(tasks: Task[]): boolean {
    let results: Outcome[]
    try {
      results = transaction.immediate(tasks)
    } catch (error) {
      if (isBusy(error)) waitOn(tasks, error)
      else if (tasks.length > 1) return false
      else tasks[0]?.reject(faults.explain(error))
      return true
    }
    // An operator's rm or mv leaves us writing to a file that nobody will ever see again.
    if (!isInPlace()) {
      const gone = faults.gone()
      for (const task of tasks) task.reject(gone)
      return true
    }
    faults.over()
    for (const listener of listeners) listener()
    for (const [index, task] of tasks.entries()) {
      const outcome = results[index] as Outcome
      if ('error' in outcome) task.reject(faults.explain(outcome.error))
      else task.resolve(outcome.value)
    }
    return true
  }

  /** Lets tasks wait for the lock, but those that waited for too long. */
  function waitOn(tasks: Task[], error: unknown) {
    const deadline = performance.now() - patienceMs
    for (const task of tasks) {
      if (task.since > deadline) waiting.push(task)
      else task.reject(faults.explain(error))
    }
    if (waiting.length > 0) schedule(pauseMs)
  }

  return {
    write: <T>(work: (tables: Tables) => T) =>
      new Promise<T>((resolve, reject) => {
        waiting.push({ since: performance.now(), work, resolve: resolve as (value: unknown) => void, reject })
        schedule(null)
      }),
    read: (read) => read(tables),
    waiting: () => waiting.length,
    onWritten: (listener) => void listeners.push(listener),
    close: async () => {
      flush()
      while (waiting.length > 0) await sleep(pauseMs)
      database.close()
    },
  }
}

function tablesOf(database: Database.Database) {
  return {
    servers: serverTable(database),
    jobs: backupJobTable(database),
    backupIds: backupIdTable(database),
    watches: jobWatchTable(database),
    backups: backupTable(database),
    missedRuns: missedRunTable(database),
    transitions: transitionTable(database),
    unusualRules: unusualRuleTable(database),
    channels: channelTable(database),
    connections: connectionTable(database),
    digests: digestTable(database),
    notifications: notificationTable(database),
    settings: settingsTable(database),
    pastRuns: pastRunsQuery(database),
    subjects: subjectQuery(database),
    tags: tagTable(database),
    tagUse: tagQuery(database),
    tokens: tokenTable(database),
    proof: writeProof(database),
    health: healthQuery(database),
  }
}
