// A filled file of the release before marks and remarks: every row of it is there after the migration, unchanged but for what the
// migration is for, and what is remembered is true. The file holds jobs with prevented, stopped, partial and dry runs, a merged
// server, one without a machine-id, and a job of the command line.

import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { beforeAll, expect, it } from 'vitest'
import { fixture, startApp } from '../support/app.ts'
import { problemsIn } from '../support/problems.ts'

type Row = Record<string, unknown>

let before: Record<string, Row[]>
let after: Record<string, Row[]>
let file: string

const tables = [
  ...['servers', 'machine_ids', 'backup_jobs', 'backups', 'log_lines', 'transitions', 'channels', 'notification_rules'],
  ...['notifications', 'settings', 'tokens', 'access', 'configurations', 'quarantine'],
]

function rows(database: Database.Database): Record<string, Row[]> {
  return Object.fromEntries(tables.map((table) => [table, database.prepare(`SELECT * FROM ${table}`).all() as Row[]]))
}

beforeAll(async () => {
  file = join(await mkdtemp(join(tmpdir(), 'duplistatus-')), 'backups.db')
  const old = new Database(file)
  old.pragma('foreign_keys = OFF')
  old.exec(await fixture('before-identity.sql'))
  before = rows(old)
  old.close()
})

it('keeps every row as it was, but for the runs and jobs that it is for', async () => {
  const app = await startApp({ file, now: '2026-10-07T12:00:00Z' })
  expect(problemsIn(file)).toEqual([])
  await app.close()
  const database = new Database(file, { readonly: true })
  after = rows(database)
  for (const table of tables) {
    const [old, now] = [before[table] ?? [], after[table] ?? []]
    expect([table, now.length]).toEqual([table, old.length])
    for (const [index, row] of old.entries()) {
      const isPrevented = table === 'backups' && now[index]?.prevented === 1
      const hasPrevented = table === 'backup_jobs' && Number(now[index]?.prevented_runs) > 0
      const isOfJobs = table === 'backup_jobs' || table === 'servers' || table === 'settings'
      const changed = Object.keys(row).filter((name) => now[index]?.[name] !== row[name])
      if (isPrevented) expect(changed).toEqual(row.status === 'ERROR' ? [] : ['status'])
      else if (!hasPrevented && !isOfJobs) expect([table, row, changed]).toEqual([table, row, []])
      // A start judges jobs and notes that it runs; what people said, and names and numbers, stay.
      else expect(changed.filter((name) => untouched.includes(name))).toEqual([])
    }
  }
  expect(database.prepare('SELECT job_id, machine_id, backup_id FROM backup_ids ORDER BY job_id').all()).toEqual([
    { job_id: 1, machine_id: 'm1', backup_id: 'DB-1' },
    { job_id: 2, machine_id: 'm1', backup_id: 'DB-2' },
    // Its server has two machine-ids: nobody knows which it is of.
    { job_id: 3, machine_id: '', backup_id: 'DB-1' },
    { job_id: 5, machine_id: '', backup_id: 'DB-9' },
    { job_id: 7, machine_id: '', backup_id: 'A'.repeat(64) },
  ])
  database.close()
})

const untouched = [
  'id',
  'server_id',
  'name',
  'alias',
  'notes',
  'url',
  'created_at',
  'updated_at',
  'last_seen',
  'schedule',
  'paused',
]

it('marks the runs that a script prevented, without which jobs stand as they are, and tells nobody', async () => {
  const app = await startApp({ file, now: '2026-10-07T12:00:00Z' })
  const { data } = await app.graphql(`{
    backupJobs(orderBy: NAME_ASC) { nodes { databaseId state lastStatus lastSuccessAt latestBackup { databaseId } totals { runs preventedRuns } } }
    backups(first: 100, orderBy: BEGAN_AT_ASC) { nodes { databaseId status prevented origin remarks { kind } reportedMachineId } }
  }`)
  expect(data).toMatchInlineSnapshot(`
    {
      "backupJobs": {
        "nodes": [
          {
            "databaseId": 7,
            "lastStatus": "ERROR",
            "lastSuccessAt": null,
            "latestBackup": {
              "databaseId": 15,
            },
            "state": "FAILED",
            "totals": {
              "preventedRuns": 0,
              "runs": 1,
            },
          },
          {
            "databaseId": 5,
            "lastStatus": "WARNING",
            "lastSuccessAt": null,
            "latestBackup": {
              "databaseId": 13,
            },
            "state": "PAUSED",
            "totals": {
              "preventedRuns": 0,
              "runs": 1,
            },
          },
          {
            "databaseId": 2,
            "lastStatus": "WARNING",
            "lastSuccessAt": "2026-10-01T03:00:00.000Z",
            "latestBackup": {
              "databaseId": 9,
            },
            "state": "OVERDUE",
            "totals": {
              "preventedRuns": 1,
              "runs": 2,
            },
          },
          {
            "databaseId": 1,
            "lastStatus": "FATAL",
            "lastSuccessAt": "2026-10-03T02:00:00.000Z",
            "latestBackup": {
              "databaseId": 4,
            },
            "state": "OVERDUE",
            "totals": {
              "preventedRuns": 2,
              "runs": 4,
            },
          },
          {
            "databaseId": 3,
            "lastStatus": "SUCCESS",
            "lastSuccessAt": "2026-10-02T05:00:00.000Z",
            "latestBackup": {
              "databaseId": 12,
            },
            "state": "OK",
            "totals": {
              "preventedRuns": 0,
              "runs": 2,
            },
          },
          {
            "databaseId": 6,
            "lastStatus": "WARNING",
            "lastSuccessAt": null,
            "latestBackup": {
              "databaseId": 14,
            },
            "state": "WARNING",
            "totals": {
              "preventedRuns": 0,
              "runs": 1,
            },
          },
        ],
      },
      "backups": {
        "nodes": [
          {
            "databaseId": 1,
            "origin": "REPORTED",
            "prevented": false,
            "remarks": [],
            "reportedMachineId": null,
            "status": "SUCCESS",
          },
          {
            "databaseId": 7,
            "origin": "REPORTED",
            "prevented": false,
            "remarks": [],
            "reportedMachineId": null,
            "status": "SUCCESS",
          },
          {
            "databaseId": 11,
            "origin": "REPORTED",
            "prevented": false,
            "remarks": [],
            "reportedMachineId": null,
            "status": "SUCCESS",
          },
          {
            "databaseId": 2,
            "origin": "REPORTED",
            "prevented": false,
            "remarks": [],
            "reportedMachineId": null,
            "status": "SUCCESS",
          },
          {
            "databaseId": 8,
            "origin": "REPORTED",
            "prevented": true,
            "remarks": [
              {
                "kind": "PREVENTED",
              },
            ],
            "reportedMachineId": null,
            "status": "ERROR",
          },
          {
            "databaseId": 12,
            "origin": "REPORTED",
            "prevented": false,
            "remarks": [],
            "reportedMachineId": null,
            "status": "SUCCESS",
          },
          {
            "databaseId": 3,
            "origin": "REPORTED",
            "prevented": false,
            "remarks": [],
            "reportedMachineId": null,
            "status": "SUCCESS",
          },
          {
            "databaseId": 9,
            "origin": "REPORTED",
            "prevented": false,
            "remarks": [],
            "reportedMachineId": null,
            "status": "WARNING",
          },
          {
            "databaseId": 10,
            "origin": "REPORTED",
            "prevented": false,
            "remarks": [],
            "reportedMachineId": null,
            "status": "SUCCESS",
          },
          {
            "databaseId": 13,
            "origin": "REPORTED",
            "prevented": false,
            "remarks": [],
            "reportedMachineId": null,
            "status": "WARNING",
          },
          {
            "databaseId": 14,
            "origin": "REPORTED",
            "prevented": false,
            "remarks": [],
            "reportedMachineId": null,
            "status": "WARNING",
          },
          {
            "databaseId": 4,
            "origin": "REPORTED",
            "prevented": false,
            "remarks": [],
            "reportedMachineId": null,
            "status": "FATAL",
          },
          {
            "databaseId": 15,
            "origin": "REPORTED",
            "prevented": false,
            "remarks": [],
            "reportedMachineId": null,
            "status": "ERROR",
          },
          {
            "databaseId": 5,
            "origin": "REPORTED",
            "prevented": true,
            "remarks": [
              {
                "kind": "PREVENTED",
              },
            ],
            "reportedMachineId": null,
            "status": "UNKNOWN",
          },
          {
            "databaseId": 6,
            "origin": "REPORTED",
            "prevented": true,
            "remarks": [
              {
                "kind": "PREVENTED",
              },
            ],
            "reportedMachineId": null,
            "status": "UNKNOWN",
          },
        ],
      },
    }
  `)
  expect(problemsIn(file)).toEqual([])
})

it('sets an announcement right whose clock was ahead when the run began, and forgets how short a failure was', async () => {
  const ahead = join(await mkdtemp(join(tmpdir(), 'duplistatus-')), 'backups.db')
  const old = new Database(ahead)
  old.pragma('foreign_keys = OFF')
  old.exec(await fixture('before-identity.sql'))
  const day = 86_400_000
  const received = Number(old.prepare('SELECT max(received_at) FROM backups WHERE job_id = 7').pluck().get())
  const next = received + 41 * day
  old
    .prepare(
      `UPDATE backups SET began_at = ?, ended_at = ?, ordered_at = ?, next_scheduled_run = ?, duration_seconds = 3.5
      WHERE id = (SELECT id FROM backups WHERE job_id = 7 ORDER BY received_at DESC LIMIT 1)`,
    )
    .run(received + 40 * day, received, received, next)
  old
    .prepare(
      `UPDATE backup_jobs SET scheduled_at = :received, measured_at = :received, next_scheduled_run = :next, announced_run = :next, recent_runs = json_array(json_array(:received, 3.5)),
      (latest_at, latest_backup_id, last_status) = (SELECT ordered_at, id, status FROM backups WHERE job_id = 7 ORDER BY received_at DESC LIMIT 1)
      WHERE id = 7`,
    )
    .run({ received, next })
  old.close()
  const app = await startApp({ file: ahead, now: new Date(received + day / 2).toISOString() })
  const { data } = await app.graphql('{ backupJob(id: 7) { dueAt scheduleSource } }')
  expect(data).toEqual({
    backupJob: { dueAt: new Date(received + day).toISOString(), scheduleSource: 'REPORTED' },
  })
  expect(problemsIn(ahead)).toEqual([])
  const migrated = new Database(ahead, { readonly: true })
  const rhythm = migrated.prepare('SELECT recent_runs FROM backup_jobs WHERE id = 7').pluck().get()
  expect(JSON.parse(String(rhythm))).toEqual([[received, null]])
  migrated.close()
})

it('lets reports go on where they went before', async () => {
  const app = await startApp({ file, now: '2026-10-08T12:00:00Z' })
  const send = async (began: string, machine: string | null, name: string, id: string | null, job: string) => {
    const Data = {
      MainOperation: 'Backup',
      ParsedResult: 'Success',
      BeginTime: began,
      EndTime: began,
      ExaminedFiles: 1000,
    }
    const Extra = { 'machine-id': machine, 'machine-name': name, 'backup-id': id, 'backup-name': job }
    const { body } = await app.post({ Data, Extra, LogLines: [] })
    const { backup } = body as { backup: { id: number } }
    const { data } = await app.graphql(`{ backup(id: ${backup.id}) { job { databaseId } server { databaseId } } }`)
    const { job: its, server } = (data as { backup: { job: Row; server: Row } }).backup
    return [server.databaseId, its.databaseId]
  }
  expect(await send('2026-10-08T02:00:00Z', 'm1', 'nas', 'DB-1', 'Photos renamed')).toEqual([1, 1])
  expect(await send('2026-10-08T03:00:00Z', 'm3', 'pc', 'DB-1', 'Photos')).toEqual([2, 3])
  expect(await send('2026-10-08T04:00:00Z', 'm3', 'pc', 'DB-9', 'Mail')).toEqual([2, 5])
  expect(await send('2026-10-08T05:00:00Z', null, 'box', null, 'Photos')).toEqual([4, 6])
  expect(await send('2026-10-08T06:00:00Z', null, 'cli', 'A'.repeat(64), 'Cli')).toEqual([5, 7])
  expect(problemsIn(file)).toEqual([])
})
