// Requests that are not right as such, whatever they ask: each is told so, with a code, and is no fault of the server.

import { connect } from 'node:net'
import { text } from 'node:stream/consumers'
import { expect, it } from 'vitest'
import { startApp } from '../support/app.ts'
import { startServer } from '../support/server.ts'

const notJson = (path: string) => ({
  errors: [
    {
      message: `The GraphQL request is not valid: ${path ? `${path}: ` : ''}is not JSON`,
      extensions: { code: 'BAD_USER_INPUT', issues: [{ path, message: 'is not JSON' }] },
    },
  ],
})

it.each([
  ['variables', 'NaN'],
  ['variables', '{'],
  ['extensions', 'x'],
])('names %s of an address that are not JSON', async (name, text) => {
  const app = await startApp()
  const response = await app.fetch(`/graphql?query={__typename}&${name}=${encodeURIComponent(text)}`)
  expect([response.status, await response.json()]).toEqual([400, notJson(name)])
})

it.each(['', '{', '\u0000', '{"query":"{ __typename }"'])('says that a body is not JSON: "%s"', async (body) => {
  const app = await startApp()
  const headers = { 'content-type': 'application/json', accept: 'text/event-stream' }
  const response = await app.fetch('/graphql', { method: 'POST', headers, body })
  expect([response.status, await response.json()]).toEqual([400, notJson('')])
})

it.each(['null', '1', '"{ __typename }"'])('says that a body is no object: %s', async (body) => {
  const app = await startApp()
  const response = await app.fetch('/graphql', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body,
  })
  expect([response.status, await response.json()]).toMatchObject([
    400,
    { errors: [{ extensions: { code: 'BAD_USER_INPUT', issues: [{ message: 'must be a JSON object with query' }] } }] },
  ])
})

it.each(['application/json ; a=b', 'APPLICATION/JSON; charset=utf-8', 'application/vnd.x+json'])(
  'takes JSON that is called %s',
  async (type) => {
    const app = await startApp()
    const init = { method: 'POST', headers: { 'content-type': type }, body: '{"query":"{ __typename }"}' }
    const response = await app.fetch('/graphql', init)
    expect([response.status, await response.json()]).toEqual([200, { data: { __typename: 'Query' } }])
  },
)

it.each(['a b', 'localhost/graphql?', 'localhost@evil.example', '%00', '<x>', 'a,b'])(
  'refuses the host "%s"',
  async (host) => {
    const app = await startApp()
    const response = await app.fetch('/api/health', {}, { host })
    const message = 'The header Host of the request names no host.'
    expect([response.status, await response.json()]).toEqual([
      400,
      { status: 'error', error: { code: 'BAD_USER_INPUT', message } },
    ])
  },
)

it.each(['', 'localhost', 'my_nas:9666', '10.0.0.1', '[::1]:9666', 'backups.example.'])(
  'answers for the host "%s"',
  async (host) => {
    const app = await startApp({ environment: { DUPLISTATUS_AUTH: 'off' } })
    expect((await app.fetch('/api/health', {}, { host })).status).toBe(200)
  },
)

it('takes an empty host for none, and not the first part of the path for a host', async () => {
  const { url } = await startServer()
  const socket = connect(Number(new URL(url).port), '127.0.0.1')
  socket.write('GET /nothing/api/health HTTP/1.1\r\nHost: \r\nConnection: close\r\n\r\n')
  expect(await text(socket)).toMatch(/^HTTP\/1\.1 404 /)
})

it.each(['/api/upload', '/graphql'])('logs no fault of its own when a body to %s breaks off', async (path) => {
  const logged: string[] = []
  const app = await startApp({ logged })
  const body = new ReadableStream({
    start(controller) {
      controller.enqueue(Buffer.from('{'))
      controller.error(new Error('aborted'))
    },
  })
  const headers = { 'content-type': 'application/json' }
  const response = await app.fetch(path, { method: 'POST', headers, body, duplex: 'half' } as RequestInit)
  expect(response.status).toBe(400)
  expect(await response.text()).toContain('"message":"The body broke off."')
  expect(logged.filter((line) => line.includes('"level":50'))).toEqual([])
})
