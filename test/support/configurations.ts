// The rows of `configurations` in a file.

import Database from 'better-sqlite3'

/** By key, as they stand in the file. */
export function configurations(file: string): Map<string, string | null> {
  const database = new Database(file, { readonly: true, fileMustExist: true })
  try {
    return new Map(database.prepare<[], [string, string | null]>('SELECT key, value FROM configurations').raw().all())
  } finally {
    database.close()
  }
}
