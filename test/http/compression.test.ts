// Which answers are compressed, and what the headers say of it.

import { once } from 'node:events'
import { createServer, type IncomingMessage, request } from 'node:http'
import type { AddressInfo } from 'node:net'
import { gunzipSync } from 'node:zlib'
import { createServerAdapter } from '@whatwg-node/server'
import { expect, it, onTestFinished } from 'vitest'
import { safetyHeaders } from '../../src/http/door/safety.ts'
import { startApp, type TestApp } from '../support/app.ts'
import { report } from '../support/report.ts'

/** An app with one server, of which GET /api/servers/1 answers with so many bytes. */
async function appWith(bytes: number): Promise<TestApp> {
  const app = await startApp()
  await app.post(report())
  const note = (length: number) => app.rest('PUT', '/api/servers/1', { notes: 'x'.repeat(length) })
  await note(1)
  const shortest = (await (await app.fetch('/api/servers/1')).arrayBuffer()).byteLength
  await note(1 + bytes - shortest)
  return app
}

const gzip = { 'accept-encoding': 'gzip' }

it('compresses 1 KiB, and not a byte less', async () => {
  const app = await appWith(1024)
  const response = await app.fetch('/api/servers/1', { headers: gzip })
  const body = Buffer.from(await response.arrayBuffer())
  expect(Object.fromEntries(response.headers)).toEqual({
    'content-type': 'application/json; charset=utf-8',
    'cache-control': 'no-store',
    'content-encoding': 'gzip',
    'content-length': String(body.length),
    vary: 'accept-encoding',
    'x-request-id': expect.any(String),
    ...safetyHeaders,
  })
  const plain = await app.fetch('/api/servers/1')
  expect(plain.headers.get('content-length')).toBe('1024')
  expect(gunzipSync(body).toString()).toBe(await plain.text())
  const smaller = await (await appWith(1023)).fetch('/api/servers/1', { headers: gzip })
  expect([smaller.headers.get('content-encoding'), smaller.headers.get('vary')]).toEqual([null, null])
  expect(await smaller.text()).toHaveLength(1023)
})

it('compresses for whoever accepts it, and says to all that it depends on that', async () => {
  const app = await appWith(2000)
  const encoding = async (accepted?: string) => {
    const response = await app.fetch(
      '/api/servers/1',
      accepted === undefined ? {} : { headers: { 'accept-encoding': accepted } },
    )
    expect([response.status, response.headers.get('vary')]).toEqual([200, 'accept-encoding'])
    return response.headers.get('content-encoding')
  }
  const accepting = ['gzip', 'br, gzip', 'deflate, gzip;q=0.5, br', 'GZIP', '*', 'gzip ; q=1', 'identity;q=0, *;q=0.1']
  expect(await Promise.all(accepting.map(encoding))).toEqual(accepting.map(() => 'gzip'))
  const refusing = [undefined, '', 'br', 'identity', 'gzip;q=0', 'gzip; q=0.0', 'gzip;q=0, *', '*;q=0', 'xgzip']
  expect(await Promise.all(refusing.map(encoding))).toEqual(refusing.map(() => null))
})

it('compresses answers to queries, and failures with their statuses', async () => {
  const app = await appWith(2000)
  const ask = async (path: string, accept: string) => {
    const response = await app.fetch(path, { headers: { ...gzip, accept } })
    expect(response.headers.get('content-encoding')).toBe('gzip')
    return [response.status, JSON.parse(gunzipSync(Buffer.from(await response.arrayBuffer())).toString())]
  }
  const query = encodeURIComponent('{ server(by: { id: 1 }) { notes } }')
  const found = { data: { server: { notes: expect.any(String) } } }
  const unknown = { errors: [{ extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } }] }
  const long = 'x'.repeat(1000)
  expect(await ask(`/graphql?query=${query}`, 'application/json')).toEqual([200, found])
  expect(await ask(`/graphql?query={${long}}`, 'application/graphql-response+json')).toMatchObject([400, unknown])
  expect(await ask(`/api/${long}`, 'application/json')).toMatchObject([404, { error: { code: 'NOT_FOUND' } }])
})

/** Serves the app over HTTP, and sends what `fetch` would decode or hide. */
async function listen(app: TestApp) {
  const server = createServer(createServerAdapter((incoming: Request) => app.fetch(incoming.url, incoming)))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  const { port } = server.address() as AddressInfo
  return async (method: string, path: string, headers: Record<string, string>, body = '') => {
    const sent = request({ port, host: '127.0.0.1', method, path, headers }).end(body)
    const [response] = (await once(sent, 'response')) as [IncomingMessage]
    return response
  }
}

it('answers HEAD with the headers of GET, and nothing more', async () => {
  const ask = await listen(await appWith(5000))
  const [get, head] = [await ask('GET', '/api/servers/1', gzip), await ask('HEAD', '/api/servers/1', gzip)]
  const body = Buffer.concat(await get.toArray())
  expect([get.headers['content-encoding'], get.headers['content-length']]).toEqual(['gzip', String(body.length)])
  expect(gunzipSync(body)).toHaveLength(5000)
  const { date, 'x-request-id': id, ...headers } = get.headers
  expect(head.headers).toEqual({ ...headers, date: expect.any(String), 'x-request-id': expect.any(String) })
  expect(Buffer.concat(await head.toArray())).toHaveLength(0)
})

it('sends the events of a stream as they come, and tells proxies to do so', async () => {
  const app = await startApp()
  const ask = await listen(app)
  const query = JSON.stringify({ query: 'subscription { backupRecorded { id } }' })
  const headers = { ...gzip, 'content-type': 'application/json', accept: 'text/event-stream' }
  const stream = await ask('POST', '/graphql', headers, query)
  const { date, ...rest } = stream.headers
  expect(rest).toEqual({
    'content-type': 'text/event-stream',
    'cache-control': 'no-cache, no-transform',
    'x-accel-buffering': 'no',
    'x-request-id': expect.any(String),
    connection: 'keep-alive',
    'keep-alive': expect.any(String),
    'transfer-encoding': 'chunked',
    ...safetyHeaders,
  })
  let heard = ''
  stream.on('data', (chunk) => {
    heard += chunk
  })
  await expect.poll(() => heard).toContain(':')
  await app.post(report())
  await expect.poll(() => heard).toContain('data: {"data":{"backupRecorded":{"id":"Backup:1"}}}')
  stream.destroy()
})
