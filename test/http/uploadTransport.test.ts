// How reports come over HTTP: bytes, methods, headers, sizes. The whole answer to each.

import { expect, it } from 'vitest'
import { startApp, type TestApp } from '../support/app.ts'
import { report } from '../support/report.ts'

const json = JSON.stringify(report())
const utf8 = new TextEncoder()
const taken = { success: true, backup: { id: 1 }, duplicate: false }

/** A body that comes in pieces, without its length being announced. */
function inPieces(...pieces: Uint8Array[]): RequestInit {
  const body = new ReadableStream({
    start(controller) {
      for (const piece of pieces) controller.enqueue(piece)
      controller.close()
    },
  })
  return { method: 'POST', body, duplex: 'half' } as RequestInit
}

async function send(app: TestApp, init: RequestInit) {
  const response = await app.fetch('/api/upload', init)
  return { status: response.status, allow: response.headers.get('allow'), body: await response.json() }
}

/** The names under which something is stored. */
async function stored(app: TestApp) {
  const { data } = await app.graphql('{ servers { nodes { name jobs { name totals { runs } } } } }')
  return (data as { servers: { nodes: unknown[] } }).servers.nodes
}

const photos = [{ name: 'nas', jobs: [{ name: 'Photos', totals: { runs: 1 } }] }]

it.each([
  'application/json',
  'application/json; charset=utf-8',
  'Application/JSON; charset=iso-8859-1',
  'text/plain',
  'text/html',
  'application/x-www-form-urlencoded',
  'multipart/form-data; boundary=x',
  'nonsense',
  '',
])('takes a report with the content type "%s"', async (type) => {
  const app = await startApp()
  expect(await send(app, { method: 'POST', headers: { 'content-type': type }, body: json })).toEqual({
    status: 200,
    allow: null,
    body: taken,
  })
  expect(await stored(app)).toEqual(photos)
})

it('takes a report without a content type', async () => {
  const app = await startApp()
  expect(await send(app, { method: 'POST', body: utf8.encode(json) })).toEqual({
    status: 200,
    allow: null,
    body: taken,
  })
  expect(await stored(app)).toEqual(photos)
})

it('takes a report that is put', async () => {
  const app = await startApp()
  expect(await send(app, { method: 'PUT', body: json })).toEqual({ status: 200, allow: null, body: taken })
  expect(await stored(app)).toEqual(photos)
})

it('takes a report in pieces that part a character', async () => {
  const app = await startApp()
  const bytes = utf8.encode(JSON.stringify(report({ extra: { 'backup-name': 'Büro' } })))
  const border = bytes.indexOf(0xc3) + 1
  expect(await send(app, inPieces(bytes.slice(0, border), bytes.slice(border)))).toEqual({
    status: 200,
    allow: null,
    body: taken,
  })
  expect(await stored(app)).toEqual([{ name: 'nas', jobs: [{ name: 'Büro', totals: { runs: 1 } }] }])
})

it('takes bytes that are not UTF-8 for replacement characters', async () => {
  const app = await startApp()
  const body = Buffer.from(JSON.stringify(report({ extra: { 'backup-name': 'B\xfcro' } })), 'latin1')
  expect(await send(app, { method: 'POST', body })).toEqual({ status: 200, allow: null, body: taken })
  expect(await stored(app)).toEqual([{ name: 'nas', jobs: [{ name: 'B\ufffdro', totals: { runs: 1 } }] }])
})

it('takes a report after the bytes of a byte order mark', async () => {
  const app = await startApp()
  const body = Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), utf8.encode(json)])
  expect(await send(app, { method: 'POST', body })).toEqual({ status: 200, allow: null, body: taken })
  expect(await stored(app)).toEqual(photos)
})

it.each([
  ['UTF-16', Buffer.from(json, 'utf16le'), 'is UTF-16'],
  ['UTF-16 with a byte order mark', Buffer.from(`\ufeff${json}`, 'utf16le'), 'is UTF-16'],
  ['bytes at random', Buffer.from([0xff, 0x00, 0x80, 0xc3, 0x28, 0x7b]), 'is not JSON ('],
  ['gzip', Buffer.from([0x1f, 0x8b, 0x08, 0x00]), 'is compressed with gzip'],
])('refuses %s', async (_, body, reason) => {
  const app = await startApp()
  const message = expect.stringContaining(reason)
  expect(await send(app, { method: 'POST', body })).toEqual({
    status: 400,
    allow: null,
    body: {
      status: 'error',
      error: {
        code: 'BAD_USER_INPUT',
        message: expect.stringContaining(`This is not a report of Duplicati: ${reason}`),
        issues: [{ path: '', message }],
      },
    },
  })
  expect(await stored(app)).toEqual([])
})

it('says why a POST without a body may come', async () => {
  const app = await startApp()
  const message = 'is empty; a redirect may have turned the POST into a GET, give Duplicati the final address'
  expect(await send(app, { method: 'POST' })).toEqual({
    status: 400,
    allow: null,
    body: {
      status: 'error',
      error: {
        code: 'BAD_USER_INPUT',
        message: `This is not a report of Duplicati: ${message}`,
        issues: [{ path: '', message }],
      },
    },
  })
})

it.each([
  [{}, 'http://SERVER:9666'],
  [{ PUBLIC_URL: 'https://backups.example/x/' }, 'https://backups.example/x'],
])('says what to send instead of another method (%j)', async (environment, address) => {
  const app = await startApp({ environment })
  for (const method of ['GET', 'DELETE', 'PATCH', 'OPTIONS']) {
    const message = `Duplicati posts its reports here, and ${method} does nothing. Give Duplicati the default option --send-http-json-urls=${address}/api/upload, or post a report by hand: curl -H "content-type: application/json" --data-binary @report.json ${address}/api/upload`
    expect(await send(app, { method })).toEqual({
      status: 405,
      allow: 'POST, PUT',
      body: { status: 'error', error: { code: 'METHOD_NOT_ALLOWED', message } },
    })
  }
})

it('says which methods are possible instead of HEAD', async () => {
  const response = await (await startApp()).fetch('/api/upload', { method: 'HEAD' })
  expect([response.status, response.headers.get('allow'), await response.text()]).toEqual([405, 'POST, PUT', ''])
})

it.each(['/api/uploads', '/api/upload/x/y', '/api'])('is not at %s', async (path) => {
  const app = await startApp()
  expect(await app.rest('POST', path, json)).toEqual({
    status: 404,
    body: {
      status: 'error',
      error: {
        code: 'NOT_FOUND',
        message: `There is nothing at ${path}; reports are posted to /api/upload, and the API is at /graphql.`,
      },
    },
  })
  expect(await stored(app)).toEqual([])
})

const limit = 2048
const tooLarge = {
  status: 413,
  allow: null,
  body: { status: 'error', error: { code: 'PAYLOAD_TOO_LARGE', message: 'The body is larger than 2048 bytes.' } },
}
/** A report with white space behind it, of so many bytes. */
const ofSize = (bytes: number) => utf8.encode(json.padEnd(bytes))
const small = { environment: { MAX_REPORT_BYTES: String(limit) } }

it('takes a report of exactly the largest size', async () => {
  const app = await startApp(small)
  const headers = { 'content-length': String(limit) }
  expect(await send(app, { method: 'POST', body: ofSize(limit), headers })).toEqual({
    status: 200,
    allow: null,
    body: taken,
  })
  expect(await send(app, inPieces(ofSize(limit)))).toEqual({
    status: 200,
    allow: null,
    body: { ...taken, duplicate: true },
  })
})

it.each<[string, () => RequestInit]>([
  ['by the announced length', () => ({ method: 'POST', body: json, headers: { 'content-length': String(limit + 1) } })],
  ['in one piece', () => inPieces(ofSize(limit + 1))],
  ['in two pieces', () => inPieces(ofSize(limit), utf8.encode(' '))],
  ['whatever length is announced', () => ({ ...inPieces(ofSize(limit + 1)), headers: { 'content-length': '10' } })],
  ['in characters of two bytes', () => inPieces(utf8.encode(json.padEnd(limit - 100, 'ü')))],
])('refuses what is too large %s', async (_, init) => {
  const app = await startApp(small)
  expect(await send(app, init())).toEqual(tooLarge)
  expect(await stored(app)).toEqual([])
})

it('reads no further once a body is too large', async () => {
  const app = await startApp(small)
  let pulled = 0
  const body = new ReadableStream({
    pull(controller) {
      pulled += 1
      controller.enqueue(new Uint8Array(1024))
    },
  })
  expect(await send(app, { method: 'POST', body, duplex: 'half' } as RequestInit)).toEqual(tooLarge)
  expect(pulled).toBeLessThan(10)
})
