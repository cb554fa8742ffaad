// Carries the rows of the copy of an old file into a new file that has the migrations up to the old release's shape. The
// rest of the way the migrations carry them themselves.
//
// A row that lost something in reading is kept in `quarantine` as it was, beside what was made of it; a row that has no
// place in the new file is kept there alone. Rows are read one by one: memory does not grow with them.

import Database from 'better-sqlite3'
import { tablesOf } from '../file/recognize.ts'
import { type OldRow, readRun, readServer, runColumnNames } from './oldRow.ts'
import { type Quarantine, quarantineIn } from './quarantine.ts'

export interface Carried {
  servers: number
  runs: number
  configurations: number
  /** Rows that were taken over, but not with everything they said. */
  repaired: number
  /** Rows that were not taken over. */
  setAside: number
}

/** Tables and settings that have no place in the new file: they stay in the copy. */
const leftBehind = {
  tables: ['users', 'sessions', 'audit_log'],
  settings: ['smtp_config'],
}

export interface CarryOptions {
  /** The table that holds the servers, in both files. */
  servers: 'machines' | 'servers'
  /** Hears how many rows of how many are done. */
  progress: (done: number, total: number) => void
  /** Hears what stays in the copy. */
  note: (message: string) => void
}

/** @returns what was carried; the two files are closed again */
export function carryRows(copyFile: string, newFile: string, options: CarryOptions): Carried {
  const copy = new Database(copyFile, { readonly: true, fileMustExist: true })
  const target = new Database(newFile, { fileMustExist: true })
  try {
    copy.defaultSafeIntegers(true)
    // The new file is thrown away if anything happens to it before it is complete.
    target.pragma('journal_mode = OFF')
    target.pragma('synchronous = OFF')
    target.pragma('foreign_keys = OFF')
    return target.transaction(() => carry(copy, target, options))()
  } finally {
    copy.close()
    target.close()
  }
}

function carry(copy: Database.Database, target: Database.Database, options: CarryOptions): Carried {
  const tables = tablesOf(copy)
  const quarantine = quarantineIn(target)
  const { numbers, carried } = carryServers(copy, target, options, quarantine.add)
  const runs = tables.has('backups') ? carryRuns(copy, target, options, numbers, quarantine.add) : 0
  const configurations = tables.has('configurations') ? carrySettings(copy, target, options) : 0
  if (options.servers === 'servers') completeServers(target)
  for (const table of leftBehind.tables) {
    const rows = tables.has(table) ? Number(copy.prepare(`SELECT count(*) FROM ${table}`).pluck().get()) : 0
    if (rows > 0) options.note(`${rows} rows of ${table} stay in the copy: this server has no place for them`)
  }
  const { repaired, setAside } = quarantine.counts()
  return { servers: carried, runs, configurations, repaired, setAside }
}

/** @returns the new number of every old id, and how many servers there are */
function carryServers(
  copy: Database.Database,
  target: Database.Database,
  { servers, note }: CarryOptions,
  quarantine: Quarantine,
) {
  const numbers = new Map<string, number>()
  const columns = ['id', 'name', 'machine_id', 'last_seen', 'created_at']
  if (servers === 'servers') columns.push('alias', 'notes', 'url')
  const insert = target.prepare(`INSERT INTO ${servers} (${columns}) VALUES (${columns.map((name) => `:${name}`)})`)
  const rows = copy.prepare<[], OldRow>(`SELECT rowid AS __place, * FROM ${servers} ORDER BY rowid`)
  let carried = 0
  let next = 1
  let passwords = 0
  for (const row of rows.iterate()) {
    if (row.id !== null && numbers.has(String(row.id))) {
      quarantine({ source: servers, row, reason: 'it repeats another server', repaired: false })
      continue
    }
    const server = readServer(row)
    const number = server.number ?? next
    next = Math.max(next, number) + 1
    carried += 1
    insert.run({
      id: number,
      name: server.name,
      machine_id: server.machineId,
      last_seen: server.lastSeen,
      created_at: server.createdAt,
      ...(servers === 'servers' ? { alias: server.alias, notes: server.notes, url: server.url } : {}),
    })
    // Ids are compared as text: old rows hold 1 and '1' for the same machine. A server without an id has no runs.
    if (row.id !== null) numbers.set(String(row.id), number)
    if (row.server_password) passwords += 1
    if (server.problems.length > 0) {
      quarantine({ source: servers, row, reason: server.problems.join('; '), repaired: true })
    }
  }
  if (passwords > 0)
    note(`${passwords} passwords of servers are encrypted with a key that is not in the file: they stay in the copy`)
  return { numbers, carried }
}

function carryRuns(
  copy: Database.Database,
  target: Database.Database,
  { servers, progress }: CarryOptions,
  numbers: Map<string, number>,
  quarantine: Quarantine,
): number {
  const owner = servers === 'machines' ? 'machine_id' : 'server_id'
  const columns = [owner, ...runColumnNames]
  target.exec(`CREATE UNIQUE INDEX once ON backups
    (${owner}, coalesce(backup_id, 'name ' || coalesce(backup_name, 'unknown')), coalesce(main_operation, 'Backup'), begin_time)`)
  const insert = target.prepare(
    `INSERT OR IGNORE INTO backups (${columns}) VALUES (${columns.map((name) => `:${name}`)})`,
  )
  const total = Number(copy.prepare('SELECT count(*) FROM backups').pluck().get())
  let done = 0
  let carried = 0
  for (const row of copy.prepare<[], OldRow>('SELECT rowid AS __place, * FROM backups ORDER BY rowid').iterate()) {
    const number = numbers.get(String(row[owner] ?? null))
    const { values, problems } = readRun(row)
    if (number === undefined) {
      quarantine({
        source: 'backups',
        row,
        reason: `there is no server ${row[owner] ?? 'without id'}`,
        repaired: false,
      })
    } else if (values.begin_time === null && values.created_at === null) {
      quarantine({
        source: 'backups',
        row,
        reason: ['nothing says when it was', ...problems].join('; '),
        repaired: false,
      })
    } else if (insert.run({ ...values, [owner]: number }).changes === 0) {
      quarantine({ source: 'backups', row, reason: 'it repeats another run of the same job and time', repaired: false })
    } else {
      carried += 1
      if (problems.length > 0) quarantine({ source: 'backups', row, reason: problems.join('; '), repaired: true })
    }
    done += 1
    if (done % 500 === 0 || done === total) progress(done, total)
  }
  target.exec('DROP INDEX once')
  return carried
}

function carrySettings(copy: Database.Database, target: Database.Database, { note }: CarryOptions): number {
  const insert = target.prepare('INSERT INTO configurations (key, value) VALUES (?, ?)')
  let carried = 0
  for (const { key, value } of copy
    .prepare<[], OldRow>('SELECT key, value FROM configurations ORDER BY rowid')
    .iterate()) {
    if (leftBehind.settings.includes(String(key))) {
      note(`${key} is encrypted with a key that is not in the file: it stays in the copy`)
    } else {
      insert.run(key, value)
      carried += 1
    }
  }
  return carried
}

/** What the migration to 0.7.0 does for machines, for files that are past it. */
function completeServers(target: Database.Database) {
  target.exec(`
    UPDATE servers SET last_seen = (SELECT max(created_at) FROM backups WHERE server_id = servers.id) WHERE last_seen IS NULL;
    UPDATE servers SET created_at = coalesce(created_at, last_seen, CAST(unixepoch('subsec') * 1000 AS INTEGER));
    UPDATE servers SET updated_at = created_at`)
}
