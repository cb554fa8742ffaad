// The upgrade of a file of our own earlier releases, where it is killed or has no room: the file has whole migrations only, and the next
// start applies the rest.

import { spawnSync } from 'node:child_process'
import { copyFileSync, existsSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import Database from 'better-sqlite3'
import { describe, expect, it } from 'vitest'
import { freeBeside } from '../../src/database/file/disk.ts'
import { migrationNames } from '../../src/database/migrate.ts'
import { fixture } from '../support/app.ts'
import { canMount, mountDisk } from '../support/disks.ts'
import { type Rows, rowsIn } from '../support/filledFile.ts'
import { newPlace, soak } from '../support/folders.ts'
import { migrate } from '../support/migrate.ts'
import { change } from '../support/states.ts'

/** A file that people used, of the release before marks and remarks. */
async function writeOurs(file: string, mode: string) {
  change(file, `PRAGMA journal_mode = ${mode}; ${await fixture('before-identity.sql')}`)
}

/** Fails unless those recorded are a leading part of all, and each is done. */
function expectWholeMigrations(file: string) {
  const copy = newPlace()
  for (const part of ['', '-wal', '-journal']) if (existsSync(file + part)) copyFileSync(file + part, copy + part)
  const database = new Database(copy)
  const recorded = database.prepare('SELECT migration_name FROM _prisma_migrations ORDER BY rowid').pluck().all()
  const done = database.prepare('SELECT count(*) FROM _prisma_migrations WHERE finished_at IS NOT NULL').pluck().get()
  expect(database.pragma('integrity_check', { simple: true })).toBe('ok')
  database.close()
  expect(recorded).toEqual(migrationNames().slice(0, recorded.length))
  expect(done).toBe(recorded.length)
}

async function expectNextStartFinishes(file: string, expected: Rows) {
  const { code, output } = await migrate(file).ended
  expect(code, output).toBe(0)
  expect(rowsIn(file)).toEqual(expected)
}

async function undisturbed(): Promise<Rows> {
  const file = newPlace()
  await writeOurs(file, 'DELETE')
  expect(await migrate(file).ended).toMatchObject({ code: 0 })
  return rowsIn(file)
}

describe.skipIf(spawnSync('strace', ['true']).status !== 0)('killed (where strace can do it)', () => {
  it.each([
    ['DELETE', 'pwrite64'],
    ['DELETE', 'fsync,fdatasync'],
    ['DELETE', 'unlink'],
    ['WAL', 'pwrite64'],
    ['WAL', 'fsync,fdatasync'],
  ])(
    'in mode %s at %s',
    async (mode, calls) => {
      const expected = await undisturbed()
      let killed = 0
      for (let nth = 1; ; nth = soak ? nth + 1 : nth * 8) {
        const file = newPlace()
        await writeOurs(file, mode)
        const paths = ['', '-wal', '-journal'].flatMap((part) => ['-P', file + part])
        const inject = `inject=${calls}:signal=KILL:when=${nth}`
        const { code, output } = await migrate(file, { through: ['strace', '-o', '/dev/null', ...paths, '-e', inject] })
          .ended
        expectWholeMigrations(file)
        await expectNextStartFinishes(file, expected)
        if (code === 0) break
        expect(output).not.toContain('failed')
        killed++
      }
      expect(killed).toBeGreaterThan(1)
    },
    soak ? 3_600_000 : 120_000,
  )
})

it.skipIf(!canMount())('on a disk that runs full (where one can be mounted)', async () => {
  const expected = await undisturbed()
  const disk = mountDisk('size=8m')
  await writeOurs(disk.file, 'WAL')
  const filler = join(dirname(disk.file), 'filler')
  // There is room for the copy, and not for the log of the migrations.
  writeFileSync(filler, Buffer.alloc(Math.floor(freeBeside(disk.file) - 1.3 * statSync(disk.file).size)))
  const { code, output } = await migrate(disk.file).ended
  expect([code, output.trimEnd().split('\n').at(-1)]).toEqual([
    1,
    `The database ${disk.file} has no room left on its disk; make room there.`,
  ])
  expect(readdirSync(dirname(disk.file)).filter((name) => /^backups-copy-[^.]+\.db$/.test(name))).toHaveLength(1)
  expectWholeMigrations(disk.file)
  rmSync(filler)
  await expectNextStartFinishes(disk.file, expected)
})
