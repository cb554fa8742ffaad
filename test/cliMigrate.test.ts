// `duplistatus migrate`, as a process: what it says of a file, what it would do, and what it does.

import { readdirSync, truncateSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import Database from 'better-sqlite3'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { dryRun } from '../src/database/file/dryRun.ts'
import { applyMigrations, migrationNames } from '../src/database/migrate.ts'
import { duplistatus, run } from './support/cli.ts'
import { configurations } from './support/configurations.ts'
import { newPlace, soak } from './support/folders.ts'
import { oldCounts, writeOldDatabase, writeUncheckpointed } from './support/oldDatabase.ts'
import { oldRun, runSql, uuid } from './support/oldDatabaseRows.ts'
import { type OldShape, oldShapes, since } from './support/oldDatabaseSchema.ts'
import { startProcess } from './support/process.ts'
import { change, fingerprints } from './support/states.ts'

const releases: Record<OldShape, string> = {
  guide: "the guide's 0.6",
  '0.3': '0.3 to 0.5',
  '0.6': '0.6',
  '0.7': '0.7',
  '0.8': '0.8',
  '0.9': '0.9 to 1.4',
}
const serversBefore = (shape: OldShape) => ({
  [since(shape, '0.7') ? 'servers' : 'machines']: oldCounts(shape).machines,
})

describe('migrate --status', () => {
  it.each(oldShapes)('says that a file is of %s, and leaves it alone', async (shape) => {
    const file = newPlace()
    writeOldDatabase(file, shape)
    const before = fingerprints(file)
    const [status, { stdout }] = await Promise.all([
      duplistatus(file, 'migrate', '--status'),
      duplistatus(file, 'migrate', '--status', '--json'),
    ])
    const json = JSON.parse(stdout)
    expect(status).toMatchObject({ code: 0, stderr: '' })
    expect(status.stdout).toContain(
      `${file} was left by release ${releases[shape]}; the next start upgrades it.\nrows:\n`,
    )
    expect(status.stdout).toMatch(/^ {2}backups +12$/m)
    expect(json).toMatchObject({ file, kind: 'old', release: releases[shape] })
    expect(json.rows).toMatchObject({ ...serversBefore(shape), backups: oldCounts(shape).runs })
    expect(fingerprints(file)).toEqual(before)
  })

  it('tells a database of this release, an empty file and none from old ones', async () => {
    const [good, empty, missing] = [newPlace(), newPlace(), newPlace()]
    applyMigrations(good, migrationNames())
    writeFileSync(empty, '')
    const said = await Promise.all(
      [good, empty, missing].map(async (file) => {
        const before = fingerprints(file)
        const [status, json] = [
          await duplistatus(file, 'migrate', '--status'),
          await duplistatus(file, 'migrate', '--status', '--json'),
        ]
        expect(fingerprints(file)).toEqual(before)
        expect([status.code, status.stderr, json.code, json.stderr]).toEqual([0, '', 0, ''])
        return { text: status.stdout.replace(file, 'FILE').split('\n')[0], json: JSON.parse(json.stdout) }
      }),
    )
    expect(said).toMatchObject([
      {
        text: 'FILE is up to date; nothing needs to be done.',
        json: { kind: 'ours', pending: [], rows: { servers: 0, _prisma_migrations: migrationNames().length } },
      },
      { text: 'FILE is empty; the next start creates the tables.', json: { kind: 'empty', rows: {} } },
      { text: 'FILE does not exist yet.', json: { kind: 'missing' } },
    ])
  })
})

describe('migrate --dry-run', () => {
  it('says how it would decide what could be seen in another way', async () => {
    const file = newPlace()
    writeOldDatabase(file, '0.6')
    change(file, runSql('0.6', oldRun(uuid(50), 0, ['DB-9', 'Documents'], '2025-06-01T02:00:00.000Z')))
    const sentence =
      'Documents of laptop:bob was reported under DB-9 (1 run) and DB-2 (3 runs): it is one job, BackupJob:2, which continues with the reports of DB-9.'
    expect((await duplistatus('x', 'migrate', '--dry-run', file)).stdout.split('\n')).toContain(sentence)
    const { warnings } = JSON.parse((await duplistatus('x', 'migrate', '--dry-run', file, '--json')).stdout)
    expect(warnings).toContain(sentence)
  })

  // The command itself: above, below, and here for one of them.
  it.each(oldShapes)('counts what becomes of a file of %s, and touches nothing', async (shape) => {
    const [whole, unfinished, temporary] = [newPlace(), newPlace(), dirname(newPlace())]
    writeOldDatabase(whole, shape)
    writeUncheckpointed(unfinished, shape)
    vi.stubEnv('TMPDIR', temporary)
    onTestFinished(() => void vi.unstubAllEnvs())
    for (const file of [whole, unfinished]) {
      const before = fingerprints(file)
      const { machines, jobs, runs, logLines } = oldCounts(shape)
      const counted = {
        before: { ...serversBefore(shape), backups: runs },
        after: { servers: machines, backup_jobs: jobs, backups: runs, log_lines: logLines },
      }
      const expectUntouched = () => {
        expect(fingerprints(file)).toEqual(before)
        expect(readdirSync(dirname(file))).toEqual(Object.keys(before))
        expect(readdirSync(temporary)).toEqual([])
      }
      expect(await dryRun(file, new Date(), null)).toMatchObject({
        found: { kind: 'old', release: releases[shape] },
        ...counted,
      })
      expectUntouched()
      if (shape !== '0.9' && !soak) continue
      const { stdout } = await run('cli.js', ['migrate', '--dry-run', file, '--json'], { TMPDIR: temporary })
      expect(JSON.parse(stdout)).toMatchObject({ file, kind: 'old', release: releases[shape], ...counted })
      expectUntouched()
    }
  })

  it('says it in words, and why an upgrade would be refused', async () => {
    const [file, broken] = [newPlace(), newPlace()]
    for (const old of [file, broken]) writeOldDatabase(old, 'guide')
    truncateSync(broken, 8192)
    const [good, bad, missing] = await Promise.all([
      duplistatus('x', 'migrate', '--dry-run', file),
      duplistatus('x', 'migrate', '--dry-run', broken),
      duplistatus('x', 'migrate', '--dry-run', `${file}-no`),
    ])
    expect(good).toEqual({
      code: 0,
      stderr: '',
      stdout: expect.stringMatching(
        /^\S+ was left by release the guide's 0\.6;[\s\S]+\nrows before:\n {2}machines +4\n {2}backups +12\nrows after:\n[\s\S]+\n {2}servers +4\n/,
      ),
    })
    expect(bad).toMatchObject({
      code: 1,
      stdout: '',
      stderr: expect.stringMatching(/^\S+ is damaged \(.+\); restore an earlier copy of it\.\n$/),
    })
    expect(bad.stderr).toContain(broken)
    expect(missing).toEqual({ code: 1, stdout: '', stderr: `There is no ${file}-no.\n` })
  })
})

describe('migrate', () => {
  it('does the upgrade, once', async () => {
    const file = newPlace()
    writeUncheckpointed(file, '0.6')
    const first = await duplistatus(file, 'migrate')
    expect(first).toMatchObject({ code: 0, stderr: '' })
    expect(first.stdout).toContain('Migration 0.7.0 completed successfully')
    expect(first.stdout).toContain(`${file} is up to date.\n`)
    expect(readdirSync(dirname(file))).toEqual([expect.stringMatching(/^backups-copy-[-T\d]+\.db$/), 'backups.db'])
    const after = fingerprints(file)
    const second = await duplistatus(file, 'migrate', '--json')
    expect(JSON.parse(second.stdout)).toEqual({ file, kind: 'ours', pending: [] })
    expect(fingerprints(file)).toEqual(after)
  })

  it('prints nothing but JSON with --json', async () => {
    const file = newPlace()
    writeOldDatabase(file, '0.3')
    expect(JSON.parse((await duplistatus(file, 'migrate', '--json')).stdout)).toEqual({
      file,
      kind: 'ours',
      pending: [],
    })
  })
})

describe('the time zone of the old server', { timeout: 60_000 }, () => {
  const assumed = (zone: string) =>
    `The schedules of the old release are read by the clock of ${zone}, the time zone of this machine (TZ); if the old server had another, restore the copy, and upgrade it with "duplistatus migrate --time-zone ZONE" before the server is started.`
  const said = (zone: string) =>
    `The schedules of the old release are read by the clock of ${zone}, as --time-zone says.`
  const migrate = (file: string, args: string[], TZ: string) =>
    run('cli.js', ['migrate', ...args], { DATABASE_URL: `file:${file}`, TZ })

  it.each<[string[], string, string]>([
    [[], 'Asia/Tokyo', assumed('Asia/Tokyo')],
    [['--time-zone', 'Europe/Berlin'], 'Europe/Berlin', said('Europe/Berlin')],
  ])(
    'is what %j and TZ=Asia/Tokyo say: it is logged, and kept for the first start, whatever TZ is then',
    async (args, zone, sentence) => {
      const file = newPlace()
      writeUncheckpointed(file, '0.8')
      const { code, stdout } = await migrate(file, args, 'Asia/Tokyo')
      expect(code).toBe(0)
      expect(messages(stdout).filter((message) => message.includes('clock'))).toEqual([sentence])

      const server = startProcess({ DATABASE_URL: `file:${file}`, TZ: 'America/New_York' })
      await server.listening
      expect(legacyZones(file)).toEqual([zone])
    },
  )

  it('is that of the server, where the server takes the file over', async () => {
    const file = newPlace()
    writeOldDatabase(file, '0.6')
    const server = startProcess({ DATABASE_URL: `file:${file}`, TZ: 'Pacific/Auckland' })
    await server.listening
    expect(messages(server.output())).toContain(assumed('Pacific/Auckland'))
    expect(legacyZones(file)).toEqual(['Pacific/Auckland'])
  })

  it('is said by --dry-run, in words and in JSON', async () => {
    const file = newPlace()
    writeOldDatabase(file, '0.6')
    const lines = async (...args: string[]) =>
      (await migrate('x', ['--dry-run', file, ...args], 'Asia/Tokyo')).stdout.split('\n')
    expect(await lines()).toContain(assumed('Asia/Tokyo'))
    expect(await lines('--time-zone', 'Europe/Berlin')).toContain(said('Europe/Berlin'))
    expect(JSON.parse((await lines('--json'))[0] ?? '')).toMatchObject({ timeZone: 'Asia/Tokyo' })
  })

  it.each<[string, (file: string) => void]>([
    ['of a release without settings', (file) => writeOldDatabase(file, '0.3')],
    [
      'without settings of jobs',
      (file) => {
        writeOldDatabase(file, '0.6')
        change(
          file,
          `UPDATE configurations SET value = '{}' WHERE key = 'backup_settings';
           UPDATE configurations SET value = json_remove(value, '$.backupSettings') WHERE key = 'notifications'`,
        )
      },
    ],
  ])('is of no interest in a file %s', async (_, given) => {
    const file = newPlace()
    given(file)
    const { stdout } = await migrate('x', ['--dry-run', file], 'Asia/Tokyo')
    expect(stdout).not.toContain('clock')
    expect(JSON.parse((await migrate('x', ['--dry-run', file, '--json'], '')).stdout)).toMatchObject({ timeZone: null })
    const upgraded = await migrate(file, ['--time-zone', 'Europe/Berlin'], 'Asia/Tokyo')
    expect(upgraded.stdout).toContain('Migration 0.7.0 completed successfully')
    expect(upgraded.stdout).not.toContain('clock')
    expect([...configurations(file).keys()]).not.toContain('job_time_zone')
  })

  it('is refused before any work if there is no such zone, or no old database to read by it', async () => {
    const [old, ours, missing] = [newPlace(), newPlace(), newPlace()]
    writeUncheckpointed(old, '0.6')
    applyMigrations(ours, migrationNames())
    const before = [old, ours, missing].map(fingerprints)
    expect(await migrate(old, ['--time-zone', 'Mars/Olympus'], 'UTC')).toEqual({
      code: 1,
      stdout: '',
      stderr: expect.stringMatching(
        /^error: .*'Mars\/Olympus' is invalid\. It must be a time zone, like Europe\/Berlin\.\n/,
      ),
    })
    for (const file of [ours, missing]) {
      expect(await migrate(file, ['--time-zone', 'Europe/Berlin'], 'UTC')).toEqual({
        code: 1,
        stdout: '',
        stderr: `${file} is not a database of an old release, so --time-zone does not apply; to upgrade it again, restore the copy made before the upgrade.\n`,
      })
    }
    expect(await migrate(old, ['--status', '--time-zone', 'Europe/Berlin'], 'UTC')).toMatchObject({
      code: 1,
      stdout: '',
    })
    expect([old, ours, missing].map(fingerprints)).toEqual(before)
  })

  it('is read anew after the copy was restored, as the log advises', async () => {
    const file = newPlace()
    writeOldDatabase(file, '0.8')
    const server = startProcess({ DATABASE_URL: `file:${file}`, TZ: 'UTC' })
    await server.listening
    server.child.kill('SIGTERM')
    await server.exited
    expect(legacyZones(file)).toEqual(['UTC'])
    const copy = readdirSync(dirname(file)).find((name) => name.startsWith('backups-copy-')) as string
    expect(await duplistatus(file, 'restore', join(dirname(file), copy))).toMatchObject({ code: 0 })
    expect(await migrate(file, ['--time-zone', 'Europe/Berlin'], 'UTC')).toMatchObject({ code: 0 })
    await startProcess({ DATABASE_URL: `file:${file}`, TZ: 'UTC' }).listening
    expect(legacyZones(file)).toEqual(['Europe/Berlin'])
  })
})

/** What a log says. */
function messages(output: string): string[] {
  return output.split('\n').flatMap((line) => (line.startsWith('{') ? (JSON.parse(line).msg as string) : []))
}

/** The zones by whose clocks the schedules from the old release count. */
function legacyZones(file: string): unknown[] {
  const database = new Database(file, { readonly: true })
  try {
    const schedules =
      "SELECT DISTINCT legacy_schedule->>'$.timeZone' FROM backup_jobs WHERE legacy_schedule IS NOT NULL"
    return database.prepare(schedules).pluck().all()
  } finally {
    database.close()
  }
}
