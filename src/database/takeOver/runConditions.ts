// What must hold of a run and the row of an old release that it was, in SQL, column by column and line by line: from the new row to what
// the old one must have said, which is the other way round than runMapping.ts goes.

import type { ServerTable } from './carryServers.ts'
import { runColumns } from './oldRow.ts'
import { preventedRemarks } from './runMapping.ts'

/** The level of the lines of each list, in the order in which they are numbered. */
const logLists = { ERROR: 'errors_array', WARNING: 'warnings_array', INFORMATION: 'messages_array' }
export const levels = Object.keys(logLists)

/** What holds of a run `n` and the row `o` that it was; null counts as no. */
export function runConditions(columns: Set<string>, servers: ServerTable): string[] {
  const o = (name: string) => (columns.has(name) ? `o.${name}` : 'NULL')
  const number = (name: string) => `ifnull(${o(name)}, 0)`
  const same = (name: string) => `n.${name} IS ${o(name)}`
  const begin = `coalesce(${o('begin_time')}, ${o('date')})`
  const received = `coalesce(${o('created_at')}, ${begin})`
  const status = `lower(${o('status')})`
  const isUnlisted = `(${status} IS 'fatal' AND ${number('known_file_size')} = 0 AND ${number('backup_list_count')} = 0)`
  const larger = (a: string, b: string) => `iif(${number(a)} > ${number(b)}, ${number(a)}, ${number(b)})`
  const isPrevented = `(n.interrupted AND NOT n.partial_backup AND ${status} IS NOT 'fatal'
    AND (0, 0, 0, 0, 0, 0, 0, 0, 0, 0) IS (${[
      'examined_files',
      'opened_files',
      'added_files',
      'modified_files',
      'deleted_files',
      'uploaded_size',
      'bytes_downloaded',
      'known_file_size',
      'backup_list_count',
    ].map(number)}, ${larger('size_of_examined_files', 'size')}))`
  return [
    `n.legacy_id IS CAST(${o('id')} AS TEXT)`,
    `n.origin = CASE WHEN ${o('id')} IS NULL THEN 'REPORTED' ELSE 'TAKEN_OVER' END`,
    ownerCondition(servers),
    `EXISTS (SELECT 1 FROM backup_jobs j WHERE j.id = n.job_id AND j.server_id = n.server_id
      AND j.name = coalesce(n.backup_name, n.backup_id, 'unknown'))`,
    ...['backup_name', 'backup_id', 'parsed_result', 'version'].map(same),
    `n.main_operation IS coalesce(${o('main_operation')}, 'Backup')`,
    // Every status stands for one word, or two, in the old file.
    `CASE WHEN ${isPrevented} THEN n.prevented = 1 AND n.remarks = '${preventedRemarks}' AND n.status = CASE
        WHEN ${status} IN ('error', 'failed') THEN 'ERROR'
        WHEN ${status} = 'warning' AND lower(${o('parsed_result')}) = 'warning' THEN 'WARNING' ELSE 'UNKNOWN' END
      ELSE n.prevented = 0 AND n.remarks IS NULL AND CASE n.status
        WHEN 'SUCCESS' THEN ${status} = 'success' WHEN 'WARNING' THEN ${status} = 'warning'
        WHEN 'ERROR' THEN ${status} IN ('error', 'failed') WHEN 'FATAL' THEN ${status} = 'fatal'
        WHEN 'UNKNOWN' THEN ifnull(${status} NOT IN ('success', 'warning', 'error', 'failed', 'fatal'), true) END END`,
    isMoment('n.began_at', begin),
    isMoment('n.ended_at', o('end_time')),
    isMoment('n.received_at', received),
    isMoment('n.last_backup_date', o('last_backup_date')),
    'n.ordered_at = iif(n.began_at IS NULL OR n.began_at > n.received_at, n.received_at, n.began_at)',
    `n.duration_seconds = ${number('duration_seconds')} AND typeof(${number('duration_seconds')}) IN ('integer', 'real')`,
    `n.available_backups IS ${o('available_backups')}`,
    ...wholeNumbers.map((name) => `n.${name} IS ${number(name)}`),
    ...flags.map((name) => `n.${name} IS (${number(name)} <> 0)`),
    `n.messages IS ${number('messages_actual_length')}`,
    `n.warnings IS ${larger('warnings', 'warnings_actual_length')}`,
    `n.errors IS ${larger('errors', 'errors_actual_length')}`,
    `n.source_size IS CASE WHEN ${status} IS 'fatal' AND ${number('size')} = 0 AND ${number('size_of_examined_files')} = 0
      THEN NULL ELSE ${larger('size', 'size_of_examined_files')} END`,
    `n.known_file_size IS CASE WHEN ${isUnlisted} THEN NULL ELSE ${number('known_file_size')} END`,
    `n.backup_list_count IS CASE WHEN ${isUnlisted} THEN NULL ELSE ${number('backup_list_count')} END`,
    ...legacyConditions(o, number, begin),
    ...logConditions(o),
  ]
}

function ownerCondition(servers: ServerTable): string {
  const owner = servers === 'machines' ? 'o.machine_id' : 'o.server_id'
  return `CASE typeof(${owner}) WHEN 'integer' THEN n.server_id = ${owner}
    ELSE n.server_id = (SELECT m.server_id FROM machine_ids m WHERE m.id = ${owner}) END`
}

/** That a time, in milliseconds since 1970, is the text that it was. */
function isMoment(time: string, text: string): string {
  return `CASE WHEN ${text} IS NULL THEN ${time} IS NULL
    ELSE ${text} IN (${writtenAs('%Y-%m-%dT%H:%M:%fZ', time)}, iif(${time} % 1000 = 0, ${writtenAs('%Y-%m-%d %H:%M:%S', time)}, NULL)) END`
}

function writtenAs(form: string, time: string): string {
  return `strftime('${form}', ${time} / 1000.0, 'unixepoch')`
}

/** The columns of whole numbers that keep their name and their value. */
const wholeNumbers = Object.keys(runColumns).filter(
  (name) => runColumns[name] === 'integer' && !['size', 'size_of_examined_files', 'known_file_size'].includes(name),
)

const flags = Object.keys(runColumns).filter((name) => runColumns[name] === 'flag' && name !== 'backend_interrupted')

/** What has no column any more is either nothing new, or in the JSON of `legacy`, and nothing else is. */
function legacyConditions(o: (name: string) => string, number: (name: string) => string, begin: string): string[] {
  const unlike = (name: string, other: string): [string, string] => [
    name,
    `CASE WHEN ${number(name)} <> ${number(other)} THEN ${number(name)} END`,
  ]
  const unless = (name: string, other: string): [string, string] => [
    name,
    `CASE WHEN ${o(name)} IS NOT ${other} THEN ${o(name)} END`,
  ]
  const entries: [name: string, value: string][] = [
    unlike('size', 'size_of_examined_files'),
    unlike('size_of_examined_files', 'size'),
    unlike('warnings', 'warnings_actual_length'),
    unlike('warnings_actual_length', 'warnings'),
    unlike('errors', 'errors_actual_length'),
    unlike('errors_actual_length', 'errors'),
    [
      'status',
      `CASE WHEN lower(${o('status')}) NOT IN ('success', 'warning', 'error', 'fatal', 'unknown') THEN ${o('status')} END`,
    ],
    unless('backend_main_operation', o('main_operation')),
    unless('backend_parsed_result', o('parsed_result')),
    ['backend_interrupted', `nullif(${number('backend_interrupted')} <> 0, 0)`],
    unless('backend_version', o('version')),
    unless('backend_begin_time', writtenAs('%Y-%m-%dT%H:%M:%fZ', 'n.began_at')),
    ['backend_duration', `nullif(nullif(${o('backend_duration')}, ''), '00:00:00')`],
    ['backend_warnings_actual_length', `nullif(${number('backend_warnings_actual_length')}, 0)`],
    ['backend_errors_actual_length', `nullif(${number('backend_errors_actual_length')}, 0)`],
  ]
  const values = entries.map(([, value]) => value)
  const kept = (name: string) => `json_extract(n.legacy, '$.${name}')`
  const date = o('date')
  const isOtherDate = `(${date} IS NOT NULL AND ${date} IS NOT ${begin})`
  return [
    `CASE WHEN n.legacy IS NULL THEN NOT ${isOtherDate} AND coalesce(${values}) IS NULL
      ELSE ${entries.map(([name, value]) => `${kept(name)} IS ${value}`).join(' AND ')}
        AND iif(${isOtherDate}, ${isMoment(kept('date'), date)}, ${kept('date')} IS NULL) END`,
  ]
}

/** That the lines of each level, put together again, are the list that they were, and are numbered from where they must be. */
function logConditions(o: (name: string) => string): string[] {
  const before: string[] = []
  return Object.entries(logLists).map(([level, column]) => {
    const list = `ifnull(${o(column)}, '[]')`
    const first = ['0', ...before].join(' + ')
    before.push(`CASE WHEN json_valid(${list}) THEN json_array_length(${list}) END`)
    return `(${list}, ${first}, 1) IS (
      SELECT json_group_array(l.text ORDER BY l.sequence), ifnull(min(l.sequence), ${first}),
        count(*) = ifnull(max(l.sequence) - min(l.sequence) + 1, 0)
      FROM log_lines l WHERE l.backup_id = n.id AND l.level = '${level}')`
  })
}
