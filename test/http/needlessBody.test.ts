// Bodies of requests that need none: short ones are ignored, long ones are refused before they come to be kept in memory.

import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { expect, it, onTestFinished } from 'vitest'
import { startApp } from '../support/app.ts'
import { startServer } from '../support/server.ts'

const limit = 64 * 1024
const methods = ['GET', 'HEAD', 'DELETE', 'OPTIONS']

async function connected(): Promise<Socket> {
  const socket = connect(Number(new URL((await startServer()).url).port), '127.0.0.1')
  onTestFinished(() => void socket.destroy())
  await once(socket, 'connect')
  return socket
}

/** What comes until the connection is closed. */
async function heard(socket: Socket): Promise<string> {
  let text = ''
  socket.on('data', (data) => {
    text += data
  })
  // What is still being sent when the other side closes is an error.
  socket.on('error', () => {})
  await new Promise((resolve) => socket.once('close', resolve))
  return text
}

const head = (method: string, path: string, more: string) =>
  `${method} ${path} HTTP/1.1\r\nHost: localhost\r\n${more}\r\n\r\n`
const chunk = (bytes: number) => `${bytes.toString(16)}\r\n${'x'.repeat(bytes)}\r\n`

it.each(methods)('refuses %s with a long body by its announced length', async (method) => {
  const app = await startApp()
  const response = await app.fetch('/api/health', { method, headers: { 'content-length': String(limit + 1) } })
  expect(response.status).toBe(413)
  const answered = await app.fetch('/api/health', { method, headers: { 'content-length': String(limit) } })
  expect(answered.status).not.toBe(413)
})

it.each(
  methods.flatMap((method) => [
    [method, '/graphql'],
    [method, '/api/health'],
  ]),
)('refuses %s %s with a long body, and closes the connection', async (method, path) => {
  const [announced, chunked] = [await connected(), await connected()]
  announced.write(head(method, path, `Content-Length: ${limit + 1}`))
  chunked.write(head(method, path, 'Transfer-Encoding: chunked') + chunk(limit) + chunk(1))
  // The server waits a moment before it closes.
  for (const answer of await Promise.all([heard(announced), heard(chunked)])) {
    expect(answer).toMatch(/^HTTP\/1\.1 413 .*\r\nconnection: close\r\n/is)
  }
})

it.each(['/graphql?query={__typename}', '/api/health'])('ignores a short body of GET %s', async (path) => {
  const socket = await connected()
  socket.write(`${head('GET', path, 'Transfer-Encoding: chunked\r\nConnection: close')}${chunk(limit)}0\r\n\r\n`)
  expect(await heard(socket)).toMatch(/^HTTP\/1\.1 200 /)
})

it.each(['/graphql', '/api/health'])('keeps nothing of 600 MiB that are sent with GET %s', async (path) => {
  const socket = await connected()
  const answer = heard(socket)
  let isClosed = false
  socket.on('close', () => {
    isClosed = true
  })
  const before = process.memoryUsage().rss
  socket.write(head('GET', path, 'Transfer-Encoding: chunked'))
  const mebibyte = chunk(2 ** 20)
  for (let count = 0; count < 600 && !isClosed; count += 1) {
    await new Promise((resolve) => socket.write(mebibyte, resolve))
  }
  expect(await answer).toMatch(/^HTTP\/1\.1 413 /)
  expect((process.memoryUsage().rss - before) / 2 ** 20).toBeLessThan(100)
})
