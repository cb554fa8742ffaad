// Reads a row of an old release: which columns there were, and what each holds. By hand, cell by cell, for rows that are not as
// they should be; plainCells.ts has the same kinds in SQL, for all others.

import { type Cell, type Complain, count, flag, integer, label, lines, real, text, time, times } from './cells.ts'
import type { Kind } from './plainCells.ts'

export type OldRow = Record<string, Cell>

/** A run with every column that any old release had. Times are milliseconds since 1970. */
export interface OldRun {
  values: Record<string, Cell>
  /** What was lost in reading it; empty if nothing was. */
  problems: string[]
}

/** The columns of the table `backups` but for the machine, by what they hold. */
export const runColumns: Record<string, Kind> = {
  id: 'text',
  backup_name: 'label',
  backup_id: 'label',
  date: 'time',
  status: 'text',
  duration_seconds: 'real',
  created_at: 'time',
  main_operation: 'text',
  parsed_result: 'text',
  version: 'text',
  begin_time: 'time',
  end_time: 'time',
  last_backup_date: 'time',
  backend_main_operation: 'text',
  backend_parsed_result: 'text',
  backend_version: 'text',
  backend_begin_time: 'text',
  backend_duration: 'text',
  available_backups: 'times',
  messages_array: 'lines',
  warnings_array: 'lines',
  errors_array: 'lines',
  ...of('flag', 'partial_backup dryrun interrupted reported_quota_error reported_quota_warning backend_interrupted'),
  ...of(
    'integer',
    `size uploaded_size examined_files deleted_files deleted_folders modified_files opened_files added_files
     size_of_modified_files size_of_added_files size_of_examined_files size_of_opened_files not_processed_files
     added_folders too_large_files files_with_error modified_folders modified_symlinks added_symlinks deleted_symlinks
     bytes_downloaded known_file_size`,
  ),
  ...of(
    'count',
    `warnings errors warnings_actual_length errors_actual_length messages_actual_length backup_list_count
     backend_warnings_actual_length backend_errors_actual_length`,
  ),
}

const readers: Record<Kind, (cell: Cell, complain: Complain) => Cell> = {
  text,
  label,
  time,
  integer,
  count,
  real,
  flag,
  lines,
  times,
}

/** Reads a row of `backups` of any old release; a column that the release did not have is as if it were empty. */
export function readRun(row: OldRow): OldRun {
  const problems: string[] = []
  const values: Record<string, Cell> = {}
  for (const [name, kind] of Object.entries(runColumns)) {
    values[name] = readers[kind](row[name] ?? null, (problem) => problems.push(`${name} ${problem}`))
  }
  // Nothing else says when it began; and where the backend only repeats it, it says nothing new.
  values.begin_time ??= values.date ?? null
  values.date ??= values.begin_time
  const backendBegin = time(values.backend_begin_time ?? null, () => {})
  if (backendBegin !== null && backendBegin === values.begin_time) values.backend_begin_time = null
  return { values, problems }
}

/** A machine or server of any old release. */
export interface OldServer {
  /** Duplicati's machine-id; null where the release numbered its machines. */
  machineId: string | null
  /** The number it had; null where the release had machine-ids. */
  number: number | null
  name: string
  alias: string | null
  notes: string | null
  url: string | null
  lastSeen: number | null
  createdAt: number | null
  problems: string[]
}

/** Reads a row of `machines` or `servers`. */
export function readServer(row: OldRow): OldServer {
  const problems: string[] = []
  const complain = (column: string) => (problem: string) => problems.push(`${column} ${problem}`)
  const machineId = typeof row.id === 'bigint' ? null : label(row.id ?? null, complain('id'))
  const name = label(row.name ?? null, complain('name'))
  if (name === null) problems.push('name was empty, taken from the id')
  return {
    machineId,
    number: typeof row.id === 'bigint' ? Number(row.id) : null,
    name: name ?? machineId ?? String(row.id ?? 'unknown'),
    alias: label(row.alias ?? null, complain('alias')),
    notes: label(row.note ?? row.notes ?? null, complain('note')),
    url: label(row.server_url ?? null, complain('server_url')),
    lastSeen: time(row.last_seen ?? null, complain('last_seen')),
    createdAt: time(row.created_at ?? null, complain('created_at')),
    problems,
  }
}

function of(kind: Kind, names: string): Record<string, Kind> {
  return Object.fromEntries(
    names
      .trim()
      .split(/\s+/)
      .map((name) => [name, kind]),
  )
}
