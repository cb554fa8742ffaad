// Taking over the files of older releases: everything arrives, the copy is as it was, and it happens once.
// One file, because every promise is held for every shape.

import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import Database from 'better-sqlite3'
import { pino } from 'pino'
import { describe, expect, it, onTestFinished } from 'vitest'
import { prepareFile } from '../../src/database/file/prepareFile.ts'
import { verifyDatabase } from '../../src/database/file/verify.ts'
import { fixture, startApp } from '../support/app.ts'
import { oldCounts, writeOldDatabase, writeUncheckpointed } from '../support/oldDatabase.ts'
import { dirt } from '../support/oldDatabaseDirt.ts'
import { oldMachines, oldRuns, runId } from '../support/oldDatabaseRows.ts'
import { type OldShape, oldShapes, since } from '../support/oldDatabaseSchema.ts'
import { oldSettings } from '../support/oldDatabaseSettings.ts'
import { report } from '../support/report.ts'

const now = new Date('2026-08-01T12:00:00.000Z')

function newFile() {
  const folder = mkdtempSync(join(tmpdir(), 'duplistatus-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  return join(folder, 'backups.db')
}

/** Takes the file over, and says what was logged. */
async function takeOver(file: string) {
  const logged: string[] = []
  await prepareFile(file, now, pino({ level: 'info' }, { write: (line) => logged.push(JSON.parse(line).msg) }))
  return logged
}

function rows(file: string, sql: string) {
  const database = new Database(file, { readonly: true })
  database.defaultSafeIntegers(true)
  const found = database.prepare<[], Record<string, unknown>>(sql).all()
  database.close()
  return found
}

const count = (file: string, table: string) => Number(rows(file, `SELECT count(*) AS n FROM ${table}`)[0]?.n)
const copyOf = (file: string) =>
  join(dirname(file), readdirSync(dirname(file)).find((name) => name.startsWith('backups-copy-')) ?? '')

describe.each(oldShapes)('a file of %s', (shape) => {
  it('arrives with every row, and is in order', async () => {
    const file = newFile()
    writeOldDatabase(file, shape)
    await takeOver(file)
    const { machines, jobs, runs, logLines, settings } = oldCounts(shape)
    expect(count(file, 'servers')).toBe(machines)
    expect(count(file, 'backup_jobs')).toBe(jobs)
    expect(count(file, 'backups')).toBe(runs)
    expect(count(file, 'log_lines')).toBe(logLines)
    // What the upgrade itself writes for the first start begins with job_, server_.
    const kept = rows(
      file,
      "SELECT key, value FROM configurations WHERE key NOT LIKE 'job\\_%' ESCAPE '\\' AND key NOT LIKE 'server\\_%' ESCAPE '\\'",
    )
    expect(Object.fromEntries(kept.map(({ key, value }) => [key, value]))).toEqual(oldSettings(shape))
    expect(kept).toHaveLength(settings)
    expect(count(file, 'quarantine')).toBe(0)
    const database = new Database(file)
    expect(verifyDatabase(database)).toEqual([])
    database.close()
  })

  it('keeps numbers, machine-ids, names and notes', async () => {
    const file = newFile()
    writeOldDatabase(file, shape)
    await takeOver(file)
    const found = rows(
      file,
      'SELECT s.*, m.id AS machine_id FROM servers s LEFT JOIN machine_ids m ON m.server_id = s.id ORDER BY s.id',
    )
    const expected = oldMachines.map((machine, place) => ({
      id: BigInt(shape === 'guide' ? machine.number : place + 1),
      machine_id: shape === 'guide' ? null : machine.id,
      name: machine.name,
      alias: since(shape, '0.7') ? machine.alias || null : machine.name,
      notes: since(shape, '0.7') ? machine.note || null : null,
      url: since(shape, '0.7') ? machine.server_url || null : null,
    }))
    expect(found).toMatchObject(expected.sort((a, b) => Number(a.id - b.id)))
  })

  it('keeps its runs in their order, with their ids, times, figures and logs', async () => {
    const file = newFile()
    writeOldDatabase(file, shape)
    const before = rows(file, 'SELECT * FROM backups ORDER BY rowid')
    await takeOver(file)
    const after = rows(file, 'SELECT * FROM backups ORDER BY id')
    expect(after.map((run) => run.legacy_id)).toEqual(oldRuns.map((run) => String(runId(shape, run.id))))
    const text = (run: Record<string, unknown>, name: string) => (run[name] === undefined ? null : run[name])
    for (const [index, run] of after.entries()) {
      const old = before[index] ?? {}
      const began = text(old, 'begin_time') ?? old.date
      expect(run.began_at).toBe(BigInt(Date.parse(String(began))))
      const status = { Failed: 'ERROR', InProgress: 'UNKNOWN' }[String(old.status)] ?? String(old.status).toUpperCase()
      expect(run.status).toBe(status)
      expect(run.backup_name).toBe(text(old, 'backup_name'))
      expect(run.uploaded_size).toBe(text(old, 'uploaded_size') ?? 0n)
      expect(run.duration_seconds).toBe(Number(text(old, 'duration_seconds') ?? 0))
      const log = rows(file, `SELECT text FROM log_lines WHERE backup_id = ${run.id} ORDER BY sequence`)
      const lists = ['errors_array', 'warnings_array', 'messages_array'].map((name) => String(text(old, name) ?? '[]'))
      expect(log.map((line) => line.text)).toEqual(lists.flatMap((list) => JSON.parse(list)))
    }
  })

  it('is copied before anything is done to it, and the copy is whole', async () => {
    const file = newFile()
    writeOldDatabase(file, shape)
    const tables = rows(file, "SELECT name FROM sqlite_schema WHERE type = 'table'").map(({ name }) => String(name))
    const contents = (of: string) => tables.map((table) => [table, rows(of, `SELECT * FROM "${table}"`)])
    const before = contents(file)
    await takeOver(file)
    expect(readdirSync(dirname(file)).sort()).toEqual(['backups-copy-2026-08-01T12-00-00.db', 'backups.db'])
    expect(contents(copyOf(file))).toEqual(before)
  })

  it('is taken over once: the second start does nothing, and makes no copy', async () => {
    const file = newFile()
    writeOldDatabase(file, shape)
    await takeOver(file)
    const before = rows(file, 'SELECT * FROM backups')
    expect(await takeOver(file)).toEqual([])
    expect(rows(file, 'SELECT * FROM backups')).toEqual(before)
    expect(readdirSync(dirname(file))).toHaveLength(2)
  })

  it('arrives whole where a killed container left all of it in the -wal', async () => {
    const file = newFile()
    writeUncheckpointed(file, shape)
    expect(readdirSync(dirname(file)).sort()).toEqual(['backups.db', 'backups.db-wal'])
    await takeOver(file)
    expect(count(file, 'backups')).toBe(oldCounts(shape).runs)
    expect(count(copyOf(file), 'backups')).toBe(oldCounts(shape).runs)
    expect(readdirSync(dirname(file)).sort()).toEqual(['backups-copy-2026-08-01T12-00-00.db', 'backups.db'])
  })

  it('arrives with all the dirt there is: mended, or set aside with the reason', async () => {
    const file = newFile()
    writeOldDatabase(file, shape)
    const pieces = dirt.filter(({ shapes }) => shapes.includes(shape))
    const old = new Database(file)
    for (const piece of pieces) old.exec(piece.sql(shape))
    const runs = Number(old.prepare('SELECT count(*) FROM backups').pluck().get())
    old.close()
    await takeOver(file)
    const setAside = rows(file, "SELECT reason, content FROM quarantine WHERE source = 'backups' AND NOT repaired")
    expect(setAside).toHaveLength(pieces.filter(({ outcome }) => outcome === 'quarantine').length)
    expect(count(file, 'backups') + setAside.length).toBe(runs)
    for (const { outcome, ids } of pieces) {
      for (const id of ids(shape)) {
        if (id === null || typeof id === 'object') continue
        const kept = rows(file, `SELECT 1 FROM backups WHERE legacy_id = '${id}'`).length
        const aside = setAside.filter(({ content }) => String(JSON.parse(String(content)).id) === String(id)).length
        expect([kept > 0, aside > 0]).toEqual(outcome === 'repair' ? [true, false] : [false, true])
      }
    }
    const database = new Database(file)
    expect(verifyDatabase(database)).toEqual([])
    database.close()
  })
})

it('says what the guide promises, and how much there was', async () => {
  const file = newFile()
  writeOldDatabase(file, '0.8')
  const logged = await takeOver(file)
  expect(logged.map((line) => line.replaceAll(file, 'FILE').replaceAll(dirname(file), 'FOLDER'))).toEqual([
    'Found 18 pending migrations: FILE was left by release 0.8',
    'The old database was copied to FOLDER/backups-copy-2026-08-01T12-00-00.db',
    'Running consolidated migration 0.7.0...',
    'Applying the migrations',
    'No job was found for the setting "c0ffee5d1a2b4c3d8e9f00112233aa55:Old: job"; it stays in configurations under its old key',
    'No job was found for the setting "dddddddddddddddddddddddddddddddd:Photos"; it stays in configurations under its old key',
    expect.stringMatching(
      /^The schedules of the old release are read by the clock of \S+, the time zone of this machine/,
    ),
    'Verifying',
    'Verified 16 rows against the copy: 4 servers, 12 runs, 10 settings',
    'Migration 0.7.0 completed successfully',
  ])
})

it('keeps the original of a row that lost something when it was mended', async () => {
  const file = newFile()
  writeOldDatabase(file, '0.6')
  const old = new Database(file)
  old.exec("UPDATE backups SET uploaded_size = 'abc', warnings = '12' WHERE rowid = 3")
  old.close()
  await takeOver(file)
  const [kept, ...others] = rows(file, 'SELECT source, place, reason, repaired, content FROM quarantine')
  expect(others).toEqual([])
  expect(kept).toMatchObject({
    source: 'backups',
    place: 3n,
    reason: 'uploaded_size was "abc", taken as 0',
    repaired: 1n,
  })
  expect(JSON.parse(String(kept?.content))).toMatchObject({ uploaded_size: 'abc', backup_name: 'Documents' })
  expect(rows(file, 'SELECT uploaded_size, warnings FROM backups WHERE id = 3')).toEqual([
    { uploaded_size: 0n, warnings: 250n },
  ])
})

it('never writes over a copy that is there', async () => {
  const file = newFile()
  writeOldDatabase(file, '0.6')
  await takeOver(file)
  rmSync(file)
  writeOldDatabase(file, '0.6')
  await takeOver(file)
  expect(readdirSync(dirname(file)).sort()).toEqual([
    'backups-copy-2026-08-01T12-00-00.db',
    'backups-copy-2026-08-01T12-00-01.db',
    'backups.db',
  ])
})

it.each(['0.6', '0.7'] as OldShape[])(
  'gives the settings of %s to the jobs they are about, colons and all',
  async (shape) => {
    const file = newFile()
    writeOldDatabase(file, shape)
    await takeOver(file)
    const jobs = rows(file, 'SELECT j.id, j.server_id, j.name FROM backup_jobs j ORDER BY j.id')
    const [settings] = rows(file, "SELECT value FROM configurations WHERE key = 'job_settings'")
    const byJob = JSON.parse(String(settings?.value)) as Record<
      string,
      { notificationEvent: string; expectedInterval: number }
    >
    const named = Object.fromEntries(
      jobs
        .map((job) => [`${job.server_id} ${job.name}`, byJob[String(job.id)]])
        .map(([name, setting]) => [
          name,
          setting &&
            `${(setting as { notificationEvent: string }).notificationEvent} ${(setting as { expectedInterval: number }).expectedInterval}`,
        ]),
    )
    expect(named).toEqual({
      '1 Photos: RAW': 'warnings 1',
      '1 Documents': 'all 36',
      // Two machines of one name: before 0.7 the later setting stood for both.
      '2 Photos: RAW': shape === '0.6' ? 'errors 2' : 'errors 1',
      '3 Photos: RAW': 'errors 2',
      '3 Mail «täglich»': 'off 1',
    })
  },
)

it('goes on where it was: old addresses answer, and reports find their servers and jobs', async () => {
  const file = newFile()
  writeOldDatabase(file, '0.6')
  const app = await startApp({ file })
  const [first] = oldMachines
  expect(await app.rest('GET', `/api/lastbackup/${first?.id}`)).toMatchObject({
    status: 200,
    body: { server: { id: 1, name: 'laptop:bob', alias: 'laptop:bob' }, latest_backup: { name: 'Photos: RAW' } },
  })
  const extra = {
    'machine-id': first?.id,
    'machine-name': 'laptop:bob',
    'backup-id': 'DB-1',
    'backup-name': 'Photos: RAW',
  }
  expect(await app.post(report({ extra, data: { BeginTime: '2025-05-01T02:00:00.123Z' } }))).toMatchObject({
    body: { duplicate: true, backup: { id: 1 } },
  })
  expect(await app.post(report({ extra }))).toMatchObject({ body: { duplicate: false, backup: { id: 13 } } })
  expect(await app.rest('GET', '/api/summary')).toMatchObject({ body: { totalServers: 4, totalBackupJobs: 5 } })
  expect(await app.rest('GET', '/api/health')).toMatchObject({ body: { quarantine: { repaired: 0, setAside: 0 } } })
})

it("gives the guide's numbered machines the machine-ids of the first reports of their names", async () => {
  const file = newFile()
  writeOldDatabase(file, 'guide')
  const app = await startApp({ file })
  const sample = JSON.parse(await fixture('success.json'))
  sample.Extra['machine-name'] = 'laptop:bob'
  await app.post(sample)
  expect(await app.graphql('{ server(by: { id: 7 }) { name machineIds } servers { totalCount } }')).toEqual({
    data: {
      server: { name: 'laptop:bob', machineIds: ['66f5ffc7ff474a73a3c9cba4ac7bfb65'] },
      servers: { totalCount: 4 },
    },
  })
})
