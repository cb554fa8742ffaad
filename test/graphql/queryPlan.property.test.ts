// Whatever is asked: a plan answers it as the executor does, to the byte; and what pages ask for does not need the executor.

import {
  type DocumentNode,
  type ExecutionArgs,
  type ExecutionResult,
  execute,
  type GraphQLNamedType,
  getNamedType,
  isObjectType,
  parse,
  validate,
} from 'graphql'
import { expect, it, onTestFinished } from 'vitest'
import { readConfig } from '../../src/config.ts'
import { openDatabase } from '../../src/database/open.ts'
import type { RequestContext } from '../../src/graphql/builder.ts'
import { planQueries } from '../../src/graphql/plan/planQueries.ts'
import { schema } from '../../src/graphql/schema.ts'
import { createLogger } from '../../src/logger.ts'
import { readingOf } from '../../src/services/requestReading.ts'
import { documents } from '../bench/operations.ts'
import { start, startApp } from '../support/app.ts'
import { randomNumbers } from '../support/random.ts'
import { report } from '../support/report.ts'

const runs = process.env.SOAK ? 20_000 : 400

it('answers as the executor does', async () => {
  const ask = await filled()
  const random = randomNumbers(5)
  let planned = 0
  for (let run = 0; run < runs; run++) {
    const query = randomQuery(random)
    const { byPlan, byExecutor } = await ask(query)
    if (byPlan === null) continue
    planned += 1
    expect(byPlan, query).toBe(byExecutor)
  }
  // The others ask for what only the executor knows, or come to an error.
  expect(planned).toBeGreaterThan(runs / 4)
}, 600_000)

const { updateServer: _, ...asked } = documents(start)

it.each(Object.entries(asked))('needs no executor for the %s', async (_, { query, variables }) => {
  const ask = await filled()
  const { byPlan, byExecutor } = await ask(query, variables)
  expect(byPlan).toBe(byExecutor)
})

it('answers by one plan whatever its variables say', async () => {
  const ask = await filled()
  const query = `query ($orderBy: ServerOrder, $first: Int, $bucket: HistoryBucketSize!) {
    servers(orderBy: $orderBy, first: $first) {
      edges { cursor node { id jobs { name latestBackup { status } } history(bucket: $bucket) { runs } } }
    }
    again: servers(first: $first) { nodes { alias } }
  }`
  for (const orderBy of ['NAME_ASC', 'LAST_SEEN_DESC', 'NAME_DESC', 'LAST_SEEN_ASC', 'NAME_ASC', undefined]) {
    for (const [first, bucket] of [
      [1, 'DAY'],
      [3, 'WEEK'],
    ]) {
      const variables = { orderBy, first, bucket }
      const { byPlan, byExecutor } = await ask(query, variables)
      expect(byPlan, JSON.stringify(variables)).toBe(byExecutor)
    }
  }
})

it('leaves to the executor what has an error, and what comes out as it was not foreseen', async () => {
  const ask = await filled()
  for (const query of [
    '{ server(by: { id: "nothing" }) { name } }',
    '{ servers(first: 101) { nodes { name } } }',
    '{ servers { nodes { name @include(if: true) } } }',
    '{ servers { nodes { __proto__: name } } }',
    '{ __schema { queryType { name } } }',
    '{ node(id: "Server:1") { id } }',
  ]) {
    expect((await ask(query)).byPlan, query).toBeNull()
  }
})

/** What asks for something in both ways: the answers as text, each with whether it holds. */
async function filled() {
  const app = await startApp()
  for (const [number, changes] of [
    { extra: { 'backup-name': 'Photos' } },
    { extra: { 'backup-name': 'Mail' }, data: { ParsedResult: 'Error', EndTime: null, Duration: null } },
    { extra: { 'machine-id': 'machine-2', 'machine-name': 'attic', 'next-scheduled-run': '20260801T020000Z' } },
    {
      extra: { 'machine-id': 'machine-3', 'machine-name': 'attic' },
      data: { ParsedResult: 'Warning' },
      backend: { KnownFileSize: null },
    },
  ].entries()) {
    for (const day of [28, 29, 31]) {
      const data = { ...changes.data, BeginTime: `2026-07-${day}T0${number}:00:00Z` }
      const lines = ['2026-07-31 02:00:00 +02 - [Warning-Duplicati.Library.Main-Test]: a line']
      expect((await app.post(report({ ...changes, data, logLines: lines }))).status).toBe(200)
    }
  }
  await app.graphql(
    'mutation { updateServer(id: "Server:2", input: { alias: "Dach", url: "http://attic:8200" }) { server { id } } }',
  )
  await app.close()

  const clock = () => start
  const log = createLogger('silent', { write: () => {} })
  const config = readConfig({ DATABASE_URL: `file:${app.file}` })
  const database = await openDatabase(app.file, clock, log)
  onTestFinished(() => database.close())

  const plugin = planQueries()
  const documents = new Map<string, DocumentNode>()
  return async (query: string, variables: object = {}) => {
    const document = documents.get(query) ?? parse(query)
    documents.set(query, document)
    expect(validate(schema, document), query).toEqual([])
    const args = () => {
      const answer = { holds: true }
      const reading = readingOf({ config, database })
      const contextValue = { config, clock, log, now: start, answer, ...reading } as unknown as RequestContext
      return { schema, document, contextValue, variableValues: JSON.parse(JSON.stringify(variables)) }
    }
    const text = ({ data, errors }: ExecutionResult, { contextValue }: ReturnType<typeof args>) =>
      JSON.stringify({ holds: contextValue.answer.holds, data, errors })

    const ordinary = args()
    const byExecutor = text((await execute(ordinary)) as ExecutionResult, ordinary)
    const planned = args()
    let byPlan: string | null = null
    let work: ((args: ExecutionArgs) => Promise<ExecutionResult>) | undefined
    const left = { errors: [] }
    plugin.onExecute?.({
      args: planned,
      executeFn: async () => left,
      setExecuteFn: (set: typeof work) => {
        work = set
      },
    } as unknown as Parameters<NonNullable<typeof plugin.onExecute>>[0])
    const result = await work?.(planned)
    if (result && result !== left) byPlan = text(result, planned)
    return { byPlan, byExecutor }
  }
}

/** The root fields, with arguments of every kind. */
const roots = {
  server: [
    'by: { id: "Server:1" }',
    'by: { name: "nas" }',
    'by: { machineId: "machine-2" }',
    'by: { id: 77 }',
    'by: { name: "attic" }',
  ],
  servers: ['', 'first: 2', 'last: 1', 'filter: { search: "a" }, orderBy: LAST_SEEN_DESC', 'first: 500'],
  duplicateServers: [''],
  backupJob: ['id: 1', 'id: "BackupJob:2"', 'id: 99'],
  backupJobs: ['', 'first: 1, orderBy: DUE_AT_DESC', 'filter: { state: [OVERDUE, FAILED] }'],
  backup: ['id: 1', 'id: 4'],
  backups: ['', 'first: 3', 'filter: { server: 2 }', 'last: 2, orderBy: BEGAN_AT_ASC'],
  transitions: ['', 'first: 2'],
  notifications: [''],
  summary: [''],
  settings: [''],
  node: ['id: "Server:1"'],
}

/** Of fields below them that take some. */
const nested: Record<string, string[]> = {
  history: ['', 'from: "2026-07-28T00:00:00Z", to: "2026-08-01T00:00:00Z"', 'bucket: WEEK'],
  backups: ['', 'first: 1'],
  logLines: ['', 'first: 1'],
}

function randomQuery(random: () => number): string {
  const pick = <Value>(values: readonly Value[]) => values[Math.floor(random() * values.length)] as Value
  const chance = (percent: number) => random() * 100 < percent
  const fragments: string[] = []
  let aliases = 0

  function selection(type: GraphQLNamedType, depth: number): string {
    if (!isObjectType(type)) return '{ __typename }'
    const fields = Object.values(type.getFields())
    const parts = Array.from({ length: 1 + Math.floor(random() * 5) }, () => {
      if (chance(5)) return '__typename'
      if (chance(5)) return `... on ${type.name} ${selection(type, depth)}`
      if (chance(5)) {
        const name = `F${fragments.length}`
        fragments.push('')
        fragments[Number(name.slice(1))] = `fragment ${name} on ${type.name} ${selection(type, depth)}`
        return `...${name}`
      }
      const field = pick(fields)
      const named = getNamedType(field.type)
      const takes = nested[field.name]
      const args = takes && field.args.length > 0 ? pick(takes) : ''
      const isOpen = field.args.some(
        ({ type, defaultValue }) => String(type).endsWith('!') && defaultValue === undefined,
      )
      const isObject = 'getFields' in named || 'getTypes' in named
      if (isOpen || (isObject && depth === 0)) return '__typename'
      // What has arguments needs a name of its own beside the same with others.
      const alias = args || chance(10) ? `a${aliases++}: ` : ''
      return `${alias}${field.name}${args && `(${args})`}${isObject ? ` ${selection(named, depth - 1)}` : ''}`
    })
    return `{ ${parts.join(' ')} }`
  }

  const query = schema.getQueryType()?.getFields() ?? {}
  const parts = Array.from({ length: 1 + Math.floor(random() * 2) }, (_, index) => {
    const name = pick(Object.keys(roots) as (keyof typeof roots)[])
    const args = pick(roots[name])
    const type = getNamedType(query[name]?.type as NonNullable<(typeof query)[string]>['type'])
    return `r${index}: ${name}${args && `(${args})`} ${selection(type, 4)}`
  })
  return [`{ ${parts.join(' ')} }`, ...fragments].join('\n')
}
