// Lets a request read who it is, and what it asks for, of one state of the database. To begin and end a read costs SQLite three calls
// of the system, which take longer than a small read itself.

import type { Database } from 'better-sqlite3'

/**
 * Begins to read the database as it is now: what is read on the connection is of that state until the next snapshot begins, or the
 * work at hand is done, with the promises that it resolves. We ourselves write in work of its own.
 *
 * @returns the version of that state, which is another after every commit, whoever made it; null while the database does not
 * tell, and then every read is one by itself
 */
export type BeginSnapshot = () => number | null

/** @param database a connection for reading only */
export function createSnapshots(database: Database): BeginSnapshot {
  const begin = database.prepare('BEGIN')
  const look = database.prepare<[], number>('PRAGMA data_version').pluck()
  // Not COMMIT, which fails where a read of a damaged page did.
  const rollback = database.prepare('ROLLBACK')

  function end() {
    if (database.inTransaction) rollback.run()
  }

  return () => {
    end()
    try {
      begin.run()
      // Node.js runs its ticks when no promise is left to go on with.
      queueMicrotask(() => process.nextTick(end))
      return look.get() as number
    } catch {
      end()
      return null
    }
  }
}
