// Copies an open database into a single file, through SQLite's backup: what waits in the write-ahead log comes along. The copy
// is as of the moment in which it is begun, whatever is written meanwhile.

import { closeSync, existsSync, openSync, statSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { removeDatabase, replaceDurably } from './disk.ts'
import { damaged } from './inspectFile.ts'
import { Refusal } from './refusal.ts'

/** Hears how many pages of how many are copied. */
export type Progress = (done: number, total: number) => void

/**
 * Copies an open database to `target`, by way of a file beside it, so that nobody sees half of a copy. Whoever may read
 * the database may read the copy, and nobody else.
 *
 * @throws Refusal if the copy is damaged, and so the database
 */
export async function copyDatabase(source: Database.Database, target: string, progress: Progress): Promise<string> {
  const partial = `${target}-partial`
  removeDatabase(partial)
  closeSync(openSync(partial, 'wx', statSync(source.name).mode))
  try {
    // A transaction that reads: without one, SQLite begins anew whenever somebody writes, and under load it never ends.
    source.exec('BEGIN')
    source.pragma('schema_version')
    await source.backup(partial, {
      progress: ({ totalPages, remainingPages }) => {
        progress(totalPages - remainingPages, totalPages)
        return 5000
      },
    })
    makeSingleFile(partial, source.name)
    replaceDurably(partial, target)
  } finally {
    removeDatabase(partial)
    if (source.inTransaction) source.exec('ROLLBACK')
  }
  return target
}

/** `backups-copy-YYYY-MM-DDTHH-MM-SS.db`, a second later for as long as there is such a copy already. */
export function freeName(folder: string, now: Date): string {
  const stamp = now.toISOString().slice(0, 19).replaceAll(':', '-')
  const name = join(folder, `backups-copy-${stamp}.db`)
  return existsSync(name) ? freeName(folder, new Date(now.getTime() + 1000)) : name
}

/** A copy is one file that can be copied as such; whoever opens it next turns WAL on again by himself. */
function makeSingleFile(copy: string, of: string) {
  const database = new Database(copy, { fileMustExist: true })
  try {
    database.pragma('journal_mode = DELETE')
    const [problem] = database.prepare<[], string>('PRAGMA quick_check(1)').pluck().all()
    if (problem !== 'ok') throw new Refusal(damaged(of, problem))
  } finally {
    database.close()
  }
}
