// Says, in SQL, what becomes of a run of an old release in this release's table `backups`. compareByHand.ts says the same once
// more in TypeScript, and the two are held against each other for rows that are read by hand, and for some of the others.

/**
 * A SELECT of the columns of `backups`, in the order of {@link finalColumns}.
 *
 * @param clean a SELECT of every column that oldRow.ts reads, with times in milliseconds since 1970, and of `new_id`, `server` and
 *   `job`, the numbers of the run, its server and its job
 */
export function finalRuns(clean: string): string {
  return `SELECT ${Object.values(mapping)} FROM (
    SELECT *, interrupted AND NOT partial_backup AND verdict <> 'FATAL' AND examined_files = 0 AND opened_files = 0
      AND added_files = 0 AND modified_files = 0 AND deleted_files = 0 AND max(size_of_examined_files, size) = 0
      AND uploaded_size = 0 AND bytes_downloaded = 0 AND known_file_size = 0 AND backup_list_count = 0 AS stopped_before
    FROM (
      SELECT *, coalesce(created_at, begin_time) AS received,
        CASE lower(status) WHEN 'success' THEN 'SUCCESS' WHEN 'warning' THEN 'WARNING' WHEN 'error' THEN 'ERROR'
          WHEN 'failed' THEN 'ERROR' WHEN 'fatal' THEN 'FATAL' ELSE 'UNKNOWN' END AS verdict
      FROM (${clean})
    )
  )`
}

/** Whether the run failed before it had listed the destination, so that a zero there says nothing. */
const unlisted = "verdict = 'FATAL' AND known_file_size = 0 AND backup_list_count = 0"

/** What is remarked of a run that was stopped before it began, as JSON. */
export const preventedRemarks = JSON.stringify([
  { kind: 'PREVENTED', message: 'The backup was not let begin: a script before it stopped it. Nothing was saved.' },
])

/** By column of `backups`. What is not here has its default. */
const mapping: Record<string, string> = {
  id: 'new_id',
  server_id: 'server',
  job_id: 'job',
  legacy_id: 'id',
  origin: "iif(id IS NULL, 'REPORTED', 'TAKEN_OVER')",
  main_operation: "coalesce(nullif(main_operation, ''), 'Backup')",
  // A script before the run stopped it: it saved nothing. A success that it states is none.
  status: `CASE WHEN NOT stopped_before OR verdict = 'ERROR' OR verdict = 'WARNING' AND lower(parsed_result) = 'warning'
    THEN verdict ELSE 'UNKNOWN' END`,
  prevented: 'stopped_before',
  remarks: `CASE WHEN stopped_before THEN '${preventedRemarks}' END`,
  began_at: 'begin_time',
  ended_at: 'end_time',
  received_at: 'received',
  ordered_at: 'min(coalesce(begin_time, received), received)',
  dryrun: 'dryrun',
  partial_backup: 'partial_backup',
  interrupted: 'interrupted',
  messages: 'messages_actual_length',
  warnings: 'max(warnings, warnings_actual_length)',
  errors: 'max(errors, errors_actual_length)',
  source_size: `CASE WHEN NOT (verdict = 'FATAL' AND size_of_examined_files = 0 AND size = 0)
    THEN max(size_of_examined_files, size) END`,
  known_file_size: `CASE WHEN NOT (${unlisted}) THEN known_file_size END`,
  backup_list_count: `CASE WHEN NOT (${unlisted}) THEN backup_list_count END`,
  ...unchanged(`parsed_result duration_seconds version backup_id backup_name examined_files opened_files added_files modified_files
    deleted_files not_processed_files too_large_files files_with_error added_folders modified_folders deleted_folders added_symlinks
    modified_symlinks deleted_symlinks size_of_opened_files size_of_added_files size_of_modified_files uploaded_size
    bytes_downloaded last_backup_date reported_quota_error reported_quota_warning available_backups`),
  // What reports no longer fill is kept where it says something new.
  legacy: `nullif(json_patch('{}', json_object(
    'date', CASE WHEN date IS NOT begin_time THEN date END,
    'size', CASE WHEN size <> size_of_examined_files THEN size END,
    'size_of_examined_files', CASE WHEN size <> size_of_examined_files THEN size_of_examined_files END,
    'warnings', CASE WHEN warnings <> warnings_actual_length THEN warnings END,
    'warnings_actual_length', CASE WHEN warnings <> warnings_actual_length THEN warnings_actual_length END,
    'errors', CASE WHEN errors <> errors_actual_length THEN errors END,
    'errors_actual_length', CASE WHEN errors <> errors_actual_length THEN errors_actual_length END,
    'status', CASE WHEN lower(status) NOT IN ('success', 'warning', 'error', 'fatal', 'unknown') THEN status END,
    'backend_main_operation', CASE WHEN backend_main_operation IS NOT main_operation THEN backend_main_operation END,
    'backend_parsed_result', CASE WHEN backend_parsed_result IS NOT parsed_result THEN backend_parsed_result END,
    'backend_interrupted', CASE WHEN backend_interrupted THEN 1 END,
    'backend_version', CASE WHEN backend_version IS NOT version THEN backend_version END,
    'backend_begin_time', backend_begin_time,
    'backend_duration', CASE WHEN backend_duration NOT IN ('', '00:00:00') THEN backend_duration END,
    'backend_warnings_actual_length', nullif(backend_warnings_actual_length, 0),
    'backend_errors_actual_length', nullif(backend_errors_actual_length, 0)
  )), '{}')`,
}

export const finalColumns = Object.keys(mapping)

function unchanged(names: string): Record<string, string> {
  return Object.fromEntries(names.split(/\s+/).map((name) => [name, name]))
}
