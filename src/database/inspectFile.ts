// Looks into a database file without changing it.

import { closeSync, openSync, readSync, statSync } from 'node:fs'
import Database from 'better-sqlite3'
import { type Found, recognize } from './recognize.ts'
import { Refusal } from './refusal.ts'

/**
 * What the file is. It is read only, and not changed.
 *
 * @throws Refusal if it is not a database of ours or of an older release, or damaged; SqliteError if somebody keeps it
 * to himself
 */
export function inspectFile(file: string): Found {
  checkHeader(file)
  return reading(file, (database) => recognize(database, file))
}

/**
 * Reads in the file with a connection that cannot write.
 *
 * @throws Refusal if it is damaged where it is read; SqliteError if somebody keeps it to himself
 */
export function reading<T>(file: string, read: (database: Database.Database) => T): T {
  const database = new Database(file, { readonly: true, fileMustExist: true, timeout: 1000 })
  try {
    return read(database)
  } catch (error) {
    // Damage that SQLite stumbles over is a reason to refuse; other errors stay what they are.
    if (!(error instanceof Database.SqliteError) || !/^SQLITE_(CORRUPT|NOTADB)/.test(error.code)) throw error
    throw new Refusal(damaged(file, error.message), { cause: error })
  } finally {
    database.close()
  }
}

/**
 * A connection that only reads leaves an empty log beside the file. One that may write removes it, if nobody else has the
 * file open; a log that is not empty is left alone, because closing would fold it in.
 */
export function tidy(file: string) {
  const log = statSync(`${file}-wal`, { throwIfNoEntry: false })
  if (log?.size !== 0) return
  const database = new Database(file, { timeout: 0 })
  unlessBusy(() => database.pragma('user_version'))
  database.close()
}

/** Undefined if somebody has the file to himself: another of our processes at work, or an old container. */
export function unlessBusy<T>(read: () => T): T | undefined {
  try {
    return read()
  } catch (error) {
    if (error instanceof Database.SqliteError && error.code.startsWith('SQLITE_BUSY')) return undefined
    throw error
  }
}

export function damaged(file: string, problem: string | undefined): string {
  return `${file} is damaged (${problem}); restore an earlier copy of it.`
}

/** @throws Refusal if the file is not of SQLite at all. Nothing of ours has it open yet: closing it drops no lock. */
function checkHeader(file: string) {
  const header = Buffer.alloc(16)
  const descriptor = openSync(file, 'r')
  try {
    const length = readSync(descriptor, header)
    if (length === 0 || header.toString('latin1') === 'SQLite format 3\0') return
  } finally {
    closeSync(descriptor)
  }
  throw new Refusal(`${file} is not an SQLite database; set DATABASE_URL to the one that is, or to a new file.`)
}
