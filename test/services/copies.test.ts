// The copies that are made on schedule: when, how many stay, what becomes of attempts that fail, and that one can be restored.

import { copyFileSync, existsSync, mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, it } from 'vitest'
import { start, startApp, type TestApp } from '../support/app.ts'
import { duplistatus } from '../support/cli.ts'
import { emptyDatabase } from '../support/compiled.ts'
import { newPlace } from '../support/folders.ts'
import { problemsIn } from '../support/problems.ts'
import { report } from '../support/report.ts'

const minute = 60_000
const hour = 60 * minute

const after = (ms: number) => new Date(start.getTime() + ms)
const folderOf = ({ file }: TestApp) => join(dirname(file), 'backups')

async function copyAt(app: TestApp, time: Date) {
  app.setTime(time)
  await app.copyDatabase()
  return existsSync(folderOf(app)) ? readdirSync(folderOf(app)).sort() : []
}

it('are made ten minutes after the start and then once a day', async () => {
  const app = await startApp()
  expect(await copyAt(app, after(10 * minute - 1))).toEqual([])
  const first = 'backups-2026-08-01T12-10-00.db'
  expect(await copyAt(app, after(10 * minute))).toEqual([first])
  expect(await copyAt(app, after(24 * hour + 10 * minute - 1))).toEqual([first])
  expect(await copyAt(app, after(24 * hour + 10 * minute))).toEqual([first, 'backups-2026-08-02T12-10-00.db'])
})

/** A folder in which there are copies, or what looks like them. */
function placeWith(...names: string[]) {
  const file = newPlace()
  copyFileSync(emptyDatabase(), file)
  mkdirSync(join(dirname(file), 'backups'))
  for (const name of names) writeFileSync(join(dirname(file), 'backups', name), '')
  return file
}

it('are counted from the last that is there, also after a restart, but not from one of the future', async () => {
  const names = ['backups-2026-08-01T11-00-00.db', 'backups-2027-01-01T00-00-00.db']
  const app = await startApp({ file: placeWith(...names) })
  expect(await copyAt(app, after(23 * hour - 1))).toEqual(names)
  expect(await copyAt(app, after(23 * hour))).toHaveLength(3)
})

it('stay as many as are to be kept, the latest; of an attempt that was killed nothing stays', async () => {
  const partial = ['', '-journal', '-wal', '-shm'].map((end) => `backups-2026-07-31T12-00-00.db-partial${end}`)
  const copies = [29, 30, 31].map((day) => `backups-2026-07-${day}T12-00-00.db`)
  const other = 'backups-copy-2020-01-01T00-00-00.db'
  const app = await startApp({ file: placeWith(...partial, ...copies, other), environment: { BACKUPS_KEPT: '2' } })
  expect(await copyAt(app, after(hour))).toEqual([copies[2], 'backups-2026-08-01T13-00-00.db', other])
})

it('are not made if nobody wants them', async () => {
  const app = await startApp({ environment: { BACKUP_EVERY_HOURS: '0' } })
  expect(await copyAt(app, after(1000 * hour))).toEqual([])
  expect(await (await app.fetch('/metrics')).text()).not.toMatch(/^duplistatus_last_copy_/m)
})

it('are told of to whoever watches the server', async () => {
  const app = await startApp({ file: placeWith('backups-2027-01-01T00-00-00.db') })
  const told = async () => {
    const { storage } = (await (await app.fetch('/api/health')).json()) as { storage: { lastCopyAt: string | null } }
    const [metric] = /^duplistatus_last_copy_.*$/m.exec(await (await app.fetch('/metrics')).text()) ?? []
    return { inHealth: storage.lastCopyAt, metric }
  }
  expect(await told()).toEqual({ inHealth: null, metric: 'duplistatus_last_copy_timestamp_seconds 0' })
  await copyAt(app, after(hour))
  expect(await told()).toEqual({
    inHealth: '2026-08-01T13:00:00.000Z',
    metric: 'duplistatus_last_copy_timestamp_seconds 1785589200',
  })
  // A folder that cannot be read is no fault of the database.
  rmSync(folderOf(app), { recursive: true })
  writeFileSync(folderOf(app), '')
  expect(await told()).toEqual({ inHealth: null, metric: 'duplistatus_last_copy_timestamp_seconds 0' })
})

it('can be restored: the latest holds what was there when it was made', async () => {
  const app = await startApp()
  await app.post(report())
  const [name = ''] = await copyAt(app, after(hour))
  await app.post(report({ data: { BeginTime: '2026-08-01T02:00:00Z' } }))
  const copy = join(folderOf(app), name)
  expect(problemsIn(copy)).toEqual([])
  expect(statSync(copy).mode).toBe(statSync(app.file).mode)
  expect(statSync(folderOf(app)).mode & 0o777).toBe(0o700)
  await app.close()

  expect(await duplistatus(app.file, 'restore', copy)).toMatchObject({ code: 0 })
  const restored = await startApp({ file: app.file })
  expect(await restored.graphql('{ backups { nodes { id beganAt } } }')).toEqual({
    data: { backups: { nodes: [{ id: 'Backup:1', beganAt: '2026-07-31T02:00:00.123Z' }] } },
  })
})

it('are tried again an hour later if they fail, and those that there are stay', async () => {
  const logged: string[] = []
  const first = 'backups-2026-08-01T11-00-00.db'
  const app = await startApp({ file: placeWith(first), logged, environment: { BACKUPS_KEPT: '1' } })
  // A folder of that name is in the way of the copy.
  const next = join(folderOf(app), 'backups-2026-08-02T13-00-00.db')
  mkdirSync(join(next, 'x'), { recursive: true })
  expect(await copyAt(app, after(25 * hour))).toContain(first)
  rmSync(next, { recursive: true })
  const errors = logged.map((line) => JSON.parse(line)).filter(({ level }) => level >= 50)
  expect(errors).toMatchObject([
    { msg: `The database could not be copied into ${folderOf(app)}; it is tried again in an hour` },
  ])
  expect(await copyAt(app, after(26 * hour - 1))).toEqual([first])
  expect(await copyAt(app, after(26 * hour))).toEqual(['backups-2026-08-02T14-00-00.db'])
})

it('are cut short when the server stops', async () => {
  const app = await startApp()
  app.setTime(after(hour))
  const copying = app.copyDatabase()
  await app.close()
  await copying
  expect(readdirSync(folderOf(app)).filter((name) => name.endsWith('.db'))).toEqual([])
})

it.skipIf(!existsSync('/proc/self'))('fail where no folder can be made, and hold nothing up', async () => {
  const logged: string[] = []
  const app = await startApp({ environment: { BACKUP_FOLDER: '/proc/x/y' }, logged })
  await copyAt(app, after(10 * minute))
  expect(logged.filter((line) => line.includes('could not be copied into /proc/x/y'))).toHaveLength(1)
})
