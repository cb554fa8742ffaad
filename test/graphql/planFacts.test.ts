// What plans go by is told by Pothos in the extensions of fields, which is not documented: should another release tell it otherwise,
// queries would have no plans, or wrong ones. Here it shows.

import { type GraphQLObjectType, type OperationDefinitionNode, parse } from 'graphql'
import { expect, it } from 'vitest'
import type { RequestContext } from '../../src/graphql/builder.ts'
import { planQuery } from '../../src/graphql/plan/queryPlan.ts'
import { schema } from '../../src/graphql/schema.ts'

const toldOf = (type: string, field: string) =>
  (schema.getType(type) as GraphQLObjectType).getFields()[field]?.extensions

it('tells of a column', () => {
  expect(toldOf('Server', 'name')).toMatchObject({
    pothosExposedField: 'name',
    pothosPrismaSelect: { name: true },
    pothosResolveWrapped: true,
  })
})

it('tells of a relation', () => {
  const told = toldOf('Server', 'latestBackup')
  expect(told).toMatchObject({
    pothosPrismaRelationField: { name: 'latestBackup' },
    pothosPrismaSelect: expect.any(Function),
  })
  const select = told?.pothosPrismaSelect as (
    args: object,
    context: object,
    nested: (query: object) => object,
  ) => object
  expect(select({}, {}, (query) => ({ nested: query }))).toEqual({ select: { latestBackup: { nested: {} } } })
})

it('tells of a resolver, and of the columns that it needs', () => {
  expect(toldOf('Server', 'displayName')).toMatchObject({
    pothosOriginalResolve: expect.any(Function),
    pothosPrismaSelect: { alias: true, name: true },
    pothosResolveWrapped: true,
  })
})

it('tells of every field whether it is wrapped, and whether its arguments are changed', () => {
  const types = Object.values(schema.getTypeMap()).filter((type) => 'getFields' in type && !type.name.startsWith('__'))
  const objects = types.filter((type): type is GraphQLObjectType => type.constructor.name === 'GraphQLObjectType')
  const fields = objects.flatMap((type) => Object.values(type.getFields()))
  expect(fields.length).toBeGreaterThan(300)
  for (const { name, extensions } of fields) {
    expect(extensions, name).toHaveProperty('pothosResolveWrapped')
    expect(extensions, name).toHaveProperty('pothosArgMappers')
  }
})

it.each([
  [
    'a dashboard',
    '{ servers(first: 50) { nodes { id displayName state latestBackup { status beganAt } jobs { name state dueAt } } } }',
  ],
  [
    'a page of runs',
    '{ backups(first: 50) { nodes { id beganAt status job { name } server { displayName } } totalCount } }',
  ],
  ['a summary', '{ summary { totalServers jobsByState { state count } } }'],
])('lets %s have a plan', (_, query) => {
  const document = parse(query)
  const [operation] = document.definitions
  const plan = planQuery(schema, document, operation as OperationDefinitionNode, {} as RequestContext)
  expect(plan.length).toBe(1)
})
