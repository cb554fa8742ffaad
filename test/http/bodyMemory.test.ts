// The memory for bodies: together they hold no more than they may, whoever sends them, and whoever does not deliver holds nobody up.

import { mkdtempSync, rmSync } from 'node:fs'
import { Agent, request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { setTimeout as sleep } from 'node:timers/promises'
import { gzipSync } from 'node:zlib'
import { pino } from 'pino'
import { expect, it, onTestFinished } from 'vitest'
import { readConfig } from '../../src/config.ts'
import { serve } from '../../src/serve.ts'
import { readExposition } from '../support/exposition.ts'
import { report } from '../support/report.ts'

const KiB = 1024
/** So long that it takes memory, and so short that no thread is started to read it. */
const size = 400 * KiB
const bodyBytes = 4 * size

interface Server {
  url: string
  /** The bytes that are held of bodies, how many bodies are received, and how many wait for their turn. */
  figures(): Promise<{ bytes: number; receiving: number; waiting: number }>
}

/** With memory for four of the largest reports. */
async function serving(environment: Record<string, string> = {}): Promise<Server> {
  const folder = mkdtempSync(join(tmpdir(), 'duplistatus-'))
  const config = readConfig({
    ...{ PORT: '0', DATABASE_URL: `file:${folder}/backups.db`, MAX_REPORT_BYTES: String(size) },
    ...environment,
  })
  const limits = { ...config.clientLimits, bodyBytes }
  const server = await serve({ ...config, clientLimits: limits }, pino({ level: 'silent' }))
  onTestFinished(async () => {
    await server.stop('the end of the test')
    rmSync(folder, { recursive: true })
  })
  const figures = async () => {
    const metrics = readExposition(await (await fetch(`${server.address}/metrics`)).text())
    const of = (name: string, stage?: string) =>
      metrics.get(name)?.samples.find(({ labels }) => labels.stage === stage)?.value ?? Number.NaN
    return {
      bytes: of('duplistatus_uploads_held_bytes'),
      receiving: of('duplistatus_uploads_in_progress', 'receiving'),
      waiting: of('duplistatus_uploads_in_progress', 'waiting'),
    }
  }
  return { url: server.address, figures }
}

/** A report of so many bytes. */
function ofSize(bytes: number, hour: number): Buffer {
  const BeginTime = new Date(Date.UTC(2026, 6, 1, hour)).toISOString()
  return Buffer.from(JSON.stringify(report({ data: { BeginTime } })).padEnd(bytes))
}

/** A request whose body is written bit by bit. */
function posting(url: string, headers: Record<string, string | number> = {}, path = '/api/upload') {
  const sending = request(`${url}${path}`, { method: 'POST', headers, agent: false })
  onTestFinished(() => void sending.destroy())
  const answer = new Promise<{ status: number; body: string }>((resolve, reject) => {
    sending.once('response', async (response) =>
      resolve({ status: response.statusCode ?? 0, body: await text(response) }),
    )
    sending.once('error', reject)
  })
  answer.catch(() => {})
  return { sending, answer }
}

const nothing = { bytes: 0, receiving: 0, waiting: 0 }

it.each<[string, (body: Buffer) => { headers: Record<string, string | number>; body: Buffer }]>([
  ['announced', (body) => ({ headers: { 'content-length': body.length }, body })],
  ['chunked', (body) => ({ headers: {}, body })],
  ['packed', (body) => ({ headers: { 'content-encoding': 'gzip' }, body: gzipSync(body) })],
])('holds no more of %s bodies than there is memory for, and takes all of them', async (_, packed) => {
  const server = await serving()
  const whole = Array.from({ length: 16 }, (_, hour) => packed(ofSize(size, hour)))
  const uploads = whole.map(({ headers, body }) => {
    const upload = posting(server.url, headers)
    // All but the last byte, so that none can end.
    upload.sending.write(body.subarray(0, -1))
    return upload
  })
  let most = 0
  const watch = async () => {
    const { bytes } = await server.figures()
    most = Math.max(most, bytes)
    return bytes
  }
  // There is room for three, and for the one that always goes on.
  await expect.poll(watch).toBeGreaterThan(3 * size - 128 * KiB)
  expect((await server.figures()).receiving).toBe(16)

  const ended = whole.map(({ body }, index) => uploads[index]?.sending.end(body.subarray(-1)))
  expect(ended).toHaveLength(16)
  let isOver = false
  const answers = Promise.all(uploads.map(({ answer }) => answer)).finally(() => {
    isOver = true
  })
  while (!isOver) await watch()
  expect((await answers).map(({ status }) => status)).toEqual(Array.from({ length: 16 }, () => 200))
  expect(most).toBeLessThanOrEqual(bodyBytes)
  expect(await server.figures()).toEqual(nothing)
})

it.each([
  ['stall', async () => {}],
  [
    'let their bodies trickle in',
    async (write: (bytes: Buffer) => void) => {
      for (let second = 0; second < 15; second += 1) {
        await sleep(1000)
        write(Buffer.alloc(1000, ' '))
      }
    },
  ],
])(
  'senders that %s make room for others',
  async (_, goOn) => {
    const server = await serving({ MAX_UPLOADS: '2' })
    const slow = [1, 2].map(() => posting(server.url, { 'content-length': size }))
    for (const { sending } of slow) sending.write(Buffer.alloc(100_000, ' '))
    await expect.poll(async () => (await server.figures()).bytes).toBeGreaterThan(50_000)
    const others = [3, 4, 5].map((hour) => {
      const other = posting(server.url, { 'content-length': size })
      other.sending.end(ofSize(size, hour))
      return other
    })
    for (const { sending } of slow) goOn((bytes) => void sending.write(bytes)).catch(() => {})
    await expect.poll(async () => (await server.figures()).waiting).toBe(3)
    // Short ones wait for nobody.
    const short = posting(server.url)
    short.sending.end(ofSize(1000, 6))
    expect((await short.answer).status).toBe(200)
    expect((await server.figures()).waiting).toBe(3)

    for (const { answer } of others) expect((await answer).status).toBe(200)
    const refused = await Promise.all(slow.map(({ answer }) => answer))
    expect(refused.map(({ status, body }) => [status, JSON.parse(body).error.code])).toEqual([
      [503, 'UNAVAILABLE'],
      [503, 'UNAVAILABLE'],
    ])
    expect(await server.figures()).toEqual(nothing)
  },
  30_000,
)

it('a slow sender is left alone while nobody waits', async () => {
  const server = await serving()
  const { sending, answer } = posting(server.url, { 'content-length': size })
  const body = ofSize(size, 1)
  sending.write(body.subarray(0, 100_000))
  await sleep(7000)
  sending.end(body.subarray(100_000))
  expect((await answer).status).toBe(200)
}, 30_000)

it.each<[string, number, Record<string, string | number>, Buffer]>([
  ['that is too large', 413, {}, Buffer.alloc(size + 100_000, ' ')],
  ['that is too large once it is unpacked', 413, { 'content-encoding': 'gzip' }, gzipSync(Buffer.alloc(900 * size))],
  ['that is no gzip', 400, { 'content-encoding': 'gzip' }, Buffer.alloc(size, 'x')],
  [
    'that is no gzip, of a known length',
    400,
    { 'content-encoding': 'gzip', 'content-length': size },
    Buffer.alloc(size),
  ],
  ['that comes while too many wait', 503, { 'content-length': size }, Buffer.alloc(size, ' ')],
])('after a body %s, the connection goes on', async (_, status, headers, body) => {
  const server = await serving({ MAX_UPLOADS: '1', MAX_WAITING_UPLOADS: '0' })
  if (status === 503) {
    posting(server.url).sending.write(Buffer.alloc(200_000, ' '))
    await expect.poll(server.figures).toMatchObject({ receiving: 1 })
    await expect.poll(async () => (await server.figures()).bytes).toBeGreaterThan(0)
  }
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  onTestFinished(() => agent.destroy())
  const ask = (method: string, path: string, headers = {}, body?: Buffer) =>
    new Promise<number | undefined>((resolve, reject) => {
      const asking = request(`${server.url}${path}`, { agent, method, headers }, (response) => {
        response.resume().once('end', () => resolve(response.statusCode))
      })
      asking.once('error', reject).end(body)
    })
  expect(await ask('POST', '/api/upload', headers, body)).toBe(status)
  expect(await ask('GET', '/api/summary')).toBe(200)
})

it('what is given up gives its memory back', async () => {
  const server = await serving({ MAX_UPLOADS: '2' })
  const all = [1, 2, 3, 4].map(() => posting(server.url, { 'content-length': size }))
  for (const { sending } of all) sending.write(Buffer.alloc(300_000, ' '))
  await expect.poll(server.figures).toMatchObject({ receiving: 2, waiting: 2 })
  // Of those whose body is not read, it is noticed at their turn.
  for (const { sending } of all) sending.destroy()
  await expect.poll(server.figures).toEqual(nothing)

  const refused = [
    posting(server.url),
    posting(server.url, { 'content-encoding': 'gzip' }),
    posting(server.url, { 'content-encoding': 'gzip' }),
    posting(server.url, { 'content-type': 'application/json' }, '/graphql'),
  ]
  const bodies = [
    Buffer.alloc(2 * size, ' '),
    gzipSync(Buffer.alloc(20 * size)),
    Buffer.alloc(size, 'no gzip'),
    Buffer.alloc(size, '{'),
  ]
  for (const [index, { sending }] of refused.entries()) sending.end(bodies[index])
  const statuses = await Promise.all(refused.map(({ answer }) => answer.then(({ status }) => status)))
  expect(statuses).toEqual([413, 413, 400, 400])
  await expect.poll(server.figures).toEqual(nothing)
})
