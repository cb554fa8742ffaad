// Says what must have become of a run of an old release, from its row alone: cell by cell, in TypeScript, while the row was carried
// by SQL. It is asked of every run that SQL could not compare, and of some of the others.

import type { Cell } from './cells.ts'
import { type OldRow, readRun } from './oldRow.ts'
import { preventedRemarks } from './runMapping.ts'

/** A run with its log, as it must be: the columns of `backups` but for the numbers of its server and its job. */
export interface ExpectedRun {
  columns: OldRow
  /** `LEVEL sequence text`, by level and sequence. */
  log: string[]
}

export function expectedRun(row: OldRow): ExpectedRun {
  const { values } = readRun(row)
  return { columns: expectedColumns(values), log: expectedLog(values) }
}

function expectedLog(values: Record<string, Cell>): string[] {
  const errors = list(values.errors_array)
  const warnings = list(values.warnings_array)
  const numbered = (level: string, lines: string[], first: number) =>
    lines.map((line, place) => `${level} ${first + place} ${line}`)
  return [
    ...numbered('ERROR', errors, 0),
    ...numbered('INFORMATION', list(values.messages_array), errors.length + warnings.length),
    ...numbered('WARNING', warnings, errors.length),
  ]
}

function expectedColumns(values: Record<string, Cell>): OldRow {
  const status = String(values.status ?? '').toLowerCase()
  const stated = statuses[status] ?? 'UNKNOWN'
  const began = values.begin_time as number | null
  const received = (values.created_at ?? began) as number
  const isFatal = status === 'fatal'
  const unlisted = isFatal && isZero(values, ['known_file_size', 'backup_list_count'])
  const sourceSize = larger(values.size_of_examined_files, values.size)
  const prevented =
    values.interrupted === 1 && values.partial_backup === 0 && !isFatal && isZero(values, figures) && sourceSize === 0n
  return {
    ...Object.fromEntries(unchanged.map((name) => [name, values[name] ?? null])),
    legacy_id: values.id ?? null,
    origin: values.id === null ? 'REPORTED' : 'TAKEN_OVER',
    main_operation: values.main_operation || 'Backup',
    status: prevented ? preventedStatus(stated, values.parsed_result) : stated,
    prevented: Number(prevented),
    remarks: prevented ? preventedRemarks : null,
    began_at: began,
    ended_at: values.end_time ?? null,
    received_at: received,
    ordered_at: Math.min(began ?? received, received),
    messages: values.messages_actual_length ?? null,
    warnings: larger(values.warnings, values.warnings_actual_length),
    errors: larger(values.errors, values.errors_actual_length),
    source_size: isFatal && isZero(values, ['size', 'size_of_examined_files']) ? null : sourceSize,
    known_file_size: unlisted ? null : (values.known_file_size ?? null),
    backup_list_count: unlisted ? null : (values.backup_list_count ?? null),
    legacy: legacyOf(values, status),
  }
}

/** The columns that keep their name and their value. */
const unchanged = `deleted_files deleted_folders modified_files opened_files added_files size_of_modified_files
    size_of_added_files size_of_opened_files not_processed_files added_folders too_large_files files_with_error
    modified_folders modified_symlinks added_symlinks deleted_symlinks examined_files uploaded_size bytes_downloaded
    partial_backup dryrun interrupted reported_quota_error reported_quota_warning duration_seconds version parsed_result
    backup_id backup_name last_backup_date available_backups`.split(/\s+/)

/** A run that did nothing of this, and was interrupted, was not let begin. */
const figures = `examined_files opened_files added_files modified_files deleted_files uploaded_size bytes_downloaded
    known_file_size backup_list_count`.split(/\s+/)

const statuses: Record<string, string> = {
  success: 'SUCCESS',
  warning: 'WARNING',
  error: 'ERROR',
  failed: 'ERROR',
  fatal: 'FATAL',
}

/** A success that it states is none. */
function preventedStatus(stated: string, parsedResult: Cell | undefined): string {
  const isWarning = stated === 'WARNING' && String(parsedResult ?? '').toLowerCase() === 'warning'
  return stated === 'ERROR' || isWarning ? stated : 'UNKNOWN'
}

/** What has no column any more, as JSON, where it says something new. */
function legacyOf(values: Record<string, Cell>, status: string): string | null {
  const pairs: [name: string, saysMore: boolean][] = [
    ['date', values.date !== values.begin_time],
    ['size', values.size !== values.size_of_examined_files],
    ['size_of_examined_files', values.size !== values.size_of_examined_files],
    ['warnings', values.warnings !== values.warnings_actual_length],
    ['warnings_actual_length', values.warnings !== values.warnings_actual_length],
    ['errors', values.errors !== values.errors_actual_length],
    ['errors_actual_length', values.errors !== values.errors_actual_length],
    ['status', !['success', 'warning', 'error', 'fatal', 'unknown'].includes(status)],
    ['backend_main_operation', values.backend_main_operation !== values.main_operation],
    ['backend_parsed_result', values.backend_parsed_result !== values.parsed_result],
    ['backend_interrupted', values.backend_interrupted === 1],
    ['backend_version', values.backend_version !== values.version],
    ['backend_begin_time', true],
    ['backend_duration', !['', '00:00:00'].includes(String(values.backend_duration))],
    ['backend_warnings_actual_length', values.backend_warnings_actual_length !== 0n],
    ['backend_errors_actual_length', values.backend_errors_actual_length !== 0n],
  ]
  const kept = pairs.flatMap(([name, saysMore]) => {
    const value = values[name] ?? null
    return saysMore && value !== null ? [`${JSON.stringify(name)}:${inJson(value)}`] : []
  })
  return kept.length === 0 ? null : `{${kept.join(',')}}`
}

/** 64 bits keep all their digits. */
function inJson(value: Cell): string {
  return typeof value === 'string' ? JSON.stringify(value) : String(value)
}

function isZero(values: Record<string, Cell>, names: string[]): boolean {
  return names.every((name) => values[name] === 0n)
}

function larger(a: Cell | undefined, b: Cell | undefined): Cell {
  return BigInt(a as bigint) > BigInt(b as bigint) ? (a as Cell) : (b as Cell)
}

function list(json: Cell | undefined): string[] {
  return json === null || json === undefined ? [] : (JSON.parse(String(json)) as string[])
}
