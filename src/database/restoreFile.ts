// Puts a copy of the database back in its place, while no server runs.

import { existsSync, linkSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import Database from 'better-sqlite3'
import { backupFile } from './backupFile.ts'
import { copyDatabase, freeName, type Progress } from './copyDatabase.ts'
import { removeDatabase, replaceDurably } from './disk.ts'
import { openExclusively } from './exclusive.ts'
import { inspectFile } from './inspectFile.ts'
import { Refusal } from './refusal.ts'

/**
 * Puts a copy in the place of the database. What was there is kept as a copy of its own.
 *
 * @param copy a database of this or of an older release; it stays where it is
 * @returns the path at which the former database is kept; null if there was none
 * @throws Refusal if the copy cannot be used, or a server has the database open; nothing is changed then
 */
export async function restoreFile(copy: string, file: string, now: Date, progress: Progress): Promise<string | null> {
  if (!existsSync(copy)) throw new Refusal(`There is no ${copy}.`)
  if (resolve(copy) === resolve(file)) throw new Refusal(`${copy} is the database itself; name the copy to restore.`)
  if (inspectFile(copy).kind === 'empty') throw new Refusal(`${copy} is empty; name the copy to restore.`)
  const incoming = `${file}-restore`
  removeDatabase(incoming)
  try {
    await backupFile(copy, now, progress, incoming)
    if (!existsSync(file)) {
      // A log without its database is of no use, and SQLite would replay it into the restored one.
      removeDatabase(file)
      replaceDurably(incoming, file)
      return null
    }
    return await replaceKeeping(file, incoming, now, progress)
  } finally {
    removeDatabase(incoming)
  }
}

async function replaceKeeping(file: string, incoming: string, now: Date, progress: Progress): Promise<string> {
  const present = await openExclusively(file, 0, 'the server; stop it first')
  try {
    const kept = await keep(present, file, now, progress)
    // The former database leaves WAL mode, so that nothing of it stays beside the restored one.
    present.pragma('journal_mode = DELETE')
    replaceDurably(incoming, file)
    return kept
  } finally {
    present.close()
  }
}

/** A copy of the present database. A damaged one cannot be copied by SQLite: then the file is kept as it is. */
async function keep(present: Database.Database, file: string, now: Date, progress: Progress): Promise<string> {
  const name = freeName(dirname(file), now)
  try {
    return await copyDatabase(present, name, progress)
  } catch (error) {
    if (!(error instanceof Refusal) && !(error instanceof Database.SqliteError)) throw error
    const damaged = name.replace(/\.db$/, '-damaged.db')
    // A second name for the same file: opening it to copy it would drop SQLite's locks on it.
    linkSync(file, damaged)
    return damaged
  }
}
