// What becomes of a post that HTTP servers do not simply take: whether it is tried again, when, and what is said of it.

import { createServer } from 'node:net'
import { expect, it } from 'vitest'
import { post, retryAfterMs } from '../../src/notify/post.ts'
import { startHttpReceiver } from '../support/httpReceiver.ts'
import { attempt } from '../support/outgoing.ts'

const secret = `whsec_${Buffer.from('a secret of twenty-four bytes at least').toString('base64')}`

async function startReceiver() {
  const receiver = await startHttpReceiver(() => ({ status: 200, body: 'Thank you.' }))
  const settings = { url: `${receiver.url}/hooks/a-secret-path?token=another`, secret }
  const { host } = new URL(receiver.url)
  return { ...receiver, host, post: (signal?: AbortSignal) => attempt('WEBHOOK', settings, {}, signal) }
}

it.each([200, 201, 202, 204, 299])('is taken with status %d', async (status) => {
  const { next, post } = await startReceiver()
  next({ status, ...(status !== 204 && { body: ' Taken\n' }) })
  expect(await post()).toEqual({ answer: status === 204 ? '' : 'Taken' })
})

it.each([
  [300, false],
  [301, true],
  [302, false],
  [303, false],
  [307, false],
  [308, true],
  [399, false],
  [400, true],
  [401, true],
  [403, true],
  [404, true],
  [408, false],
  [409, true],
  [410, true],
  [413, true],
  [428, true],
  [429, false],
  [430, true],
  [499, true],
  [500, false],
  [502, false],
  [503, false],
  [504, false],
  [599, false],
])('fails with status %d, for good: %s', async (status, permanent) => {
  const { host, next, post } = await startReceiver()
  next({ status, body: 'No' })
  expect(await post()).toEqual({ error: `${host} answered ${status}: No`, permanent, retryAfterMs: null })
})

it.each([
  ['another host', 'http://other.example/login?back=1', 'http://other.example'],
  ['itself', '/login', null],
])('follows no redirect to %s', async (_, location, origin) => {
  const { url, host, requests, next, post } = await startReceiver()
  next({ status: 307, headers: { location } })
  expect(await post()).toEqual({
    error: `${host} answered 307 and redirects to ${origin ?? url}, which is not followed; set the final address`,
    permanent: false,
    retryAfterMs: null,
  })
  expect(requests).toHaveLength(1)
})

it.each([
  [429, '120', 120_000],
  [503, '0', 0],
  [500, '7', 7000],
  [429, 'soon', null],
  [400, '120', null],
])('waits after status %d with Retry-After %s for %s milliseconds', async (status, value, waits) => {
  const { next, post } = await startReceiver()
  next({ status, headers: { 'retry-after': value } })
  expect(await post()).toMatchObject({ retryAfterMs: waits })
})

it('waits until the date of a Retry-After', async () => {
  const { next, post } = await startReceiver()
  next({ status: 503, headers: { 'retry-after': new Date(Date.now() + 3_600_000).toUTCString() } })
  const { retryAfterMs } = (await post()) as { retryAfterMs: number }
  expect([retryAfterMs > 3_500_000, retryAfterMs <= 3_600_000]).toEqual([true, true])
})

it.each([
  ['60', 60_000],
  ['0', 0],
  ['86400', 86_400_000],
  ['86401', 86_400_000],
  ['9'.repeat(400), 86_400_000],
  ['Sun, 02 Aug 2026 12:00:01 GMT', 86_400_000],
  ['Sat, 01 Aug 2026 12:00:01 GMT', 1000],
  ['Sat, 01 Aug 2026 12:00:00 GMT', 0],
  ['Sat, 01 Aug 2026 11:59:59 GMT', 0],
  ['Saturday, 01-Aug-26 12:01:00 GMT', null],
  ['2026-08-01T12:01:00Z', null],
  ['Sat, 99 Aug 2026 12:00:00 GMT', null],
  ['-5', null],
  ['1.5', null],
  ['', null],
  [null, null],
])('reads a Retry-After of %s', (value, expected) => {
  expect(retryAfterMs(value, new Date('2026-08-01T12:00:00Z'))).toBe(expected)
})

it.each([
  ['before the request is read', 'DROP_UNREAD', 0],
  ['when the request is read', 'DROP_READ', 1],
] as const)('tries again when the connection is cut %s', async (_, reaction, requests) => {
  const receiver = await startReceiver()
  receiver.next(reaction)
  expect(await receiver.post()).toEqual({
    error: expect.stringMatching(/^127\.0\.0\.1:\d+ cannot be reached: (UND_ERR_SOCKET|ECONNRESET|EPIPE)\.$/),
    permanent: false,
    retryAfterMs: null,
  })
  expect(receiver.requests).toHaveLength(requests)
  expect(await receiver.post()).toEqual({ answer: 'Thank you.' })
})

it('is taken when the connection is cut after the status: another try would double it', async () => {
  const { next, post } = await startReceiver()
  next('DROP_ANSWERING')
  expect(await post()).toEqual({ answer: 'Thank you.' })
})

it('reads no more of an answer than anybody looks at', async () => {
  const { url, next } = await startHttpReceiver(() => ({ status: 204 }))
  next('ENDLESS')
  const signal = AbortSignal.timeout(10_000)
  expect(await post(url, {}, '{}', signal)).toBe('x'.repeat(16_384))
  expect(signal.aborted).toBe(false)
})

it('tries again when nothing is answered in time', async () => {
  const { host, requests, next, post } = await startReceiver()
  next('HANG')
  expect(await post(AbortSignal.timeout(300))).toEqual({
    error: `${host} did not answer in time.`,
    permanent: false,
    retryAfterMs: null,
  })
  expect(requests).toHaveLength(1)
})

it('tries again when nobody listens', async () => {
  const { port, close } = await new Promise<{ port: number; close: () => void }>((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () =>
      resolve({ port: (server.address() as { port: number }).port, close: () => server.close() }),
    )
  })
  close()
  expect(await attempt('WEBHOOK', { url: `http://127.0.0.1:${port}/secret-path`, secret })).toEqual({
    error: `127.0.0.1:${port} cannot be reached: ECONNREFUSED.`,
    permanent: false,
    retryAfterMs: null,
  })
})
