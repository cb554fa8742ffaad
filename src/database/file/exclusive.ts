// Having a database file to oneself.

import { existsSync, rmSync, statSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import Database from 'better-sqlite3'
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
      // Set before the first access: in WAL mode too, the lock is then on the whole file and not on single transactions.
      database.pragma('locking_mode = EXCLUSIVE')
      database.exec('BEGIN EXCLUSIVE; COMMIT')
      // Nobody else has the file open, so that this one is a leftover.
      rmSync(`${file}-shm`, { force: true })
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
 * Leaves WAL mode, so that nothing of the file stays beside it that SQLite would take for a part of what is put in its
 * place. No journal on the disk either: an exclusive connection keeps one, and removes it by its name when it is closed.
 * What is written is the header alone, which needs none.
 */
export function standAlone(database: Database.Database): void {
  database.pragma('journal_mode = MEMORY')
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
