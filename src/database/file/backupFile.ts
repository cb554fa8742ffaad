// Copies the database while the server runs.

import { existsSync } from 'node:fs'
import { dirname } from 'node:path'
import Database from 'better-sqlite3'
import { copyDatabase, freeName, type Progress } from './copyDatabase.ts'
import { inspectFile, tidy } from './inspectFile.ts'
import { Refusal } from './refusal.ts'

/**
 * Writes a complete copy of the database to `target`, also while a server writes to it: the copy is as of one moment. It is
 * a single file, checked and on the disk when this returns.
 *
 * @param target must not exist; if left out it is `backups-copy-YYYY-MM-DDTHH-MM-SS.db` beside the file
 * @returns the copy's path
 * @throws Refusal if the target exists or has no folder, or the file is none of ours or damaged
 */
export async function backupFile(file: string, now: Date, progress: Progress, target?: string): Promise<string> {
  if (target !== undefined && existsSync(target)) throw new Refusal(`${target} exists already; name another file.`)
  if (target !== undefined && !existsSync(dirname(target))) throw new Refusal(`There is no folder ${dirname(target)}.`)
  inspectFile(file)
  const source = new Database(file, { readonly: true, fileMustExist: true })
  try {
    return await copyDatabase(source, target ?? freeName(dirname(file), now), progress)
  } finally {
    source.close()
    tidy(file)
  }
}
