// Whether a database file can be where DATABASE_URL says, before anything is made there; each reason why not is one sentence.

import { accessSync, constants, existsSync, lstatSync, readlinkSync } from 'node:fs'
import { dirname } from 'node:path'
import { fileAbove, isFull, makeFolder } from './disk.ts'
import { noRoom, Refusal } from './refusal.ts'

/**
 * What can be told without making anything.
 *
 * @throws Refusal if the file cannot be there: it would be below a file, or where a link leads to nothing
 */
export function checkPath(file: string): void {
  const above = fileAbove(file)
  if (above !== null) {
    throw new Refusal(`${file} cannot be a database, because ${above} is a file and no folder; set DATABASE_URL.`)
  }
  const link = deadLink(file)
  if (link === null) return
  // A new database in its place would be on another disk than is meant, and end the link.
  throw new Refusal(
    `${link} is a link to ${readlinkSync(link)}, and nothing is there; mount what is missing, or set DATABASE_URL.`,
  )
}

/**
 * Afterwards the folder of the file is there.
 *
 * @throws Refusal if the file, or the folder that SQLite writes beside it in, cannot be written
 */
export function checkPlace(file: string): void {
  checkPath(file)
  const folder = dirname(file)
  try {
    makeFolder(folder)
  } catch (error) {
    throw cannotBeMade(folder, error as NodeJS.ErrnoException)
  }
  checkAccess('The data folder', folder, constants.R_OK | constants.W_OK | constants.X_OK)
  // What SQLite keeps beside it too: a root that had the file open leaves some that nobody else may write.
  for (const part of ['', '-wal', '-shm', '-journal']) {
    checkAccess('The database', file + part, constants.R_OK | constants.W_OK)
  }
}

/** The part of the path, or all of it, that is a link to nothing; null if none is. */
function deadLink(path: string): string | null {
  if (existsSync(path)) return null
  if (isLink(path)) return path
  return path === dirname(path) ? null : deadLink(dirname(path))
}

/** What may not be looked at is no link: who may not, is told when the folder is to be written. */
function isLink(path: string): boolean {
  try {
    return lstatSync(path).isSymbolicLink()
  } catch {
    return false
  }
}

function checkAccess(what: string, path: string, mode: number) {
  try {
    accessSync(path, mode)
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException
    // Another process may remove what was there a moment ago.
    if (code === 'ENOENT') return
    if (code === 'EROFS') throw readOnly(what, path, cause)
    const chown = userIds === null ? '' : ` (chown -R ${userIds} ${path})`
    throw new Refusal(
      `${what} ${path} cannot be written by ${thisUser}; give it to that user${chown}, or set DATABASE_URL.`,
      { cause },
    )
  }
}

function cannotBeMade(folder: string, cause: NodeJS.ErrnoException): Refusal {
  if (cause.code === 'EROFS') return readOnly('The data folder', folder, cause)
  if (isFull(cause)) return noRoom(folder, cause)
  if (cause.code !== 'EACCES') {
    return new Refusal(`The data folder ${folder} cannot be made (${cause.message}); set DATABASE_URL.`, { cause })
  }
  const commands = userIds === null ? '' : ` (mkdir -p ${folder} && chown ${userIds} ${folder})`
  return new Refusal(
    `The data folder ${folder} cannot be made by ${thisUser}; make it and give it to that user${commands}, or set DATABASE_URL.`,
    { cause },
  )
}

function readOnly(what: string, path: string, cause: unknown): Refusal {
  const remedy = 'mount a volume there that can be written, or set DATABASE_URL'
  return new Refusal(`${what} ${path} cannot be written, because its file system is read-only; ${remedy}.`, { cause })
}

/** The user by number: in a container it is rarely the expected one. */
const userIds = process.getuid ? `${process.getuid()}:${process.getgid?.()}` : null
const thisUser = userIds === null ? 'this user' : `user ${userIds}`
