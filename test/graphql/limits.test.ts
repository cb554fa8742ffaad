// What a document may hold, on both sides of every limit, and documents that are made to exhaust who reads them. Long, because
// every limit is tried through everything that a document can hide behind.

import { getIntrospectionQuery } from 'graphql'
import { expect, it } from 'vitest'
import { exampleOperations } from '../../src/graphql/serving/exampleOperations.ts'
import { startApp } from '../support/app.ts'
import { report } from '../support/report.ts'

const tooComplex = (...messages: string[]) => ({
  errors: messages.map((message) => ({ message, extensions: { code: 'QUERY_TOO_COMPLEX' } })),
})

const tooDeep = (found: number, limit: number) =>
  `The query is ${found} levels deep, and at most ${limit} are allowed: ask for less in one query, or raise MAX_QUERY_DEPTH.`
const tooMany = (what: string, found: number | string, limit: number) =>
  `The query has ${found} ${what}, and at most ${limit} are allowed: send it in parts, or raise MAX_QUERY_${what.toUpperCase()}.`
const tooLong = (limit: string) =>
  `The query has more than the ${limit} tokens that are allowed: pass values as variables, send it in parts, or raise MAX_QUERY_TOKENS.`
const tooNested = 'The query is nested too deeply to be read: ask for less in one query.'

/** `count` of something, numbered from 0. */
const many = (count: number, one: (index: number) => string) =>
  Array.from({ length: count }, (_, n) => one(n)).join(' ')

/** What is asked of a server, so many levels deep: an odd number. */
const down = (levels: number): string => (levels === 1 ? '{ name }' : `{ latestBackup { server ${down(levels - 2)} } }`)

it('answers a query of 12 levels, and none of 13', async () => {
  const app = await startApp()
  expect(await app.graphql(`{ server(by: { id: 1 }) ${down(11)} }`)).toEqual({ data: { server: null } })
  const deeper = `{ node(id: "Backup:1") { ... on Backup { server ${down(11)} } } }`
  expect(await app.graphql(deeper)).toEqual(tooComplex(tooDeep(13, 12)))
})

it.each([
  ['inline fragments', `{ ... on Query { ... { server(by: { id: 1 }) { ... on Server ${down(3)} } } } }`],
  ['a fragment', `{ server(by: { id: 1 }) { ...S } } fragment S on Server ${down(3)}`],
  ['a fragment that stands first', `fragment S on Server ${down(3)} query { server(by: { id: 1 }) { ...S } }`],
  [
    'fragments in fragments',
    `fragment B on Backup { server { name } } fragment Q on Query { server(by: { id: 1 }) { ...S } }
     query { ...Q } fragment S on Server { latestBackup { ...B } }`,
  ],
  [
    'a fragment that is spread higher up as well',
    `{ server(by: { id: 1 }) { ...S latestBackup { server { ...S } } } } fragment S on Server { name }`,
  ],
])('counts levels through %s', async (_, query) => {
  const answering = await startApp({ environment: { MAX_QUERY_DEPTH: '4' } })
  expect(await answering.graphql(query)).toEqual({ data: { server: null } })
  const refusing = await startApp({ environment: { MAX_QUERY_DEPTH: '3' } })
  expect(await refusing.graphql(query)).toEqual(tooComplex(tooDeep(4, 3)))
})

it('answers a document of 100 aliases, and none of 101', async () => {
  const app = await startApp()
  const query = (count: number) => `{ ${many(count, (n) => `a${n}: __typename`)} }`
  expect(await app.graphql(query(100))).toHaveProperty('data.a99', 'Query')
  expect(await app.graphql(query(101))).toEqual(tooComplex(tooMany('aliases', 101, 100)))
})

it('answers a document of 50 directives, and none of 51', async () => {
  const app = await startApp()
  const query = (count: number) => `{ ${many(count, (n) => `a${n}: __typename @skip(if: false)`)} }`
  expect(await app.graphql(query(50))).toHaveProperty('data.a49', 'Query')
  expect(await app.graphql(query(51))).toEqual(tooComplex(tooMany('directives', 51, 50)))
})

it.each([
  [
    'a fragment, as often as it is spread',
    `{ a: summary { ...S } b: summary { ...S } }
     fragment S on Summary { c: totalServers @skip(if: false) @include(if: true) }`,
    4,
    4,
  ],
  ['spreads of fragments', '{ ...Q @skip(if: false) } fragment Q on Query { __typename }', 0, 1],
  ['inline fragments', '{ ... @skip(if: false) { a: __typename @skip(if: false) } }', 1, 2],
  ['introspection', '{ a: __schema { b: queryType @skip(if: false) { c: name } } }', 3, 1],
])('counts what is in %s', async (_, query, aliases, directives) => {
  const answering = { MAX_QUERY_ALIASES: String(aliases), MAX_QUERY_DIRECTIVES: String(directives) }
  const answer = await (await startApp({ environment: answering })).graphql(query)
  expect(answer).toEqual({ data: expect.anything() })
  const refusing = { MAX_QUERY_ALIASES: '0', MAX_QUERY_DIRECTIVES: '0' }
  expect(await (await startApp({ environment: refusing })).graphql(query)).toEqual(
    tooComplex(
      ...(aliases > 0 ? [tooMany('aliases', aliases, 0)] : []),
      ...(directives > 0 ? [tooMany('directives', directives, 0)] : []),
    ),
  )
})

it.each([
  ['an operation', 'query ($a: Int) @a { backups(first: $a) { totalCount } }'],
  ['a variable', 'query ($a: Int @a) { backups(first: $a) { totalCount } }'],
  ['a fragment', '{ ...Q } fragment Q on Query @a { __typename }'],
  ['a fragment that nothing spreads', '{ __typename } fragment Q on Query { __typename @a }'],
  [
    'the first of two fragments of one name',
    'fragment Q on Query @a { __typename } { ...Q } fragment Q on Query { id }',
  ],
])('counts the directives of %s', async (_, query) => {
  const app = await startApp({ environment: { MAX_QUERY_DIRECTIVES: '0' } })
  expect(await app.graphql(query)).toEqual(tooComplex(tooMany('directives', 1, 0)))
})

it('counts the aliases of all operations, and the levels of the deepest, whichever is chosen', async () => {
  const query = `query A { a: summary { b: totalServers } } query B { a: __typename b: __typename }`
  const ask = async (environment: Record<string, string>) => {
    const app = await startApp({ environment })
    const headers = { 'content-type': 'application/json' }
    const body = JSON.stringify({ query, operationName: 'B' })
    return (await app.fetch('/graphql', { method: 'POST', headers, body })).json()
  }
  expect(await ask({ MAX_QUERY_ALIASES: '4', MAX_QUERY_DEPTH: '2' })).toEqual({ data: { a: 'Query', b: 'Query' } })
  expect(await ask({ MAX_QUERY_ALIASES: '3', MAX_QUERY_DEPTH: '1' })).toEqual(
    tooComplex(tooDeep(2, 1), tooMany('aliases', 4, 3)),
  )
})

/** A document of so many tokens, none of which is a field more than once. */
const long = (tokens: number) => `mutation { recordReport(report: [${many(tokens - 13, () => '1')}]) { duplicate } }`

it('reads a document of 10,000 tokens, and no more of it', async () => {
  const app = await startApp()
  expect(await app.graphql(long(10_000))).toMatchObject({ errors: [{ extensions: { code: 'BAD_USER_INPUT' } }] })
  expect(await app.graphql(long(10_001))).toEqual(tooComplex(tooLong('10,000')))
  expect(await app.graphql(`${long(10_000)} }`)).toEqual(tooComplex(tooLong('10,000')))
})

it('reads as many tokens as it is told', async () => {
  const app = await startApp({ environment: { MAX_QUERY_TOKENS: '3' } })
  expect(await app.graphql('{ __typename }')).toEqual({ data: { __typename: 'Query' } })
  expect(await app.graphql('{ __typename __typename }')).toEqual(tooComplex(tooLong('3')))
})

it('says everything at once, and does not validate what is too much', async () => {
  const app = await startApp()
  const query = `{ ${many(1900, (n) => `a${n}: nothing @nothing`)} server(by: { id: 1 }) ${down(15)} }`
  expect(await app.graphql(query)).toEqual(
    tooComplex(tooDeep(16, 12), tooMany('aliases', '1,900', 100), tooMany('directives', '1,900', 50)),
  )
})

it.each([
  ['application/graphql-response+json', 400],
  ['application/json', 200],
])('refuses as %s wants it, with status %i', async (accept, status) => {
  const app = await startApp({ environment: { MAX_QUERY_DEPTH: '3', MAX_QUERY_TOKENS: '20', MAX_QUERY_COST: '20' } })
  const statuses = ['{ backups { nodes { job { name } } } }', long(21), '{ backups { nodes { id } } }'].map(
    async (query) => {
      const headers = { 'content-type': 'application/json', accept }
      const response = await app.fetch('/graphql', { method: 'POST', headers, body: JSON.stringify({ query }) })
      expect(await response.json()).toMatchObject({ errors: [{ extensions: { code: 'QUERY_TOO_COMPLEX' } }] })
      return response.status
    },
  )
  expect(await Promise.all(statuses)).toEqual([status, status, status])
})

/** Thirty fragments, each of which spreads the next one twice. */
const bomb = (last: string) =>
  `{ ...F0 } ${many(30, (n) => `fragment F${n} on Query { ...F${n + 1} ...F${n + 1} }`)} fragment F30 on Query { ${last} }`

it('counts fragments that double each other without expanding them', async () => {
  const app = await startApp()
  expect(await app.graphql(bomb('__typename'))).toEqual({ data: { __typename: 'Query' } })
  expect(await app.graphql(bomb('a: __typename'))).toEqual(tooComplex(tooMany('aliases', '1,073,741,824', 100)))
  expect(await app.graphql(bomb('summary { totalServers }'))).toEqual(
    tooComplex(
      'The query asks for up to 1,073,741,824 objects, and at most 100,000 are allowed: ask for smaller pages with first or last, or raise MAX_QUERY_COST.',
    ),
  )
})

it('refuses fragments that double each other on every level', async () => {
  const app = await startApp()
  const spread = (n: number) => `latestBackup { server { ...F${n} } job { server { ...F${n} } } }`
  const query = `{ server(by: { id: 1 }) { ...F0 } } ${many(30, (n) => `fragment F${n} on Server { ${spread(n + 1)} }`)}
    fragment F30 on Server { name }`
  expect(await app.graphql(query)).toEqual(tooComplex(tooDeep(92, 12)))
})

it.each([
  ['itself', '{ server(by: { id: 1 }) { ...A } } fragment A on Server { latestBackup { server { ...A } } }'],
  ['another, and that the first', '{ ...A } fragment A on Query { ...B a: __typename } fragment B on Query { ...A }'],
  ['another, and nothing these two', '{ __typename } fragment A on Query { ...B } fragment B on Query { ...A }'],
])('does not go round in circles when a fragment spreads %s', async (_, query) => {
  const { errors } = await (await startApp()).graphql(query)
  expect(errors).toContainEqual(
    expect.objectContaining({
      message: expect.stringContaining('Cannot spread fragment "A" within itself'),
      extensions: { code: 'GRAPHQL_VALIDATION_FAILED' },
    }),
  )
})

it.each([
  ['fields', '{a'.repeat(4000)],
  ['inline fragments', `${'{...'.repeat(3000)}{id}${'}'.repeat(3000)}`],
  ['lists', `{ servers(first: ${'['.repeat(9000)}`],
])('says that %s are nested deeper than its stack goes', async (_, query) => {
  expect(await (await startApp()).graphql(query)).toEqual(tooComplex(tooNested))
})

it('says that fragments go round deeper than the stack of the validation', async () => {
  const spread = (n: number) => many(8, (next) => `...F${(n + 1 + next) % 380}`)
  const query = `{ ...F0 } ${many(380, (n) => `fragment F${n} on Query { ${spread(n)} }`)}`
  expect(await (await startApp()).graphql(query)).toEqual(tooComplex(tooNested))
})

it('answers 111 inline fragments in each other, which are no levels, and no more', async () => {
  const app = await startApp()
  const query = (count: number) => `${'{...'.repeat(count)}{__typename}${'}'.repeat(count)}`
  expect(await app.graphql(query(111))).toEqual({ data: { __typename: 'Query' } })
  // They would be looked through as deep as they are, and where the stack ends depends on what was compiled until then.
  for (const count of [112, 1000]) expect(await app.graphql(query(count))).toEqual(tooComplex(tooNested))
})

const introspection = getIntrospectionQuery({
  descriptions: true,
  specifiedByUrl: true,
  directiveIsRepeatable: true,
  schemaDescription: true,
  inputValueDeprecation: true,
  oneOf: true,
})

it('answers the whole introspection, whatever the depth and the cost', async () => {
  const app = await startApp({ environment: { MAX_QUERY_DEPTH: '1', MAX_QUERY_COST: '1' } })
  expect(await app.graphql(introspection)).toEqual({ data: { __schema: expect.anything() } })
  expect(await app.graphql('{ __type(name: "Server") { fields { type { name } } } }')).toHaveProperty(
    'data.__type.fields',
  )
})

it('leaves the depth of introspection to graphql', async () => {
  const query = '{ __schema { types { fields { type { fields { type { fields { name } } } } } } } }'
  expect(await (await startApp()).graphql(query)).toMatchObject({
    errors: [{ message: 'Maximum introspection depth exceeded', extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } }],
  })
})

/** With edges throughout, as Relay writes it, and a fragment for every component. */
const deepestPage = `
  query Page($count: Int = 100, $withLog: Boolean = true) {
    servers(first: 10) { edges { cursor node { __typename id ...Card_server } } pageInfo { hasNextPage endCursor } }
  }
  fragment Card_server on Server { displayName state jobs { id ...Row_job } }
  fragment Row_job on BackupJob { name backups(first: $count) { edges { node { __typename id ...Run_backup } } } }
  fragment Run_backup on Backup { status logLines(first: 1) @include(if: $withLog) { edges { node { text } } } }`

it.each([
  // The subscription among them does not end; test/graphql/subscriptions.test.ts listens.
  ...exampleOperations
    .filter((query) => !query.includes('subscription'))
    .map((query) => [/(?:query|mutation) \w+/.exec(query)?.[0] ?? '', query]),
  ['a page of a client with all there is', deepestPage],
  [
    'a script',
    `mutation { ${many(100, (n) => `a${n}: updateServer(id: 1, input: { alias: "${n}" }) { server { id } }`)} }`,
  ],
])('does not stand in the way of %s', async (_, query) => {
  const app = await startApp()
  await app.post(report())
  expect(await app.graphql(query)).toEqual({ data: expect.anything() })
})

it('takes one query in a request', async () => {
  const app = await startApp()
  const headers = { 'content-type': 'application/json' }
  const response = await app.fetch('/graphql', { method: 'POST', headers, body: '[{"query":"{__typename}"}]' })
  expect([response.status, await response.json()]).toEqual([
    400,
    { errors: [{ message: 'Batching is not supported.', extensions: { code: 'BAD_USER_INPUT' } }] },
  ])
})
