// Makes database files as older releases of duplistatus left them, for the tests of the upgrade.

import { copyFileSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { oldMachines, oldRows, oldRuns } from './oldDatabaseRows.ts'
import { backupColumns, machineTable, type OldShape, oldSchema } from './oldDatabaseSchema.ts'
import { oldSettingRows, oldSettings } from './oldDatabaseSettings.ts'

/** The SQL that makes a database as a release of that shape left it. */
export function oldDatabaseSql(shape: OldShape): string {
  return [oldSchema(shape), oldRows(shape), oldSettingRows(shape)].join('\n')
}

/** How much {@link oldDatabaseSql} puts into the file; a job is a machine with a backup-id. */
export function oldCounts(shape: OldShape) {
  const logs = backupColumns(shape).filter((column) => /^(messages|warnings|errors)_array$/.test(column))
  const lines = oldRuns.flatMap((run) => logs.flatMap((log) => JSON.parse(String(run[log] ?? '[]')) as string[]))
  return {
    machines: oldMachines.length,
    jobs: new Set(oldRuns.map((run) => `${run.machine_id} ${run.backup_id}`)).size,
    runs: oldRuns.length,
    logLines: lines.length,
    settings: Object.keys(oldSettings(shape)).length,
  }
}

/** Writes such a file, in WAL mode as the releases kept it, and closed: nothing stands beside it. */
export function writeOldDatabase(file: string, shape: OldShape): void {
  const database = openWal(file)
  database.exec(`BEGIN; ${oldDatabaseSql(shape)} COMMIT;`)
  database.close()
}

/**
 * Writes such a file as a killed container leaves it: one page of 4,096 bytes without a single table, and everything in
 * the `-wal` beside it. No connection of this process has had the file itself open.
 */
export function writeUncheckpointed(file: string, shape: OldShape): void {
  const folder = mkdtempSync(join(tmpdir(), 'duplistatus-'))
  const running = join(folder, 'backups.db')
  const database = openWal(running)
  try {
    database.pragma('wal_autocheckpoint = 0')
    database.exec(`BEGIN; ${oldDatabaseSql(shape)} COMMIT;`)
    // Closing would fold the -wal in, so the copy is taken while it is open.
    copyFileSync(running, file)
    copyFileSync(`${running}-wal`, `${file}-wal`)
  } finally {
    database.close()
    rmSync(folder, { recursive: true })
  }
}

/**
 * Writes a 0.6 file with that many runs of 50 machines with 4 jobs each. With 18 messages a run takes about 4 kB. The same
 * numbers give the same rows.
 */
export function writeLargeDatabase(file: string, runs: number, messages = 18): void {
  const database = new Database(file)
  // The file is new: should the process die, nobody wants the half of it.
  database.pragma('journal_mode = OFF')
  database.pragma('synchronous = OFF')
  database.pragma('cache_size = -65536')
  database.exec(`BEGIN; ${oldSchema('0.6')} ${oldSettingRows('0.6')} ${largeRows(runs, messages)} COMMIT;`)
  database.pragma('journal_mode = WAL')
  database.close()
}

function openWal(file: string) {
  const database = new Database(file)
  database.pragma('journal_mode = WAL')
  return database
}

/** The rows are computed from their numbers inside SQLite; `hash` scatters them, so that they are not all alike. */
function largeRows(runs: number, messages: number): string {
  const { table, reference } = machineTable('0.6')
  const time = (seconds: string) =>
    `strftime('%Y-%m-%dT%H:%M:%S', ${seconds}, 'unixepoch') || printf('.%03dZ', hash % 1000)`
  const columns = {
    id: "printf('%08x-0000-4000-8000-%012x', hash, i)",
    [reference]: "printf('%032x', 1 + i % 50)",
    backup_name: "CASE job WHEN 0 THEN 'Photos: RAW' ELSE 'Job ' || job END",
    backup_id: "'DB-' || (1 + job)",
    date: time('begin'),
    status: "CASE WHEN failed THEN 'Error' WHEN warned THEN 'Warning' ELSE 'Success' END",
    duration_seconds: '60 + hash % 7200 + (hash % 9973) / 9973.0',
    size: '50000000000 + round * 1000000 + hash % 1000000',
    uploaded_size: 'hash % 1000000000',
    examined_files: '80000 + round',
    warnings: 'warned',
    errors: 'failed',
    created_at: "strftime('%Y-%m-%d %H:%M:%S', begin + 7300, 'unixepoch')",
    messages_array: "replace((SELECT lines FROM large_logs WHERE id = hash % 16), '§', i)",
    warnings_array: `iif(warned, '["Could not read \\"file ' || i || '\\" 📁"]', '[]')`,
    available_backups: `'["' || strftime('%Y-%m-%dT%H:%M:%S.000Z', begin - 28800, 'unixepoch') || '"]'`,
    errors_array: `iif(failed, '["The remote store said: 500"]', '[]')`,
    added_files: 'hash % 500',
    size_of_examined_files: '50000000000 + round * 1000000 + hash % 1000000',
    main_operation: "'Backup'",
    parsed_result: "iif(failed, 'Error', 'Success')",
    version: "'2.1.0.5 (2.1.0.5_stable_2025-03-04)'",
    begin_time: time('begin'),
    end_time: time('begin + 60 + hash % 7200'),
    warnings_actual_length: 'warned',
    errors_actual_length: 'failed',
    messages_actual_length: String(messages),
    known_file_size: '20000000000 + round * 500000',
    backup_list_count: '1 + min(round, 30)',
  }
  const line = `printf('2025-05-01 02:%02d:00 +02 - [Information-Duplicati.Library.Main.BasicResults-BackendEvent]: '
    || 'Backend event: Put - Completed: "duplicati-b%08x%08x-§.dblock.zip.aes" (%d.%02d MB)',
    line.i, (1 + line.i) * 2654435761 % 4294967291, (1 + log.i) * 40503, 40 + line.i, log.i)`
  return `
    CREATE TEMP TABLE large_logs (id INTEGER PRIMARY KEY, lines TEXT);
    WITH RECURSIVE line(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM line WHERE i + 1 < ${messages}),
      log(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM log WHERE i < 15)
    INSERT INTO large_logs SELECT log.i, json_group_array(${line}) FROM log, line GROUP BY log.i;
    WITH RECURSIVE place(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM place WHERE i + 1 < 50)
      INSERT INTO ${table} (id, name, created_at)
      SELECT printf('%032x', 1 + i), 'machine ' || i, '2020-01-01 00:00:00' FROM place WHERE i < ${runs};
    WITH RECURSIVE place(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM place WHERE i + 1 < ${runs}),
      seed AS (SELECT i, i / 50 % 4 AS job, i / 200 AS round, (i + 1) * 2654435761 % 4294967291 AS hash FROM place WHERE i < ${runs})
    INSERT INTO backups (${Object.keys(columns).join(', ')})
    SELECT ${Object.values(columns).join(', ')}
    FROM (SELECT *, hash % 13 = 0 AS warned, hash % 31 = 0 AS failed, 1577836800 + round * 28800 + i % 200 * 60 AS begin FROM seed);
    DROP TABLE large_logs;`
}
