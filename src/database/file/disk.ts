// What the file system is asked for when database files are copied and swapped. SQLite does the rest itself.

import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  renameSync,
  rmSync,
  statfsSync,
  statSync,
} from 'node:fs'
import { dirname } from 'node:path'

/** The size of a database in bytes, with what waits in its write-ahead log. */
export function sizeOf(file: string): number {
  return [file, `${file}-wal`].reduce((total, part) => total + (existsSync(part) ? statSync(part).size : 0), 0)
}

/** How many bytes can still be written beside the file. */
export function freeBeside(file: string): number {
  const { bavail, bsize } = statfsSync(dirname(file))
  return bavail * bsize
}

/** The part of the path above its last one that is a file and not a folder, so that nothing can be below it; null if none is. */
export function fileAbove(path: string): string | null {
  const folder = dirname(path)
  try {
    return statSync(folder).isDirectory() ? null : folder
  } catch {
    return folder === dirname(folder) ? null : fileAbove(folder)
  }
}

/**
 * Makes the folder, and those above it that are missing. With `recursive`, Node.js would try for ever where a file system lets
 * nothing be made and calls that "no such file", as /proc does.
 */
export function makeFolder(folder: string, mode = 0o777): void {
  if (isFolder(folder)) return
  if (folder !== dirname(folder)) makeFolder(dirname(folder), mode)
  try {
    mkdirSync(folder, mode)
  } catch (error) {
    // Another process may have made it meanwhile.
    if (!isFolder(folder)) throw error
  }
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false
}

/** Whether the file system said that there is no room left, for anybody or for this user. */
export function isFull(error: unknown): boolean {
  return ['ENOSPC', 'EDQUOT'].includes((error as NodeJS.ErrnoException | null)?.code ?? '')
}

/** Puts `from` in the place of `to`, so that after a power failure one of the two is there, whole. */
export function replaceDurably(from: string, to: string): void {
  sync(from)
  // What was removed beside `to` before, such as its log, must be gone before the new file is there.
  sync(dirname(to))
  renameSync(from, to)
  sync(dirname(to))
}

/** Removes a database file that nobody has open, and what SQLite keeps beside it. */
export function removeDatabase(file: string): void {
  rmSync(file, { force: true })
  removeBeside(file)
}

/** Removes what SQLite keeps beside a database file that nobody has open. */
export function removeBeside(file: string): void {
  for (const part of ['-journal', '-wal', '-shm']) rmSync(file + part, { force: true })
}

/** Waits until the file, or the entries of the folder, are on the disk. No connection may have the file open. */
export function sync(path: string): void {
  const descriptor = openSync(path, 'r')
  try {
    fsyncSync(descriptor)
  } finally {
    closeSync(descriptor)
  }
}
