// However often an upgrade is killed, one copy of the old database remains in the end; and no copy goes that is another's, or that
// holds what is nowhere else.

import { spawnSync } from 'node:child_process'
import { copyFileSync, existsSync, readdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { applyMigrations, migrationNames } from '../../src/database/migrate.ts'
import { newPlace } from '../support/folders.ts'
import { migrate } from '../support/migrate.ts'
import { writeOldDatabase, writeUncheckpointed } from '../support/oldDatabase.ts'
import { change } from '../support/states.ts'
import { expectNoLeftovers, expectTakenOver, expectWhole, expectWholeCopies, oldContent } from '../support/takenOver.ts'

const note = (file: string) => `${file}-upgrade-copy`

type Moment = [name: string, path: (file: string) => string[], call: string, nth: number, copies: number]

/** The moments of an upgrade around its copy: right before the nth such call that is about the path. */
const moments: Moment[] = [
  ['before its note is on the disk', (file) => [note(file)], 'fsync', 1, 0],
  ['when the copy gets its name', () => [], 'rename', 1, 0],
  // The folder is written to the disk for the note, twice by SQLite, and before and after the copy gets its name.
  ['when the copy has its name', (file) => [dirname(file)], 'fsync', 5, 1],
  ['when the copy is finished', (file) => [`${file}-upgrade-work`], 'openat', 1, 1],
  ['when the new file is finished', (file) => [`${file}-upgrade-result`], 'fsync', 1, 1],
  ['when the log is written back', (file) => [file], 'pwrite64', 1, 1],
  ['when the log is removed', (file) => [`${file}-wal`], 'unlink', 1, 1],
  ['right before the swap', () => [], 'rename', 2, 1],
  ['right after the swap', (file) => [note(file)], 'unlink', 1, 1],
]

describe.skipIf(spawnSync('strace', ['true']).status !== 0)(
  'an upgrade that was killed (where strace can do it)',
  { timeout: 60_000 },
  () => {
    async function kill(file: string, [, paths, call, nth]: Moment) {
      const about = paths(file).flatMap((path) => ['-P', path])
      const inject = ['-e', `inject=${call}:signal=KILL:when=${nth}`]
      const { code, output } = await migrate(file, { through: ['strace', '-o', '/dev/null', ...about, ...inject] })
        .ended
      expect(code, output).not.toBe(0)
    }

    async function expectNextStartFinishes(file: string) {
      const { code, output } = await migrate(file).ended
      expect(code, output).toBe(0)
      expectNoLeftovers(file)
      return output
    }

    it.each(moments.map((moment) => [moment[0], moment] as const))(
      '%s leaves one copy in the end',
      async (_, moment) => {
        const file = newPlace()
        writeUncheckpointed(file, '0.6')
        const old = oldContent(file)
        await kill(file, moment)
        expectWhole(file, old)
        expect(expectWholeCopies(file, old)).toBe(moment[4])
        await expectNextStartFinishes(file)
        expectTakenOver(file, old)
        expect(expectWholeCopies(file, old)).toBe(1)
      },
    )

    it('at one moment after the other leaves one copy in the end', async () => {
      const file = newPlace()
      writeUncheckpointed(file, '0.6')
      const old = oldContent(file)
      // A start that finds a note removes it right after the copy went: that is where the third is killed.
      const again = [
        'when the new file is finished',
        'right before the swap',
        'right after the swap',
        'right before the swap',
      ]
      for (const [nth, name] of again.entries()) {
        await kill(file, moments.find((moment) => moment[0] === name) as Moment)
        expect(expectWhole(file, old)).toBe('old')
        expect(expectWholeCopies(file, old)).toBe(nth === 2 ? 0 : 1)
      }
      await expectNextStartFinishes(file)
      expectTakenOver(file, old)
      expect(expectWholeCopies(file, old)).toBe(1)
    })

    const finished = moments[3] as Moment

    it('leaves the copies alone that others made, though they hold the same', async () => {
      const file = newPlace()
      writeOldDatabase(file, '0.6')
      const old = oldContent(file)
      const others = ['backups-copy-2025-01-01T00-00-00.db', 'backups-manual-backup.db']
      for (const name of others) copyFileSync(file, join(dirname(file), name))
      await kill(file, finished)
      expect(await migrate(file).ended).toMatchObject({ code: 0 })
      const names = readdirSync(dirname(file))
      expect(names).toEqual(expect.arrayContaining(others))
      expect(names.filter((name) => name.startsWith('backups-copy-'))).toHaveLength(2)
      expectTakenOver(file, old)
    })

    it.each([
      ['a row is other', "UPDATE backups SET status = 'Fatal' WHERE rowid = 5"],
      ['only letters are larger', 'UPDATE machines SET name = upper(name)'],
      ['a row is gone', 'DELETE FROM backups WHERE rowid = 5'],
      ['a row is new', "INSERT INTO configurations (key, value) VALUES ('a', 'b')"],
      ['a table is new', 'CREATE TABLE notes (text TEXT)'],
    ])('leaves its copy where the old release went on, and %s', async (_, sql) => {
      const file = newPlace()
      writeOldDatabase(file, '0.6')
      await kill(file, finished)
      const [copy] = copies(file)
      const before = oldContent(join(dirname(file), copy as string))
      change(file, sql)
      await expectNextStartFinishes(file)
      expect(copies(file)).toHaveLength(2)
      expect(oldContent(join(dirname(file), copy as string))).toEqual(before)
    })

    it('leaves its copy where the new file is in place, also when the old one is put back later', async () => {
      const file = newPlace()
      writeOldDatabase(file, '0.6')
      const old = oldContent(file)
      await kill(file, moments.at(-1) as Moment)
      expect([existsSync(note(file)), expectWhole(file, old)]).toEqual([true, 'new'])
      expect(await expectNextStartFinishes(file)).not.toContain('Removed')
      const [first] = copies(file)
      copyFileSync(join(dirname(file), first as string), file)
      await expectNextStartFinishes(file)
      expect(copies(file)).toHaveLength(2)
      expect(expectWholeCopies(file, old)).toBe(2)
    })

    it('of this release’s own database leaves one copy, too', async () => {
      const file = newPlace()
      applyMigrations(file, migrationNames().slice(0, -1))
      // The same moment; SQLite has no cause to write the folder to the disk here.
      await kill(file, ['when the copy has its name', () => [dirname(file)], 'fsync', 3, 1])
      expect(copies(file)).toHaveLength(1)
      await expectNextStartFinishes(file)
      expect(copies(file)).toHaveLength(1)
    })

    it('does not reckon with the room that its copy takes: it goes before the room is measured', async () => {
      const file = newPlace()
      writeUncheckpointed(file, '0.6')
      await kill(file, finished)
      const output = await expectNextStartFinishes(file)
      expect(output.indexOf('Removed')).toBeGreaterThan(-1)
      expect(output.indexOf('Removed')).toBeLessThan(output.indexOf('Found'))
    })
  },
)

it.each(['', 'backups-copy-2025-01-01T00', '../backups-copy-2025-01-01T00-00-00.db', 'backups.db', '/etc/passwd'])(
  'a note that names no copy (%j) removes nothing',
  async (name) => {
    const file = join(dirname(newPlace()), 'data.db')
    writeOldDatabase(file, '0.6')
    const old = oldContent(file)
    const others = ['backups-copy-2025-01-01T00-00-00.db', 'backups.db', 'backups-copy-2025-01-01T00']
    for (const other of others) copyFileSync(file, join(dirname(file), other))
    writeFileSync(note(file), name)
    expect(await migrate(file).ended).toMatchObject({ code: 0 })
    expect(readdirSync(dirname(file))).toEqual(expect.arrayContaining(others))
    expect(existsSync(note(file))).toBe(false)
    expectTakenOver(file, old)
  },
)

function copies(file: string): string[] {
  return readdirSync(dirname(file)).filter((name) => name.startsWith('backups-copy-'))
}
