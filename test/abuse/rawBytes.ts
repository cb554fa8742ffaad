// What comes over a bare socket: HTTP that is broken, slow, pipelined or too large, and what is no HTTP at all.

import { once } from 'node:events'
import { connect } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Dice } from '../support/random.ts'

export interface RawExchange {
  /** What is written, piece by piece. */
  pieces: Buffer[]
  pauseMs: number
  /** Whether the socket is closed at once, and no answer waited for. */
  leaves: boolean
}

const get = 'GET /api/health HTTP/1.1\r\nHost: localhost\r\n\r\n'
const post = (headers: string, body: string) =>
  `POST /api/upload HTTP/1.1\r\nHost: localhost\r\n${headers}\r\n\r\n${body}`

const templates: readonly ((dice: Dice) => string)[] = [
  () => get,
  (dice) => get.repeat(1 + dice.below(30)),
  () => `${get}${post('Content-Length: 2', '{}')}${get}`,
  (dice) => `GET /${'x'.repeat(dice.below(40_000))} HTTP/1.1\r\nHost: localhost\r\n\r\n`,
  (dice) => `GET / HTTP/1.1\r\nHost: localhost\r\n${'X-Many: y\r\n'.repeat(dice.below(3000))}\r\n`,
  (dice) => `GET / HTTP/1.1\r\nHost: localhost\r\nX-Long: ${'y'.repeat(dice.below(40_000))}\r\n\r\n`,
  (dice) => `GET / HTTP/${dice.pick(['0.9', '1.0', '1.2', '2.0', '9.9', 'x'])}\r\n\r\n`,
  () => 'GET /api/health\r\n\r\n',
  () => 'GET  /api/health  HTTP/1.1\r\nHost: localhost\r\n\r\n',
  () => get.replaceAll('\r\n', '\n'),
  () => get.replaceAll('\r\n', '\r'),
  () => 'GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n',
  () => 'GET / HTTP/1.1\r\n\r\n',
  () => 'GET / HTTP/1.1\r\nHost: localhost\r\nno colon\r\n\r\n',
  () => 'GET / HTTP/1.1\r\nHost: localhost\r\n folded: x\r\n\r\n',
  () => 'GET / HTTP/1.1\r\nHost: local\u0000host\r\n\r\n',
  (dice) =>
    `GET / HTTP/1.1\r\nHost: ${dice.pick(['[', '[::1', 'a b', 'é', '<x>', '"', ':', 'x:y', '\\', '^', 'a,b', '%zz', ' '])}\r\n\r\n`,
  (dice) =>
    `GET /graphql?query={__typename} HTTP/1.1\r\nHost: ${dice.pick(['[', 'a b', '<x>', ':', 'x:y', '\\', '%zz', '@', '/'])}\r\n\r\n`,
  (dice) =>
    `GET ${dice.pick(['*', 'http://', 'http://[', 'https://x:y/', '//', '/\\', 'x', '?', '#', '/é', '/%', 'http://a b/', '//[', '///', '/graphql#?', 'graphql'])} HTTP/1.1\r\nHost: localhost\r\n\r\n`,
  (dice) =>
    `${dice.pick(['get', 'GET\t', 'ÄÖ', 'G'.repeat(10_000), '', 'CONNECT', 'PRI', 'TRACE', 'QUERY', 'UNLINK'])} / HTTP/1.1\r\nHost: localhost\r\n\r\n`,
  () => 'CONNECT example.org:443 HTTP/1.1\r\nHost: example.org:443\r\n\r\n',
  () =>
    'GET /graphql HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n',
  () =>
    'GET / HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABk\r\n\r\n',
  () => 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n',
  () => '\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001\u00fc\u0003\u0003',
  () => post('Content-Length: 5\r\nTransfer-Encoding: chunked', '0\r\n\r\n'),
  () => post('Transfer-Encoding: chunked, identity', '0\r\n\r\n'),
  () => post('Transfer-Encoding: nonsense', '0\r\n\r\n'),
  (dice) =>
    post(`Content-Length: ${dice.pick(['-1', '1e3', '99999999999999999999', '0x10', ' ', '5, 5', '+5', 'x'])}`, '{}'),
  () => post('Content-Length: 67108865', '{'),
  () => post('Content-Length: 1073741824', '{'),
  () => post('Content-Length: 5\r\nContent-Length: 6', 'hello!'),
  (dice) =>
    post(
      'Transfer-Encoding: chunked',
      dice.pick([
        'zz\r\n',
        'ffffffffffffffffff\r\nx',
        '5\r\nab',
        '5\r\nabcdefgh\r\n0\r\n\r\n',
        '2;x=y\r\n{}\r\n0\r\nTrailer: x\r\n\r\n',
        '-1\r\n',
        `${'0'.repeat(30_000)}1\r\nx`,
      ]),
    ),
  () => post('Content-Length: 100', '{'),
  () => post('Expect: 100-continue\r\nContent-Length: 2', '{}'),
  () => post('Expect: nonsense\r\nContent-Length: 2', '{}'),
  () =>
    'POST /graphql HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{"query":',
  () =>
    'POST /graphql HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{"que',
  () =>
    'GET /graphql?query=subscription%7BbackupRecorded%7Bid%7D%7D HTTP/1.1\r\nHost: localhost\r\nAccept: text/event-stream\r\n\r\n',
  (dice) => Array.from({ length: dice.below(500) }, () => String.fromCharCode(dice.below(256))).join(''),
]

export function rawExchange(dice: Dice): RawExchange {
  let text = dice.pick(templates)(dice)
  if (dice.chance(0.2)) {
    const at = dice.below(text.length)
    text = `${text.slice(0, at)}${String.fromCharCode(dice.below(256))}${text.slice(at + dice.below(3))}`
  }
  const bytes = Buffer.from(text, 'latin1')
  const cuts = dice.chance(0.3)
    ? Array.from({ length: 5 }, () => dice.below(bytes.length + 1)).sort((a, b) => a - b)
    : []
  const ends = [...cuts, bytes.length]
  const pieces = ends.map((end, index) => bytes.subarray(ends[index - 1] ?? 0, end)).filter(({ length }) => length > 0)
  return { pieces, pauseMs: dice.below(4), leaves: dice.chance(0.15) }
}

/** Everything that came back until the connection ended, or for a while. */
export async function exchangeRaw(address: string, { pieces, pauseMs, leaves }: RawExchange): Promise<string> {
  const { hostname, port } = new URL(address)
  const socket = connect(Number(port), hostname)
  let answer = ''
  socket.on('data', (part) => {
    answer += part.toString('latin1')
  })
  // The server may end the connection at any moment.
  socket.on('error', () => {})
  const closed = new Promise((resolve) => socket.once('close', resolve))
  await Promise.race([once(socket, 'connect'), closed])
  for (const piece of pieces) {
    socket.write(piece)
    if (pieces.length > 1) await sleep(pauseMs)
  }
  if (leaves) socket.destroy()
  else socket.end()
  await Promise.race([closed, sleep(1000)])
  socket.destroy()
  return answer
}

/** What is asked for again and again on one connection, or sent in part, by somebody who then neither reads nor writes. */
const stalling: readonly string[] = [
  'GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n'.repeat(200),
  'GET /graphql HTTP/1.1\r\nHost: localhost\r\nAccept: text/html\r\n\r\n'.repeat(50),
  'GET /graphql?query={__schema{types{fields{name,description}}}} HTTP/1.1\r\nHost: localhost\r\n\r\n'.repeat(100),
  'GET /graphql?query=subscription{backupRecorded{id,job{name}}} HTTP/1.1\r\nHost: localhost\r\nAccept: text/event-stream\r\n\r\n',
  post('Content-Length: 60000000', `{"Data":"${'x'.repeat(100_000)}`),
  post('Transfer-Encoding: chunked', `186a0\r\n${'x'.repeat(100_000)}`),
]

/** Connections that stall as long as they are there; returns what ends them. */
export function stall(address: string, count: number): () => void {
  const { hostname, port } = new URL(address)
  const sockets = Array.from({ length: count }, (_, index) => {
    const socket = connect(Number(port), hostname)
    socket.on('error', () => {})
    socket.pause()
    socket.write(stalling[index % stalling.length] as string, 'latin1')
    return socket
  })
  return () => {
    for (const socket of sockets) socket.destroy()
  }
}

/** What is wrong with what came back: every answer in it must be one, and no fault of the server. Nothing at all is right, too. */
export function rawFaultOf(answer: string): string | null {
  if (answer === '') return null
  if (!answer.startsWith('HTTP/1.1 ')) return `no HTTP came back: ${answer.slice(0, 200)}`
  for (const [line, status] of answer.matchAll(/^HTTP\/1\.1 (\d{3}).*$/gm)) {
    if (Number(status) >= 500 && !(status === '503' && /^retry-after:/im.test(answer))) return line
  }
  return null
}
