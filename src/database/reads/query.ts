// Turns the arguments of a read into statements: one for its rows, and one for the rows of each relation below them.

import { type Column, type Model, quoted, type Relation } from '../rows/models.ts'
import { certainType } from './certainTypes.ts'
import { condition, joined, type Sql } from './condition.ts'
import { knownParts, partsOf } from './knownParts.ts'
import { LeftToPrisma } from './leftToPrisma.ts'

export interface Query extends Sql {
  /** What becomes of a row, in the order of its fields. */
  fields: Field[]
}

/** A value of the row, or the rows that belong to it by a key. Either is `at` this place of what is read. */
type Field = { name: string; at: number } & (
  | { read(stored: unknown): unknown; related?: undefined }
  | { read?: undefined; related: Related }
)

interface Related {
  /** It reads the key first, and is given the keys that are wanted as its first value: the JSON of a list. */
  query: Query
  /** Else there is at most one. */
  many: boolean
}

/**
 * The statement for rows of a model.
 *
 * @param of if the rows belong to others
 * @throws LeftToPrisma
 */
export function query(model: Model, args: unknown, of?: Relation): Query {
  const { where = {}, orderBy = [], take, skip, ...selected } = knownParts(args, partsOfQuery(of))
  const places: Column[] = of ? [of.to] : []
  const placeOf = (column: Column) => {
    const known = places.indexOf(column)
    return known === -1 ? places.push(column) - 1 : known
  }
  const fields = selection(model, selected).map(([name, nested]): Field => {
    const column = model.columns.get(name)
    if (column && nested === true) return { name, at: placeOf(column), read: readerOf(column) }
    const relation = model.relations.get(name)
    if (!relation) throw new LeftToPrisma(`Of ${name} there is nothing to select.`)
    const related = { query: query(relation.model, nested === true ? {} : nested, relation), many: relation.many }
    return { name, at: placeOf(relation.from), related }
  })
  const table = quoted(model.table)
  const ofThese = of && { sql: `${table}.${of.to.sql} IN (SELECT value FROM json_each(?))`, values: [] }
  const which = joined(' AND ', [ofThese ?? null, condition(model, where, model.table)])
  const { sql: page, values } = pageOf(model, orderBy, take, skip)
  const columns = places.map(({ sql }) => `${table}.${sql}`)
  return {
    sql: `SELECT ${columns} FROM ${table}${whereOf(which)}${page}`,
    values: [...(which?.values ?? []), ...values],
    fields,
  }
}

function readerOf({ type, nullable }: Column) {
  const { fromStored } = certainType(type)
  return nullable ? (stored: unknown) => (stored === null ? null : fromStored(stored)) : fromStored
}

/** The statement for the first of the rows. @throws LeftToPrisma */
export function firstQuery(model: Model, args: unknown): Query {
  knownParts(args, ['select', 'include', 'where', 'orderBy'])
  const all = query(model, args)
  return { ...all, sql: `${all.sql} LIMIT 1` }
}

/** The statement for the one row that has a value of a unique column. @throws LeftToPrisma */
export function uniqueQuery(model: Model, args: unknown): Query {
  const { where } = knownParts(args, ['select', 'include', 'where'])
  const isOne = partsOf(where).some(
    ([name, value]) => model.columns.get(name)?.unique && value !== undefined && typeof value !== 'object',
  )
  if (!isOne) throw new LeftToPrisma('It does not say which row.')
  return query(model, args)
}

/** The statement that counts rows. @throws LeftToPrisma */
export function countQuery(model: Model, args: unknown): Sql {
  const { where = {} } = knownParts(args, ['where'])
  const which = condition(model, where, model.table)
  return { sql: `SELECT count(*) FROM ${quoted(model.table)}${whereOf(which)}`, values: which?.values ?? [] }
}

/** A relation's rows are sorted, but not cut: that would be for each of the others, and not for all together. */
function partsOfQuery(of: Relation | undefined) {
  const selected = ['select', 'include'] as const
  if (!of) return [...selected, 'where', 'orderBy', 'take', 'skip'] as const
  return of.many ? ([...selected, 'where', 'orderBy'] as const) : selected
}

/** The fields of an answer in their order, with what is asked of each: all columns, unless some are selected. */
function selection(model: Model, { select, include }: { select?: unknown; include?: unknown }): [string, unknown][] {
  if (select !== undefined && include !== undefined) throw new LeftToPrisma('It selects and includes.')
  const named = partsOf(select ?? include ?? {})
  for (const [name] of named) {
    const isKnown = model.relations.has(name) || (select !== undefined && model.columns.has(name))
    if (!isKnown) throw new LeftToPrisma(`What is ${name}?`)
  }
  const wanted = named.filter(([, nested]) => nested !== false && nested !== undefined)
  if (select === undefined) return [...[...model.columns.keys()].map((name): [string, true] => [name, true]), ...wanted]
  if (wanted.length === 0) throw new LeftToPrisma('It selects nothing.')
  return wanted
}

function whereOf(which: Sql | null): string {
  return which ? ` WHERE ${which.sql}` : ''
}

/** Where a page begins and ends, but no order is given, Prisma takes that of the ids. */
function pageOf(model: Model, orderBy: unknown, take: unknown, skip: unknown): Sql {
  const isCut = take !== undefined || skip !== undefined
  const orders = (Array.isArray(orderBy) ? orderBy : [orderBy]).flatMap((one) => orderOf(model, one))
  if (isCut && orders.length === 0) {
    if (!model.id) throw new LeftToPrisma('There is no order.')
    orders.push(`${quoted(model.table)}.${model.id.sql} asc`)
  }
  const sql = orders.length > 0 ? ` ORDER BY ${orders.join(', ')}` : ''
  if (!isCut) return { sql, values: [] }
  return {
    sql: `${sql} LIMIT ? OFFSET ?`,
    values: [take === undefined ? -1 : count(take), skip === undefined ? 0 : count(skip)],
  }
}

function count(value: unknown): number {
  if (!Number.isSafeInteger(value) || (value as number) < 0) throw new LeftToPrisma('It is no number of rows.')
  return value as number
}

function orderOf(model: Model, order: unknown): string[] {
  const parts = partsOf(order)
  if (parts.length > 1) throw new LeftToPrisma('Which of them comes first is not said.')
  return parts.map(([name, direction]) => {
    const column = model.columns.get(name)
    if (!column || (direction !== 'asc' && direction !== 'desc'))
      throw new LeftToPrisma(`What is the order of ${name}?`)
    return `${quoted(model.table)}.${column.sql} ${direction}`
  })
}
