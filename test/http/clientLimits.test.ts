// What clients may take up, on both sides of each limit, and that what is over is told so and hurts nobody else.

import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { connect, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { pino } from 'pino'
import { expect, it, onTestFinished } from 'vitest'
import { readConfig } from '../../src/config.ts'
import { serve } from '../../src/serve.ts'
import { startApp } from '../support/app.ts'
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

/** A report whose second half comes when it is told to. */
function halting(hour: number) {
  const whole = JSON.stringify(report({ data: { BeginTime: new Date(Date.UTC(2026, 6, 1, hour)).toISOString() } }))
  let finish = () => {}
  const told = new Promise<void>((resolve) => {
    finish = resolve
  })
  const body = new ReadableStream({
    async start(controller) {
      controller.enqueue(Buffer.from(whole.slice(0, 50)))
      await told
      controller.enqueue(Buffer.from(whole.slice(50)))
      controller.close()
    },
  })
  return { init: { method: 'POST', body, duplex: 'half' } as RequestInit, finish }
}

it('lets uploads wait for their turn, and loses none', async () => {
  const app = await startApp({ environment: { MAX_UPLOADS: '2' } })
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
    return { reader, began: Buffer.from(value ?? []).toString() }
  }
  const [first] = [await subscribe(), await subscribe()]
  const third = await subscribe()
  let heard = third.began
  for (let part = await third.reader.read(); !part.done; part = await third.reader.read())
    heard += Buffer.from(part.value)
  expect(JSON.parse(/data: (\{.*)/.exec(heard)?.[1] ?? '')).toMatchObject({
    errors: [
      {
        message: 'There are 2 subscriptions, and no more are served at once.',
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

it('refuses headers of more than 16 KiB', async () => {
  const port = await serving({})
  const socket = await connected(port)
  socket.write(`GET /api/health HTTP/1.1\r\nHost: localhost\r\nX-Long: ${'x'.repeat(16_384)}\r\n\r\n`)
  expect(await text(socket)).toMatch(/^HTTP\/1\.1 431 /)
})
