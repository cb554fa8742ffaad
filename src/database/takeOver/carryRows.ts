// Carries the rows of the copy of an old file into a new file, into this release's own tables. Rows that are as their release wrote
// them are carried by SQL; the others are read one by one, by hand. In neither case does memory grow with them.
//
// A row that lost something in reading is kept in `quarantine` as it was, beside what was made of it; a row that has no
// place in the new file is kept there alone.

import Database from 'better-sqlite3'
import { tablesOf } from '../file/recognize.ts'
import { carryRuns } from './carryRuns.ts'
import { carryServers, completeServers, type ServerTable } from './carryServers.ts'
import { dropIndexes } from './indexes.ts'
import type { OldRow } from './oldRow.ts'
import { type Quarantine, quarantineIn } from './quarantine.ts'
import { rememberRuns } from './rememberRuns.ts'

export interface Carried {
  servers: number
  runs: number
  configurations: number
  /** Rows that were taken over, but not with everything they said. */
  repaired: number
  /** Rows that were not taken over. */
  setAside: number
}

/** Hears, in a sentence, what stays in the copy, or how something was decided that could be seen in another way. */
export type Note = (message: string) => void

/** Tables that have no place in the new file: they stay in the copy. */
const leftBehind = ['users', 'sessions', 'audit_log']

export interface CarryOptions {
  /** The table that holds the servers in the copy. */
  servers: ServerTable
  /** Hears how many rows of how many are done. */
  progress: (done: number, total: number) => void
  note: Note
}

/**
 * @param newFile has every migration, and no rows
 * @returns what was carried; the two files are closed again
 */
export function carryRows(copyFile: string, newFile: string, options: CarryOptions): Carried {
  const copy = new Database(copyFile, { readonly: true, fileMustExist: true })
  const target = new Database(newFile, { fileMustExist: true })
  try {
    copy.defaultSafeIntegers(true)
    // The new file is thrown away if anything happens to it before it is complete.
    target.pragma('journal_mode = OFF')
    target.pragma('synchronous = OFF')
    target.pragma('foreign_keys = OFF')
    target.pragma('cache_size = -32768')
    target.prepare('ATTACH ? AS old').run(copyFile)
    return target.transaction(() => carry(copy, target, options))()
  } finally {
    copy.close()
    target.close()
  }
}

function carry(copy: Database.Database, target: Database.Database, options: CarryOptions): Carried {
  const tables = tablesOf(copy)
  const quarantine = quarantineIn(target)
  const makeIndexes = dropIndexes(target)
  const configurations = tables.has('configurations') ? carrySettings(copy, target, quarantine.add) : 0
  const { numbers, carried } = carryServers(copy, target, options.servers, quarantine.add, options.note)
  const columns = tables.get('backups')
  const runs = columns ? carryRuns(copy, target, columns, options, numbers, quarantine.add) : 0
  makeIndexes()
  rememberRuns(target)
  completeServers(target)
  for (const table of leftBehind) {
    const rows = tables.has(table) ? Number(copy.prepare(`SELECT count(*) FROM ${table}`).pluck().get()) : 0
    if (rows > 0) options.note(`${rows} rows of ${table} stay in the copy: this server has no place for them`)
  }
  const { repaired, setAside } = quarantine.counts()
  return { servers: carried, runs, configurations, repaired, setAside }
}

function carrySettings(copy: Database.Database, target: Database.Database, quarantine: Quarantine): number {
  const insert = target.prepare('INSERT OR IGNORE INTO configurations (key, value) VALUES (?, ?)')
  let carried = 0
  for (const row of copy
    .prepare<[], OldRow>('SELECT rowid AS __place, key, value FROM configurations ORDER BY rowid')
    .iterate()) {
    if (row.key !== null && insert.run(row.key, row.value).changes > 0) carried += 1
    else quarantine({ source: 'configurations', row, reason: 'its key is missing, or occurs twice', repaired: false })
  }
  return carried
}
