// Who may do what, all of it: every route and every field of the three root types, tried by the holder of every kind of token,
// against the table that is committed. A way in that is not declared is refused to everybody, and shows here.

import {
  type GraphQLArgument,
  type GraphQLField,
  type GraphQLInputType,
  type GraphQLObjectType,
  getNamedType,
  isEnumType,
  isInputObjectType,
  isLeafType,
  isListType,
  isNonNullType,
  isRequiredArgument,
  isRequiredInputField,
} from 'graphql'
import { expect, it } from 'vitest'
import { schema } from '../../src/graphql/schema.ts'
import { routes } from '../../src/http/routes/table.ts'
import { startApp } from '../support/app.ts'
import { report } from '../support/report.ts'
import { asTakenOver, type GuardedApp, startGuarded } from '../support/tokens.ts'

const rootTypes = ['Query', 'Mutation', 'Subscription'].map((name) => schema.getType(name) as GraphQLObjectType)

/** What is tried, by the name under which it stands in the table. */
const tries = new Map<string, (app: GuardedApp, token: string | null) => Promise<string>>([
  ...Object.entries(routes).flatMap(([pattern, methods]) =>
    Object.keys(methods).map((method) => [`${method} ${pattern}`, tryRoute(method, pattern)] as const),
  ),
  ...rootTypes.flatMap((type) =>
    Object.values(type.getFields()).map((field) => [`${type.name}.${field.name}`, tryField(type, field)] as const),
  ),
  ...['backup { id }', 'duplicate', 'ignored', '__typename'].map(
    (selection) =>
      [
        `Mutation.recordReport { ${selection} }`,
        (app: GuardedApp, token: string | null) =>
          tryQuery(app, token, `mutation ($report: JSON!) { recordReport(report: $report) { ${selection} } }`, {
            report: report(),
          }),
      ] as const,
  ),
  ['Query.__schema', (app, token) => tryQuery(app, token, '{ __schema { queryType { name } } }', {})],
  ['Query.__typename', (app, token) => tryQuery(app, token, '{ __typename }', {})],
])

it('is who the table says', async () => {
  // Wrong tokens are tried more often than they are answered as such.
  const app = await startGuarded({ environment: { MAX_TOKEN_FAILURES: '1000' } })
  const revoked = await app.newToken({ scope: 'ADMIN', name: 'revoked' })
  await app.ask(app.admin, 'mutation { revokeToken(id: 2) { token { id } } }')
  const expired = await app.newToken({ scope: 'ADMIN', name: 'expired', expiresAt: '2026-08-01T13:00:00Z' })
  const holders: Record<string, string | null> = {
    'no token': null,
    REPORT: await app.newToken({ scope: 'REPORT' }),
    'bound REPORT': await app.newToken({ scope: 'REPORT', server: 'Server:1' }),
    'REPORT of another': '',
    READ: await app.newToken({ scope: 'READ' }),
    ADMIN: await app.newToken({ scope: 'ADMIN' }),
    'expired ADMIN': expired,
    'revoked ADMIN': revoked,
    wrong: `dst_${'x'.repeat(43)}`,
  }
  const other = report({ extra: { 'machine-id': 'machine-2', 'machine-name': 'web' } })
  await app.as(app.admin, '/api/upload', { method: 'POST', body: JSON.stringify(other) })
  holders['REPORT of another'] = await app.newToken({ scope: 'REPORT', server: 'Server:2' })
  app.setTime('2026-08-01T13:00:00Z')

  const columns: [string, Map<string, string>][] = []
  for (const [name, token] of Object.entries(holders)) columns.push([name, await column(app, token)])
  asTakenOver(app.file)
  columns.push(['no token, after a take-over', await column(app, null)])
  columns.push(['wrong, after a take-over', await column(app, `dst_${'x'.repeat(43)}`)])
  const open = await startApp()
  const asGuarded = { ...open, admin: '', newToken: async () => '', ...helpersOf(open) }
  await open.post(report())
  columns.push(['no token, on this machine alone', await column(asGuarded, null)])

  await expect(format(columns)).toMatchFileSnapshot('accessTable.txt')
}, 120_000)

it('is declared at every field of the root types', () => {
  const fields = rootTypes.flatMap((type) => Object.values(type.getFields()))
  expect(fields.filter(({ extensions }) => extensions.needs === undefined).map(({ name }) => name)).toEqual([])
})

it('is nobody, for a field that is not declared', async () => {
  const app = await startGuarded()
  const field = schema.getQueryType()?.getFields().summary as GraphQLField<unknown, unknown>
  const declared = field.extensions
  field.extensions = { ...declared, needs: undefined }
  try {
    expect(await app.ask(app.admin, '{ summary { totalServers } }')).toEqual({
      status: 403,
      body: {
        errors: [
          {
            message: 'The token has the scope ADMIN: Query.summary needs the scope NOBODY.',
            extensions: { code: 'FORBIDDEN' },
          },
        ],
      },
    })
  } finally {
    field.extensions = declared
  }
})

it.each([
  ['a fragment', '{ ...Q } fragment Q on Query { tokens { id } }'],
  ['fragments in fragments', 'query { ...A } fragment A on Query { ...B } fragment B on Query { tokens { id } }'],
  ['an inline fragment', '{ ... { ... on Query { tokens { id } } } }'],
  ['an alias', '{ servers: tokens { id } }'],
  ['the second of two operations', 'query A { __typename } query B { tokens { id } }', 'B'],
  [
    'a fragment that a harmless operation spreads too',
    'query A { ...F } query B { ...F tokens { id } } fragment F on Query { __typename }',
    'B',
  ],
  ['skipped', '{ tokens @skip(if: true) { id } }'],
])('finds what is forbidden behind %s', async (_, query, operationName?: string) => {
  const app = await startGuarded()
  const token = await app.newToken({ scope: 'READ' })
  const answer = await app.as(token, '/graphql', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query, operationName }),
  })
  expect(answer).toMatchObject({ status: 403, body: { errors: [{ extensions: { code: 'FORBIDDEN' } }] } })
})

it('executes nothing of an operation of which one field is forbidden', async () => {
  const app = await startGuarded()
  const token = await app.newToken({ scope: 'REPORT' })
  const other = report({ extra: { 'backup-id': 'DB-9', 'backup-name': 'Other' } })
  const mutation = `mutation ($report: JSON!) { recordReport(report: $report) { duplicate } deleteServer(id: 1) { deletedBackups } }`
  expect(await app.ask(token, mutation, { report: other })).toMatchObject({ status: 403 })
  const { body } = await app.ask(app.admin, '{ summary { totalBackups totalServers } }')
  expect(body).toEqual({ data: { summary: { totalBackups: 1, totalServers: 1 } } })
})

function helpersOf(app: Awaited<ReturnType<typeof startApp>>): Pick<GuardedApp, 'as' | 'ask'> {
  const as: GuardedApp['as'] = async (_, path, init) => {
    const response = await app.fetch(path, init)
    const isJson = /json/.test(response.headers.get('content-type') ?? '')
    return { status: response.status, body: isJson ? await response.json() : await response.text() }
  }
  return {
    as,
    ask: async (_, query, variables = {}) => ({ status: 200, body: await app.graphql(query, { ...variables }) }),
  }
}

async function column(app: GuardedApp, token: string | null): Promise<Map<string, string>> {
  const outcomes = new Map<string, string>()
  for (const [name, attempt] of tries) outcomes.set(name, await attempt(app, token))
  return outcomes
}

function tryRoute(method: string, pattern: string) {
  return async (app: GuardedApp, token: string | null) => {
    const inAddress = pattern.endsWith(':token')
    // A server that is not there: what may be changed is still there for the next try.
    const path = pattern.replace(':token', token ?? '').replace(':id', method === 'GET' ? '1' : '9')
    const body = pattern.startsWith('/api/upload') ? JSON.stringify(report()) : '{}'
    // Without a token nothing stands where one can stand.
    const init = method === 'GET' ? { method } : { method, body }
    const answer = await app.as(inAddress ? null : token, path.replace(/\/$/, ''), init)
    if (pattern === '/api/health')
      return (answer.body as object) && 'quarantine' in (answer.body as object) ? 'all' : 'status'
    return outcomeOf(answer.status)
  }
}

function tryField(type: GraphQLObjectType, field: GraphQLField<unknown, unknown>) {
  const required = field.args.filter(isRequiredArgument)
  const declared = required.map(({ name, type }) => `$${name}: ${type}`).join(', ')
  const given = required.map(({ name }) => `${name}: $${name}`).join(', ')
  const selection = isLeafType(getNamedType(field.type)) ? '' : ' { __typename }'
  const query = `${type.name.toLowerCase()} T${declared && `(${declared})`} { ${field.name}${given && `(${given})`}${selection} }`
  const variables = Object.fromEntries(
    required.map((argument: GraphQLArgument) => [argument.name, some(argument.type)]),
  )
  return (app: GuardedApp, token: string | null) =>
    type.name === 'Subscription' ? tryStream(app, token, query) : tryQuery(app, token, query, variables)
}

/** Any value of the type; what it names is not there. */
function some(type: GraphQLInputType): unknown {
  if (isNonNullType(type)) return some(type.ofType)
  if (isListType(type)) return []
  if (isEnumType(type)) return type.getValues()[0]?.name
  if (isInputObjectType(type)) {
    const fields = Object.values(type.getFields())
    const needed = type.isOneOf ? fields.slice(0, 1) : fields.filter(isRequiredInputField)
    return Object.fromEntries(needed.map((field) => [field.name, some(field.type)]))
  }
  const values: Record<string, unknown> = {
    ID: 'Server:9',
    Int: 1,
    Boolean: false,
    DateTime: '2000-01-01T00:00:00Z',
    JSON: {},
  }
  return values[type.name] ?? 'text'
}

async function tryQuery(app: GuardedApp, token: string | null, query: string, variables: object): Promise<string> {
  const { status, body } = await app.ask(token, query, variables)
  const { errors = [] } = body as { errors?: { message: string; extensions: { code: string } }[] }
  const codes = errors.map(({ extensions }) => extensions.code)
  for (const own of ['GRAPHQL_VALIDATION_FAILED', 'INTERNAL_SERVER_ERROR']) expect(codes, query).not.toContain(own)
  return outcomeOf(codes.includes('FORBIDDEN') ? 403 : status)
}

async function tryStream(app: GuardedApp, token: string | null, query: string): Promise<string> {
  const response = await app.fetch('/graphql', {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      accept: 'text/event-stream',
      ...(token === null ? {} : { authorization: `Bearer ${token}` }),
    },
    body: JSON.stringify({ query }),
  })
  const reader = response.body?.getReader()
  await reader?.read()
  await reader?.cancel()
  return outcomeOf(response.status)
}

function outcomeOf(status: number): string {
  return [401, 403, 429].includes(status) ? String(status) : 'yes'
}

/** A block for each holder would hide the differences: a line for each way in, a column for each holder. */
function format(columns: [string, Map<string, string>][]): string {
  const width = Math.max(...[...tries.keys()].map((name) => name.length))
  const head = columns.map(([name], index) => `${String.fromCharCode(97 + index)}: ${name}`).join('\n')
  const letters = columns.map((_, index) => String.fromCharCode(97 + index).padEnd(6)).join(' ')
  const rows = [...tries.keys()].map((name) =>
    `${name.padEnd(width)}  ${columns.map(([, outcomes]) => (outcomes.get(name) ?? '').padEnd(6)).join(' ')}`.trimEnd(),
  )
  return `${head}\n\n${''.padEnd(width)}  ${letters.trimEnd()}\n${rows.join('\n')}\n`
}
