// Looks into a database file without changing it.

import { closeSync, existsSync, openSync, readSync, statSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { isBusy, lockOut } from './exclusive.ts'
import { type Found, recognize } from './recognize.ts'
import { Held, Refusal } from './refusal.ts'

/**
 * What the file is. It is read only, and not changed.
 *
 * @throws Refusal if it is not a database of ours or of an older release, or damaged; Held if somebody keeps it to himself
 */
export function inspectFile(file: string): Found {
  checkHeader(file)
  return reading(file, (database) => recognize(database, file))
}

/**
 * Reads in the file with a connection that cannot write.
 *
 * @throws Refusal if it is damaged where it is read; Held if somebody keeps it to himself
 */
export function reading<T>(file: string, read: (database: Database.Database) => T): T {
  // A connection that only reads refuses a file that a killed process left half-written.
  if (existsSync(`${file}-journal`)) openForWriting(file)
  const database = new Database(file, { readonly: true, fileMustExist: true, timeout: 1000 })
  try {
    return read(database)
  } catch (error) {
    if (isBusy(error)) throw new Held(file)
    if (isDamage(error)) throw new Refusal(damaged(file, error.message), { cause: error })
    throw error
  } finally {
    database.close()
    tidy(file)
  }
}

/**
 * A connection that only reads leaves an empty log beside the file. One that may write removes it, if nobody else has the
 * file open; a log that is not empty is left alone, because closing would fold it in.
 */
export function tidy(file: string) {
  if (statSync(`${file}-wal`, { throwIfNoEntry: false })?.size !== 0) return
  openForWriting(file)
  // Without others no index of the log is needed, for which a full disk has no room.
  if (existsSync(`${file}-wal`)) openForWriting(file, (database) => lockOut(database, file))
}

/** Opens and closes the file: SQLite takes back what is half-written, and removes the log if nobody else has the file open. */
function openForWriting(file: string, prepare: (database: Database.Database) => void = () => {}) {
  const database = new Database(file, { timeout: 0 })
  try {
    prepare(database)
    database.pragma('user_version')
  } catch {
    // Whoever looks into the file says that it is damaged; if it is held, its log and its journal are of use.
  } finally {
    database.close()
  }
}

/** Undefined if somebody has the file to himself: another of our processes at work, or an old container. */
export function unlessBusy<T>(read: () => T): T | undefined {
  try {
    return read()
  } catch (error) {
    if (error instanceof Held) return undefined
    throw error
  }
}

/** Whether SQLite stumbled over something in the file that is not as it should be. */
function isDamage(error: unknown): error is Error {
  return error instanceof Database.SqliteError && /^SQLITE_(CORRUPT|NOTADB)/.test(error.code)
}

/**
 * SQLite reads the log beside a file as a part of it, whichever file wrote it: that of a server that was killed, beside a copy that
 * was put in the place of its database, makes that look damaged.
 *
 * @param problem as SQLite says it; where it is of several lines, the first is a heading
 */
export function damaged(file: string, problem = 'of unknown kind'): string {
  const log = `${file}-wal`
  const hasLog = (statSync(log, { throwIfNoEntry: false })?.size ?? 0) > 0
  const doubt = hasLog ? `, or ${log} belongs to another database: then move that away, or` : ';'
  return `${file} is damaged (${problem.split('\n').at(-1)})${doubt} restore an earlier copy of it.`
}

/** @throws Refusal if the file is not of SQLite at all */
function checkHeader(file: string) {
  if (statSync(file).isDirectory()) {
    throw new Refusal(`${file} is a folder; set DATABASE_URL to a file in it, like file:${join(file, 'backups.db')}.`)
  }
  if (statSync(file).isFile() && ['', 'SQLite format 3\0'].includes(headerOf(file))) return
  throw new Refusal(`${file} is not an SQLite database; set DATABASE_URL to the right file, or to a new one.`)
}

/** Nothing of ours has the file open yet: closing it drops no lock. */
function headerOf(file: string): string {
  const header = Buffer.alloc(16)
  const descriptor = openSync(file, 'r')
  try {
    return header.toString('latin1', 0, readSync(descriptor, header))
  } finally {
    closeSync(descriptor)
  }
}
