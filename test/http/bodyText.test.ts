// Bodies that are not UTF-8, or say that they are something else: refused, because what a guess makes of them would be stored.

import { gzipSync } from 'node:zlib'
import { expect, it } from 'vitest'
import { startApp, type TestApp } from '../support/app.ts'
import { report } from '../support/report.ts'
import { startServer } from '../support/server.ts'

const mutation = JSON.stringify({
  query: 'mutation { updateServer(id: 1, input: { alias: "Büro" }) { server { alias } } }',
})
const change = JSON.stringify({ alias: 'Büro' })

const ways = [
  ['POST', '/graphql', mutation],
  ['PUT', '/api/servers/1', change],
  ['PATCH', '/api/servers/1', change],
] as const

async function send(app: Pick<TestApp, 'fetch'>, method: string, path: string, body: Buffer, headers: object = {}) {
  const init = { method, headers: { 'content-type': 'application/json', ...headers }, body: new Uint8Array(body) }
  const response = await app.fetch(path, init)
  const answer = (await response.json()) as {
    errors?: { message: string; extensions: { code: string } }[]
    error?: { message: string; code: string }
  }
  const [error] = answer.errors ?? []
  const code = error?.extensions.code ?? answer.error?.code
  return { status: response.status, code, message: error?.message ?? answer.error?.message }
}

async function withServer() {
  const app = await startApp()
  await app.post(report())
  return app
}

async function alias(app: TestApp) {
  const { body } = await app.rest('GET', '/api/servers/1')
  return (body as { data: { alias: string | null } }).data.alias
}

const taken = { status: 200, code: undefined, message: undefined }

it.each(ways)('refuses %s %s in ISO-8859-1', async (method, path, text) => {
  const app = await withServer()
  expect(await send(app, method, path, Buffer.from(text, 'latin1'))).toEqual({
    status: 400,
    code: 'BAD_USER_INPUT',
    message: 'The body is not valid: is not UTF-8',
  })
  expect(await alias(app)).toBe(null)
})

it.each(ways)('refuses %s %s that is declared as another charset', async (method, path, text) => {
  const app = await withServer()
  for (const type of ['application/json; charset=ISO-8859-1', 'application/json;CHARSET="ISO-8859-1"']) {
    expect(await send(app, method, path, Buffer.from(text), { 'content-type': type })).toEqual({
      status: 415,
      code: 'UNSUPPORTED_MEDIA_TYPE',
      message: 'The body is declared as ISO-8859-1; send it as UTF-8.',
    })
  }
  expect(await alias(app)).toBe(null)
})

it.each(ways)('takes %s %s in UTF-8, whatever that is called', async (method, path, text) => {
  for (const charset of ['utf-8', 'UTF8', '"utf-8"', 'us-ascii']) {
    const app = await withServer()
    const headers = { 'content-type': `application/json; charset=${charset}` }
    expect(await send(app, method, path, Buffer.from(`\ufeff${text}`), headers)).toEqual(taken)
    expect(await alias(app)).toBe('Büro')
  }
})

it.each(ways)('takes %s %s with gzip, and with no other encoding', async (method, path, text) => {
  const app = await withServer()
  expect(await send(app, method, path, gzipSync(text), { 'content-encoding': 'gzip' })).toEqual(taken)
  expect(await alias(app)).toBe('Büro')
  expect(await send(app, method, path, Buffer.from(text), { 'content-encoding': 'br' })).toEqual({
    status: 415,
    code: 'UNSUPPORTED_MEDIA_TYPE',
    message: 'The body is encoded as br, which is not supported; send it uncompressed, or with gzip.',
  })
})

it('refuses the same over a socket, also what it answered before', async () => {
  const { url } = await startServer()
  const app = { fetch: (path: string, init?: RequestInit) => fetch(new URL(path, url), init) }
  const query = Buffer.from(JSON.stringify({ query: '{ servers(filter: { search: "ü" }) { totalCount } }' }))
  for (let times = 0; times < 3; times += 1) expect(await send(app, 'POST', '/graphql', query)).toEqual(taken)
  expect(await send(app, 'POST', '/graphql', query, { 'content-encoding': 'br' })).toMatchObject({ status: 415 })
  const type = { 'content-type': 'application/json; charset=latin1' }
  expect(await send(app, 'POST', '/graphql', query, type)).toMatchObject({ status: 415 })
  const latin1 = Buffer.from(query.toString(), 'latin1')
  expect(await send(app, 'POST', '/graphql', latin1)).toMatchObject({ status: 400, code: 'BAD_USER_INPUT' })
})
