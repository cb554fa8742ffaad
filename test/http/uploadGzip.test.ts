// Reports whose body is compressed.

import { gzipSync } from 'node:zlib'
import { expect, it } from 'vitest'
import { startApp, type TestApp } from '../support/app.ts'
import { report } from '../support/report.ts'

const json = JSON.stringify(report())
const taken = { status: 200, body: { success: true, backup: { id: 1 }, duplicate: false } }

async function send(app: TestApp, encoding: string, body: Uint8Array<ArrayBuffer> | string) {
  const headers = { 'content-encoding': encoding }
  const response = await app.fetch('/api/upload', { method: 'POST', body, headers })
  return { status: response.status, body: await response.json() }
}

const refused = (status: number, code: string, message: string) => ({
  status,
  body: { status: 'error', error: { code, message } },
})

it.each(['gzip', 'GZIP', 'x-gzip', 'identity, gzip', ' gzip '])('is read if declared as "%s"', async (encoding) => {
  expect(await send(await startApp(), encoding, gzipSync(json))).toEqual(taken)
})

it.each(['identity', 'Identity', ''])('is taken as it is if declared as "%s"', async (encoding) => {
  expect(await send(await startApp(), encoding, json)).toEqual(taken)
})

it('is read when it is long', async () => {
  const app = await startApp({ environment: { MAX_LOG_LINES: '2' } })
  const logLines = Array.from({ length: 20_000 }, (_, index) => `2026-07-31 02:00:00 +00 - [Warning-A]: line ${index}`)
  expect(await send(app, 'gzip', gzipSync(JSON.stringify(report({ logLines }))))).toEqual(taken)
  const { data } = await app.graphql('{ backups { nodes { logLinesDropped } } }')
  expect(data).toEqual({ backups: { nodes: [{ logLinesDropped: 19_998 }] } })
})

it.each(['br', 'deflate', 'zstd', 'gzip, gzip'])('is refused if declared as "%s"', async (encoding) => {
  const message = `The body is encoded as ${encoding}, which is not supported; send it uncompressed, or with gzip.`
  expect(await send(await startApp(), encoding, json)).toEqual(refused(415, 'UNSUPPORTED_MEDIA_TYPE', message))
})

it.each([
  ['is not packed', Buffer.from(json)],
  ['is cut off', gzipSync(json).subarray(0, -9)],
  ['is damaged', gzipSync(json).fill(7, 20, 30)],
  ['is empty', Buffer.alloc(0)],
])('is refused if it is declared as gzip, but %s', async (_, body) => {
  const message = 'The body is declared as gzip, but cannot be unpacked.'
  expect(await send(await startApp(), 'gzip', Uint8Array.from(body))).toEqual(refused(400, 'BAD_USER_INPUT', message))
})

it('is bounded by its size once unpacked', async () => {
  const limit = 1024 * 1024
  const app = await startApp({ environment: { MAX_REPORT_BYTES: String(limit) } })
  expect(await send(app, 'gzip', gzipSync(json.padEnd(limit)))).toEqual(taken)
  const tooLarge = refused(413, 'PAYLOAD_TOO_LARGE', `The body is larger than ${limit} bytes.`)
  expect(await send(app, 'gzip', gzipSync(json.padEnd(limit + 1)))).toEqual(tooLarge)
})

it('does not unpack what would fill the memory', async () => {
  const app = await startApp({ environment: { MAX_REPORT_BYTES: String(1024 * 1024) } })
  const member = gzipSync(Buffer.alloc(8 * 1024 * 1024))
  const bomb = Buffer.concat(Array.from({ length: 100 }, () => member))
  const before = process.memoryUsage.rss()

  const answer = await send(app, 'gzip', Uint8Array.from(bomb))

  expect(answer.status).toBe(413)
  expect(process.memoryUsage.rss() - before).toBeLessThan(100 * 1024 * 1024)
})
