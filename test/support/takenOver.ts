// Looks at the files of an upgrade, and says in its own words what must have become of an old one: nothing of it is taken
// from the code under test but the check of the totals.

import { createHash } from 'node:crypto'
import { copyFileSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { serialize } from 'node:v8'
import Database from 'better-sqlite3'
import { expect } from 'vitest'
import { verifyDatabase } from '../../src/database/file/verify.ts'

export interface Run {
  id: string | null
  job: string | null
  status: string
  beganAt: number
  uploaded: string
  duration: number
  /** `LEVEL text`, by level. */
  log: string[]
}

export interface OldContent {
  /** Of every table its number of rows and a checksum over them. */
  tables: Record<string, string>
  servers: number
  /** As they must be in the new file, if they are as their release wrote them. */
  runs: Run[]
  settings: Record<string, string>
}

type Row = Record<string, string | bigint | number | Buffer | null>

/** Reads a file that nobody has open, and all that stands beside it, from a copy: the file itself is not touched. */
function peek<T>(file: string, read: (database: Database.Database) => T): T {
  const folder = mkdtempSync(join(tmpdir(), 'duplistatus-peek-'))
  const copy = join(folder, basename(file))
  for (const part of ['', '-wal', '-journal']) if (existsSync(file + part)) copyFileSync(file + part, copy + part)
  const database = new Database(copy, { fileMustExist: true })
  try {
    expect(database.pragma('integrity_check', { simple: true })).toBe('ok')
    database.defaultSafeIntegers()
    return read(database)
  } finally {
    database.close()
    rmSync(folder, { recursive: true })
  }
}

/** What an old file holds. */
export function oldContent(file: string): OldContent {
  return peek(file, (database) => {
    const names = tableNames(database)
    return {
      tables: digests(database),
      servers: Number(
        database
          .prepare(`SELECT count(*) FROM ${names.includes('servers') ? 'servers' : 'machines'}`)
          .pluck()
          .get(),
      ),
      runs: database.prepare<[], Row>('SELECT * FROM backups ORDER BY rowid').all().map(asRun),
      settings: names.includes('configurations') ? settings(database) : {},
    }
  })
}

/** Fails unless the file is a whole old one with every row, or a whole new one; tells which. */
export function expectWhole(file: string, old: OldContent): 'old' | 'new' {
  if (peek(file, tableNames).includes('_prisma_migrations')) {
    expectTakenOver(file, old)
    return 'new'
  }
  expect(peek(file, digests)).toEqual(old.tables)
  return 'old'
}

/** Fails unless every copy beside the file is whole, and tells how many there are. */
export function expectWholeCopies(file: string, old: OldContent): number {
  const copies = readdirSync(dirname(file)).filter((name) => /^backups-copy-[-T\d]+\.db$/.test(name))
  for (const copy of copies) {
    expect(peek(join(dirname(file), copy), digests)).toEqual(old.tables)
  }
  return copies.length
}

/** Fails unless nothing but the file and its copies is in the folder. */
export function expectNoLeftovers(file: string) {
  expect(readdirSync(dirname(file)).filter((name) => !/^backups-copy-[-T\d]+\.db$/.test(name))).toEqual([
    basename(file),
  ])
}

/** Fails unless every row of the old file has become what it must; the old file had no rows but legal ones. */
export function expectTakenOver(file: string, old: OldContent) {
  peek(file, (database) => {
    expect(verifyDatabase(database.defaultSafeIntegers(false))).toEqual([])
    database.defaultSafeIntegers()
    expect(setAside(database)).toEqual([])
    expect(database.prepare('SELECT count(*) FROM servers').pluck().get()).toBe(BigInt(old.servers))
    expect(settings(database)).toMatchObject(old.settings)
    const runs = carriedRuns(database)
    expect(runs.length).toBe(old.runs.length)
    // Thousands of runs are not compared one by one as long as they are alike.
    if (JSON.stringify(runs) !== JSON.stringify(old.runs)) expect(runs).toEqual(old.runs)
  })
}

export interface NewContent {
  problems: string[]
  servers: number
  runs: Run[]
  settings: Record<string, string>
  /** The tables whose rows were not taken over, a row each. */
  setAside: string[]
}

/** What a new file holds. */
export function newContent(file: string): NewContent {
  return peek(file, (database) => ({
    problems: verifyDatabase(database.defaultSafeIntegers(false)),
    servers: database.prepare('SELECT count(*) FROM servers').pluck().get() as number,
    runs: carriedRuns(database.defaultSafeIntegers()),
    settings: settings(database),
    setAside: setAside(database),
  }))
}

/** Of every table its number of rows and a checksum over them. */
function digests(database: Database.Database): Record<string, string> {
  const digest = (table: string) => {
    const hash = createHash('sha256')
    let count = 0
    for (const row of database.prepare(`SELECT rowid, * FROM "${table}" ORDER BY rowid`).raw().iterate()) {
      hash.update(serialize(row))
      count += 1
    }
    return `${count} rows ${hash.digest('hex')}`
  }
  return Object.fromEntries(tableNames(database).map((name) => [name, digest(name)]))
}

function tableNames(database: Database.Database): string[] {
  return database.prepare<[], string>("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY 1").pluck().all()
}

function settings(database: Database.Database): Record<string, string> {
  return Object.fromEntries(database.prepare<[], [string, string]>('SELECT key, value FROM configurations').raw().all())
}

function setAside(database: Database.Database): string[] {
  return database.prepare<[], string>('SELECT source FROM quarantine WHERE NOT repaired').pluck().all()
}

function carriedRuns(database: Database.Database): Run[] {
  const log = database
    .prepare<[bigint], string>(
      "SELECT level || ' ' || text FROM log_lines WHERE backup_id = ? ORDER BY level, sequence",
    )
    .pluck()
  return database
    .prepare<[], Row>('SELECT * FROM backups ORDER BY id')
    .all()
    .map((row) => ({
      id: row.legacy_id as string | null,
      job: row.backup_name as string | null,
      status: String(row.status),
      beganAt: Number(row.began_at),
      uploaded: String(row.uploaded_size),
      duration: Number(row.duration_seconds),
      log: log.all(row.id as bigint),
    }))
}

const statuses: Record<string, string> = {
  Success: 'SUCCESS',
  Warning: 'WARNING',
  Error: 'ERROR',
  Failed: 'ERROR',
  Fatal: 'FATAL',
}

function asRun(row: Row): Run {
  return {
    id: row.id === null ? null : String(row.id),
    job: row.backup_name as string | null,
    status: statuses[String(row.status)] ?? 'UNKNOWN',
    beganAt: Date.parse(String(row.begin_time ?? row.date)),
    uploaded: String(row.uploaded_size),
    duration: Number(row.duration_seconds),
    log: [
      ...lines('ERROR', row.errors_array),
      ...lines('INFORMATION', row.messages_array),
      ...lines('WARNING', row.warnings_array),
    ],
  }
}

/** Dirty rows hold other things than lists; what becomes of those is not said here. */
function lines(level: string, json: Row[string] | undefined): string[] {
  try {
    return (JSON.parse(String(json ?? '[]')) as string[]).map((line) => `${level} ${line}`)
  } catch {
    return []
  }
}
