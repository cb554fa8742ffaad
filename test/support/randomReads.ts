// Random rows of every model, and random arguments for what reads them: those that resolvers give, and odd ones.

import fc, { type Arbitrary } from 'fast-check'
import { getDatamodel } from '../../src/generated/pothos.ts'
import * as enums from '../../src/generated/prisma/enums.ts'

const { models } = getDatamodel().datamodel
type Model = (typeof models)[string]
type Field = Model['fields'][number]

/** How many rows a model has. Their ids, and what refers to them, are from 1 on. */
const rowCount = 6

export interface Read {
  /** As a property of the client. */
  delegate: string
  method: string
  args: unknown
}

/** Rows of all models, by delegate. */
export function randomRows(): Arbitrary<[delegate: string, rows: object[]][]> {
  return fc.tuple(
    ...Object.entries(models).map(([name, model]) =>
      fc
        .tuple(...Array.from({ length: rowCount }, (_, index) => rowOf(model, index)))
        .map((rows): [string, object[]] => [delegateOf(name), rows.filter((row) => row !== null)]),
    ),
  )
}

/** A null where there are no more values for the key. */
function rowOf(model: Model, index: number): Arbitrary<object | null> {
  const keys = new Set(
    [...model.uniqueIndexes, ...(model.primaryKey ? [model.primaryKey] : [])].flatMap((key) => key.fields),
  )
  const own = model.fields.filter(({ kind }) => kind !== 'object')
  const members = own.map((field) => {
    const isKey = field.isId || field.isUnique || keys.has(field.name)
    const value = isKey ? keyOf(model, field, index) : storedValue(model, field)
    return [field.name, field.isRequired ? value : fc.option(value)] as const
  })
  const isThere = own.every(({ isId, type }) => !isId || !membersOf(type) || index < (membersOf(type)?.length ?? 0))
  return isThere ? fc.record(Object.fromEntries(members)) : fc.constant(null)
}

function keyOf(model: Model, field: Field, index: number): Arbitrary<unknown> {
  const members = membersOf(field.type)
  if (members) return fc.constant(members[index % members.length])
  if (field.type === 'String') return text.map((one) => `${one}${index}`)
  if (field.type === 'DateTime') return fc.constant(new Date(index))
  if (field.type === 'Int' && (!refersTo(model, field) || standsAlone(model, field))) return fc.constant(index + 1)
  return storedValue(model, field)
}

/** Whether nothing but this reference tells its rows apart: it is the key, or the first of a key that is all references. */
function standsAlone(model: Model, field: Field): boolean {
  const key = model.primaryKey?.fields ?? []
  const isAllReferences = model.fields.filter(({ name }) => key.includes(name)).every((one) => refersTo(model, one))
  return field.isId || field.isUnique || (key[0] === field.name && isAllReferences)
}

function storedValue(model: Model, field: Field): Arbitrary<unknown> {
  return refersTo(model, field) ? fc.integer({ min: 1, max: rowCount }) : anyValue(field)
}

function refersTo(model: Model, { name }: Field): boolean {
  return model.fields.some(({ relationFromFields }) => relationFromFields?.includes(name))
}

const text = fc.oneof(
  fc.constantFrom(
    '',
    'a',
    'A',
    'b',
    'ab',
    '%',
    '_',
    'a_b',
    'a%',
    '\\',
    "'",
    '"',
    'é',
    'É',
    '\u0000',
    'a\u0000b',
    '😀',
    '\ud800',
    '1',
    'null',
  ),
  fc.string({ unit: 'binary', maxLength: 3 }),
)

const values: Record<string, Arbitrary<unknown>> = {
  Int: fc.oneof(fc.integer({ min: 0, max: rowCount + 1 }), fc.constantFrom(-1, 2 ** 31 - 1, -(2 ** 31))),
  BigInt: fc.constantFrom(
    0n,
    1n,
    -1n,
    2n ** 31n,
    2n ** 53n - 1n,
    2n ** 53n,
    2n ** 53n + 1n,
    2n ** 63n - 1n,
    -(2n ** 63n),
  ),
  Float: fc.constantFrom(0, 1, -1, 0.1, 1e300, 5e-324, 2 ** 53, -2.5),
  Boolean: fc.boolean(),
  String: text,
  DateTime: fc
    .constantFrom(
      0,
      1,
      -1,
      1_790_000_000_000,
      1_790_000_000_001,
      1_790_000_000_999,
      Date.UTC(1900, 0),
      Date.UTC(9999, 11, 31),
    )
    .map((time) => new Date(time)),
}

function anyValue({ type }: Field): Arbitrary<unknown> {
  const members = membersOf(type)
  return members ? fc.constantFrom(...members) : (values[type] as Arbitrary<unknown>)
}

function membersOf(type: string): string[] | undefined {
  const members = (enums as Record<string, Record<string, string>>)[type]
  return members && Object.values(members)
}

/** What fits nowhere, or not everywhere. */
const odd = fc.constantFrom<unknown[]>(
  null,
  undefined,
  {},
  [],
  'text',
  2 ** 31,
  2 ** 53,
  0.5,
  Number.NaN,
  Number.POSITIVE_INFINITY,
  2n ** 63n,
  5n,
  true,
  new Date(Number.NaN),
  '2026-09-21T12:53:20.000Z',
  [null],
  { not: { equals: 1 } },
)

const mostly = (usual: Arbitrary<unknown>, unusual: Arbitrary<unknown> = odd) =>
  fc.oneof({ weight: 60, arbitrary: usual }, { weight: 1, arbitrary: unusual })

/** Some of these, and now and then something else. */
function some(parts: Record<string, Arbitrary<unknown>>, { least = 0, most = 3 } = {}): Arbitrary<object> {
  const named = Object.entries(parts).map(([name, part]) => mostly(part).map((value) => [name, value] as const))
  const unknown = fc.tuple(
    fc.constantFrom('_count', 'cursor', 'distinct', 'mode', 'toString', 'nothing'),
    fc.constantFrom<unknown>(true, undefined, {}, 'id'),
  )
  const part = fc.oneof({ weight: 100, arbitrary: fc.oneof(...named) }, { weight: 1, arbitrary: unknown })
  return fc.array(part, { minLength: least, maxLength: most }).map((entries) => Object.fromEntries(entries))
}

/** Arguments for reads of every model. */
export function randomRead(): Arbitrary<Read> {
  return fc.oneof(
    ...Object.entries(models).flatMap(([name, model]) =>
      Object.entries(argumentsOf(model)).map(([method, args]) =>
        fc.record({ delegate: fc.constant(delegateOf(name)), method: fc.constant(method), args: mostly(args) }),
      ),
    ),
  )
}

function argumentsOf(model: Model): Record<string, Arbitrary<unknown>> {
  const selected = selection(model, 2)
  const where = maybe({ where: condition(model, 2) })
  const orderBy = fc.record({ orderBy: order(model) })
  const list = both(selected, where, orderBy)
  const unique = both(selected, fc.record({ where: uniqueCondition(model) }))
  return {
    findMany: both(
      list,
      maybe({ take: mostly(fc.integer({ min: -1, max: 4 })), skip: mostly(fc.integer({ min: -1, max: 2 })) }),
    ),
    findFirst: list,
    findFirstOrThrow: list,
    findUnique: unique,
    findUniqueOrThrow: unique,
    count: both(where, maybe({ cursor: fc.constant({ id: 1 }) }, 20)),
  }
}

function both(...parts: Arbitrary<object>[]): Arbitrary<object> {
  return fc.tuple(...parts).map((all) => Object.assign({}, ...all))
}

function maybe(parts: Record<string, Arbitrary<unknown>>, seldom = 1): Arbitrary<object> {
  return fc.oneof(
    { weight: seldom, arbitrary: fc.constant({}) },
    { weight: 1, arbitrary: fc.record(parts, { requiredKeys: [] }) },
  )
}

function selection(model: Model, depth: number): Arbitrary<object> {
  const columns = model.fields
    .filter(({ kind }) => kind !== 'object')
    .map(({ name }) => [name, fc.constantFrom(true, true, true, false)])
  const relations = relationsOf(model).map((field) => [
    field.name,
    depth === 0 ? fc.constant(true) : nestedIn(field, depth),
  ])
  const select = fc.record({ select: some(Object.fromEntries([...columns, ...relations]), { least: 1, most: 5 }) })
  if (relations.length === 0) return fc.oneof(fc.constant({}), select)
  const include = fc.record({ include: some(Object.fromEntries(relations)) })
  return fc.oneof(fc.constant({}), select, select, include, both(fc.constant({}), include))
}

function nestedIn(field: Field, depth: number): Arbitrary<unknown> {
  const model = modelOf(field)
  const selected = selection(model, depth - 1)
  if (!field.isList) return fc.oneof(fc.constant(true), selected)
  const rest = maybe({ where: condition(model, 0), take: fc.integer({ min: 1, max: 2 }) }, 3)
  return both(selected, rest, fc.record({ orderBy: order(model) }))
}

/** To the last row, so that there is one right order only. */
function order(model: Model): Arbitrary<object[]> {
  const columns = model.fields.filter(({ kind }) => kind !== 'object')
  const direction = fc.constantFrom('asc', 'desc')
  const by = fc.constantFrom(...columns).chain(({ name }) => mostly(direction).map((one) => ({ [name]: one })))
  const key = model.primaryKey?.fields ?? columns.filter(({ isId }) => isId).map(({ name }) => name)
  const last = fc.tuple(...key.map((name) => direction.map((one) => ({ [name]: one }))))
  return fc.tuple(fc.array(by, { maxLength: 2 }), last).map(([first, rest]) => [...first, ...rest])
}

function condition(model: Model, depth: number): Arbitrary<object> {
  const parts = model.fields.flatMap((field): [string, Arbitrary<unknown>][] => {
    if (field.kind !== 'object') return [[field.name, fieldCondition(field)]]
    if (depth === 0) return []
    const inner = condition(modelOf(field), 0)
    const quantifiers: Record<string, Arbitrary<unknown>> = field.isList
      ? { some: inner, none: inner, every: inner }
      : { is: inner, isNot: inner }
    const quantified = some(quantifiers, { least: 1, most: 2 })
    return [[field.name, field.isList ? quantified : fc.oneof(quantified, inner)]]
  })
  if (depth > 0) {
    const inner = fc.array(condition(model, depth - 1), { maxLength: 3 })
    // As often as all of the others: there are many of them.
    for (let times = 0; times < parts.length / 4; times++) parts.push(['AND', inner], ['OR', inner], ['NOT', inner])
  }
  return fc
    .array(fc.oneof(...parts.map(([name, part]) => mostly(part).map((value) => [name, value] as const))), {
      maxLength: 2,
    })
    .map((entries) => Object.fromEntries(entries))
}

function fieldCondition(field: Field): Arbitrary<unknown> {
  const value = field.isRequired ? anyValue(field) : fc.option(anyValue(field))
  const list = fc.array(anyValue(field), { maxLength: 4 })
  const one = anyValue(field)
  const operators = { equals: value, not: value, in: list, notIn: list, lt: one, lte: one, gt: one, gte: one }
  return fc.oneof(value, some({ ...operators, contains: text, startsWith: text }))
}

function uniqueCondition(model: Model): Arbitrary<object> {
  const unique = model.fields.filter(({ isId, isUnique }) => isId || isUnique)
  const by = [
    ...unique.map((field) => fc.record({ [field.name]: mostly(anyValue(field)) })),
    ...(model.primaryKey
      ? [
          fc.record({
            [model.primaryKey.fields.join('_')]: fc.record(
              Object.fromEntries(
                model.primaryKey.fields.map((name) => [
                  name,
                  anyValue(model.fields.find((field) => field.name === name) as Field),
                ]),
              ),
            ),
          }),
        ]
      : []),
  ]
  return fc.oneof(
    { weight: 5, arbitrary: fc.oneof(...by) },
    { weight: 1, arbitrary: both(condition(model, 1), fc.oneof(...by)) },
  )
}

function relationsOf(model: Model): Field[] {
  return model.fields.filter(({ kind }) => kind === 'object')
}

function modelOf({ type }: Field): Model {
  return models[type] as Model
}

function delegateOf(name: string): string {
  return `${name.charAt(0).toLowerCase()}${name.slice(1)}`
}
