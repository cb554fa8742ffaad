// Finds out whether the database can be written by writing to it: a disk that is full lets every transaction begin. What is
// written is a number in the header, as it was.

import type { Database } from 'better-sqlite3'

export function writeProof(database: Database) {
  const number = database.pragma('user_version', { simple: true })
  return {
    /** Writes a page that says the same as before. */
    write: () => void database.pragma(`user_version = ${number}`),
  }
}
