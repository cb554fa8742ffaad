// Database files as each of our migrations left them, with rows in every table: made by our migrations up to then, and filled by hand
// wherever one of them made a table.

import Database from 'better-sqlite3'
import { applyMigrations, migrationNames } from '../../src/database/migrate.ts'
import { fixture } from './app.ts'
import { newPlace } from './folders.ts'
import { change } from './states.ts'

export type Rows = Record<string, Record<string, unknown>[]>

/** Makes a file that has the migrations up to this one, and rows in every table. */
export function writeFilled(file: string, last: string): void {
  const names = migrationNames()
  for (const [index, name] of names.slice(0, names.indexOf(last) + 1).entries()) {
    applyMigrations(file, names.slice(0, index + 1))
    const sql = fillings[name]
    if (sql !== undefined) change(file, sql)
  }
}

/** A file that a release of ours filled, with the migrations up to before this one; its place. */
export async function fileBefore(name: string): Promise<string> {
  const file = newPlace()
  const old = new Database(file)
  old.pragma('foreign_keys = OFF')
  old.exec(await fixture('before-identity.sql'))
  old.close()
  const names = migrationNames()
  applyMigrations(file, names.slice(0, names.indexOf(name)))
  return file
}

/** All rows of all tables but Prisma's own, each table in the order of its key. */
export function rowsIn(file: string): Rows {
  const database = new Database(file, { readonly: true })
  try {
    const tables = database
      .prepare<[], string>(
        "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT GLOB 'sqlite_*' AND name <> '_prisma_migrations' ORDER BY name",
      )
      .pluck()
      .all()
    return Object.fromEntries(
      tables.map((table) => {
        const key = keyOf(database, table)
        const order = (key.length > 0 ? key : ['rowid']).map((column) => `"${column}"`).join(', ')
        return [table, database.prepare(`SELECT * FROM "${table}" ORDER BY ${order}`).all() as Rows[string]]
      }),
    )
  } finally {
    database.close()
  }
}

function keyOf(database: Database.Database, table: string): string[] {
  return database
    .prepare<[string], string>('SELECT name FROM pragma_table_info(?) WHERE pk > 0 ORDER BY pk')
    .pluck()
    .all(table)
}

/** What is added right after the migration. Nothing in it depends on when it is run. */
const fillings: Record<string, string> = {
  '20261130230000_missed_runs': `
    INSERT INTO missed_runs SELECT id, 1750000000000, 1749999400000, 1750086400000, 1750003600000 FROM backup_jobs;
    UPDATE backup_jobs SET pruned_from = 1, pruned_until = 2;`,
  '20250701000000_0_6_0_baseline': `
    INSERT INTO machines (id, name, last_seen, machine_id, created_at) VALUES
      (7, 'nas', '2025-05-03 02:10:01', '66f5ffc7ff474a73a3c9cba4ac7bfb65', '2025-01-02 03:04:05'),
      (2, 'laptop', '2025-06-01T10:00:00.000Z', NULL, '2025-01-03 00:00:00');
    INSERT INTO backups (id, machine_id, backup_name, backup_id, date, begin_time, end_time, status, created_at, main_operation,
      parsed_result, duration_seconds, size, size_of_examined_files, known_file_size, backup_list_count, examined_files,
      errors_array, warnings_array, messages_array, dryrun)
    VALUES
      ('a', 7, 'Photos', 'DB-1', '2025-05-01T02:00:00.000Z', '2025-05-01T02:00:00.000Z', '2025-05-01T02:10:00.000Z', 'Success',
       '2025-05-01 02:10:01', 'Backup', 'Success', 600, 10, 10, 9007199254740993, 3, 5, NULL, '["w1","w2"]', '["m"]', 0),
      ('b', 7, 'Photos', 'DB-1', '2025-05-02T02:00:00.000Z', '2025-05-02T02:00:00.000Z', '2025-05-02T02:20:00.000Z', 'Error',
       '2025-05-02 02:20:01', 'Backup', 'Error', 1200, 10, 10, 20, 3, 5, '["e"]', NULL, NULL, 0),
      ('c', 7, 'Photos', 'DB-1', '2025-05-03T02:00:00.000Z', '2025-05-03T02:00:00.000Z', '2025-05-03T02:10:00.000Z', 'Success',
       '2025-05-03 02:10:01', 'Backup', 'Success', 600, 10, 10, 20, 3, 5, NULL, NULL, NULL, 1),
      ('d', 2, 'Docs', NULL, '2025-06-01T09:00:00.000Z', '2025-06-01T09:00:00.000Z', '2025-06-01T10:00:00.000Z', 'Warning',
       '2025-06-01 10:00:00', 'Backup', 'Warning', 3600, 7, 7, 1, 1, 1, '[]', '["w"]', NULL, 0);
    INSERT INTO configurations VALUES ('cron_service', '{"port":9667}'), ('overdue_tolerance', '"1h"');`,
  '20261123000000_jobs_and_log_lines': `
    INSERT INTO quarantine (source, place, reason, repaired, content) VALUES ('backups', 3, 'no server', 0, '{"id":"x"}');
    UPDATE backups SET next_scheduled_run = began_at + 86400000, exception = 'Broken' WHERE legacy_id = 'b';
    UPDATE backup_jobs SET (scheduled_at, next_scheduled_run) = (SELECT ordered_at, next_scheduled_run FROM backups WHERE legacy_id = 'b')
      WHERE backup_id = 'DB-1';
    UPDATE backup_jobs SET paused = 1 WHERE backup_id IS NULL;`,
  '20261123120000_job_notes_and_run_indexes': `
    UPDATE backup_jobs SET alias = 'Pictures', notes = 'RAW only' WHERE backup_id = 'DB-1';
    UPDATE servers SET notes = 'in the cellar', url = 'http://nas:8200' WHERE id = 7;`,
  '20261125090000_lateness_and_notifications': `
    UPDATE backup_jobs SET state = 'FAILED', state_since = latest_at, tolerance_seconds = 60 WHERE backup_id = 'DB-1';
    INSERT INTO channels (id, kind, name, settings, secrets, created_at, updated_at) VALUES
      (3, 'NTFY', 'phone', '{"topic":"a"}', 'sealed', 1750000000000, 1750000000001);
    INSERT INTO notification_rules (id, channel_id, scope, server_id, job_id, events, repeat, created_at, updated_at)
      SELECT 4, 3, 'job:' || id, NULL, id, '["FAILED"]', 'P1D', 1750000000000, 1750000000000 FROM backup_jobs WHERE backup_id = 'DB-1';
    INSERT INTO notification_rules (id, channel_id, scope, server_id, job_id, events, repeat, created_at, updated_at)
      VALUES (5, 3, 'server:2', 2, NULL, '["OVERDUE"]', 'P2D', 1750000000000, 1750000000000);
    INSERT INTO notification_templates VALUES ('FAILED', 'It failed', '{job_name}', 'HIGH', '[]');
    INSERT INTO transitions (id, server_id, job_id, from_state, to_state, at, recorded_at, why, backup_id)
      SELECT 6, server_id, id, 'OK', 'FAILED', latest_at, latest_at, 'REPORT', latest_backup_id FROM backup_jobs WHERE backup_id = 'DB-1';
    INSERT INTO notifications (id, key, channel_id, server_id, job_id, backup_id, event, title, message, priority, tags, subject,
      created_at, status, attempts, next_attempt_at, ended_at, answer)
      SELECT 8, 'k8', 3, server_id, id, latest_backup_id, 'FAILED', 'It failed', 'Photos', 'HIGH', '[]', 'job', 1750000000000, 'SENT', 1,
        NULL, 1750000000005, 'ok' FROM backup_jobs WHERE backup_id = 'DB-1';
    INSERT INTO notifications (id, key, channel_id, server_id, job_id, backup_id, event, title, message, priority, tags, subject,
      created_at, status, attempts, next_attempt_at)
      SELECT 9, 'k9', 3, server_id, id, latest_backup_id, 'FAILED', 'It failed', 'Photos', 'HIGH', '[]', 'job', 1750000000010, 'PENDING', 2,
        1750000090000 FROM backup_jobs WHERE backup_id = 'DB-1';
    UPDATE settings SET tolerance_seconds = 7200, time_zone = 'Europe/Berlin';`,
  '20261125100000_tokens': `
    INSERT INTO tokens (id, name, scope, server_id, prefix, hash, created_at) VALUES
      (1, 'me', 'ADMIN', NULL, 'abc', 'h1', 1750000000000), (2, 'nas', 'REPORT', 7, 'def', 'h2', 1750000000000);`,
  '20261125110000_retention': 'UPDATE settings SET keep_days = 365, keep_per_job = 50;',
  '20261130180000_log_lines_cut': "UPDATE backups SET log_lines_cut = 2 WHERE legacy_id = 'b';",
  '20261130210000_tags': `
    INSERT INTO server_tags VALUES (7, 'cellar'), (7, 'offsite');
    INSERT INTO job_tags SELECT id, 'photos' FROM backup_jobs WHERE backup_id = 'DB-1';
    INSERT INTO notification_rules (id, channel_id, scope, tag, events, repeat, created_at, updated_at)
      VALUES (6, 3, 'Tag:photos', 'photos', '["FAILED"]', 'DAILY', 1750000000000, 1750000000000);`,
  '20261201010000_notification_jobs': `
    UPDATE notification_jobs SET title = 'It failed', message = 'Photos' WHERE notification_id = 9;
    UPDATE notifications SET gathers_until = 1750000060010 WHERE id = 9;`,
  '20261201000000_digests': `
    INSERT INTO digests VALUES (3, 'WEEKLY', '08:00', 'Europe/Berlin', 'MONDAY', 'photos', 1750000000000, 2, 1750600000000, 1750000000000,
      1750000000001);
    INSERT INTO notifications (id, key, channel_id, event, title, message, priority, tags, subject, created_at, status, attempts, ended_at, answer)
      VALUES (10, 'k10', 3, 'DIGEST', 'All is fine', 'Nothing to do', 'DEFAULT', '[]', 'null', 1750000000000, 'SENT', 1, 1750000000005, 'ok');`,
  '20261201020000_unusual_rules': `
    INSERT INTO unusual_rules VALUES (1, 'Tag:photos', 'NO_SUCCESS', NULL, 'photos', 7, 1750000000000, 1750000000000);
    INSERT INTO unusual_rules SELECT 2, 'BackupJob:' || id, 'TOOK_LONG', id, NULL, NULL, 1750000000000, 1750000000001
      FROM backup_jobs WHERE backup_id = 'DB-1';
    UPDATE backup_jobs SET no_success_told_at = 1750000000000 WHERE backup_id = 'DB-1';`,
  '20261201030000_message_links':
    'UPDATE notifications SET snoozed_at = created_at + 5, acknowledged_at = created_at + 6 WHERE id = 8;',
  '20261201040000_connections': `
    INSERT OR IGNORE INTO connections (server_id, url, credential_kind, credential, certificate_fingerprint, state, checked_at, problem, version,
      jobs, reports_to_us, missing, proven_at, created_at, updated_at) VALUES (2, 'https://two:8200/', 'FOREVER_TOKEN', 'sealed', 'AB:CD', 'FAILED',
      1750000000000, 'No', '2.3.0.4', 3, 1, '["x"]', 1750000000000, 1750000000000, 1750000000001);
    INSERT INTO collected_logs VALUES (2, '1', 17, 1750000000000);
    INSERT INTO removals VALUES (1, 7, 'Photos', 1750000000000, 1750000000000);
    UPDATE backup_jobs SET asked_schedule = '{"schedule":null,"from":null}', asked_at = 1750000000000 WHERE backup_id = 'DB-1';`,
  '20261130200000_server_passwords': "UPDATE servers SET password = 'sealed' WHERE id = 7;",
}
