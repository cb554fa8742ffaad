// Brings a database file to this release's shape before anything else touches it: makes a new one, applies migrations to
// ours, or takes over that of an older release.

import { existsSync, renameSync } from 'node:fs'
import { dirname } from 'node:path'
import type { Database } from 'better-sqlite3'
import type { Logger } from 'pino'
import { applyMigrations, migrationNames } from '../migrate.ts'
import { forgetCopy, noteCopy, removeNeedlessCopy } from '../takeOver/copyNote.ts'
import { checkRoom, removeLeftovers, takeOver, workFile } from '../takeOver/takeOver.ts'
import { checkPlace } from './checkPlace.ts'
import { copyDatabase, freeName } from './copyDatabase.ts'
import { removeDatabase, replaceDurably } from './disk.ts'
import { isLocked, oneAtATime, openExclusively } from './exclusive.ts'
import { damaged, inspectFile, reading, unlessBusy } from './inspectFile.ts'
import { checkReplaceable } from './ownMount.ts'
import { type Found, recognize } from './recognize.ts'
import { Refusal } from './refusal.ts'

/** How long the take-over waits for an old container to let the file go. */
const patienceMs = 10_000

/**
 * Afterwards the file is there, in this release's shape, and nobody has it open. Of several processes at once, one does the
 * work and the others wait for it.
 *
 * @param timeZone by whose clock the schedules of an old release are read; null: by that of this machine
 * @throws Refusal if the file cannot be used; it is then as it was
 */
export async function prepareFile(file: string, now: Date, log: Logger, timeZone: string | null = null): Promise<void> {
  checkPlace(file)
  if (isReady(file) && !isLocked(file)) return
  await oneAtATime(file, async () => {
    removeNeedlessCopy(file, log)
    removeLeftovers(file)
    if (isReady(file)) return
    if (existsSync(file)) await upgrade(file, now, log, timeZone)
    else create(file, now, log)
  })
}

/**
 * What a start would find in the file, which is not changed.
 *
 * @throws Refusal if the start would be refused
 */
export function foresee(file: string): Found {
  const found = inspectFile(file)
  return isDone(found) ? found : reading(file, (database) => examine(database, file))
}

/** Whether there is nothing to do: the usual start, which takes no lock and waits for nobody. */
function isReady(file: string): boolean {
  if (!existsSync(file)) return false
  const found = unlessBusy(() => inspectFile(file))
  return found !== undefined && isDone(found)
}

function isDone(found: Found): boolean {
  return found.kind === 'ours' && found.pending.length === 0
}

/** A new file gets its name only when it is complete and on the disk: until then nothing of it has to survive a power failure. */
function create(file: string, now: Date, log: Logger) {
  setLogAside(file, now, log)
  const names = migrationNames()
  log.info(`Found ${names.length} pending migrations: ${file} is new`)
  try {
    applyMigrations(workFile(file), names, 'PRAGMA synchronous = OFF')
    replaceDurably(workFile(file), file)
  } catch (error) {
    // Where there is no room, what was begun must not take it.
    removeDatabase(workFile(file))
    throw error
  }
}

/**
 * SQLite would write the write-ahead log of a file that is gone into the new one of its name, which would then be damaged. It may
 * hold reports that are nowhere else: it is kept.
 */
function setLogAside(file: string, now: Date, log: Logger) {
  const found = ['-wal', '-shm'].map((ending) => `${file}${ending}`).filter((path) => existsSync(path))
  if (found.length === 0) return
  const stamp = now.toISOString().slice(0, 19).replaceAll(':', '-')
  for (const path of found) renameSync(path, `${path}-left-over-${stamp}`)
  log.warn(
    `${file} is gone, but ${found.join(' and ')} ${found.length === 1 ? 'was' : 'were'} left: set aside as -left-over-${stamp}. If the database was removed by mistake, stop the server and put both back.`,
  )
}

async function upgrade(file: string, now: Date, log: Logger, timeZone: string | null) {
  // What speaks against the upgrade is looked for before the file is opened for writing: closing it would already fold its
  // write-ahead log in, and a refused file stays as it was.
  const examined = unlessBusy(() => reading(file, (database) => examine(database, file)))
  const database = await openExclusively(file, patienceMs)
  try {
    if (!examined) examine(database, file)
    const found = recognize(database, file)
    if (found.kind === 'old') return await takeOver(database, file, found, now, log, timeZone)
    if (found.kind === 'ours' && found.pending.length > 0) {
      log.info(`Found ${found.pending.length} pending migrations`)
      const copy = freeName(dirname(file), now)
      noteCopy(file, copy)
      await copyDatabase(database, copy, () => {})
    }
  } finally {
    database.close()
  }
  applyMigrations(file, migrationNames())
  forgetCopy(file)
}

/** @throws Refusal if the file is damaged, or cannot be taken over for want of room or because it cannot be replaced */
function examine(database: Database, file: string): Found {
  const found = recognize(database, file)
  // The indexes of an old file are not taken over.
  const check = found.kind === 'old' ? 'quick_check' : 'integrity_check'
  const [problem] = database.prepare<[], string>(`PRAGMA ${check}(1)`).pluck().all()
  if (problem !== 'ok') throw new Refusal(damaged(file, problem))
  if (found.kind === 'old') {
    checkReplaceable(file)
    checkRoom(file)
  }
  return found
}
