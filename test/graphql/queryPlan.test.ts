// What there is a plan for, and what is left to the executor: shown on a small schema, told about as Pothos tells.

import {
  GraphQLID,
  GraphQLInt,
  GraphQLInterfaceType,
  GraphQLList,
  GraphQLNonNull,
  GraphQLObjectType,
  GraphQLSchema,
  GraphQLString,
  type OperationDefinitionNode,
  parse,
} from 'graphql'
import { expect, it } from 'vitest'
import { readConfig } from '../../src/config.ts'
import type { RequestContext } from '../../src/graphql/builder.ts'
import { type Execution, planQuery } from '../../src/graphql/plan/queryPlan.ts'

const byName = { orderBy: { name: 'asc' } }

/** A relation, asked for with these arguments. */
const relation = (name: string, query: object) => ({
  pothosPrismaRelationField: { name },
  pothosPrismaSelect: (_: object, __: object, nested: (query: object) => object) => ({
    select: { [name]: nested(query) },
  }),
  pothosResolveWrapped: true,
})

/** Something made of columns. */
const made = (pothosPrismaSelect: object, pothosOriginalResolve: (...args: never[]) => unknown) => ({
  pothosPrismaSelect,
  pothosOriginalResolve,
  pothosResolveWrapped: true,
})

const Node = new GraphQLInterfaceType({ name: 'Node', fields: { id: { type: GraphQLID } } })
const Thing: GraphQLObjectType = new GraphQLObjectType({
  name: 'Thing',
  interfaces: [Node],
  fields: () => ({
    id: { type: GraphQLID },
    name: { type: GraphQLString, extensions: { pothosExposedField: 'name', pothosPrismaSelect: { name: true } } },
    size: {
      type: new GraphQLNonNull(GraphQLInt),
      extensions: { pothosExposedField: 'size', pothosPrismaSelect: { size: true } },
    },
    parts: { type: new GraphQLList(Thing), extensions: relation('parts', byName) },
    first: {
      type: GraphQLString,
      extensions: made(
        { parts: { select: { name: true }, ...byName } },
        ({ parts }: { parts: { name: string }[] }) => parts[0]?.name,
      ),
    },
    last: {
      type: GraphQLString,
      extensions: made({ parts: { select: { name: true }, orderBy: { name: 'desc' } } }, () => 'last'),
    },
    deep: {
      type: GraphQLString,
      extensions: made({ parts: { select: { parts: { select: { name: true } } }, ...byName } }, () => 'deep'),
    },
    loud: { type: GraphQLString, extensions: made({ name: true }, ({ name }: { name: string }) => name.toUpperCase()) },
    later: { type: GraphQLString, extensions: made({ name: true }, async ({ name }: { name: string }) => name) },
    placed: {
      type: GraphQLString,
      extensions: made({}, (_: never, __: never, ___: never, info: { path: object }) => String(info.path)),
    },
    varied: {
      type: GraphQLString,
      extensions: made(
        () => ({}),
        () => 'varied',
      ),
    },
    wrapped: {
      type: GraphQLString,
      extensions: { pothosOriginalResolve: () => 'wrapped', pothosResolveWrapped: true },
    },
  }),
})
const schema = new GraphQLSchema({
  query: new GraphQLObjectType({ name: 'Query', fields: { thing: { type: Thing } } }),
})

const thing = { id: 7, name: 'a', size: 3, parts: [{ id: 8, name: 'b', size: 4, parts: [] }] }

it.each([
  ['{ id name size }', { id: 'Thing:7', name: 'a', size: 3 }],
  ['{ parts { id name } }', { parts: [{ id: 'Thing:8', name: 'b' }] }],
  ['{ first parts { size } }', { first: 'b', parts: [{ size: 4 }] }],
  ['{ last }', { last: 'last' }],
  ['{ loud __typename }', { loud: 'A', __typename: 'Thing' }],
  ['{ later parts { later } }', { later: 'a', parts: [{ later: 'b' }] }],
  [
    '{ ...F ... on Node { id } ... on Thing { name } ... { size } } fragment F on Thing { n: name }',
    { n: 'a', id: 'Thing:7', name: 'a', size: 3 },
  ],
  ['{ parts { id } parts { name } }', { parts: [{ id: 'Thing:8', name: 'b' }] }],
])('answers %s', async (selection, answer) => {
  expect(await answerOf(selection, thing)).toEqual(answer)
})

it.each([
  ['{ name @include(if: true) }', 'It has a directive.'],
  ['{ __proto__: name }', 'It has a name that objects do not take.'],
  ['{ parts { id } again: parts { name } }', 'A relation is read twice.'],
  ['{ first last }', 'A relation is asked for in two ways.'],
  ['{ last parts { id } }', 'A relation is asked for in two ways.'],
  ['{ deep }', 'It selects more than columns of a relation.'],
  ['{ placed }', 'It has a resolver that goes by its place.'],
  ['{ varied }', 'What it needs is not known.'],
  ['{ wrapped }', 'What it needs is not known.'],
])('has no plan for %s', (selection, why) => {
  expect(() => plan(selection)).toThrow(why)
})

it.each([
  ['{ name }', { ...thing, name: undefined }, 'Something was not loaded.'],
  ['{ loud }', { ...thing, name: undefined }, 'Something was not loaded.'],
  ['{ parts { id } }', { ...thing, parts: undefined }, 'Something was not loaded.'],
  ['{ parts { id } }', { ...thing, parts: new Set() }, 'A list is no array.'],
  ['{ size }', { ...thing, size: null }, 'Something is null.'],
  ['{ name }', new Error('no thing'), 'An object is none.'],
  ['{ loud }', { ...thing, name: 3 }, 'toUpperCase is not a function'],
  ['{ later }', { ...thing, name: Symbol('no text') }, 'awaited'],
])('leaves %s of a row that is not as it was foreseen', async (selection, row, why) => {
  await expect(answerOf(selection, row)).rejects.toThrow(why)
})

function plan(selection: string) {
  const [own = '', ...fragments] = selection.split(' fragment ')
  const document = parse([`{ thing ${own} }`, ...fragments.map((one) => `fragment ${one}`)].join(' '))
  return planQuery(schema, document, document.definitions[0] as OperationDefinitionNode, {} as RequestContext)
}

async function answerOf(selection: string, row: unknown) {
  const context = { listed: { objects: 0, logText: 0 }, config: readConfig({}) } as RequestContext
  const execution: Execution = { context, variables: {}, args: new Map(), pending: [], failed: false }
  const answer = plan(selection)[0]?.complete(row, execution)
  for (const one of execution.pending) await one
  if (execution.failed) throw new Error('awaited')
  return answer
}
