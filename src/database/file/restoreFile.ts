// Puts a copy of the database back in its place, while no server runs.

import { existsSync, linkSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import Database from 'better-sqlite3'
import { backupFile } from './backupFile.ts'
import { checkPlace } from './checkPlace.ts'
import { copyDatabase, freeName, type Progress } from './copyDatabase.ts'
import { removeBeside, removeDatabase, replaceDurably } from './disk.ts'
import { openExclusively, replaceOpen } from './exclusive.ts'
import { inspectFile } from './inspectFile.ts'
import { checkReplaceable } from './ownMount.ts'
import { Held, Refusal } from './refusal.ts'

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
  checkPlace(file)
  if (existsSync(file)) checkReplaceable(file)
  const incoming = `${file}-restore`
  removeDatabase(incoming)
  try {
    await backupFile(copy, now, progress, incoming)
    if (!existsSync(file)) {
      // A log without its database is of no use, and SQLite would replay it into the restored one.
      removeBeside(file)
      replaceDurably(incoming, file)
      return null
    }
    return await replaceKeeping(file, incoming, now, progress)
  } finally {
    removeDatabase(incoming)
  }
}

async function replaceKeeping(file: string, incoming: string, now: Date, progress: Progress): Promise<string> {
  try {
    const present = await openExclusively(file, 0, 'the server; stop it first')
    try {
      const kept = await copyDatabase(present, freeName(dirname(file), now), progress)
      replaceOpen(present, incoming, file)
      return kept
    } finally {
      present.close()
    }
  } catch (error) {
    // A damaged database cannot be copied, nor leave WAL mode, some cannot even be opened. Held, it would not come to that.
    if (error instanceof Held || !(error instanceof Refusal || error instanceof Database.SqliteError)) throw error
    const kept = keepAsItIs(file, now)
    removeBeside(file)
    replaceDurably(incoming, file)
    return kept
  }
}

/** Gives the present files second names: nothing has to be read for that. */
function keepAsItIs(file: string, now: Date): string {
  const kept = freeName(dirname(file), now).replace(/\.db$/, '-damaged.db')
  for (const part of ['', '-wal', '-journal']) if (existsSync(file + part)) linkSync(file + part, kept + part)
  return kept
}
