// An upgrade that cannot succeed is refused before it begins: in one sentence, and every file in the folder stays as it was, byte
// for byte. When the reason is gone, the next start succeeds.

import { execFileSync, spawnSync } from 'node:child_process'
import {
  chmodSync,
  chownSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { duplistatus, run } from '../support/cli.ts'
import { canMount, mountDisk } from '../support/disks.ts'
import { newPlace, soak } from '../support/folders.ts'
import { migrate } from '../support/migrate.ts'
import { writeOldDatabase, writeUncheckpointed } from '../support/oldDatabase.ts'
import { change, changeInLog, fingerprints } from '../support/states.ts'
import { expectNoLeftovers, expectTakenOver, type OldContent, oldContent } from '../support/takenOver.ts'

/** Each test starts several processes, one after the other. */
const timeout = 60_000

/** Files as they are found: closed, and as a killed container leaves them. */
const states: [string, (file: string) => void][] = [
  ['closed', (file) => writeOldDatabase(file, '0.6')],
  ['with its rows in the -wal', (file) => writeUncheckpointed(file, '0.6')],
]

let turn = 0

/**
 * Fails unless the server, `migrate --status` and `migrate` refuse the file with this sentence, and touch nothing. In the short form the
 * two commands take turns.
 */
async function expectRefused(file: string, sentence: string | RegExp) {
  const before = fingerprints(file)
  const commands = [() => duplistatus(file, 'migrate', '--status'), () => duplistatus(file, 'migrate')]
  turn += 1
  for (const start of [
    () => run('main.js', [], { DATABASE_URL: `file:${file}`, PORT: '0' }),
    ...(soak ? commands : commands.slice(turn % 2, (turn % 2) + 1)),
  ]) {
    const ended = await start()
    expect(ended).toEqual({ code: 1, stdout: '', stderr: expect.stringMatching(/^[^\n]+\n$/) })
    const said = ended.stderr.trimEnd().replaceAll(file, 'FILE')
    if (typeof sentence === 'string') expect(said).toBe(sentence)
    else expect(said).toMatch(sentence)
    expect(fingerprints(file)).toEqual(before)
  }
}

async function expectNextStartSucceeds(file: string, old: OldContent) {
  const { code, output } = await migrate(file).ended
  expect(code, output).toBe(0)
  expectTakenOver(file, old)
}

describe.skipIf(!canMount())('a single file that is mounted into a container (where it can be)', { timeout }, () => {
  const sentence = 'FILE is mounted as a single file, so that no new file can take its place; mount its folder instead.'

  it.each(states)('is refused: %s', async (_, write) => {
    const file = join(dirname(newPlace()), 'my data', 'backups.db')
    mkdirSync(dirname(file))
    write(file)
    const old = oldContent(file)
    const unmount = mountOver(file)
    await expectRefused(file, sentence)
    unmount()
    await expectNextStartSucceeds(file, old)
    expectNoLeftovers(file)
  })

  it('is refused where it comes from another folder, and is as it was there', async () => {
    const [elsewhere, file] = [newPlace(), newPlace()]
    writeOldDatabase(elsewhere, '0.6')
    const [old, before] = [oldContent(elsewhere), fingerprints(elsewhere)]
    writeFileSync(file, '')
    const unmount = mountOver(file, elsewhere)
    await expectRefused(file, sentence)
    unmount()
    expect(fingerprints(elsewhere)).toEqual(before)
    await expectNextStartSucceeds(elsewhere, old)
  })

  it('is refused by restore too, which would put another in its place', async () => {
    const [copy, file] = [newPlace(), newPlace()]
    writeOldDatabase(copy, '0.6')
    expect(await duplistatus(file, 'migrate')).toMatchObject({ code: 0 })
    mountOver(file)
    const before = fingerprints(file)
    expect(await duplistatus(file, 'restore', copy)).toEqual({
      code: 1,
      stdout: '',
      stderr: `${sentence.replace('FILE', file)}\n`,
    })
    expect(fingerprints(file)).toEqual(before)
  })

  it('serves all the same if this release made it: nothing has to take its place', async () => {
    const file = newPlace()
    expect(await duplistatus(file, 'migrate')).toMatchObject({ code: 0 })
    mountOver(file)
    expect(await duplistatus(file, 'migrate')).toMatchObject({ code: 0 })
  })

  it('is no matter where a folder, or another file, is mounted', async () => {
    const { file } = mountDisk('size=100m')
    writeUncheckpointed(file, '0.6')
    writeFileSync(`${file}.txt`, '')
    mountOver(`${file}.txt`)
    expect(await duplistatus(file, 'migrate')).toMatchObject({ code: 0 })
  })

  /** Makes a file a mount of its own; returns what ends that. */
  function mountOver(file: string, from = file): () => void {
    execFileSync('mount', ['--bind', from, file])
    let mounted = true
    const unmount = () => {
      if (mounted) execFileSync('umount', [file])
      mounted = false
    }
    onTestFinished(unmount)
    return unmount
  }
})

describe.skipIf(!canMount())('a disk without room (where one can be mounted)', { timeout }, () => {
  it.each(states)('is refused: %s', async (_, write) => {
    const { file, remount } = mountDisk('size=10m')
    copyTo(file, write)
    const old = oldContent(file)
    await expectRefused(
      file,
      /^The upgrade needs 16 MiB beside FILE, and only \d+ MiB are free; make room and start again\.$/,
    )
    remount('size=100m')
    await expectNextStartSucceeds(file, old)
    expectNoLeftovers(file)
  })

  it.each(states)('that is full to the last byte is refused: %s', async (_, write) => {
    const { file } = mountDisk('size=10m')
    copyTo(file, write)
    const old = oldContent(file)
    const filler = join(dirname(file), 'filler')
    expect(() => writeFileSync(filler, Buffer.alloc(2 ** 24))).toThrow('ENOSPC')
    await expectRefused(
      file,
      /^The (upgrade needs 16 MiB beside|database) FILE[^;]*; make room (and start again|there)\.$/,
    )
    rmSync(filler)
    const roomy = newPlace()
    for (const part of ['', '-wal']) if (existsSync(file + part)) copyFileSync(file + part, roomy + part)
    await expectNextStartSucceeds(roomy, old)
  })

  /** Made elsewhere: what SQLite needs to write one has no room there. */
  function copyTo(file: string, write: (file: string) => void) {
    const elsewhere = newPlace()
    write(elsewhere)
    for (const name of readdirSync(dirname(elsewhere)))
      copyFileSync(join(dirname(elsewhere), name), join(dirname(file), name))
  }
})

describe.skipIf(process.getuid?.() !== 0)('a user without the right (where root can be another)', { timeout }, () => {
  const user = 65_534

  it.each<[string, (file: string) => string]>([
    [
      'to write the folder',
      (file) => {
        chmodSync(dirname(file), 0o555)
        return `The data folder ${dirname(file)}`
      },
    ],
    [
      'to write the file',
      (file) => {
        chmodSync(file, 0o444)
        return `The database ${file}`
      },
    ],
    [
      'to read the file',
      (file) => {
        chownSync(file, 0, 0)
        chmodSync(file, 0o600)
        return `The database ${file}`
      },
    ],
    [
      'to write the log beside it',
      (file) => {
        chownSync(`${file}-wal`, 0, 0)
        return `The database ${file}-wal`
      },
    ],
  ])('%s is told so, with the command that helps', async (_, given) => {
    const file = newPlace()
    writeUncheckpointed(file, '0.6')
    const old = oldContent(file)
    for (const path of [dirname(file), file, `${file}-wal`]) chownSync(path, user, user)
    const what = given(file)
    const before = fingerprints(file)
    const { code, output } = await migrate(file, { user }).ended
    const path = what.split(' ').at(-1)
    expect([code, output]).toEqual([
      1,
      `${what} cannot be written by user ${user}:${user}; give it to that user (chown -R ${user}:${user} ${path}), or set DATABASE_URL.\n`,
    ])
    expect(fingerprints(file)).toEqual(before)

    // What the sentence says, done.
    execFileSync('chown', ['-R', `${user}:${user}`, path as string])
    execFileSync('chmod', ['-R', 'u+rwX', dirname(file)])
    const next = await migrate(file, { user }).ended
    expect(next.code, next.output).toBe(0)
    expectTakenOver(file, old)
  })
})

describe('a log that another database left', { timeout }, () => {
  const sentence =
    /^FILE is damaged \([^\n]+\), or FILE-wal belongs to another database: then move that away, or restore an earlier copy of it\.$/

  it('beside a copy that was put in the place of a killed server’s database is refused, and said', async () => {
    const [file, copy, log] = [newPlace(), newPlace(), newPlace()]
    writeOldDatabase(copy, '0.6')
    copyFileSync(copy, log)
    expect(await duplistatus(log, 'migrate')).toMatchObject({ code: 0 })
    changeInLog(log, "INSERT INTO configurations (key, value) VALUES ('a', hex(randomblob(9000)))")
    copyFileSync(copy, file)
    copyFileSync(`${log}-wal`, `${file}-wal`)
    await expectRefused(file, sentence)
    renameSync(`${file}-wal`, `${copy}-wal-moved-away`)
    await expectNextStartSucceeds(file, oldContent(copy))
  })

  it('of another old release is refused, and said', async () => {
    const [file, other] = [newPlace(), newPlace()]
    writeOldDatabase(file, '0.6')
    writeOldDatabase(other, '0.9')
    changeInLog(other, 'UPDATE backups SET version = hex(randomblob(3000))')
    copyFileSync(`${other}-wal`, `${file}-wal`)
    await expectRefused(file, sentence)
  })
})

describe.skipIf(spawnSync('strace', ['true']).status !== 0)(
  'a swap that fails all the same (where strace can make it)',
  { timeout },
  () => {
    it.each<[string, number, (file: string) => void]>([
      ['in WAL mode', 2, (file) => writeOldDatabase(file, '0.6')],
      ['in WAL mode, with its rows in the -wal', 2, (file) => writeUncheckpointed(file, '0.6')],
      [
        'without a log, as the first releases did',
        1,
        (file) => {
          writeOldDatabase(file, '0.3')
          change(file, 'PRAGMA journal_mode = DELETE')
        },
      ],
    ])('leaves the file %s', async (_, mode, write) => {
      const file = newPlace()
      write(file)
      const old = oldContent(file)
      expect(readFileSync(file)[18]).toBe(mode)
      // The first rename gives the copy its name.
      const { code, output } = await migrate(file, {
        through: ['strace', '-o', '/dev/null', '-e', 'inject=rename:error=EBUSY:when=2'],
      }).ended
      expect(code).toBe(1)
      expect(output).toMatch(/The upgrade of \S+ failed, and nothing was changed: EBUSY: .*, rename/)
      expect(readdirSync(dirname(file))).toEqual(['backups.db'])
      // Byte 18 of an SQLite file: 1 is a rollback journal, 2 is WAL mode.
      expect(readFileSync(file)[18]).toBe(mode)
      expect(oldContent(file)).toEqual(old)
      await expectNextStartSucceeds(file, old)
    })
  },
)
