// Having a database file to oneself.

import { existsSync, rmSync, statSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import Database from 'better-sqlite3'
import { replaceDurably } from './disk.ts'
import { Held } from './refusal.ts'

const pauseMs = 100

/**
 * Opens a file that no other process has open, and keeps all others out until it is closed.
 *
 * @param waitMs how long to wait for others to close it
 * @param holder who most likely has it open, and what to do about it
 * @throws Held if they do not
 */
export async function openExclusively(file: string, waitMs: number, holder?: string): Promise<Database.Database> {
  const until = Date.now() + waitMs
  for (;;) {
    const database = new Database(file, { fileMustExist: true, timeout: 0 })
    try {
      lockOut(database, file)
      return database
    } catch (error) {
      database.close()
      if (!isBusy(error)) throw error
      if (Date.now() >= until) throw new Held(file, holder)
      await sleep(pauseMs)
    }
  }
}

/**
 * Keeps all other processes out of a file until it is closed. Nothing was read with the connection yet.
 *
 * @throws SqliteError if another one has the file open
 */
export function lockOut(database: Database.Database, file: string): void {
  // Set before the first access: in WAL mode too, the lock is then on the whole file and not on single transactions.
  database.pragma('locking_mode = EXCLUSIVE')
  database.exec('BEGIN EXCLUSIVE; COMMIT')
  // Nobody else has the file open, so that this one is a leftover.
  rmSync(`${file}-shm`, { force: true })
}

/**
 * Puts `from` in the place of the file that is open exclusively. The file leaves WAL mode before, so that nothing stays beside it
 * that SQLite would take for a part of the other one. No journal on the disk either: an exclusive connection keeps one, and
 * removes it by its name when it is closed. What is written is the header alone, which needs none.
 *
 * @throws what the file system says; if the file still has its place, it is in the mode again in which it was
 */
export function replaceOpen(database: Database.Database, from: string, file: string): void {
  const mode = database.pragma('journal_mode', { simple: true })
  database.pragma('journal_mode = MEMORY')
  try {
    replaceDurably(from, file)
  } catch (error) {
    if (mode === 'wal' && existsSync(from)) backToWal(database)
    throw error
  }
}

function backToWal(database: Database.Database) {
  try {
    database.pragma('journal_mode = WAL')
  } catch {
    // Out of WAL mode the file is whole too, and every release turns it on when it opens the file.
  }
}

/** Whether an attempt is at work on the file, or was killed: each has its lock from the first to the last. */
export function isLocked(file: string): boolean {
  return existsSync(lockOf(file))
}

/**
 * Runs `work` while no other of our processes runs it for the same file; the others wait. The lock is one of SQLite's, on a
 * file beside it, so that it goes with the process however that ends.
 */
export async function oneAtATime<T>(file: string, work: () => Promise<T>): Promise<T> {
  const lockFile = lockOf(file)
  const lock = await waitFor(lockFile)
  try {
    return await work()
  } finally {
    rmSync(lockFile, { force: true })
    lock.close()
  }
}

const lockOf = (file: string) => `${file}-upgrade-lock`

async function waitFor(lockFile: string): Promise<Database.Database> {
  for (;;) {
    const lock = new Database(lockFile, { timeout: 0 })
    const inode = inodeOf(lockFile)
    try {
      lock.pragma('journal_mode = MEMORY')
      lock.exec('BEGIN EXCLUSIVE')
      // Whoever had the lock has removed the file meanwhile: then this is no lock, and the next file is.
      if (inode !== undefined && inodeOf(lockFile) === inode) return lock
      lock.close()
    } catch (error) {
      lock.close()
      if (!isBusy(error)) throw error
      await sleep(pauseMs)
    }
  }
}

function inodeOf(file: string): number | undefined {
  return statSync(file, { throwIfNoEntry: false })?.ino
}

export function isBusy(error: unknown): boolean {
  return error instanceof Database.SqliteError && error.code.startsWith('SQLITE_BUSY')
}
