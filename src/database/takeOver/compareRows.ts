// Holds the new file against the copy, row by row: every run that was not set aside is there, with everything it said. It
// reads the old rows anew and says itself what must have become of them, so that an error in the migrations' SQL shows.

import Database from 'better-sqlite3'
import type { Progress } from '../file/copyDatabase.ts'
import type { Cell } from './cells.ts'
import { type OldRow, readRun, readServer } from './oldRow.ts'

/**
 * @param servers the table that holds the servers in the copy
 * @param progress hears how many runs of how many are compared
 * @returns how many rows were compared
 * @throws Error that names the first row that differs
 */
export function compareRows(
  copyFile: string,
  newFile: string,
  servers: 'machines' | 'servers',
  progress: Progress,
): number {
  const copy = new Database(copyFile, { readonly: true, fileMustExist: true })
  const result = new Database(newFile, { readonly: true, fileMustExist: true })
  try {
    copy.defaultSafeIntegers(true)
    result.defaultSafeIntegers(true)
    return compareServers(copy, result, servers) + compareRuns(copy, result, progress)
  } finally {
    copy.close()
    result.close()
  }
}

function compareServers(copy: Database.Database, result: Database.Database, servers: 'machines' | 'servers'): number {
  const found = result.prepare<[], OldRow>(`
    SELECT s.id, s.name, s.alias, s.notes, s.url, m.id AS machine_id FROM servers s LEFT JOIN machine_ids m ON m.server_id = s.id`)
  const byNumber = new Map(found.all().map((row) => [Number(row.id), row]))
  const setAside = placesSetAside(result, servers)
  let compared = 0
  let next = 1
  for (const row of copy.prepare<[], OldRow>(`SELECT rowid AS __place, * FROM ${servers} ORDER BY rowid`).iterate()) {
    if (setAside.has(row.__place as bigint)) continue
    const server = readServer(row)
    const number = server.number ?? next
    next = Math.max(next, number) + 1
    expectSame(`the server ${number}`, byNumber.get(number), {
      id: number,
      name: server.name,
      alias: servers === 'machines' ? server.name : server.alias,
      notes: server.notes,
      url: server.url,
      machine_id: server.machineId,
    })
    byNumber.delete(number)
    compared += 1
  }
  const [surplus] = byNumber.keys()
  if (surplus !== undefined) throw new Error(`The new file has a server ${surplus} that the old one had not.`)
  return compared
}

function compareRuns(copy: Database.Database, result: Database.Database, progress: Progress): number {
  if (copy.prepare("SELECT 1 FROM sqlite_schema WHERE name = 'backups'").get() === undefined) return 0
  const setAside = placesSetAside(result, 'backups')
  const found = result.prepare<[], OldRow>('SELECT * FROM backups ORDER BY id').iterate()
  const logs = logsByRun(result)
  const total = Number(result.prepare('SELECT count(*) FROM backups').pluck().get())
  let compared = 0
  try {
    for (const row of copy.prepare<[], OldRow>('SELECT rowid AS __place, * FROM backups ORDER BY rowid').iterate()) {
      if (setAside.has(row.__place as bigint)) continue
      const { values } = readRun(row)
      const place = `the run in row ${row.__place}`
      const run = found.next().value as OldRow | undefined
      expectSame(place, run, expectedRun(values))
      expectSame(place, { log: logs.next(run?.id as bigint) }, { log: expectedLog(values) })
      compared += 1
      if (compared % 500 === 0) progress(compared, total)
    }
    if (!found.next().done) throw new Error('The new file has a run that the old one had not.')
  } finally {
    // An iterator that is not at its end would keep the connection from closing.
    found.return?.()
    logs.close()
  }
  return compared
}

/** Reads the log of one run after the other, in the order of the table's key: by level, and then as they came. */
function logsByRun(result: Database.Database) {
  const lines = result
    .prepare<[], { run: bigint; level: string; text: string }>(
      'SELECT backup_id AS run, level, text FROM log_lines ORDER BY backup_id, level, sequence',
    )
    .iterate()
  let line = lines.next()
  return {
    next: (run: bigint): string => {
      const log: string[] = []
      for (; !line.done && line.value.run === run; line = lines.next()) log.push(line.value.level + line.value.text)
      return log.join('\0')
    },
    close: () => void lines.return?.(),
  }
}

function expectedLog(values: Record<string, Cell>): string {
  return [
    ...list(values.errors_array).map((line) => `ERROR${line}`),
    ...list(values.messages_array).map((line) => `INFORMATION${line}`),
    ...list(values.warnings_array).map((line) => `WARNING${line}`),
  ].join('\0')
}

function expectedRun(values: Record<string, Cell>): OldRow {
  const status = String(values.status ?? '').toLowerCase()
  const began = values.begin_time as number | null
  const received = (values.created_at ?? began) as number
  const unlisted = status === 'fatal' && values.known_file_size === 0n && values.backup_list_count === 0n
  return {
    ...Object.fromEntries(unchanged.map((name) => [name, values[name] ?? null])),
    legacy_id: values.id ?? null,
    main_operation: values.main_operation || 'Backup',
    status: statuses[status] ?? 'UNKNOWN',
    began_at: began,
    ended_at: values.end_time ?? null,
    received_at: received,
    ordered_at: Math.min(began ?? received, received),
    messages: values.messages_actual_length ?? null,
    warnings: larger(values.warnings, values.warnings_actual_length),
    errors: larger(values.errors, values.errors_actual_length),
    known_file_size: unlisted ? null : (values.known_file_size ?? null),
    backup_list_count: unlisted ? null : (values.backup_list_count ?? null),
  }
}

/** The columns that keep their name and their value. */
const unchanged = `deleted_files deleted_folders modified_files opened_files added_files size_of_modified_files
    size_of_added_files size_of_opened_files not_processed_files added_folders too_large_files files_with_error
    modified_folders modified_symlinks added_symlinks deleted_symlinks examined_files uploaded_size bytes_downloaded
    partial_backup dryrun interrupted reported_quota_error reported_quota_warning duration_seconds version parsed_result
    backup_id backup_name last_backup_date available_backups`.split(/\s+/)

const statuses: Record<string, string> = {
  success: 'SUCCESS',
  warning: 'WARNING',
  error: 'ERROR',
  failed: 'ERROR',
  fatal: 'FATAL',
}

function larger(a: Cell | undefined, b: Cell | undefined): Cell {
  return BigInt(a as bigint) > BigInt(b as bigint) ? (a as Cell) : (b as Cell)
}

function list(json: Cell | undefined): string[] {
  return json === null || json === undefined ? [] : (JSON.parse(String(json)) as string[])
}

function expectSame(place: string, found: OldRow | undefined, expected: OldRow) {
  if (!found) throw new Error(`The new file lacks ${place}.`)
  for (const [name, value] of Object.entries(expected)) {
    // What is a number here may be a bigint there.
    if (found[name] !== value && String(found[name]) !== String(value)) {
      throw new Error(`In ${place}, ${name} became ${shortened(found[name])} where ${shortened(value)} was expected.`)
    }
  }
}

function shortened(value: Cell | undefined): string {
  const whole = String(value)
  return whole.length > 200 ? `${whole.slice(0, 200)}…` : whole
}

/** The rows of an old table that have no place in the new file. */
function placesSetAside(result: Database.Database, source: string): Set<bigint> {
  const places = result.prepare<[string], bigint>('SELECT place FROM quarantine WHERE source = ? AND NOT repaired')
  return new Set(places.pluck().all(source))
}
