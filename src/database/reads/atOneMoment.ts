// Reads what belongs together in one transaction.

import type { Database } from 'better-sqlite3'

/** `read`, with all that it reads on the connection of one state: that of the transaction that is open, or of one of its own. */
export function atOneMoment<Args extends unknown[], T>(database: Database, read: (...args: Args) => T) {
  const alone = database.transaction(read)
  return (...args: Args): T => (database.inTransaction ? read(...args) : alone(...args))
}
