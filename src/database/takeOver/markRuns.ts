// Notes of every run of an old file whose it is and when it was, in a table that goes when the runs are carried. By that, rows that have
// no place are set aside, and the others get their numbers, in the order of their rows. Rows that are not as their release wrote them
// are read by hand, into a table that goes as well.

import type { Database } from 'better-sqlite3'
import type { ServerTable } from './carryServers.ts'
import { label } from './cells.ts'
import { type OldRow, readRun, runColumns } from './oldRow.ts'
import { isIsoTime, isPlain, type Kind, labelTable, plainValue } from './plainCells.ts'
import type { Quarantine } from './quarantine.ts'

/** How many rows that are read by hand are looked up at a time. */
const handful = 500

export const columnNames = Object.keys(runColumns)
const types: Record<Kind, string> = {
  text: 'TEXT',
  label: 'TEXT',
  time: 'INTEGER',
  integer: 'INTEGER',
  count: 'INTEGER',
  real: 'REAL',
  flag: 'INTEGER',
  lines: 'TEXT',
  times: 'TEXT',
}
const declarations = Object.entries(runColumns)
  .map(([name, kind]) => `${name} ${types[kind]}`)
  .join(', ')

/**
 * Afterwards the tables `marks` (a row a run that has a place, numbered, without its job) and `by_hand` are there.
 *
 * @param target has the copy attached as `old`
 * @param columns those of the old table `backups`
 * @param servers the table that holds the servers in the copy
 * @param numbers the number of every old server, by its id as text
 * @returns how many runs have a place
 */
export function markRuns(
  copy: Database,
  target: Database,
  columns: Set<string>,
  servers: ServerTable,
  numbers: Map<string, number>,
  quarantine: Quarantine,
): number {
  makeTables(copy, target, columns, numbers)
  noteRuns(target, columns, servers)
  readByHand(copy, target, servers, quarantine)
  setAside(copy, target, servers, quarantine)
  target.exec(`
    UPDATE marks SET id = n.id FROM (SELECT place, row_number() OVER (ORDER BY place) AS id FROM marks) n WHERE n.place = marks.place;
    CREATE UNIQUE INDEX marks_id ON marks (id)`)
  return Number(target.prepare('SELECT count(*) FROM marks').pluck().get())
}

/** Removes the tables that the work needed. */
export function dropMarks(target: Database): void {
  target.exec(`DROP TABLE marks; DROP TABLE by_hand; DROP TABLE ${labelTable}; DROP TABLE owners`)
}

/** The tables that the work needs. They go with the new file's free pages if the process dies. */
function makeTables(copy: Database, target: Database, columns: Set<string>, numbers: Map<string, number>) {
  target.exec(`
    CREATE TABLE owners (old_id TEXT NOT NULL PRIMARY KEY, server INTEGER NOT NULL) WITHOUT ROWID;
    CREATE TABLE ${labelTable} (name TEXT NOT NULL PRIMARY KEY) WITHOUT ROWID;
    CREATE TABLE by_hand (place INTEGER NOT NULL PRIMARY KEY, ${declarations});
    CREATE TABLE marks (
      place INTEGER NOT NULL PRIMARY KEY, id INTEGER, server INTEGER, job INTEGER, name TEXT, backup_id TEXT,
      operation TEXT, began INTEGER, received INTEGER, plain BOOLEAN NOT NULL)`)
  const own = target.prepare('INSERT INTO owners (old_id, server) VALUES (?, ?)')
  for (const [id, server] of numbers) own.run(id, server)
  const keep = target.prepare(`INSERT OR IGNORE INTO ${labelTable} (name) VALUES (?)`)
  const named = ['backup_name', 'backup_id'].filter((name) => columns.has(name))
  if (named.length === 0) return
  for (const row of copy.prepare<[], OldRow>(`SELECT DISTINCT ${named} FROM backups`).iterate()) {
    for (const name of Object.values(row)) {
      if (typeof name === 'string' && label(name, () => {}) === name) keep.run(name)
    }
  }
}

/** A column of a row `b` of the old table; NULL where its release had none. */
export const cellOf = (columns: Set<string>) => (name: string) => (columns.has(name) ? `b.${name}` : 'NULL')

function noteRuns(target: Database, columns: Set<string>, servers: ServerTable) {
  const cell = cellOf(columns)
  const value = (name: string) => plainValue(runColumns[name] ?? 'text', cell(name))
  const conditions = columnNames
    .filter((name) => columns.has(name))
    .map((name) => isPlain(runColumns[name] ?? 'text', cell(name)))
  // By its form it can be told from the begin of the run.
  const backendBegin = cell('backend_begin_time')
  conditions.push(`(${backendBegin} IS NULL OR ${isIsoTime(backendBegin)})`)
  target.exec(`
    INSERT INTO marks (place, server, name, backup_id, operation, began, received, plain)
    SELECT b.rowid, o.server, ${value('backup_name')}, ${value('backup_id')}, coalesce(nullif(${value('main_operation')}, ''), 'Backup'),
      coalesce(${value('begin_time')}, ${value('date')}), ${value('created_at')}, ${conditions.join('\n AND ')}
    FROM old.backups b LEFT JOIN owners o ON o.old_id = CAST(b.${ownerOf(servers)} AS TEXT) ORDER BY b.rowid`)
}

const ownerOf = (servers: ServerTable) => (servers === 'machines' ? 'machine_id' : 'server_id')

function readByHand(copy: Database, target: Database, servers: ServerTable, quarantine: Quarantine) {
  const row = copy.prepare<[bigint], OldRow>('SELECT rowid AS __place, * FROM backups WHERE rowid = ?')
  const keep = target.prepare(
    `INSERT INTO by_hand (place, ${columnNames}) VALUES (:place, ${columnNames.map((name) => `:${name}`)})`,
  )
  const mark = target.prepare(`
    UPDATE marks SET server = (SELECT server FROM owners WHERE old_id = :owner), name = :backup_name, backup_id = :backup_id,
      operation = coalesce(nullif(:main_operation, ''), 'Backup'), began = :begin_time, received = :created_at WHERE place = :place`)
  const wanted = target
    .prepare<[bigint], bigint>(`SELECT place FROM marks WHERE place > ? AND NOT plain ORDER BY place LIMIT ${handful}`)
    .pluck()
    .safeIntegers()
  for (let places = wanted.all(-(2n ** 63n)); places.length > 0; places = wanted.all(places.at(-1) ?? 0n)) {
    for (const place of places) {
      const old = row.get(place) as OldRow
      const { values, problems } = readRun(old)
      const owner = old[ownerOf(servers)] ?? null
      keep.run({ ...values, place })
      mark.run({ ...values, place, owner: owner === null ? null : String(owner) })
      if (problems.length > 0) quarantine({ source: 'backups', row: old, reason: problems.join('; '), repaired: true })
    }
  }
}

/** Takes the runs that have no place out of the marks. */
function setAside(copy: Database, target: Database, servers: ServerTable, quarantine: Quarantine) {
  const row = copy.prepare<[bigint], OldRow>('SELECT rowid AS __place, * FROM backups WHERE rowid = ?')
  const forget = target.prepare<[bigint]>('DELETE FROM marks WHERE place = ?')
  // What was mended in a row that has no place is told with it, once.
  const mended = target
    .prepare<[bigint], string>("DELETE FROM quarantine WHERE source = 'backups' AND place = ? RETURNING reason")
    .pluck()
  const reasons: [where: string, reason: (old: OldRow) => string][] = [
    ['server IS NULL', (old) => `there is no server ${old[ownerOf(servers)] ?? 'without id'}`],
    ['began IS NULL AND received IS NULL', () => 'it has no time'],
    [
      `began IS NOT NULL AND place NOT IN (
        SELECT min(place) FROM marks WHERE began IS NOT NULL GROUP BY server, name, backup_id, operation, began)`,
      () => 'it repeats another run of the same job and time',
    ],
  ]
  for (const [where, reason] of reasons) {
    const places = target
      .prepare<[], bigint>(`SELECT place FROM marks WHERE ${where} ORDER BY place`)
      .pluck()
      .safeIntegers()
      .all()
    for (const place of places) {
      const old = row.get(place) as OldRow
      quarantine({
        source: 'backups',
        row: old,
        reason: [reason(old), ...mended.all(place)].join('; '),
        repaired: false,
      })
      forget.run(place)
    }
  }
}
