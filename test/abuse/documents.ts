// GraphQL documents at random from the schema: most of them could be answered, the others are wrong in every way there is.

import { readFileSync } from 'node:fs'
import {
  buildSchema,
  type GraphQLField,
  type GraphQLInputType,
  type GraphQLNamedType,
  type GraphQLObjectType,
  getNamedType,
  isAbstractType,
  isCompositeType,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
  isObjectType,
} from 'graphql'
import type { Dice } from '../support/random.ts'
import { oddTexts, oddTimes, oddValue } from './oddValues.ts'

const schema = buildSchema(readFileSync(new URL('../../schema.graphql', import.meta.url), 'utf8'))

export interface AbuseDocument {
  query: string
  variables: Record<string, unknown>
  operationName: string | null
}

/** A name of an enum, which is written without quotation marks. */
class EnumName {
  readonly name: string
  constructor(name: string) {
    this.name = name
  }
}

const ids = [
  'Server:1',
  'Server:2',
  'BackupJob:1',
  'Backup:5',
  'Channel:1',
  'Token:1',
  'Notification:1',
  'Transition:1',
]
const scalars: Record<string, (dice: Dice) => unknown> = {
  ID: (dice) =>
    dice.pick([...ids, 1, 2, 3, '1', '7', 'Server:0', 'Server:1e3', 'Server:99999999999999999999', ...oddTexts]),
  String: (dice) => dice.pick([...oddTexts, 'Photos', 'UTC', '127.0.0.1', 'cursor', 'eyJ9']),
  Int: (dice) => dice.pick([0, 1, 2, 5, 20, 100, 101, -1, 2 ** 31 - 1, 2 ** 31, 1.5, 1e300]),
  Float: (dice) => dice.pick([0, 1, 60, 3600, 86_400, -1, 1e15, 1e300, 0.001]),
  Boolean: (dice) => dice.chance(0.5),
  BigInt: (dice) => dice.pick([0, '1', '9007199254740993', -1, '1e5']),
  DateTime: (dice) => dice.pick([...oddTimes, '2026-08-01T00:00:00Z', '2020-01-01T00:00:00Z']),
  URL: (dice) =>
    dice.pick(['http://127.0.0.1:9/', 'https://localhost:1/x', 'javascript:alert(1)', 'http://[::1]:9', ...oddTexts]),
  TimeZone: (dice) =>
    dice.pick(['UTC', 'Europe/Berlin', 'America/St_Johns', 'Pacific/Apia', 'Mars/Base', '+99:00', '']),
  JSON: oddValue,
}

/** Around the limit of lists, and around what SQLite takes as parameters of a statement. */
const listLengths = [99, 100, 101, 500, 1001, 4000, 33_000]

const orders = Object.values(schema.getTypeMap())
  .filter((type) => type.name.endsWith('Order') && isEnumType(type))
  .flatMap((type) => (isEnumType(type) ? type.getValues().map(({ name }) => name) : []))

/** A cursor as the server makes them, or nearly: an order, and values of its columns. */
function forgedCursor(dice: Dice): string {
  const value = () =>
    dice.pick([0, 1, -1, null, 2 ** 31, 2 ** 53, 2 ** 53 - 1, -(2 ** 63), 1e300, 0.5, 8.64e15, 'x', '', true, [], {}])
  const parts = [dice.pick([...orders, 'NOTHING', 1]), ...Array.from({ length: dice.below(4) }, value)]
  const text = dice.chance(0.9) ? JSON.stringify(parts) : dice.pick(['[', 'null', '{}', '"x"', ...oddTexts])
  return Buffer.from(text).toString('base64url')
}

export function abusedDocument(dice: Dice): AbuseDocument {
  const variables: Record<string, unknown> = {}
  const declared: string[] = []
  const fragments: string[] = []
  const depthLimit = dice.chance(0.05) ? 20 : 2 + dice.below(5)

  const operation = dice.pick(['query', 'query', 'query', 'mutation', 'mutation', 'subscription'] as const)
  const root = rootOf(operation)
  const selected = selection(root, 1)
  const name = dice.chance(0.5) ? 'Abuse' : ''
  const head = `${operation} ${name}${declared.length > 0 ? `(${declared.join(', ')})` : ''}${directive(0.02)}`
  const others = dice.chance(0.03) ? ' query Other { summary { totalServers } } query Other { __typename }' : ''
  const whole = `${head} ${selected} ${fragments.join(' ')}${others}`
  return {
    query: abusedText(whole, dice),
    variables,
    operationName: dice.chance(0.05) ? dice.pick(['Other', 'Abuse', '', ...oddTexts]) : null,
  }

  function selection(type: GraphQLNamedType, depth: number): string {
    if (!isCompositeType(type)) return ''
    if (isAbstractType(type)) {
      const parts = schema.getPossibleTypes(type).filter(() => dice.chance(0.4))
      return `{ __typename ${parts.map((part) => `... on ${part.name}${directive(0.05)} ${selection(part, depth)}`).join(' ')} }`
    }
    const fields = Object.values(type.getFields())
    const leaves = fields.filter(({ type }) => !isCompositeType(getNamedType(type)))
    const chosen = Array.from({ length: 1 + dice.below(depth === 1 ? 2 : 5) }, () =>
      dice.pick(depth < depthLimit || leaves.length === 0 ? fields : leaves),
    )
    const texts = chosen.map((field) => fieldText(field, depth))
    if (dice.chance(0.03)) texts.push(spread(type, depth))
    if (dice.chance(0.02))
      texts.push(dice.pick(['nothing', '__typename', '__schema { types { name } }', '... { __typename }']))
    return `{ ${texts.join(' ')} }`
  }

  function fieldText(field: GraphQLField<unknown, unknown>, depth: number): string {
    const args = field.args.filter(({ type }) => (isNonNullType(type) ? dice.chance(0.97) : dice.chance(0.25)))
    const given = args
      .map(({ name, type }) => {
        const isCursor = (name === 'after' || name === 'before') && dice.chance(0.8)
        return `${name}: ${isCursor ? JSON.stringify(forgedCursor(dice)) : argument(type)}`
      })
      .join(', ')
    const alias = dice.chance(0.7) ? `a${dice.below(1000)}: ` : ''
    const inner = depth > 25 ? '{ __typename }' : selection(getNamedType(field.type), depth + 1)
    return `${alias}${field.name}${given ? `(${given})` : ''}${directive(0.04)} ${inner}`
  }

  function spread(type: GraphQLObjectType, depth: number): string {
    const name = `F${fragments.length}`
    fragments.push('')
    const cycle = dice.chance(0.2) ? ` ...${dice.pick([name, 'F0', 'Missing'])}` : ''
    const body = selection(type, depth).replace(/ \}$/, `${cycle} }`)
    fragments[Number(name.slice(1))] = `fragment ${name} on ${dice.chance(0.95) ? type.name : 'Query'} ${body}`
    return `...${name}${dice.chance(0.3) ? ` ...${name}` : ''}`
  }

  function directive(probability: number): string {
    if (!dice.chance(probability)) return ''
    return ` ${dice.pick(['@skip(if: false)', '@include(if: true)', '@skip(if: true)', '@nothing', '@include', '@skip(if: 1) @skip(if: false)', '@deprecated'])}`
  }

  function argument(type: GraphQLInputType): string {
    const value = dice.chance(0.06) ? oddValue(dice) : inputOf(type, 0)
    if (!dice.chance(0.25)) return literal(value)
    const name = `v${declared.length}`
    declared.push(`$${name}: ${dice.chance(0.95) ? type : dice.pick(['Int', 'String!', '[ID]', 'Query', 'Missing'])}`)
    if (dice.chance(0.95)) variables[name] = plain(value)
    return `$${name}`
  }

  function inputOf(type: GraphQLInputType, level: number): unknown {
    if (isNonNullType(type)) return dice.chance(0.02) ? null : inputOf(type.ofType, level)
    if (dice.chance(0.05)) return null
    if (isListType(type)) {
      const length = dice.chance(0.06) ? dice.pick(listLengths) : dice.below(4)
      const item = inputOf(type.ofType, level)
      // A long one of the same again and again, or of items of all kinds.
      return Array.from({ length }, () => (length > 500 ? item : inputOf(type.ofType, level)))
    }
    if (isEnumType(type)) return new EnumName(dice.chance(0.95) ? dice.pick(type.getValues()).name : 'NOTHING')
    if (!isInputObjectType(type)) return scalars[type.name]?.(dice)
    const fields = Object.values(type.getFields())
    const only = type.isOneOf && dice.chance(0.9) ? dice.pick(fields).name : null
    const given = fields.filter((field) => (only ? field.name === only : isNonNullType(field.type) || dice.chance(0.4)))
    const entries = given.map((field) => [field.name, level > 4 ? null : inputOf(field.type, level + 1)])
    return Object.fromEntries([...entries, ...(dice.chance(0.02) ? [['nothing', 1]] : [])])
  }
}

function rootOf(operation: 'query' | 'mutation' | 'subscription'): GraphQLObjectType {
  const root = {
    query: schema.getQueryType(),
    mutation: schema.getMutationType(),
    subscription: schema.getSubscriptionType(),
  }
  const type = root[operation]
  if (!isObjectType(type)) throw new Error(`The schema has no ${operation}.`)
  return type
}

function literal(value: unknown): string {
  if (value instanceof EnumName) return value.name
  if (Array.isArray(value)) return `[${value.map(literal).join(', ')}]`
  if (typeof value === 'object' && value !== null) {
    const fields = Object.entries(value).map(
      ([name, inner]) => `${/^\w+$/.test(name) ? name : 'odd'}: ${literal(inner)}`,
    )
    return `{${fields.join(', ')}}`
  }
  return JSON.stringify(value) ?? 'null'
}

/** As it is in the JSON of variables. */
function plain(value: unknown): unknown {
  if (value instanceof EnumName) return value.name
  if (Array.isArray(value)) return value.map(plain)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, plain(inner)]))
}

function abusedText(text: string, dice: Dice): string {
  const at = dice.below(text.length)
  switch (dice.below(100)) {
    case 0:
      return text.slice(0, at)
    case 1:
      return `${text.slice(0, at)}${text.slice(at + 1 + dice.below(5))}`
    case 2:
      return `${text.slice(0, at)}${dice.pick(oddTexts)}${text.slice(at)}`
    case 3:
      return `${text.slice(0, at)}${text.slice(Math.max(0, at - 30), at)}${text.slice(at)}`
    case 4:
      return `{ summary ${'{ a '.repeat(1 + dice.below(5000))}`
    case 5:
      return `{ ${'... { '.repeat(3000)} __typename ${'} '.repeat(3000)} }`
    case 6:
      return `{ ${Array.from({ length: dice.below(300) }, (_, index) => `a${index}: summary { totalServers }`).join(' ')} }`
    case 7:
      return `query ($a: Int = ${'['.repeat(dice.below(6000))}) { __typename }`
    case 8:
      return `{ __typename ${'@skip(if: false) '.repeat(dice.below(200))} }`
    case 9:
      return `{ ...A } ${Array.from({ length: 60 }, (_, index) => `fragment ${index === 0 ? 'A' : `A${index}`} on Query { ...A${index + 1} ...A${index + 1} }`).join(' ')} fragment A60 on Query { __typename }`
    case 10:
      return `{ __schema { types { fields { type { fields { type { fields { type { name } } } } } } } } }`
    case 11:
      return `{ node(id: """${dice.pick(oddTexts)}""") { id } }`
    case 12:
      return text.replaceAll('}', '').concat('}'.repeat(at))
    default:
      return text
  }
}
