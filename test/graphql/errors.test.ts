// What is on the wire when something is wrong. Long, because so much can be, and each of it has a code, a status and an id.

import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { pino } from 'pino'
import { expect, it, onTestFinished } from 'vitest'
import { createApp } from '../../src/app.ts'
import { readConfig } from '../../src/config.ts'
import { startApp } from '../support/app.ts'
import { report } from '../support/report.ts'

const codes = (errors: unknown[] | undefined) =>
  errors?.map((error) => (error as { extensions: { code: string } }).extensions.code)

it.each([
  ['a document that cannot be parsed', '{', {}, 'GRAPHQL_PARSE_FAILED'],
  ['a field that does not exist', '{ nothing }', {}, 'GRAPHQL_VALIDATION_FAILED'],
  ['a literal of the wrong type', '{ backups(first: "x") { totalCount } }', {}, 'GRAPHQL_VALIDATION_FAILED'],
  [
    'a URL that is none',
    'mutation { updateServer(id: 1, input: { url: "Infinity" }) { server { id } } }',
    {},
    'GRAPHQL_VALIDATION_FAILED',
  ],
  ['two ways to find a server', '{ server(by: { id: 1, name: "x" }) { id } }', {}, 'GRAPHQL_VALIDATION_FAILED'],
  [
    'a subscription that may be to nothing',
    'subscription { backupRecorded @skip(if: true) { id } }',
    {},
    'GRAPHQL_VALIDATION_FAILED',
  ],
  [
    'one that hides it in fragments',
    'subscription { ...A } fragment A on Subscription { ... @include(if: false) { backupRecorded { id } } }',
    {},
    'GRAPHQL_VALIDATION_FAILED',
  ],
  [
    'a variable of the wrong type',
    'query ($n: Int) { backups(first: $n) { totalCount } }',
    { n: 'x' },
    'BAD_USER_INPUT',
  ],
  [
    'an operation that is not there',
    'query A { summary { totalServers } } query B { summary { totalServers } }',
    {},
    'BAD_USER_INPUT',
  ],
])('answers %s with its code', async (_, query, variables, code) => {
  const app = await startApp()
  expect(codes((await app.graphql(query, variables)).errors)).toEqual([code])
})

it('says which variable is wrong, and how', async () => {
  const app = await startApp()
  const query = 'query ($f: BackupFilter, $n: Int) { backups(filter: $f, first: $n) { totalCount } }'
  const { errors } = await app.graphql(query, { f: { beganAfter: 'yesterday' }, n: 1.5 })
  expect(errors).toMatchObject([
    { extensions: { code: 'BAD_USER_INPUT', issues: [{ path: 'f.beganAfter' }] } },
    { extensions: { code: 'BAD_USER_INPUT', issues: [{ path: 'n' }] } },
  ])
})

it('says everything that is wrong with a report, as an upload does', async () => {
  const app = await startApp()
  const { errors } = await app.graphql('mutation { recordReport(report: {}) { duplicate } }')
  expect(errors).toMatchObject([
    {
      extensions: {
        code: 'BAD_USER_INPUT',
        issues: [{ path: 'Data' }, { path: 'Extra.machine-id' }, { path: 'Extra.backup-name' }],
      },
    },
  ])
})

/** An app whose log can be read, and of whose database a table can be taken away under its feet. */
async function startFaulty() {
  const folder = await mkdtemp(join(tmpdir(), 'duplistatus-'))
  const file = join(folder, 'backups.db')
  const logged: Record<string, unknown>[] = []
  const log = pino({ level: 'error' }, { write: (line) => logged.push(JSON.parse(line)) })
  const app = await createApp(readConfig({ DATABASE_URL: `file:${file}` }), log)
  onTestFinished(async () => {
    await app.close()
    await rm(folder, { recursive: true })
  })
  const drop = (table: string) => {
    const database = new Database(file)
    database.pragma('foreign_keys = OFF')
    database.exec(`DROP TABLE ${table}`)
    database.close()
  }
  const fetch = (path: string, init?: RequestInit) =>
    app.fetch(new Request(new URL(path, 'http://localhost'), init), { address: '127.0.0.1', host: 'localhost' })
  return { fetch, logged, drop }
}

const masked = (id: string) => `Something went wrong in the server; its log tells more under ${id}.`

it('masks what is a fault of its own, and logs it under the id of the request', async () => {
  const { fetch, logged, drop } = await startFaulty()
  drop('backup_jobs')
  const given = { headers: { 'x-request-id': 'proxy-01.7_a' } }
  const query = await fetch('/graphql?query=%7Bsummary%7BtotalServers%7D%7D', given)
  expect(query.headers.get('x-request-id')).toBe('proxy-01.7_a')
  expect([query.status, await query.json()]).toEqual([
    200,
    {
      data: null,
      errors: [
        {
          message: masked('proxy-01.7_a'),
          locations: [{ line: 1, column: 2 }],
          path: ['summary'],
          extensions: { code: 'INTERNAL_SERVER_ERROR', requestId: 'proxy-01.7_a' },
        },
      ],
    },
  ])
  const summary = await fetch('/api/summary')
  const id = summary.headers.get('x-request-id') ?? ''
  expect([summary.status, await summary.json()]).toEqual([
    500,
    { status: 'error', error: { code: 'INTERNAL_SERVER_ERROR', message: masked(id), requestId: id } },
  ])
  expect(logged).toMatchObject(
    ['proxy-01.7_a', id].map((requestId) => ({ requestId, err: { message: expect.stringContaining('backup_jobs') } })),
  )
})

it('masks the faults of a subscription under the id of its request', async () => {
  const { fetch, logged, drop } = await startFaulty()
  const query = 'subscription { backupRecorded { logLines { nodes { text } } } }'
  const headers = { accept: 'text/event-stream', 'x-request-id': 'listener-1' }
  const stream = await fetch(`/graphql?query=${encodeURIComponent(query)}`, { headers })
  drop('log_lines')
  await fetch('/api/upload', { method: 'POST', body: JSON.stringify(report()) })
  let heard = ''
  for await (const chunk of stream.body ?? []) {
    heard += Buffer.from(chunk)
    if (heard.includes('data: ')) break
  }
  const extensions = { code: 'INTERNAL_SERVER_ERROR', requestId: 'listener-1' }
  expect(JSON.parse(/data: (.*)/.exec(heard)?.[1] ?? '')).toMatchObject({
    errors: [{ message: masked('listener-1'), extensions }],
  })
  expect(logged).toMatchObject([{ requestId: 'listener-1', err: { message: expect.stringContaining('log_lines') } }])
})

it.each([
  ['/api/health', 200],
  ['/api/nothing', 404],
  ['/api/servers/1', 404],
  ['/graphql?query=%7B__typename%7D', 200],
  ['/graphql', 400],
])('gives every answer an id: %s', async (path, status) => {
  const app = await startApp()
  const id = async (given?: string) => {
    const response = await app.fetch(path, { headers: given === undefined ? {} : { 'x-request-id': given } })
    expect(response.status).toBe(status)
    expect(await response.text()).not.toContain('requestId')
    return response.headers.get('x-request-id')
  }
  for (const kept of ['12345678', 'a.b-c_d.E', 'x'.repeat(64)]) expect(await id(kept)).toBe(kept)
  const uuid = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/
  for (const replaced of [
    undefined,
    '',
    '1234567',
    'x'.repeat(65),
    '12345678\t9',
    '1234 5678',
    'ä2345678',
    '12345678"',
  ]) {
    expect(await id(replaced)).toMatch(uuid)
  }
  expect(await id()).not.toBe(await id())
})

it.each([
  ['application/x-www-form-urlencoded', 'query=%7B__typename%7D'],
  [
    'multipart/form-data; boundary=x',
    '--x\r\ncontent-disposition: form-data; name="query"\r\n\r\n{__typename}\r\n--x--\r\n',
  ],
  ['text/plain', '{"query":"{__typename}"}'],
])('does not take %s, which any site can make a browser post', async (type, body) => {
  const app = await startApp()
  const response = await app.fetch('/graphql', { method: 'POST', headers: { 'content-type': type }, body })
  expect(response.status).toBe(415)
  expect(await response.json()).toMatchObject({ errors: [{ extensions: { code: 'UNSUPPORTED_MEDIA_TYPE' } }] })
})

it.each([
  ['a subscription', 'subscription { backupRecorded { id } }', 'application/json', /^text\/event-stream$/],
  ['a query', '{ __typename }', 'text/csv', /\bapplication\/graphql-response\+json\b.*\bapplication\/json\b/],
])('says what %s is answered as, to a client that does not accept it', async (_, query, accept, expected) => {
  const app = await startApp()
  const headers = { accept, 'content-type': 'application/json' }
  const response = await app.fetch('/graphql', { method: 'POST', headers, body: JSON.stringify({ query }) })
  const types = response.headers.get('accept')
  expect(types).toMatch(expected)
  const message = `This operation is answered as ${types}: the header accept must allow it.`
  expect([response.status, await response.json()]).toEqual([
    406,
    { errors: [{ message, extensions: { code: 'UNSUPPORTED_MEDIA_TYPE' } }] },
  ])
})

it('does not change anything by GET', async () => {
  const app = await startApp()
  const query = 'mutation { updateServer(id: 1, input: {}) { server { id } } }'
  const response = await app.fetch(`/graphql?query=${encodeURIComponent(query)}`, {
    headers: { accept: 'application/json' },
  })
  expect(response.status).toBe(405)
  expect(await response.json()).toMatchObject({ errors: [{ extensions: { code: 'METHOD_NOT_ALLOWED' } }] })
})

it('answers another method with METHOD_NOT_ALLOWED', async () => {
  const app = await startApp()
  const response = await app.fetch('/graphql', { method: 'DELETE' })
  expect(response.status).toBe(405)
  expect(await response.json()).toMatchObject({ errors: [{ extensions: { code: 'METHOD_NOT_ALLOWED' } }] })
})

const browser = { accept: 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8' }

it.each([
  ['application/json', 'application/json; charset=utf-8'],
  ['application/graphql-response+json', 'application/graphql-response+json; charset=utf-8'],
])('answers a query by GET as %s', async (accept, type) => {
  const app = await startApp()
  const response = await app.fetch('/graphql?query=%7B__typename%7D', { headers: { accept } })
  expect([response.status, response.headers.get('content-type')]).toEqual([200, type])
  expect(await response.json()).toEqual({ data: { __typename: 'Query' } })
})

it('answers a browser as any other client, without GraphiQL', async () => {
  expect((await (await startApp()).fetch('/graphql', { headers: browser })).headers.get('content-type')).toContain(
    'html',
  )
  const app = await startApp({ environment: { GRAPHIQL: 'off' } })
  const response = await app.fetch('/graphql', { headers: browser })
  expect([response.status, await response.json()]).toEqual([
    400,
    { errors: [{ message: 'Must provide query string.', extensions: { code: 'BAD_USER_INPUT' } }] },
  ])
  const query = await app.fetch('/graphql?query=%7B__typename%7D', { headers: browser })
  expect(await query.json()).toEqual({ data: { __typename: 'Query' } })
  const file = await app.rest('GET', '/graphql/assets/graphiql.js')
  expect(file).toMatchObject({ status: 404, body: { error: { code: 'NOT_FOUND' } } })
})
