// A folder of copies of the database, of which the latest few are kept. When they were made is in their names, so that nothing
// else has to remember it.

import { once } from 'node:events'
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { startThread } from '../../startThread.ts'
import type { CopyOrder, CopyOutcome } from './copyThread.ts'
import { freeBeside, makeFolder, removeDatabase, sizeOf } from './disk.ts'
import { Refusal } from './refusal.ts'

export interface Copy {
  path: string
  madeAt: Date
}

const copyName = /^backups-(\d{4}-\d\d-\d\dT)(\d\d)-(\d\d)-(\d\d)\.db$/
const leftoverName = /^(backups-[\dT-]+\.db-partial)(?:-\w+)?$/
const mebibyte = 2 ** 20

/** The copies in the folder, the latest first. */
export function copiesIn(folder: string): Copy[] {
  if (!existsSync(folder)) return []
  return readdirSync(folder)
    .sort()
    .reverse()
    .flatMap((name) => {
      const [, date, hours, minutes, seconds] = copyName.exec(name) ?? []
      return date ? { path: join(folder, name), madeAt: new Date(`${date}${hours}:${minutes}:${seconds}Z`) } : []
    })
}

/**
 * Copies the database, also while it is written to, and removes all copies but the latest `kept`. The copy has its name once it
 * is whole, checked and on the disk. What an attempt left that was killed is removed first.
 *
 * @returns the copy's path
 * @throws Refusal if there is no room, or the database is damaged; what the file system says. All copies are still there then
 */
export async function copyInto(
  folder: string,
  file: string,
  now: Date,
  kept: number,
  signal: AbortSignal,
): Promise<string> {
  // Whoever may not read the database may not read its copies.
  makeFolder(folder, 0o700)
  removeLeftovers(folder)
  checkRoom(folder, file)
  const target = join(folder, `backups-${now.toISOString().slice(0, 19).replaceAll(':', '-')}.db`)
  await copyElsewhere({ file, target }, signal)
  for (const { path } of copiesIn(folder).slice(kept)) removeDatabase(path)
  return target
}

function removeLeftovers(folder: string) {
  for (const name of readdirSync(folder)) {
    const [, partial] = leftoverName.exec(name) ?? []
    if (partial) removeDatabase(join(folder, partial))
  }
}

/** A copy must not take the room that the database itself needs. */
function checkRoom(folder: string, file: string) {
  const needed = 2 * sizeOf(file)
  const free = freeBeside(join(folder, 'copy'))
  if (free >= needed) return
  throw new Refusal(
    `A copy needs ${Math.ceil(needed / mebibyte)} MiB in ${folder}, as much again as the database included, and only ${Math.floor(free / mebibyte)} MiB are free; make room, or set BACKUP_FOLDER.`,
  )
}

async function copyElsewhere(order: CopyOrder, signal: AbortSignal) {
  const thread = startThread(import.meta.url, 'copyThread')
  try {
    thread.postMessage(order)
    const [{ refused }] = (await once(thread, 'message', { signal })) as [CopyOutcome]
    if (refused !== null) throw new Refusal(refused)
  } finally {
    await thread.terminate()
  }
}
