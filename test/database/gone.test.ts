// The database is removed or moved while the server has it open, or before it starts again: nothing is acknowledged that is lost, and
// nothing of an old file gets into a new one.

import { copyFileSync, existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { expect, it } from 'vitest'
import { emptyDatabase } from '../support/compiled.ts'
import { newPlace } from '../support/folders.ts'
import { problemsIn } from '../support/problems.ts'
import { startProcess } from '../support/process.ts'
import { report } from '../support/report.ts'

const post = async (address: string, day: number) => {
  const body = JSON.stringify(report({ data: { BeginTime: `2026-07-${10 + day}T00:00:00Z` } }))
  const response = await fetch(`${address}/api/upload`, { method: 'POST', body })
  return { status: response.status, body: await response.json() }
}
const status = async (address: string, path: string) => (await fetch(`${address}${path}`)).status

it.each([
  ['removed', (file: string) => rmSync(dirname(file), { recursive: true })],
  ['moved with its folder', (file: string) => renameSync(dirname(file), `${dirname(file)}-moved`)],
  [
    'replaced',
    (file: string) => {
      rmSync(file)
      copyFileSync(emptyDatabase(), file)
    },
  ],
])('a report is refused, and readiness fails, once the file is %s', async (_, harm) => {
  const file = join(dirname(newPlace()), 'data', 'backups.db')
  mkdirSync(dirname(file))
  copyFileSync(emptyDatabase(), file)
  const server = startProcess({ DATABASE_URL: `file:${file}` })
  const address = await server.listening
  expect((await post(address, 1)).status).toBe(200)
  expect(await status(address, '/api/ready')).toBe(200)
  harm(file)
  expect(await post(address, 2)).toEqual({
    status: 503,
    body: {
      status: 'error',
      error: {
        code: 'UNAVAILABLE',
        message:
          'The database was removed, or another file was put in its place, while the server has it open; nothing is recorded until it is back.',
      },
    },
  })
  await new Promise((resolve) => setTimeout(resolve, 1100))
  expect(await status(address, '/api/ready')).toBe(503)
  server.child.kill('SIGTERM')
  await server.exited
  rmSync(`${dirname(file)}-moved`, { recursive: true, force: true })
})

it('a file that is put back is written again', async () => {
  const file = join(dirname(newPlace()), 'data', 'backups.db')
  mkdirSync(dirname(file))
  copyFileSync(emptyDatabase(), file)
  const server = startProcess({ DATABASE_URL: `file:${file}` })
  const address = await server.listening
  renameSync(dirname(file), `${dirname(file)}-moved`)
  expect((await post(address, 1)).status).toBe(503)
  renameSync(`${dirname(file)}-moved`, dirname(file))
  expect((await post(address, 2)).status).toBe(200)
  server.child.kill('SIGTERM')
  await server.exited
  expect(problemsIn(file)).toEqual([])
})

it('a new file is never made beside the write-ahead log of one that is gone', async () => {
  const file = newPlace()
  copyFileSync(emptyDatabase(), file)
  const first = startProcess({ DATABASE_URL: `file:${file}` })
  const address = await first.listening
  for (const day of [1, 2, 3]) await post(address, day)
  first.child.kill('SIGKILL')
  await first.exited
  expect(existsSync(`${file}-wal`)).toBe(true)
  rmSync(file)
  const second = startProcess({ DATABASE_URL: `file:${file}` })
  expect((await post(await second.listening, 4)).body).toMatchObject({ backup: { id: 1 } })
  second.child.kill('SIGTERM')
  await second.exited
  expect(problemsIn(file)).toEqual([])
  const left = readdirSync(dirname(file)).filter((name) => name.startsWith(`${basename(file)}-wal-left-over-`))
  expect(left).toHaveLength(1)
})
