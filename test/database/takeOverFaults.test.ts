// The upgrade of an old file where the machine fails: no room, no rights, calls that are refused. The old file stays as it
// was, nobody sees half of a new one, and when the fault is gone the next start succeeds. Faults that this machine or its
// user cannot make are skipped.

import { execFileSync, spawnSync } from 'node:child_process'
import { chmodSync, chownSync, copyFileSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import Database from 'better-sqlite3'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { canMount, mountDisk } from '../support/disks.ts'
import { newPlace, randomShares, soak } from '../support/folders.ts'
import { type MigrationOptions, migrate } from '../support/migrate.ts'
import { writeLargeDatabase, writeOldDatabase, writeUncheckpointed } from '../support/oldDatabase.ts'
import {
  expectNoLeftovers,
  expectTakenOver,
  expectWhole,
  expectWholeCopies,
  type OldContent,
  oldContent,
} from '../support/takenOver.ts'

/** Fails unless the upgrade fails with a message, and the old file holds what it held. */
async function expectFailure(file: string, old: OldContent, options?: MigrationOptions): Promise<string> {
  const bytes = existsSync(`${file}-wal`) ? undefined : readFileSync(file)
  const { code, output } = await migrate(file, options).ended
  expect(code, output).toBe(1)
  expect(output).not.toBe('')
  expect(expectWhole(file, old)).toBe('old')
  expectWholeCopies(file, old)
  if (bytes) expect(readFileSync(file).equals(bytes)).toBe(true)
  return output
}

async function expectNextStartSucceeds(file: string, old: OldContent) {
  const { code, output } = await migrate(file).ended
  expect(code, output).toBe(0)
  expectTakenOver(file, old)
  expect(expectWholeCopies(file, old)).toBeGreaterThan(0)
  expectNoLeftovers(file)
}

describe('a limit on the size of files', () => {
  const kibibytes = 1024
  let template = ''
  let old: OldContent

  beforeAll(() => {
    template = join(mkdtempSync(join(tmpdir(), 'duplistatus-')), 'backups.db')
    writeLargeDatabase(template, 200)
    old = oldContent(template)
  })
  afterAll(() => rmSync(dirname(template), { recursive: true }))

  // The new file is about as large as the old one, so that nothing up to nine tenths of that is enough.
  it.each([0, ...randomShares(soak ? 100 : 3, 20_602)])(
    'of %d of what is needed leaves the old file',
    async (share) => {
      const file = newPlace()
      copyFileSync(template, file)
      const limit = Math.floor((0.9 * share * statSync(file).size) / kibibytes)
      await expectFailure(file, old, { through: ['bash', '-c', `ulimit -f ${limit}; exec "$@"`, 'bash'] })
      await expectNextStartSucceeds(file, old)
    },
  )

  it.each([0.3, 0.6])('spares the rows that are only in the -wal, at %d of its size', async (share) => {
    const file = newPlace()
    writeUncheckpointed(file, '0.6')
    const old = oldContent(file)
    const limit = Math.floor((share * statSync(`${file}-wal`).size) / kibibytes)
    await expectFailure(file, old, { through: ['bash', '-c', `ulimit -f ${limit}; exec "$@"`, 'bash'] })
    await expectNextStartSucceeds(file, old)
  })
})

describe.skipIf(!canMount())('a disk of its own (where it can be mounted)', () => {
  it('that is too small is refused before anything is written', async () => {
    const disk = mountDisk('size=20m')
    writeLargeDatabase(disk.file, 1000)
    const old = oldContent(disk.file)
    const output = await expectFailure(disk.file, old)
    expect(output).toMatch(
      /The upgrade needs \d+ MiB beside .*, and only \d+ MiB are free; make room and start again\./,
    )
    expectNoLeftovers(disk.file)
    expect(expectWholeCopies(disk.file, old)).toBe(0)
    disk.remount('size=100m')
    await expectNextStartSucceeds(disk.file, old)
  })

  it('that runs full although there seemed to be room leaves the old file', async () => {
    const disk = mountDisk('size=19m')
    writeEmptyLines(disk.file)
    const old = oldContent(disk.file)
    expect(await expectFailure(disk.file, old)).not.toContain('The upgrade needs')
    expectNoLeftovers(disk.file)
    disk.remount('size=200m')
    await expectNextStartSucceeds(disk.file, old)
  })

  // The folder and the file are two; then the lock, the copy, and what SQLite keeps beside it.
  it.each([2, 3, 5])('that has room for %d files leaves the old file', async (files) => {
    const disk = mountDisk(`size=30m,nr_inodes=${files}`)
    writeOldDatabaseAt(disk.file)
    const old = oldContent(disk.file)
    await expectFailure(disk.file, old)
    disk.remount('size=30m,nr_inodes=100')
    await expectNextStartSucceeds(disk.file, old)
  })

  it('a file that cannot be replaced, as one that is mounted by itself, stays', async () => {
    const file = newPlace()
    writeUncheckpointed(file, '0.6')
    const old = oldContent(file)
    execFileSync('mount', ['--bind', file, file])
    const unmount = () => spawnSync('umount', [file])
    onTestFinished(() => void unmount())
    await expectFailure(file, old)
    unmount()
    await expectNextStartSucceeds(file, old)
  })
})

describe.skipIf(spawnSync('strace', ['true']).status !== 0)('a call that fails (where strace can make it)', () => {
  it.each(['fsync', 'rename', 'unlink', 'ftruncate', 'pwrite64'])(
    '%s leaves a whole file',
    async (call) => {
      let failures = 0
      for (let nth = 1; ; nth = soak ? nth + 1 : nth * 8) {
        const file = newPlace()
        writeUncheckpointed(file, '0.6')
        const old = oldContent(file)
        const calls = join(dirname(newPlace()), 'calls')
        const inject = ['-e', `trace=${call}`, '-e', `inject=${call}:error=EIO:when=${nth}`]
        // Not every call matters: the upgrade may well succeed. What counts is what is there afterwards.
        const { code, output } = await migrate(file, { through: ['strace', '-o', calls, ...inject] }).ended
        expect([0, 1]).toContain(code)
        if (code === 1) expect(output).not.toBe('')
        expectWhole(file, old)
        expectWholeCopies(file, old)
        // There is no such call any more: the upgrade went through.
        if (!readFileSync(calls, 'utf8').includes('(INJECTED)')) {
          expectTakenOver(file, old)
          break
        }
        await expectNextStartSucceeds(file, old)
        failures += code ?? 0
      }
      expect(failures).toBeGreaterThan(0)
    },
    soak ? 3_600_000 : 120_000,
  )
})

describe('a user without the right', () => {
  // Root may do everything.
  const user = process.getuid?.() === 0 ? 65_534 : undefined

  function remedyFor(path: string) {
    const ids = `${user ?? process.getuid?.()}:${user ?? process.getgid?.()}`
    return `user ${ids}; give it to that user (chown -R ${ids} ${path}), or set DATABASE_URL.`
  }

  function givenFor(permissions: { folder: number; file: number }) {
    const file = newPlace()
    writeOldDatabase(file, '0.6')
    if (user !== undefined) for (const path of [dirname(file), file]) chownSync(path, user, user)
    chmodSync(file, permissions.file)
    chmodSync(dirname(file), permissions.folder)
    onTestFinished(() => chmodSync(dirname(file), 0o755))
    return file
  }

  it('to write into the folder is told so', async () => {
    const file = givenFor({ folder: 0o555, file: 0o644 })
    const old = oldContent(file)
    const output = await expectFailure(file, old, { user })
    expect(output).toContain(`The data folder ${dirname(file)} cannot be written by ${remedyFor(dirname(file))}`)
    expectNoLeftovers(file)
    chmodSync(dirname(file), 0o755)
    await expectNextStartSucceeds(file, old)
  })

  it('to write the file is told so', async () => {
    const file = givenFor({ folder: 0o755, file: 0o444 })
    const old = oldContent(file)
    const output = await expectFailure(file, old, { user })
    expect(output).toContain(`The database ${file} cannot be written by ${remedyFor(file)}`)
    expectNoLeftovers(file)
    chmodSync(file, 0o644)
    await expectNextStartSucceeds(file, old)
  })
})

/** Where there is no room for what SQLite needs to write one. */
function writeOldDatabaseAt(file: string) {
  const elsewhere = newPlace()
  writeOldDatabase(elsewhere, '0.6')
  copyFileSync(elsewhere, file)
}

/** Each line takes three bytes here, and in a table of lines ten times that: more than the upgrade reckons with. */
function writeEmptyLines(file: string) {
  writeOldDatabaseAt(file)
  const database = new Database(file)
  database
    .prepare("UPDATE backups SET messages_array = ? WHERE status = 'Success'")
    .run(JSON.stringify(Array(75_000).fill('')))
  database.close()
}
