// A running server whose storage fails: what clients hear, what the log says, and that it goes on by itself when the fault is
// gone. Faults that this machine or its user cannot make are skipped.

import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, copyFileSync, openSync, readSync, rmSync, writeFileSync, writeSync } from 'node:fs'
import { dirname, join } from 'node:path'
import Database from 'better-sqlite3'
import { describe, expect, it, onTestFinished } from 'vitest'
import { emptyDatabase } from '../support/compiled.ts'
import { canMount, mountDisk } from '../support/disks.ts'
import { newPlace } from '../support/folders.ts'
import { problemsIn } from '../support/problems.ts'
import { type ServerProcess, startProcess } from '../support/process.ts'
import { report } from '../support/report.ts'

const canTrace = spawnSync('strace', ['true']).status === 0

/** A server with one run, at its address. */
async function startServer(file = newPlace()) {
  copyFileSync(emptyDatabase(), file)
  const server = startProcess({ DATABASE_URL: `file:${file}` })
  const address = await server.listening
  expect(await upload(address, 1)).toEqual([200, null, { success: true, backup: { id: 1 }, duplicate: false }])
  return { file, server, address }
}

type Answer = [status: number, retryAfter: string | null, body: unknown]

async function answer(address: string, path: string, method: string, body?: object): Promise<Answer> {
  const response = await fetch(`${address}${path}`, {
    method,
    headers: { 'content-type': 'application/json', accept: 'application/json' },
    ...(body ? { body: JSON.stringify(body) } : {}),
  })
  return [response.status, response.headers.get('retry-after'), await response.json()]
}

const upload = (address: string, day: number) =>
  answer(address, '/api/upload', 'POST', report({ data: { BeginTime: `2026-07-${10 + day}T00:00:00Z` } }))

const graphql = (address: string, query: string) => answer(address, '/graphql', 'POST', { query })

/** Whatever writes is refused, and whatever reads is answered. */
async function expectUnavailable(address: string, message: string) {
  const error = { code: 'UNAVAILABLE', message }
  const inGraphql = [503, '5', { data: null, errors: [{ message, extensions: { code: 'UNAVAILABLE' } }] }]
  const record = `mutation ($report: JSON!) { recordReport(report: $report) { duplicate } }`
  const answers = await Promise.all([
    upload(address, 2),
    answer(address, '/api/servers/1', 'PUT', { notes: 'x' }),
    answer(address, '/graphql', 'POST', { query: record, variables: { report: report() } }),
    graphql(address, 'mutation { updateServer(id: 1, input: { notes: "y" }) { server { notes } } }'),
  ])
  const rest = [503, '5', { status: 'error', error }]
  expect(answers).toMatchObject([rest, rest, inGraphql, inGraphql])
  await expectReadable(address)
}

async function expectReadable(address: string) {
  expect(await graphql(address, '{ servers { nodes { name } } }')).toEqual([
    200,
    null,
    { data: { servers: { nodes: [{ name: 'nas' }] } } },
  ])
  expect((await answer(address, '/api/servers/1', 'GET'))[0]).toBe(200)
  expect((await answer(address, '/api/health', 'GET'))[0]).toBe(200)
}

/** The server goes on as if nothing had been, and its log tells of the fault once. */
async function expectRecovered({ file, server, address }: Awaited<ReturnType<typeof startServer>>, fault: string) {
  expect(await upload(address, 2)).toMatchObject([200, null, { duplicate: false }])
  expect(await answer(address, '/api/servers/1', 'PUT', { notes: 'x' })).toMatchObject([200, null, {}])
  const { data } = (await graphql(address, '{ backups { totalCount } }'))[2] as { data: object }
  expect(data).toEqual({ backups: { totalCount: 2 } })
  expect(problemsIn(file)).toEqual([])
  server.child.kill('SIGTERM')
  expect(await server.exited).toBe(0)
  const said = server
    .output()
    .split('\n')
    .flatMap((line) => /"msg":"(The database .*)"/.exec(line)?.[1] ?? [])
  expect(said.map((line) => line.replace(file, 'FILE').replaceAll('\\', ''))).toEqual([
    `The database FILE ${fault} Requests that need it are refused until then.`,
    'The database FILE can be written again.',
  ])
}

/** Lets every such call of the server fail from now on, until it is told to stop. */
async function injectFault(server: ServerProcess, calls: string, error: string): Promise<() => Promise<unknown>> {
  const inject = `inject=${calls}:error=${error}`
  const strace = spawn('strace', ['-f', '-p', String(server.child.pid), '-e', `trace=${calls}`, '-e', inject])
  onTestFinished(() => void strace.kill('SIGKILL'))
  await once(strace.stderr, 'data')
  strace.stderr.resume()
  return () => {
    const ended = once(strace, 'close')
    strace.kill('SIGINT')
    return ended
  }
}

describe.skipIf(!canTrace)('a disk (where strace can make its calls fail)', () => {
  it.each([
    {
      state: 'is full',
      calls: 'pwrite64',
      error: 'ENOSPC',
      heard: 'The database has no room left on its disk (database or disk is full); try again later.',
      said: 'has no room left on its disk: make room there.',
    },
    {
      state: 'fails to sync',
      calls: 'fsync,fdatasync',
      error: 'EIO',
      heard: 'The database cannot be reached on its disk (disk I/O error); try again later.',
      said: 'cannot be reached on its disk: check the disk, which may have become read-only; the log of the system tells more.',
    },
    {
      state: 'has become read-only',
      calls: 'pwrite64',
      error: 'EROFS',
      heard: 'The database cannot be reached on its disk (disk I/O error); try again later.',
      said: 'cannot be reached on its disk: check the disk, which may have become read-only; the log of the system tells more.',
    },
  ])('that $state ($calls: $error)', async ({ calls, error, heard, said }) => {
    const started = await startServer()
    const stop = await injectFault(started.server, calls, error)
    await expectUnavailable(started.address, heard)
    await expectUnavailable(started.address, heard)
    await stop()
    await expectRecovered(started, said)
  })
})

it.skipIf(!canMount())('a disk that is full (where one can be mounted)', async () => {
  const started = await startServer(mountDisk('size=4m').file)
  const filler = join(dirname(started.file), 'filler')
  expect(() => writeFileSync(filler, Buffer.alloc(8 * 2 ** 20))).toThrow('ENOSPC')
  const heard = 'The database has no room left on its disk (database or disk is full); try again later.'
  await expectUnavailable(started.address, heard)
  const [ready, health] = [
    await answer(started.address, '/api/ready', 'GET'),
    await answer(started.address, '/api/health', 'GET'),
  ]
  expect([ready[0], health[2]]).toMatchObject([503, { storage: { writable: false } }])
  rmSync(filler)
  await expectRecovered(started, 'has no room left on its disk: make room there.')
})

describe('a lock of another process', () => {
  it('is waited out, while all that reads is answered', async () => {
    const { file, address } = await startServer()
    const other = new Database(file)
    other.exec('BEGIN EXCLUSIVE')
    let answered = false
    const waiting = upload(address, 2).finally(() => {
      answered = true
    })
    await expectReadable(address)
    expect(answered).toBe(false)
    other.exec('ROLLBACK')
    other.close()
    expect(await waiting).toMatchObject([200, null, { duplicate: false }])
  })

  it('that is not let go is told, until it is', async () => {
    const started = await startServer()
    const other = new Database(started.file)
    other.exec('BEGIN EXCLUSIVE')
    await expectUnavailable(
      started.address,
      'The database is locked by another process (database is locked); try again later.',
    )
    other.exec('ROLLBACK')
    other.close()
    await expectRecovered(
      started,
      'is locked by another process: stop the other process that has it open, such as a second server or an sqlite3 with an open transaction.',
    )
  })
})

it('a damaged page is told to whoever needs it, and to nobody else; whoever mends it need not restart', async () => {
  const file = newPlace()
  copyFileSync(emptyDatabase(), file)
  const first = startProcess({ DATABASE_URL: `file:${file}` })
  await upload(await first.listening, 1)
  first.child.kill('SIGTERM')
  await first.exited
  const page = swapPage(file, rootOf(file, 'log_lines'), null)
  const server = startProcess({ DATABASE_URL: `file:${file}` })
  const address = await server.listening

  const message = 'The database is damaged (database disk image is malformed); try again later.'
  const logged = () => graphql(address, '{ backup(id: 1) { logLines { nodes { text } } } }')
  const refused = { data: { backup: null }, errors: [{ message, extensions: { code: 'UNAVAILABLE' } }] }
  expect(await logged()).toMatchObject([503, '5', refused])
  expect(await logged()).toMatchObject([503, '5', refused])
  await expectReadable(address)

  swapPage(file, rootOf(file, 'log_lines'), page)
  // What is written lets every connection look anew.
  await answer(address, '/api/servers/1', 'PUT', { notes: 'x' })
  expect(await logged()).toMatchObject([200, null, { data: { backup: { logLines: { nodes: [] } } } }])
  server.child.kill('SIGTERM')
  expect(await server.exited).toBe(0)
  expect(server.output().match(/The database \S+ is damaged: stop the server, and put the latest copy/g)).toHaveLength(
    1,
  )
})

function rootOf(file: string, table: string): number {
  const database = new Database(file, { readonly: true })
  const root = database
    .prepare<[string], number>('SELECT rootpage FROM sqlite_schema WHERE name = ?')
    .pluck()
    .get(table)
  database.close()
  return root as number
}

/** Puts a page in its place, or what no page looks like; what was there before. No connection of this process may be open. */
function swapPage(file: string, page: number, content: Buffer | null): Buffer {
  const size = 4096
  const before = Buffer.alloc(size)
  const descriptor = openSync(file, 'r+')
  readSync(descriptor, before, 0, size, (page - 1) * size)
  writeSync(descriptor, content ?? Buffer.alloc(size, 0x55), 0, size, (page - 1) * size)
  closeSync(descriptor)
  return before
}
