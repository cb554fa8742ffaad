// The upgrade of an old file while processes die and meet: at every moment a whole file is there, and the
// next start finishes the work. With SOAK set there are more deaths.

import { spawnSync } from 'node:child_process'
import { copyFileSync, existsSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import Database from 'better-sqlite3'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { newPlace, randomShares, soak } from '../support/folders.ts'
import { migrate } from '../support/migrate.ts'
import { oldDatabaseSql, writeLargeDatabase, writeOldDatabase, writeUncheckpointed } from '../support/oldDatabase.ts'
import {
  expectNoLeftovers,
  expectTakenOver,
  expectWhole,
  expectWholeCopies,
  newContent,
  type OldContent,
  oldContent,
} from '../support/takenOver.ts'

const variants = [
  {
    name: 'of many runs',
    write: (file: string) => writeLargeDatabase(file, soak ? 5000 : 500),
    kills: soak ? 200 : 3,
  },
  {
    name: 'whose rows are all in the -wal',
    write: (file: string) => writeUncheckpointed(file, '0.6'),
    kills: soak ? 200 : 2,
  },
  { name: 'that was half-written when its container was killed', write: writeHalfWritten, kills: soak ? 50 : 1 },
]

describe.each(variants)('an old file $name', ({ write, kills }) => {
  let template = ''
  let old: OldContent
  let duration: number

  beforeAll(async () => {
    template = newFolder()
    write(template)
    old = oldContent(template)
  })
  afterAll(() => rmSync(dirname(template), { recursive: true }))

  function givenTheFile(): string {
    const file = newPlace()
    for (const part of ['', '-wal', '-journal'])
      if (existsSync(template + part)) copyFileSync(template + part, file + part)
    return file
  }

  async function expectNextStartFinishes(file: string) {
    expectWhole(file, old)
    expectWholeCopies(file, old)
    await expectSuccess(file)
    expectTakenOver(file, old)
    expect(expectWholeCopies(file, old)).toBe(1)
    expectNoLeftovers(file)
  }

  it('is taken over', async () => {
    const file = givenTheFile()
    const { ino } = statSync(file)
    const start = performance.now()
    await migrate(file).ended
    duration = performance.now() - start
    // Another file has come to the name: nobody has written over the old one, and been half done with it.
    expect(statSync(file).ino).not.toBe(ino)
    expectTakenOver(file, old)
    expect(expectWholeCopies(file, old)).toBe(1)
    expectNoLeftovers(file)
  })

  it.each(randomShares(kills, 20_601))('survives that the process is killed after %d of its time', async (share) => {
    const file = givenTheFile()
    const { child, ended } = migrate(file)
    await Promise.race([sleep(share * duration), ended])
    child.kill('SIGKILL')
    await ended
    await expectNextStartFinishes(file)
  })
})

// The moments that chance seldom meets: right before each of the calls by which files appear, vanish and become durable.
describe.skipIf(spawnSync('strace', ['true']).status !== 0)(
  'with strace, an old file whose rows are all in the -wal',
  () => {
    it.each(['rename', 'fsync', 'unlink'])(
      'survives a kill at each %s',
      async (call) => {
        for (let nth = 1; ; nth = soak ? nth + 1 : nth * 32) {
          const file = newPlace()
          writeUncheckpointed(file, '0.6')
          const old = oldContent(file)
          const inject = ['-e', `trace=${call}`, '-e', `inject=${call}:signal=KILL:when=${nth}`]
          const { code } = await migrate(file, { through: ['strace', '-o', '/dev/null', ...inject] }).ended
          const before = expectWhole(file, old)
          expectWholeCopies(file, old)
          // Where there is no such call any more, the upgrade went through.
          if (code !== 0) await expectSuccess(file)
          expectTakenOver(file, old)
          expect(expectWholeCopies(file, old)).toBe(1)
          expectNoLeftovers(file)
          if (code === 0) return expect(before).toBe('new')
        }
      },
      soak ? 900_000 : 120_000,
    )
  },
)

it('what a process left that was killed right after the swap goes with the next start', async () => {
  const file = newPlace()
  writeOldDatabase(file, '0.6')
  const old = oldContent(file)
  await expectSuccess(file)
  for (const part of ['work', 'lock']) writeFileSync(`${file}-upgrade-${part}`, '')
  await expectSuccess(file)
  expectTakenOver(file, old)
  expectNoLeftovers(file)
})

describe('eight processes at once', () => {
  it('take an old file over once', async () => {
    const file = newPlace()
    writeUncheckpointed(file, '0.6')
    const old = oldContent(file)
    const ends = await Promise.all(Array.from({ length: 8 }, () => migrate(file).ended))
    expect(ends.filter(({ code }) => code !== 0)).toEqual([])
    expectTakenOver(file, old)
    expect(expectWholeCopies(file, old)).toBe(1)
    expectNoLeftovers(file)
  })

  it('make a new file once', async () => {
    const file = newPlace()
    const ends = await Promise.all(Array.from({ length: 8 }, () => migrate(file).ended))
    expect(ends.filter(({ code }) => code !== 0)).toEqual([])
    expect(newContent(file)).toMatchObject({ problems: [], servers: 0, runs: [], setAside: [] })
    expect(readdirSync(dirname(file))).toEqual(['backups.db'])
  })
})

async function expectSuccess(file: string) {
  const { code, output } = await migrate(file).ended
  expect(code, output).toBe(0)
}

function newFolder() {
  return join(mkdtempSync(join(tmpdir(), 'duplistatus-')), 'backups.db')
}

/** A file of 0.3, which knew no WAL: pages of a transaction are in it, and the journal that takes them back is beside it. */
function writeHalfWritten(file: string) {
  const running = newFolder()
  const database = new Database(running)
  database.exec(oldDatabaseSql('0.3'))
  database.pragma('cache_size = 1')
  database.exec("BEGIN; UPDATE backups SET version = hex(randomblob(5000)), status = 'half'")
  for (const part of ['', '-journal']) copyFileSync(running + part, file + part)
  database.close()
  rmSync(dirname(running), { recursive: true })
}
