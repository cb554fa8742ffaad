// A note beside the database that names the copy of an upgrade, from before the copy is made until the upgrade is done. Where it is
// found at a start, the upgrade was killed, and its copy may be needless: the next attempt makes its own.

import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import type { Database } from 'better-sqlite3'
import type { Logger } from 'pino'
import { removeDatabase, sync } from '../file/disk.ts'
import { reading } from '../file/inspectFile.ts'

const noteOf = (file: string) => `${file}-upgrade-copy`

/** Notes that an upgrade of the file begins, and which copy it will make. The note is on the disk when this returns. */
export function noteCopy(file: string, copy: string): void {
  writeFileSync(noteOf(file), basename(copy))
  sync(noteOf(file))
  sync(dirname(file))
}

/** The upgrade is done, and its copy stays; or it has failed, and its copy is gone. */
export function forgetCopy(file: string): void {
  rmSync(noteOf(file), { force: true })
}

/**
 * Removes the copy of an upgrade that was killed, if the database still holds exactly what the copy holds. So no copy goes whose new
 * file has come into place, nor one of a database that was changed or put back since. Only one process may be at work on the file.
 */
export function removeNeedlessCopy(file: string, log: Logger): void {
  if (!existsSync(noteOf(file))) return
  const name = readFileSync(noteOf(file), 'utf8')
  const copy = join(dirname(file), name)
  if (/^backups-copy-[-T\d]+\.db$/.test(name) && existsSync(copy) && existsSync(file)) {
    const same = holdTheSame(file, copy)
    // What cannot be told now is told by a later start.
    if (same === null) return
    if (same) {
      removeDatabase(copy)
      log.info(`Removed ${copy}, which was left by an interrupted upgrade: ${file} holds the same`)
    }
  }
  forgetCopy(file)
}

/** Null if it cannot be told, as while another process keeps the file to itself. */
function holdTheSame(file: string, copy: string): boolean | null {
  try {
    return reading(file, (database) => {
      database.prepare('ATTACH ? AS copy').run(copy)
      const [here, there] = ['main', 'copy'].map((schema) =>
        database
          .prepare<[], [string, string, string | null]>(`SELECT type, name, sql FROM ${schema}.sqlite_schema`)
          .raw()
          .all(),
      )
      if (JSON.stringify(here) !== JSON.stringify(there)) return false
      return (here ?? []).every(([type, name]) => type !== 'table' || holdsTheSameRows(database, name))
    })
  } catch {
    return null
  }
}

function holdsTheSameRows(database: Database, table: string): boolean {
  const columns = database.prepare<[string], string>('SELECT name FROM pragma_table_info(?)').pluck().all(table)
  const differs = columns.map((column) => `a.${quoted(column)} IS NOT b.${quoted(column)} COLLATE BINARY`)
  const [here, there] = [`main.${quoted(table)}`, `copy.${quoted(table)}`]
  return (
    database
      .prepare<[], number>(
        `SELECT (SELECT count(*) FROM ${here}) = (SELECT count(*) FROM ${there}) AND NOT EXISTS (
           SELECT 1 FROM ${here} a LEFT JOIN ${there} b ON b.rowid = a.rowid
           WHERE b.rowid IS NULL OR ${differs.join(' OR ')})`,
      )
      .pluck()
      .get() === 1
  )
}

const quoted = (name: string) => `"${name.replaceAll('"', '""')}"`
