// How the page listens: to a real server on loopback, which answers in pieces, breaks off, falls silent and refuses.

import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, it, onTestFinished } from 'vitest'
import { listen, type Told } from '../../src/page/live/stream.ts'

/** Of a listener in the tests: long enough for a busy machine, and short enough to be waited for. */
const patience = { silence: 1_000, shortestPause: 20, longestPause: 80 }

interface Listening {
  told: Told<unknown>[]
  /** What was asked, in order. */
  requests: { headers: IncomingMessage['headers']; body: unknown; at: number }[]
  stop(): void
  retry(): void
}

/** @param answers one for each attempt, the last for all further ones */
async function listening(
  answers: ((response: ServerResponse) => unknown)[],
  { silence, shortestPause, longestPause } = patience,
): Promise<Listening> {
  const requests: Listening['requests'] = []
  const server = createServer(async (incoming, response) => {
    const body = JSON.parse(await text(incoming))
    requests.push({ headers: incoming.headers, body, at: performance.now() })
    await (answers[requests.length - 1] ?? answers.at(-1))?.(response)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`
  const told: Told<unknown>[] = []
  const headers = { authorization: 'Bearer secret' }
  const times = { silence, shortestPause, longestPause }
  const { stop, retry } = listen(url, 'subscription { changes }', headers, (one) => told.push(one), times)
  onTestFinished(() => {
    stop()
    server.closeAllConnections()
    server.close()
  })
  return { told, requests, stop, retry }
}

function open(response: ServerResponse): ServerResponse {
  response.writeHead(200, { 'content-type': 'text/event-stream' })
  response.flushHeaders()
  return response
}

/** Stays open without a word. */
const stay = (response: ServerResponse) => void open(response)

const next = (data: unknown) => `event: next\ndata: ${JSON.stringify({ data })}\n\n`
const event = (data: unknown) => ({ type: 'event', data })

it('asks with the token, for events', async () => {
  const { told, requests } = await listening([stay])
  await expect.poll(() => told).toEqual([{ type: 'up' }])
  expect(requests[0]?.headers).toMatchObject({
    authorization: 'Bearer secret',
    accept: 'text/event-stream',
    'content-type': 'application/json',
  })
  expect(requests[0]?.body).toEqual({ query: 'subscription { changes }' })
})

it('tells each event once, wherever the pieces of it end', async () => {
  const words = ['plain', 'Überfällig 🕑', '\n\n', '{"}']
  const bytes = Buffer.from(words.map((word) => next({ word })).join(': a comment\n\n'))
  const { told } = await listening([
    async (response) => {
      open(response)
      // Within a letter too: those of several bytes.
      for (const byte of bytes) {
        response.write(Buffer.of(byte))
        await new Promise(setImmediate)
      }
    },
  ])
  await expect.poll(() => told.length).toBe(1 + words.length)
  expect(told).toEqual([{ type: 'up' }, ...words.map((word) => event({ word }))])
})

it('takes many events in one piece, with the line ends of HTTP, and nothing for an event that is none', async () => {
  const sent = [
    next({ number: 1 }).replaceAll('\n', '\r\n'),
    ':\n\n',
    'event: next\ndata: {"errors":[{"message":"no"}]}\n\n',
    'event: next\ndata:\n\n',
    next({ number: 2 }),
    'event: complete\ndata:\n\n',
  ]
  const { told } = await listening([(response) => open(response).write(sent.join(''))])
  await expect.poll(() => told).toEqual([{ type: 'up' }, event({ number: 1 }), event({ number: 2 })])
})

it.each([
  ['the server ends it', (response: ServerResponse) => response.end()],
  ['the connection is cut', (response: ServerResponse) => response.destroy()],
])('says that it is down when %s, and comes back', async (_name, end) => {
  const { told } = await listening([
    (response) => {
      open(response).write(next({ number: 1 }))
      setTimeout(() => end(response), 30)
    },
    (response) => open(response).write(next({ number: 2 })),
  ])
  await expect
    .poll(() => told)
    .toEqual([{ type: 'up' }, event({ number: 1 }), { type: 'down' }, { type: 'up' }, event({ number: 2 })])
})

it('says that it is refused at 401, and asks no more', async () => {
  const { told, requests, retry } = await listening([(response) => response.writeHead(401).end('{}')])
  await expect.poll(() => told).toEqual([{ type: 'refused' }])
  retry()
  await sleep(100)
  expect(requests).toHaveLength(1)
})

it('says that the server is busy at its own 503, which is no break, and tries again', async () => {
  const busy = (response: ServerResponse) =>
    response.writeHead(503, { 'content-type': 'text/event-stream' }).end('event: next\ndata: {"errors":[]}\n\n')
  const { told } = await listening([busy, stay])
  await expect.poll(() => told).toEqual([{ type: 'busy' }, { type: 'up' }])
})

it.each([
  ['an error', (response: ServerResponse) => response.writeHead(503).end('{}')],
  [
    'a page of a proxy',
    (response: ServerResponse) => response.writeHead(200, { 'content-type': 'text/html' }).end('<p>'),
  ],
])('is down at %s', async (_name, answer) => {
  const { told } = await listening([answer, stay])
  await expect.poll(() => told).toEqual([{ type: 'down' }, { type: 'up' }])
})

it.each([
  ['after it was up', stay, [{ type: 'up' }, { type: 'down' }, { type: 'up' }]],
  ['before any answer', () => {}, [{ type: 'down' }, { type: 'up' }]],
])('is down when nothing is heard for too long, %s', async (_name, answer, expected) => {
  const began = performance.now()
  const { told, requests } = await listening([answer, (response) => open(response)], { ...patience, silence: 300 })
  await expect.poll(() => told.slice(0, expected.length)).toEqual(expected)
  expect((requests[1]?.at ?? 0) - began).toBeGreaterThanOrEqual(300)
})

it('stays up as long as something comes, be it a comment', async () => {
  const { told } = await listening(
    [
      async (response) => {
        open(response)
        for (let count = 0; count < 12; count += 1) {
          await sleep(50)
          response.write(':\n\n')
        }
        response.write(next('still there'))
      },
    ],
    { ...patience, silence: 400 },
  )
  await expect.poll(() => told).toEqual([{ type: 'up' }, event('still there')])
})

it('waits longer from attempt to attempt, up to the longest pause, and begins anew once it was up', async () => {
  const fail = (response: ServerResponse) => response.writeHead(503).end()
  const upAndDown = (response: ServerResponse) => setTimeout(() => response.end(), 10, open(response))
  const { requests } = await listening([fail, fail, fail, fail, fail, upAndDown, stay], {
    silence: 5_000,
    shortestPause: 100,
    longestPause: 400,
  })
  await expect.poll(() => requests.length, { timeout: 5_000 }).toBe(7)
  const pauses = requests.slice(1).map(({ at }, index) => at - (requests[index]?.at ?? 0))
  // Half of a pause at least is waited for; how much more is left to chance.
  const least = [50, 100, 200, 200, 200, 50]
  for (const [index, pause] of pauses.entries()) expect(pause).toBeGreaterThanOrEqual((least[index] ?? 0) - 2)
})

it('tries again at once when it is told to', async () => {
  const fail = (response: ServerResponse) => response.writeHead(503).end()
  const { told, retry } = await listening([fail, stay], { silence: 5_000, shortestPause: 60_000, longestPause: 60_000 })
  await expect.poll(() => told).toEqual([{ type: 'down' }])
  retry()
  await expect.poll(() => told).toEqual([{ type: 'down' }, { type: 'up' }])
})

it('is silent once it is stopped, in a connection and between two', async () => {
  const closed: boolean[] = []
  const first = await listening([(response) => open(response).on('close', () => closed.push(true))])
  await expect.poll(() => first.told).toEqual([{ type: 'up' }])
  first.stop()
  await expect.poll(() => closed).toEqual([true])
  const second = await listening([(response) => response.writeHead(503).end()], { ...patience, shortestPause: 200 })
  await expect.poll(() => second.told).toEqual([{ type: 'down' }])
  second.stop()
  await sleep(250)
  expect([first.told, first.requests.length]).toEqual([[{ type: 'up' }], 1])
  expect([second.told, second.requests.length]).toEqual([[{ type: 'down' }], 1])
})
