// What an operation costs: how many objects its answer can hold.

import { expect, it } from 'vitest'
import { startApp } from '../support/app.ts'
import { report } from '../support/report.ts'

const refusal = (cost: string, limit: string) => ({
  errors: [
    {
      message: `The query asks for up to ${cost} objects, and at most ${limit} are allowed: ask for smaller pages with first or last, or raise MAX_QUERY_COST.`,
      extensions: { code: 'QUERY_TOO_COMPLEX' },
    },
  ],
})

const costs: [string, string, Record<string, unknown>, number][] = [
  ['an object is 1, its scalars nothing', '{ summary { totalServers lastBackupAt __typename } }', {}, 1],
  ['aliases are objects of their own', '{ a: summary { totalServers } b: summary { totalServers } }', {}, 2],
  ['a page is 20 items, and itself', '{ servers { nodes { id } } }', {}, 21],
  ['an edge is an object too', '{ servers { edges { cursor node { id } } } }', {}, 41],
  [
    'pageInfo is 1, totalCount a scalar',
    '{ servers(first: 3) { totalCount nodes { id } pageInfo { endCursor } } }',
    {},
    5,
  ],
  ['a page of which no items are asked for', '{ servers { totalCount } }', {}, 1],
  [
    'first and last say how many items',
    '{ a: backups(first: 7) { nodes { id } } b: backups(last: 8) { nodes { id } } }',
    {},
    17,
  ],
  ['an empty page costs itself', '{ backups(first: 0) { nodes { job { server { id } } } } }', {}, 1],
  ['items cost what is in them', '{ backups(first: 7) { nodes { id job { id server { id } } } } }', {}, 22],
  ['a list is 10 items', '{ server(by: { id: 1 }) { jobs { id } } }', {}, 11],
  ['a history is 30 buckets', '{ server(by: { id: 1 }) { history { runs } } }', {}, 31],
  [
    'or a thousand, from a given moment on',
    '{ server(by: { id: 1 }) { history(from: "2026-01-01T00:00:00Z", bucket: HOUR) { runs } } }',
    {},
    1001,
  ],
  ['a list of scalars is nothing', '{ server(by: { id: 1 }) { machineIds } }', {}, 1],
  ['pages multiply', '{ servers(first: 5) { nodes { jobs { backups(first: 30) { nodes { id } } } } } }', {}, 1606],
  ['a list asked for by ids has as many items', '{ nodes(ids: ["Server:1", "Server:2", "Server:3"]) { id } }', {}, 3],
  ['ids in a variable', 'query ($ids: [ID!]!) { nodes(ids: $ids) { id } }', { ids: ['Server:1', 'Server:2'] }, 2],
  [
    'an id in a variable among them',
    'query ($id: ID!) { nodes(ids: ["Server:1", $id]) { id } }',
    { id: 'Server:2' },
    2,
  ],
  ['a variable says how many', 'query ($n: Int) { backups(first: $n) { nodes { id } } }', { n: 50 }, 51],
  ['a variable that is not given is none', 'query ($n: Int) { backups(first: $n) { nodes { id } } }', {}, 21],
  ['nor is null', 'query ($n: Int = 5) { backups(first: $n, last: 30) { nodes { id } } }', { n: null }, 31],
  ['the default of a variable', 'query ($n: Int = 5) { backups(first: $n) { nodes { id } } }', {}, 6],
  [
    'inline fragments',
    '{ ... on Query { servers(first: 5) { ... on ServerConnection { nodes { ... { id } } } } } }',
    {},
    6,
  ],
  [
    'a fragment on a page, with the sizes of the pages that it is spread in',
    `{ a: servers(first: 5) { ...P } b: servers(first: 30) { ...P pageInfo { endCursor } } }
     fragment P on ServerConnection { nodes { latestBackup { id } } }`,
    {},
    73,
  ],
  [
    'all types that an item may be of',
    '{ node(id: "Server:1") { ... on Server { jobs { id } } ... on Backup { job { id } } } }',
    {},
    12,
  ],
  ['what is skipped counts', '{ summary @skip(if: true) { totalServers } servers(first: 1) { nodes { id } } }', {}, 3],
  ['a mutation', 'mutation { updateServer(id: 1, input: {}) { server { jobs { id } } } }', {}, 12],
]

it('is the number of objects', async () => {
  const app = await startApp({ environment: { MAX_QUERY_COST: '0' } })
  const answers = costs.map(async ([rule, query, variables]) => [rule, await app.graphql(query, variables)])
  expect(await Promise.all(answers)).toEqual(
    costs.map(([rule, , , cost]) => [rule, refusal(cost.toLocaleString('en'), '0')]),
  )
})

/** A query for 99,079 objects, 909 more, and as many summaries. */
const large = (summaries: number) => `{
  servers(first: 98) { nodes { jobs { backups(first: 99) { nodes { id } } } } }
  ${Array.from({ length: 9 }, (_, n) => `b${n}: backups(first: 100) { nodes { id } }`).join(' ')}
  ${Array.from({ length: summaries }, (_, n) => `s${n}: summary { totalServers }`).join(' ')}
}`

it('is answered up to 100,000 objects', async () => {
  const app = await startApp()
  expect(await app.graphql(large(12))).toHaveProperty('data.s11', { totalServers: 0 })
  expect(await app.graphql(large(13))).toEqual(refusal('100,001', '100,000'))
})

it('leaves sizes that a page cannot have to the page', async () => {
  const app = await startApp({ environment: { MAX_QUERY_COST: '101' } })
  const query = 'query ($n: Int) { backups(first: $n) { nodes { id } } }'
  for (const [n, message] of [
    [-1, 'must be from 0 to 100, not -1'],
    [101, 'must be from 0 to 100, not 101'],
    [2 ** 31 - 1, 'must be from 0 to 100, not 2147483647'],
  ]) {
    expect(await app.graphql(query, { n })).toMatchObject({
      errors: [{ extensions: { code: 'BAD_USER_INPUT', issues: [{ path: 'first', message }] } }],
    })
  }
  const two = 'query ($n: Int) { a: backups(first: $n) { nodes { id } } b: backups { nodes { id } } }'
  const cheap = await startApp({ environment: { MAX_QUERY_COST: '21' } })
  expect(await cheap.graphql(two, { n: -50 })).toEqual(refusal('22', '21'))
  expect(await cheap.graphql(query, { n: '1' })).toMatchObject({ errors: [{ extensions: { code: 'BAD_USER_INPUT' } }] })
})

it('is that of the operation that is chosen', async () => {
  const app = await startApp({ environment: { MAX_QUERY_COST: '1' } })
  const query = 'query A { summary { totalServers } } query B { servers { nodes { id } } }'
  const ask = async (operationName: string) => {
    const headers = { 'content-type': 'application/json' }
    const body = JSON.stringify({ query, operationName })
    return (await app.fetch('/graphql', { method: 'POST', headers, body })).json()
  }
  expect(await ask('A')).toEqual({ data: { summary: { totalServers: 0 } } })
  expect(await ask('B')).toEqual(refusal('21', '1'))
})

it('is that of an event, for a subscription', async () => {
  const app = await startApp({ environment: { MAX_QUERY_COST: '12' } })
  const query = 'subscription { backupRecorded { server { jobs { state totals { runs } } } } }'
  expect(await app.graphql(query)).toEqual(refusal('22', '12'))
})

it('keeps what is refused from being done', async () => {
  const app = await startApp({ environment: { MAX_QUERY_COST: '1' } })
  await app.post(report())
  const rename = 'mutation { updateServer(id: 1, input: { alias: "x" }) { server { id } } }'
  expect(await app.graphql(rename)).toEqual(refusal('2', '1'))
  expect(await app.rest('GET', '/api/servers/1')).toMatchObject({ body: { data: { alias: null } } })
})

/** Fragments that multiply each other by ten, beyond what a number can be. */
const endless = Array.from(
  { length: 320 },
  (_, n) => `fragment F${n} on Backup { ${`...F${n + 1} `.repeat(10)} }`,
).join(' ')

it('is not lost in what is beyond numbers', async () => {
  const app = await startApp({ environment: { MAX_QUERY_COST: '100', MAX_QUERY_DEPTH: '400' } })
  const query = (size: number) =>
    `{ a: backups(first: ${size}) { nodes { ...F0 } } b: backups(first: 100) { nodes { id } } }
     ${endless} fragment F320 on Backup { job { id } }`
  expect(await app.graphql(query(0))).toEqual(refusal('102', '100'))
  expect(await app.graphql(query(1))).toEqual(refusal('∞', '100'))
})
