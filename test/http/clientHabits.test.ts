// What clients send that is not quite a request as this server documents it, and what they mean by it.

import { request } from 'node:http'
import { ApolloClient, gql, HttpLink, InMemoryCache } from '@apollo/client'
import { PersistedQueryLink } from '@apollo/client/link/persisted-queries'
import { expect, it } from 'vitest'
import { startApp, type TestApp } from '../support/app.ts'
import { startServer } from '../support/server.ts'

async function ask(app: TestApp, params: object, headers = {}) {
  const init = { method: 'POST', headers: { 'content-type': 'application/json', ...headers } }
  const response = await app.fetch('/graphql', { ...init, body: JSON.stringify(params) })
  return { status: response.status, body: await response.json() }
}

const query = '{ __typename }'
const answered = { status: 200, body: { data: { __typename: 'Query' } } }

it.each([
  { operationName: '' },
  { operationName: null },
  { variables: '' },
  { variables: null },
  { operationName: '', variables: '' },
])('takes %j for nothing', async (params) => {
  expect(await ask(await startApp(), { query, ...params })).toEqual(answered)
})

it.each([
  ['one', query],
  ['two', 'query A { __typename } query B { __typename }'],
])('names the operation that a document of %s does not have', async (_, query) => {
  const app = await startApp()
  const message = 'The document has no operation named "Nope".'
  const refused = { status: 400, body: { errors: [{ message, extensions: { code: 'BAD_USER_INPUT' } }] } }
  expect(await ask(app, { query, operationName: 'Nope' })).toEqual(refused)
  const parameters = new URLSearchParams({ query, operationName: 'Nope' })
  expect(await app.rest('GET', `/graphql?${parameters}`)).toEqual(refused)
})

it('still asks for a name where there are two operations', async () => {
  const app = await startApp()
  const query = 'query A { __typename } query B { __typename }'
  expect(await ask(app, { query })).toMatchObject({ status: 400, body: { errors: [{}] } })
  expect(await ask(app, { query, operationName: 'B' })).toEqual(answered)
})

it.each<[string, Record<string, string>, { host: string }?]>([
  ['/api/health', {}, { host: 'nas.example' }],
  ['/api/ready', {}],
  ['/api/servers', {}],
  ['/api/summary', {}],
  ['/api/servers/9', {}],
  ['/graphql?query={__typename}', {}],
  ['/graphql', { accept: 'text/html' }],
  ['/graphql/', { accept: 'text/html' }],
])('answers HEAD %s as GET, without the body', async (path, headers, connection) => {
  const app = await startApp()
  const given = { ...headers, 'x-request-id': 'request-1' }
  const get = await app.fetch(path, { headers: given }, connection)
  const head = await app.fetch(path, { method: 'HEAD', headers: given }, connection)
  expect([head.status, Object.fromEntries(head.headers)]).toEqual([get.status, Object.fromEntries(get.headers)])
  expect([await head.text(), (await get.text()).length]).toEqual(['', expect.toSatisfy((length) => length > 0)])
})

it('answers HEAD for a subscription with its headers, and ends', async () => {
  const app = await startApp({ environment: { MAX_SUBSCRIPTIONS: '1' } })
  const headers = { accept: 'text/event-stream' }
  const path = '/graphql?query=subscription{backupRecorded{id}}'
  for (let times = 0; times < 3; times += 1) {
    const response = await app.fetch(path, { method: 'HEAD', headers })
    expect([response.status, response.headers.get('content-type')]).toEqual([200, 'text/event-stream'])
    expect(await response.text()).toBe('')
  }
})

it('changes nothing for HEAD', async () => {
  const app = await startApp()
  const response = await app.fetch('/graphql?query=mutation{deleteServer(id:1){deletedId}}', { method: 'HEAD' })
  expect(response.status).toBe(405)
})

it.each(['/graphql?query={__typename}', '/api/health'])('sends the length of %s with HEAD', async (path) => {
  const { url } = await startServer()
  const length = await new Promise((resolve) =>
    request(new URL(path, url), { method: 'HEAD' }, (response) => {
      response.resume()
      resolve(response.headers['content-length'])
    }).end(),
  )
  expect(Number(length)).toBeGreaterThan(0)
})

it('takes /graphql/ for /graphql', async () => {
  const app = await startApp()
  const headers = { 'content-type': 'application/json' }
  const body = JSON.stringify({ query })
  expect(await (await app.fetch('/graphql/', { method: 'POST', headers, body })).json()).toEqual(answered.body)
  expect(await app.rest('GET', '/graphql/?query={__typename}')).toEqual(answered)
  const page = await app.fetch('/graphql/', { headers: { accept: 'text/html' } })
  expect([page.status, page.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8'])
})

const persistedQuery = { version: 1, sha256Hash: 'a'.repeat(64) }

it.each(['application/json', 'application/graphql-response+json, application/json;q=0.9', '*/*'])(
  'asks for the query where only its hash is sent, by a client that accepts %s',
  async (accept) => {
    const app = await startApp()
    const message = 'PersistedQueryNotSupported'
    const errors = [{ message, extensions: { code: 'PERSISTED_QUERY_NOT_SUPPORTED' } }]
    const extensions = { persistedQuery }
    expect(await ask(app, { operationName: 'A', variables: {}, extensions }, { accept })).toEqual({
      status: 200,
      body: { errors },
    })
    const parameters = new URLSearchParams({ extensions: JSON.stringify(extensions) })
    const byGet = await app.fetch(`/graphql?${parameters}`, { headers: { accept } })
    expect([byGet.status, await byGet.json()]).toEqual([200, { errors }])
    expect(await ask(app, { query, extensions })).toEqual(answered)
  },
)

it('asks for the query where there are other extensions alone', async () => {
  expect(await ask(await startApp(), { extensions: { other: 1 } })).toMatchObject({ status: 400 })
})

it('is asked by Apollo with the hash first, and then with the query', async () => {
  const app = await startApp()
  const sent: string[] = []
  const http = new HttpLink({
    uri: 'http://localhost/graphql',
    fetch: (_, init) => {
      sent.push(String(init?.body))
      return app.fetch('/graphql', init)
    },
  })
  const persisted = new PersistedQueryLink({ sha256: async () => persistedQuery.sha256Hash })
  const client = new ApolloClient({ cache: new InMemoryCache(), link: persisted.concat(http) })
  const { data } = await client.query({ query: gql`query Apollo { summary { totalServers } }` })
  expect(data).toMatchObject({ summary: { totalServers: 0 } })
  expect(sent.map((body) => 'query' in JSON.parse(body))).toEqual([false, true])
})
