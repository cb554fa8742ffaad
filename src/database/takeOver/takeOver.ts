// Takes over the database of an older release. The old file is copied, a new one is built beside it and checked against the
// copy, and then put in its place: at every moment a whole file stands there, the old or the new, and a process that is
// killed leaves nothing that the next start does not clean up.

import { existsSync, readdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import Database from 'better-sqlite3'
import type { Logger } from 'pino'
import { copyDatabase, freeName } from '../file/copyDatabase.ts'
import { freeBeside, removeDatabase, sizeOf } from '../file/disk.ts'
import { replaceOpen } from '../file/exclusive.ts'
import type { Found } from '../file/recognize.ts'
import { Refusal } from '../file/refusal.ts'
import { applyMigrations, migrationNames } from '../migrate.ts'
import { type Carried, carryRows } from './carryRows.ts'
import { type Checked, check } from './check.ts'
import { forgetCopy, noteCopy } from './copyNote.ts'
import { startProgress } from './progress.ts'
import { rekeySettings } from './settings.ts'
import { keepTimeZone } from './timeZone.ts'

type Old = Extract<Found, { kind: 'old' }>

/** Copy, working file and result: the working file holds rows that were read by hand twice. */
const spaceFactor = 4.5
const spaceAtLeast = 2 ** 24

/** What attempts leave beside the file until they are done. */
export const workFile = (file: string) => `${file}-upgrade-work`
const resultFile = (file: string) => `${file}-upgrade-result`

/** Removes what a killed attempt left. Only one process may be at work on the file. */
export function removeLeftovers(file: string): void {
  for (const leftover of [workFile(file), resultFile(file)]) removeDatabase(leftover)
  const partial = readdirSync(dirname(file)).filter((name) => /^backups-copy-.*\.db-partial/.test(name))
  for (const name of partial) removeDatabase(join(dirname(file), name))
}

/**
 * Takes over the old database in `file`:
 * 1. a complete copy is made, checked, and put on the disk as `backups-copy-YYYY-MM-DDTHH-MM-SS.db`;
 * 2. a new file is built beside it: all migrations, and then the rows of the copy, in the tables of this release;
 * 3. the new file is checked: soundness, totals, and every row against the copy;
 * 4. it is compacted and put in the old one's place.
 *
 * @param old the file, open exclusively; it is closed when this returns, and left as it was when this throws
 * @param timeZone by whose clock the schedules of the old release are read; null: by that of this machine
 * @throws Refusal that says what failed
 */
export async function takeOver(
  old: Database.Database,
  file: string,
  found: Old,
  now: Date,
  log: Logger,
  timeZone: string | null,
): Promise<void> {
  // Of those that the old file is past, as far as it has their tables, nobody hears.
  const pending = migrationNames().slice(found.servers === 'machines' ? 1 : 2)
  log.info(`Found ${pending.length} pending migrations: ${file} was left by release ${found.release}`)
  const copy = freeName(dirname(file), now)
  let complete = false
  try {
    noteCopy(file, copy)
    await copyDatabase(old, copy, startProgress('Copying', 'pages', log))
    log.info(`The old database was copied to ${copy}`)
    log.info('Running consolidated migration 0.7.0...')
    const carried = build(copy, workFile(file), found, log)
    keepTimeZone(workFile(file), timeZone, log)
    await verify({ copy, work: workFile(file), result: resultFile(file), servers: found.servers }, carried, log)
    complete = true
    replaceOpen(old, resultFile(file), file)
  } catch (error) {
    // The new file is in its place, and only the disk's word that it stays there is missing: the copy is needed.
    if (complete && !existsSync(resultFile(file))) throw error
    // The old file is as it was, and no copy of it is needed: attempts that fail again and again must not fill the disk.
    removeDatabase(copy)
    forgetCopy(file)
    removeLeftovers(file)
    const reason = error instanceof Error ? error.message : String(error)
    throw new Refusal(`The upgrade of ${file} failed, and nothing was changed: ${reason}`, { cause: error })
  }
  old.close()
  forgetCopy(file)
  removeLeftovers(file)
  log.info('Migration 0.7.0 completed successfully')
}

/** @throws Refusal if there is less room than the copy, the working file and the result may need */
export function checkRoom(file: string): void {
  const needed = Math.max(spaceAtLeast, Math.ceil(sizeOf(file) * spaceFactor))
  const free = freeBeside(file)
  if (free < needed) {
    const mebibytes = (bytes: number) => `${Math.ceil(bytes / 2 ** 20)} MiB`
    throw new Refusal(
      `The upgrade needs ${mebibytes(needed)} beside ${file}, and only ${mebibytes(free)} are free; make room and start again.`,
    )
  }
}

function build(copy: string, work: string, found: Old, log: Logger): Carried {
  log.info('Applying the migrations')
  // Nothing of the working file has to survive anything: it is thrown away unless everything succeeds.
  applyMigrations(work, migrationNames(), 'PRAGMA synchronous = OFF')
  const carried = carryRows(copy, work, {
    servers: found.servers,
    progress: startProgress('Carrying', 'runs', log),
    note: (message) => log.warn(message),
  })
  const database = new Database(work)
  try {
    for (const key of rekeySettings(database, found.servers)) {
      log.warn(`No job was found for the setting ${JSON.stringify(key)}; it stays in configurations under its old key`)
    }
  } finally {
    database.close()
  }
  return carried
}

async function verify(files: Checked, carried: Carried, log: Logger) {
  log.info('Verifying')
  const compared = await check(files, startProgress('Verifying', 'runs', log))
  log.info(
    `Verified ${compared} rows against the copy: ${carried.servers} servers, ${carried.runs} runs, ` +
      `${carried.configurations} settings`,
  )
  if (carried.repaired > 0)
    log.warn(`${carried.repaired} rows were repaired; the originals are in the table quarantine`)
  if (carried.setAside > 0)
    log.warn(`${carried.setAside} rows could not be taken over; they are in the table quarantine`)
}
