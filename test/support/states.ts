// Brings database files into the states in which accidents leave them, and tells whether files have changed.

import { createHash } from 'node:crypto'
import { closeSync, copyFileSync, mkdtempSync, openSync, readdirSync, readFileSync, rmSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import Database from 'better-sqlite3'

/** Runs the SQL on a file that nobody has open, so that its effect stands only in the `-wal`. */
export function changeInLog(file: string, sql: string): void {
  const folder = mkdtempSync(join(tmpdir(), 'duplistatus-'))
  const running = join(folder, 'backups.db')
  copyFileSync(file, running)
  const database = new Database(running)
  try {
    database.pragma('journal_mode = WAL')
    database.pragma('wal_autocheckpoint = 0')
    database.exec(sql)
    // Closing would fold the -wal in, so the copy is taken while it is open.
    copyFileSync(running, file)
    copyFileSync(`${running}-wal`, `${file}-wal`)
  } finally {
    database.close()
    rmSync(folder, { recursive: true })
  }
}

/** Runs the SQL on a file that nobody has open; foreign keys are not enforced. */
export function change(file: string, sql: string): void {
  const database = new Database(file)
  database.pragma('foreign_keys = OFF')
  database.exec(sql)
  database.close()
}

/** Overwrites the first page of the table with garbage. */
export function damage(file: string, table: string): void {
  overwrite(file, table, (size) => Buffer.alloc(size, 'garbage '))
}

/** Makes the index a well-formed one without entries: nothing but a check of the whole file finds that out. */
export function emptyIndex(file: string, index: string): void {
  overwrite(file, index, (size) => {
    const page = Buffer.alloc(size)
    page[0] = 10 // a leaf of an index
    page.writeUInt16BE(size, 5) // where its entries begin
    return page
  })
}

function overwrite(file: string, name: string, content: (size: number) => Buffer) {
  const database = new Database(file)
  const page = database.prepare<[string], number>('SELECT rootpage FROM sqlite_schema WHERE name = ?').pluck().get(name)
  const size = database.pragma('page_size', { simple: true }) as number
  database.close()
  const descriptor = openSync(file, 'r+')
  writeSync(descriptor, content(size), 0, size, ((page as number) - 1) * size)
  closeSync(descriptor)
}

/** The hash of every file in the folder of `file`, without the shared memory of a log: it holds nothing. */
export function fingerprints(file: string): Record<string, string> {
  const entries = readdirSync(dirname(file), { withFileTypes: true }).filter(
    ({ name }, _, all) => !all.some((other) => name === other.name.replace(/-wal$/, '-shm') && other.name !== name),
  )
  const hash = (name: string) =>
    createHash('sha256')
      .update(readFileSync(join(dirname(file), name)))
      .digest('hex')
  return Object.fromEntries(entries.map((entry) => [entry.name, entry.isFile() ? hash(entry.name) : 'folder']))
}

/** All rows of the file by table, in the order of their places. */
export function allRows(file: string): Record<string, unknown[]> {
  const database = new Database(file, { fileMustExist: true })
  try {
    database.defaultSafeIntegers()
    const names = database
      .prepare<[], string>("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite%'")
      .pluck()
    return Object.fromEntries(names.all().map((name) => [name, database.prepare(`SELECT * FROM "${name}"`).all()]))
  } finally {
    database.close()
  }
}
