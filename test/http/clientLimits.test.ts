// What clients may take up, on both sides of each limit, and that what is over is told so and hurts nobody else.

import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { connect, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { setTimeout as sleep } from 'node:timers/promises'
import { pino } from 'pino'
import { expect, it, onTestFinished } from 'vitest'
import { readConfig } from '../../src/config.ts'
import { serve } from '../../src/serve.ts'
import { startApp, type TestApp } from '../support/app.ts'
import { report } from '../support/report.ts'

/** Serves with the given limits; the port. */
async function serving(environment: Record<string, string>): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), 'duplistatus-'))
  const config = readConfig({ PORT: '0', DATABASE_URL: `file:${folder}/backups.db`, ...environment })
  const server = await serve(config, pino({ level: 'silent' }))
  onTestFinished(async () => {
    await server.stop('the end of the test')
    rmSync(folder, { recursive: true })
  })
  return Number(new URL(server.address).port)
}

async function connected(port: number): Promise<Socket> {
  const socket = connect(port, '127.0.0.1')
  onTestFinished(() => void socket.destroy())
  await once(socket, 'connect')
  return socket
}

/** What makes a body a long one. */
const padding = ' '.repeat(100_000)

/** A long report whose second half comes when it is told to. */
function halting(hour: number) {
  const whole = JSON.stringify(report({ data: { BeginTime: new Date(Date.UTC(2026, 6, 1, hour)).toISOString() } }))
  let finish = () => {}
  const told = new Promise<void>((resolve) => {
    finish = resolve
  })
  const body = new ReadableStream({
    async start(controller) {
      controller.enqueue(Buffer.from(padding + whole.slice(0, 50)))
      await told
      controller.enqueue(Buffer.from(whole.slice(50)))
      controller.close()
    },
  })
  return { init: { method: 'POST', body, duplex: 'half' } as RequestInit, finish }
}

/** Waits until a long body is being received. */
async function hasTurn(app: TestApp) {
  const held = async () =>
    /^duplistatus_uploads_held_bytes (\d+)$/m.exec(await (await app.fetch('/metrics')).text())?.[1]
  await expect.poll(held).not.toBe('0')
}

it('lets uploads wait for their turn, and loses none', async () => {
  const app = await startApp({ environment: { MAX_UPLOADS: '2' } })
  // The first request of all looks at what time has brought, and would be overtaken.
  await app.rest('GET', '/api/health')
  const uploads = [1, 2, 3].map(halting)
  const done: number[] = []
  const answers = uploads.map(async ({ init }, index) => {
    const response = await app.fetch('/api/upload', init)
    done.push(index)
    return response.status
  })
  // The third would be read at once, if it were its turn.
  uploads[2]?.finish()
  expect((await app.rest('GET', '/api/health')).status).toBe(200)
  expect(done).toEqual([])
  uploads[0]?.finish()
  await expect.poll(() => done).toEqual([0, 2])
  uploads[1]?.finish()
  expect(await Promise.all(answers)).toEqual([200, 200, 200])
  expect(await app.rest('GET', '/api/summary')).toMatchObject({ body: { totalBackups: 3 } })
})

it('lets no short upload wait, whether its length is announced or not', async () => {
  const app = await startApp({ environment: { MAX_UPLOADS: '1', MAX_WAITING_UPLOADS: '0' } })
  const { init, finish } = halting(1)
  const long = app.fetch('/api/upload', init)
  const whole = JSON.stringify(report())
  expect(await app.rest('POST', '/api/upload', whole)).toMatchObject({ status: 200 })
  const headers = { 'content-length': '65536' }
  const announced = await app.fetch('/api/upload', { method: 'POST', headers, body: whole.padEnd(65_536) })
  expect(announced.status).toBe(200)
  finish()
  expect((await long).status).toBe(200)
})

it('goes on with the next when an upload fails', async () => {
  const app = await startApp({ environment: { MAX_UPLOADS: '1' } })
  for (let count = 0; count < 3; count += 1) expect((await app.post('{')).status).toBe(400)
  expect((await app.post(report())).status).toBe(200)
})

it('serves so many subscriptions, and another when one ends', async () => {
  const app = await startApp({ environment: { MAX_SUBSCRIPTIONS: '2' } })
  const subscribe = async () => {
    const response = await app.fetch('/graphql', {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'text/event-stream' },
      body: '{"query":"subscription { backupRecorded { id } }"}',
    })
    const reader = (response.body as ReadableStream<Uint8Array>).getReader()
    const { value } = await reader.read()
    return { response, reader, began: Buffer.from(value ?? []).toString() }
  }
  const [first] = [await subscribe(), await subscribe()]
  const third = await subscribe()
  // Said before the stream begins: clients try again after that, and only after that.
  expect([third.response.status, third.response.headers.get('retry-after')]).toEqual([503, '5'])
  let heard = third.began
  for (let part = await third.reader.read(); !part.done; part = await third.reader.read())
    heard += Buffer.from(part.value)
  expect(JSON.parse(/data: (\{.*)/.exec(heard)?.[1] ?? '')).toMatchObject({
    errors: [
      {
        message: 'There are 2 subscriptions already, and no more are served at once.',
        extensions: { code: 'UNAVAILABLE' },
      },
    ],
  })
  await first?.reader.cancel()
  const fourth = await subscribe()
  await app.post(report())
  // Comments keep the connection alive meanwhile.
  let told = ''
  while (!told.includes('Backup:1')) told += Buffer.from((await fourth.reader.read()).value ?? [])
})

it('closes connections beyond the limit, and takes new ones when others end', async () => {
  const port = await serving({ MAX_CONNECTIONS: '2' })
  const [first] = [await connected(port), await connected(port)]
  const third = await connected(port)
  await once(third, 'close')
  first?.end()
  await once(first as Socket, 'close')
  const health = async () => (await fetch(`http://127.0.0.1:${port}/api/health`).catch(() => ({ status: 0 }))).status
  await expect.poll(health).toBe(200)
})

it.each([
  ['headers', { HEADERS_TIMEOUT_SECONDS: '1' }, 'GET /api/health HTTP/1.1\r\nHost: localhost\r\nX-Slow: '],
  [
    'body',
    { HEADERS_TIMEOUT_SECONDS: '1', REQUEST_TIMEOUT_SECONDS: '1' },
    'POST /api/upload HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\n{',
  ],
])('ends a request whose %s does not come', async (_, environment, start) => {
  const port = await serving(environment)
  const socket = await connected(port)
  socket.write(start)
  expect(await text(socket)).toMatch(/^HTTP\/1\.1 408 /)
  expect((await fetch(`http://127.0.0.1:${port}/api/health`)).status).toBe(200)
})

it('waits for headers and a body that come in pieces', async () => {
  const port = await serving({})
  const socket = await connected(port)
  const body = JSON.stringify(report())
  const head = `POST /api/upload HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: ${body.length}\r\n\r\n`
  for (const piece of [head.slice(0, 30), head.slice(30), body.slice(0, 9), body.slice(9)]) {
    socket.write(piece)
    await sleep(20)
  }
  expect(await text(socket)).toMatch(/^HTTP\/1\.1 200 /)
})

it.each([
  ['takes', 'of less than', 16_000, 200],
  ['refuses', 'of more than', 16_384, 431],
])('%s headers %s 16 KiB', async (_, __, length, status) => {
  const port = await serving({})
  const socket = await connected(port)
  const headers = `Host: localhost\r\nConnection: close\r\nX-Long: ${'x'.repeat(length)}`
  socket.write(`GET /api/health HTTP/1.1\r\n${headers}\r\n\r\n`)
  expect(await text(socket)).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `))
})

it('takes other bodies of 1 MiB, and none that is larger', async () => {
  const app = await startApp()
  await app.post(report())
  const body = (bytes: number) => '{"alias":"NAS"}'.padEnd(bytes)
  expect(await app.rest('PATCH', '/api/servers/1', body(2 ** 20))).toMatchObject({ status: 200 })
  const error = { code: 'PAYLOAD_TOO_LARGE', message: 'The body is larger than 1048576 bytes.' }
  const refused = { status: 413, body: { status: 'error', error } }
  expect(await app.rest('PATCH', '/api/servers/1', body(2 ** 20 + 1))).toEqual(refused)
})

/** A GraphQL request of so many bytes. */
const asking = (bytes: number) => '{"query":"{ summary { totalServers } }"}'.padEnd(bytes)
const asJson = { 'content-type': 'application/json' }

it.each([
  ['that is long', true],
  ['that is long, and does not say so,', false],
])('lets a GraphQL request %s wait among the uploads', async (_, isAnnounced) => {
  const app = await startApp({ environment: { MAX_UPLOADS: '1' } })
  const { init, finish } = halting(1)
  const upload = app.fetch('/api/upload', init)
  await hasTurn(app)
  const length = 64 * 1024 + 1
  const headers = { ...asJson, ...(isAnnounced && { 'content-length': String(length) }) }
  let isDone = false
  const long = app.fetch('/graphql', { method: 'POST', headers, body: asking(length) }).then(async (response) => {
    isDone = true
    return response.json()
  })
  const short = { method: 'POST', headers: { ...asJson, 'content-length': '65536' }, body: asking(65_536) }
  expect(await (await app.fetch('/graphql', short)).json()).toEqual({ data: { summary: { totalServers: 0 } } })
  expect(isDone).toBe(false)
  finish()
  expect((await upload).status).toBe(200)
  expect(await long).toEqual({ data: { summary: { totalServers: 1 } } })
})

it('lets so many wait, and tells the next when to come again', async () => {
  const app = await startApp({ environment: { MAX_UPLOADS: '1', MAX_WAITING_UPLOADS: '1' } })
  const { init, finish } = halting(1)
  const long = padding + JSON.stringify(report())
  const first = app.fetch('/api/upload', init)
  await hasTurn(app)
  const second = app.rest('POST', '/api/upload', long)
  const refusal = { code: 'UNAVAILABLE', message: '1 large bodies wait to be received; try again in a moment.' }
  const third = await app.fetch('/api/upload', { method: 'POST', body: long })
  expect([third.status, third.headers.get('retry-after')]).toEqual([503, '5'])
  expect(await third.json()).toEqual({ status: 'error', error: refusal })
  const fourth = await app.fetch('/graphql', { method: 'POST', headers: asJson, body: asking(100_000) })
  expect([fourth.status, fourth.headers.get('retry-after')]).toEqual([503, '5'])
  const { code, message } = refusal
  expect(await fourth.json()).toEqual({ errors: [{ message, extensions: { code } }] })
  finish()
  expect([(await first).status, (await second).status]).toEqual([200, 200])
  expect(await app.post(report())).toMatchObject({ body: { duplicate: true } })
})

it.each([
  ['8 MiB', {}, 8 * 2 ** 20],
  ['the size of a report, where that is less,', { MAX_REPORT_BYTES: '2048' }, 2048],
])('takes a GraphQL request of %s, and none that is larger', async (_, environment, limit) => {
  const app = await startApp({ environment })
  const ask = async (bytes: number) => {
    const response = await app.fetch('/graphql', { method: 'POST', headers: asJson, body: asking(bytes) })
    return { status: response.status, body: await response.json() }
  }
  expect(await ask(limit)).toEqual({ status: 200, body: { data: { summary: { totalServers: 0 } } } })
  const message = `The body is larger than ${limit} bytes.`
  const body = { errors: [{ message, extensions: { code: 'PAYLOAD_TOO_LARGE' } }] }
  expect(await ask(limit + 1)).toEqual({ status: 413, body })
})

it('keeps a connection longer than a proxy does, and past the time for headers', async () => {
  const port = await serving({ HEADERS_TIMEOUT_SECONDS: '1' })
  const socket = await connected(port)
  const request = 'GET /api/health HTTP/1.1\r\nHost: localhost\r\n\r\n'
  let heard = ''
  socket.on('data', (data) => {
    heard += data
  })
  socket.write(request)
  await expect.poll(() => heard).toMatch(/^Keep-Alive: timeout=80\r$/im)
  heard = ''
  await sleep(2500)
  socket.write(request)
  await expect.poll(() => heard).toMatch(/^HTTP\/1\.1 200 /)
})
