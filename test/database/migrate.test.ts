// The migrations: they make what schema.prisma says, and carry the rows of an old release along.

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { pino } from 'pino'
import { describe, expect, it, onTestFinished } from 'vitest'
import { applyMigrations, migrationNames } from '../../src/database/migrate.ts'
import { openDatabase } from '../../src/database/open.ts'
import { rowsIn, writeFilled } from '../support/filledFile.ts'
import { migrationDrift } from '../support/schemaEngine.ts'
import { change } from '../support/states.ts'

const silent = pino({ level: 'silent' })

function newFile() {
  const folder = mkdtempSync(join(tmpdir(), 'duplistatus-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  return join(folder, 'backups.db')
}

const [baseline, to07, ...ours] = migrationNames() as [string, string, ...string[]]

it('make exactly what schema.prisma says', async () => {
  expect(await migrationDrift()).toMatch(/^-- This is an empty migration\.\s*$/)
})

it('are applied once', () => {
  const file = newFile()
  expect(applyMigrations(file, migrationNames())).toEqual(migrationNames())
  expect(applyMigrations(file, migrationNames())).toEqual([])
})

it('leave a file that nobody holds, and that is whole', () => {
  const file = newFile()
  applyMigrations(file, migrationNames())
  const database = new Database(file)
  database.pragma('locking_mode = EXCLUSIVE')
  database.exec('BEGIN EXCLUSIVE; COMMIT')
  expect(database.pragma('integrity_check', { simple: true })).toBe('ok')
  expect(database.pragma('foreign_key_check')).toEqual([])
  database.close()
})

it('give a schema of which every model can be read', async () => {
  const file = newFile()
  const { reader, close } = await openDatabase(file, () => new Date(), silent)
  const { server, machineId, machineName, backupJob, backupId, backup, logLine, configuration, quarantine } = reader
  const {
    transition,
    channel,
    notificationRule,
    unusualRule,
    notificationTemplate,
    notification,
    settings,
    token,
    access,
  } = reader
  const { connection, collectedLog, removal, serverTag, jobTag, missedRun, digest, notificationJob } = reader
  const models = [
    server,
    machineId,
    machineName,
    backupJob,
    backupId,
    backup,
    logLine,
    configuration,
    quarantine,
    token,
  ]
  models.push(
    ...([
      transition,
      channel,
      notificationRule,
      unusualRule,
      notificationTemplate,
      notification,
      connection,
      collectedLog,
      removal,
      serverTag,
      jobTag,
      missedRun,
      digest,
      notificationJob,
    ] as never[]),
  )
  expect(models.length + 2).toBe(sqlTables(file).length)
  expect(await settings.findMany()).toEqual([
    {
      id: 1,
      toleranceSeconds: 3600,
      timeZone: null,
      keepDays: null,
      keepPerJob: null,
      keepLogDays: null,
      aliveAt: null,
      missedSince: null,
      awayFrom: null,
      awayUntil: null,
      legacyAdoptedAt: null,
      updatedAt: null,
    },
  ])
  for (const model of models) expect(await (model as typeof reader.server).findFirst()).toBeNull()
  expect(await access.findMany()).toEqual([{ id: 1, requireToken: true }])
  await close()
})

describe('one that fails', () => {
  const names = migrationNames()
  const name = '20261130090000_identity_and_remarks'
  const before = names[names.indexOf(name) - 1] as string

  /** All that the file holds. */
  function content(file: string) {
    const database = new Database(file, { readonly: true })
    const schema = database.prepare('SELECT * FROM sqlite_schema ORDER BY rowid').all()
    const record = database.prepare('SELECT * FROM _prisma_migrations ORDER BY rowid').all()
    database.close()
    return { schema, record, rows: rowsIn(file) }
  }

  function filled() {
    const file = newFile()
    writeFilled(file, before)
    return file
  }

  it('is named with what SQLite says, and leaves the file as it was; the next start goes on', () => {
    const file = filled()
    // The migration makes a table of this name, after it has changed others.
    change(file, 'CREATE TABLE backup_ids (x)')
    const old = content(file)
    expect(() => applyMigrations(file, names)).toThrow(
      `The migration ${name} failed, and nothing of it was kept: table "backup_ids" already exists`,
    )
    expect(content(file)).toEqual(old)
    change(file, 'DROP TABLE backup_ids')
    expect(applyMigrations(file, names)).toEqual(names.slice(names.indexOf(name)))
  })

  it('does not undo those before it', () => {
    const file = newFile()
    writeFilled(file, names[names.indexOf(before) - 1] as string)
    change(file, 'CREATE TABLE backup_ids (x)')
    expect(() => applyMigrations(file, names)).toThrow(name)
    expect(content(file).record.at(-1)).toMatchObject({ migration_name: before, applied_steps_count: 1 })
    change(file, 'DROP TABLE backup_ids')
    expect(applyMigrations(file, names)).toEqual(names.slice(names.indexOf(name)))
  })

  it('fails where it leaves rows that belong to no row', () => {
    const file = filled()
    // What the migration does to jobs makes a line of a run that is not there.
    change(
      file,
      `CREATE TRIGGER stray AFTER UPDATE OF last_stopped ON backup_jobs BEGIN
         INSERT OR IGNORE INTO log_lines VALUES (99, 'ERROR', 0, 'of no run');
       END`,
    )
    const old = content(file)
    expect(() => applyMigrations(file, names)).toThrow(
      `The migration ${name} failed, and nothing of it was kept: rows of log_lines would belong to rows of backups that are not there`,
    )
    expect(content(file)).toEqual(old)
  })

  it('does not fail for such rows that were there before: somebody deleted a server with sqlite3', () => {
    const file = filled()
    change(file, 'DELETE FROM servers WHERE id = 7')
    const old = rowsIn(file)
    expect(applyMigrations(file, names)).toEqual(names.slice(names.indexOf(name)))
    expect(rowsIn(file).backups?.map(({ id, server_id }) => [id, server_id])).toEqual(
      old.backups?.map(({ id, server_id }) => [id, server_id]),
    )
  })

  it.each([
    ["checksum = 'x'", `The migration ${baseline} was edited after`],
    ["migration_name = '29990101000000_later'", 'was written by a newer release (migration 29990101000000_later)'],
    ['finished_at = NULL', `The migration ${baseline} of`],
  ])('is not tried where the file has one with %s', (changed, message) => {
    const file = filled()
    change(file, `UPDATE _prisma_migrations SET ${changed} WHERE migration_name = '${baseline}'`)
    const old = content(file)
    expect(() => applyMigrations(file, names)).toThrow(message)
    expect(content(file)).toEqual(old)
  })
})

describe('rows of 0.6', () => {
  const insert = `
    INSERT INTO machines (id, name, last_seen, machine_id, created_at) VALUES
      (7, 'nas', NULL, '66f5ffc7ff474a73a3c9cba4ac7bfb65', '2025-01-02 03:04:05'),
      (2, 'laptop:bob', '2025-06-01T10:00:00.000Z', NULL, NULL),
      (9, 'never', NULL, NULL, NULL);
    INSERT INTO backups (id, machine_id, backup_name, backup_id, date, begin_time, end_time, status, created_at,
      main_operation, parsed_result, duration_seconds, size, size_of_examined_files, known_file_size, backup_list_count,
      uploaded_size, warnings, warnings_actual_length, errors_array, warnings_array, messages_array, available_backups,
      dryrun, version, backend_version, last_backup_date)
    VALUES
      ('a', 7, 'Photos: RAW', 'DB-1', '2025-05-01T02:00:00.123Z', '2025-05-01T02:00:00.123Z', '2025-05-01T02:10:00.000Z',
       'Success', '2025-05-01 02:10:01', 'Backup', 'Success', 599.877, 10, 10, 9007199254740993, 3, 5, 0, 0,
       NULL, '["w1","w2"]', '["m \\"1\\"\\nnext","😀"]', '["2025-04-30T02:00:00.000Z"]', 0, '2.1', '2.1',
       '2025-05-01T04:00:00.000+02:00'),
      ('b', 7, 'Photos', 'DB-1', '2025-05-02T02:00:00.000Z', '2025-05-02T02:00:00.000Z', '0001-01-01T00:00:00',
       'Fatal', '2025-05-02 02:10:01', 'Backup', 'Fatal', 0, 0, 0, 0, 0, 0, 1, 2, '["e"]', NULL, NULL, NULL, 0, '2.1', '2.0', NULL),
      ('c', 7, 'Photos', 'DB-1', '2025-05-03T02:00:00.000Z', '2025-05-03T02:00:00.000Z', NULL,
       'Success', '2025-05-03 02:10:01', 'Backup', 'Success', 1, 1, 1, 1, 1, 1, 0, 0, NULL, NULL, NULL, NULL, 1, NULL, NULL, NULL),
      ('d', 2, NULL, NULL, '2025-06-01T09:00:00.000Z', NULL, NULL, 'Failed', NULL, NULL, NULL, 0, 7, 8, 1, 1, 1, 0, 0,
       '[]', NULL, NULL, NULL, 0, NULL, NULL, NULL),
      ('e', 2, 'Docs', NULL, '2099-01-01T00:00:00.000Z', NULL, NULL, 'InProgress', '2025-06-01 09:30:00', 'Backup', NULL, 0, 0, 0,
       0, 0, 2, 0, 0, NULL, NULL, NULL, NULL, 0, NULL, NULL, NULL);
    INSERT INTO configurations VALUES ('cron_service', '{"port":9667}');`

  async function migrated() {
    const file = newFile()
    applyMigrations(file, [baseline])
    const old = new Database(file)
    old.exec(insert)
    old.close()
    applyMigrations(file, [baseline, to07, ...ours])
    return openDatabase(file, () => new Date(), silent)
  }

  it('become servers with their numbers, aliases and times', async () => {
    const { reader, close } = await migrated()
    const servers = await reader.server.findMany({ include: { machineIds: true } })
    expect(servers).toMatchObject([
      {
        id: 2,
        name: 'laptop:bob',
        alias: 'laptop:bob',
        notes: null,
        lastSeen: new Date('2025-06-01T10:00:00.000Z'),
        createdAt: new Date('2025-06-01T10:00:00.000Z'),
        machineIds: [],
      },
      {
        id: 7,
        name: 'nas',
        alias: 'nas',
        lastSeen: new Date('2025-05-03T02:10:01.000Z'),
        createdAt: new Date('2025-01-02T03:04:05.000Z'),
        updatedAt: new Date('2025-01-02T03:04:05.000Z'),
        machineIds: [{ id: '66f5ffc7ff474a73a3c9cba4ac7bfb65' }],
      },
      { id: 9, name: 'never', alias: 'never', lastSeen: null, latestBackupId: null },
    ])
    await close()
  })

  it('become runs in their old order, of jobs that know their latest run and totals', async () => {
    const { reader, close } = await migrated()
    const jobs = await reader.backupJob.findMany({ orderBy: { id: 'asc' } })
    expect(jobs).toMatchObject([
      {
        serverId: 7,
        backupId: 'DB-1',
        name: 'Photos',
        latestBackupId: 2,
        lastStatus: 'FATAL',
        measuredAt: new Date('2025-05-01T02:00:00.123Z'),
        storedSize: 9007199254740993n,
        versions: 3,
        runs: 2,
        succeeded: 1,
        failed: 1,
        dryRuns: 1,
        uploadedSize: 5n,
      },
      { serverId: 2, backupId: null, name: 'unknown', latestBackupId: 4, lastStatus: 'ERROR', runs: 1, failed: 1 },
      { serverId: 2, backupId: null, name: 'Docs', latestBackupId: 5, lastStatus: 'UNKNOWN', warned: 1 },
    ])
    const [a, b, , d, e] = await reader.backup.findMany({ orderBy: { id: 'asc' } })
    expect(a).toMatchObject({
      id: 1,
      legacyId: 'a',
      backupName: 'Photos: RAW',
      status: 'SUCCESS',
      beganAt: new Date('2025-05-01T02:00:00.123Z'),
      endedAt: new Date('2025-05-01T02:10:00.000Z'),
      receivedAt: new Date('2025-05-01T02:10:01.000Z'),
      orderedAt: new Date('2025-05-01T02:00:00.123Z'),
      durationSeconds: 599.877,
      sourceSize: 10n,
      storedSize: 9007199254740993n,
      lastBackupAt: new Date('2025-05-01T02:00:00.000Z'),
      availableVersions: '["2025-04-30T02:00:00.000Z"]',
      legacy: null,
    })
    expect(b).toMatchObject({ endedAt: null, sourceSize: null, storedSize: null, versions: null, warnings: 2 })
    expect(JSON.parse(b?.legacy ?? '')).toEqual({ warnings: 1, warnings_actual_length: 2, backend_version: '2.0' })
    expect(d).toMatchObject({ beganAt: new Date('2025-06-01T09:00:00.000Z'), mainOperation: 'Backup', sourceSize: 8n })
    expect(JSON.parse(d?.legacy ?? '')).toMatchObject({ size: 7, size_of_examined_files: 8, status: 'Failed' })
    expect(e?.orderedAt).toEqual(new Date('2025-06-01T09:30:00.000Z'))
    await close()
  })

  it('become log lines: errors, then warnings, then messages', async () => {
    const { reader, close } = await migrated()
    expect(await reader.logLine.findMany({ orderBy: [{ backupId: 'asc' }, { sequence: 'asc' }] })).toEqual([
      { backupId: 1, level: 'WARNING', sequence: 0, text: 'w1' },
      { backupId: 1, level: 'WARNING', sequence: 1, text: 'w2' },
      { backupId: 1, level: 'INFORMATION', sequence: 2, text: 'm "1"\nnext' },
      { backupId: 1, level: 'INFORMATION', sequence: 3, text: '😀' },
      { backupId: 2, level: 'ERROR', sequence: 0, text: 'e' },
    ])
    expect(await reader.configuration.findMany()).toEqual([{ key: 'cron_service', value: '{"port":9667}' }])
    expect(await reader.access.findMany()).toEqual([{ id: 1, requireToken: false }])
    await close()
  })
})

/** The tables of the file that are models. */
function sqlTables(file: string) {
  const database = new Database(file, { readonly: true })
  const tables = database
    .prepare(
      "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name <> '_prisma_migrations'",
    )
    .all()
  database.close()
  return tables
}
