// A first start where no database can be made: it says in one sentence why, ends with 1, and leaves nothing behind.

import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { duplistatus, run } from '../support/cli.ts'
import { canMount, mountDisk } from '../support/disks.ts'

const isLinux = existsSync('/proc/self')
const isRoot = process.getuid?.() === 0

function newFolder() {
  const folder = mkdtempSync(join(tmpdir(), 'duplistatus-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

/** How the server ends, and what it says beside its log. */
async function start(file: string, user?: number) {
  const { code, stderr } = await run('main.js', [], { DATABASE_URL: `file:${file}`, PORT: '0' }, user)
  return { code, stderr: stderr.trimEnd() }
}

describe('a path', () => {
  it.skipIf(!isLinux)('in /proc, where nothing can be made, is refused at once', async () => {
    const message = "ENOENT: no such file or directory, mkdir '/proc/x'"
    expect(await start('/proc/x/y/z.db')).toEqual({
      code: 1,
      stderr: `The data folder /proc/x/y cannot be made (${message}); set DATABASE_URL.`,
    })
  })

  it.each(['', 'a/b/'])('below a file is refused with the name of the file, and so by status (%j)', async (between) => {
    const folder = newFolder()
    writeFileSync(join(folder, 'passwd'), '')
    const file = join(folder, `passwd/${between}x.db`)
    const stderr = `${file} cannot be a database, because ${folder}/passwd is a file and no folder; set DATABASE_URL.`
    expect(await start(file)).toEqual({ code: 1, stderr })
    for (const args of [['migrate', '--status'], ['migrate']]) {
      expect(await duplistatus(file, ...args)).toEqual({ code: 1, stdout: '', stderr: `${stderr}\n` })
    }
    expect(readdirSync(folder)).toEqual(['passwd'])
  })

  it.each(['backups.db', 'data/backups.db'])(
    'that is a link to nothing is not followed, nor replaced: %s',
    async (path) => {
      const folder = newFolder()
      const [link = ''] = path.split('/')
      symlinkSync('/nowhere/at/all', join(folder, link))
      const said = `${join(folder, link)} is a link to /nowhere/at/all, and nothing is there; mount what is missing, or set DATABASE_URL.`
      expect(await start(join(folder, path))).toEqual({ code: 1, stderr: said })
      expect(readdirSync(folder)).toEqual([link])
      expect(existsSync(join(folder, link))).toBe(false)
    },
  )

  it('is taken where folders are missing, and where a link leads to one that is there', async () => {
    const folder = newFolder()
    mkdirSync(join(folder, 'disk'))
    symlinkSync(join(folder, 'disk'), join(folder, 'data'))
    expect(await duplistatus(join(folder, 'data/a/b/backups.db'), 'migrate')).toMatchObject({ code: 0 })
    expect(readdirSync(join(folder, 'disk/a/b'))).toEqual(['backups.db'])
  })

  it.skipIf(!isLinux)('in a folder of somebody else is refused with what to do', async () => {
    // Root may write anywhere, but can be somebody else.
    expect(await start('/duplistatus/backups.db', isRoot ? 1000 : undefined)).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('(mkdir -p /duplistatus && chown '),
    })
  })
})

describe.skipIf(!canMount())('a disk (where one can be mounted)', () => {
  // The first has room for no table, the next for some; the last for the database, and not for what is written to it at once.
  it.each(['8k', '64k', '200k', '300k'])('of %s is too small: there is one sentence, and no trace', async (size) => {
    const { file } = mountDisk(`size=${size}`)
    const { code, stderr } = await start(file)
    expect([code, stderr]).toEqual([1, `The database ${file} has no room left on its disk; make room there.`])
    expect(readdirSync(dirname(file)).filter((name) => name !== 'backups.db')).toEqual([])
  })

  it('that filled up while the server was stopped is told in the same way', async () => {
    const { file } = mountDisk('size=1m')
    expect(await duplistatus(file, 'migrate')).toMatchObject({ code: 0 })
    expect(() => writeFileSync(join(dirname(file), 'filler'), Buffer.alloc(2 ** 21))).toThrow('ENOSPC')
    expect(await start(file)).toEqual({
      code: 1,
      stderr: `The database ${file} has no room left on its disk; make room there.`,
    })
    rmSync(join(dirname(file), 'filler'))
    expect(await duplistatus(file, 'verify')).toMatchObject({ code: 0 })
  })

  it.each(['data/backups.db', 'backups.db'])('that is mounted to be read alone is told: %s', async (path) => {
    const { file, remount } = mountDisk('size=1m')
    expect(await duplistatus(file, 'migrate')).toMatchObject({ code: 0 })
    remount('ro')
    const there = join(dirname(file), path)
    const said = `The data folder ${dirname(there)} cannot be written, because its file system is read-only; mount a volume there that can be written, or set DATABASE_URL.`
    expect(await start(there)).toEqual({ code: 1, stderr: said })
  })
})
