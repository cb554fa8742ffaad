// Turns the `where` of a read into SQL. Nulls and empty lists mean what they mean to Prisma.

import { literalContains } from '../literalContains.ts'
import { type Column, type Model, quoted, type Relation } from '../rows/models.ts'
import { type CertainType, certainType } from './certainTypes.ts'
import { partsOf } from './knownParts.ts'
import { LeftToPrisma } from './leftToPrisma.ts'

/** Some SQL, with the values of its question marks. */
export interface Sql {
  sql: string
  values: unknown[]
}

/** More would be too many variables for one statement of SQLite: Prisma makes several of it. */
const longestList = 1000

/** What follows the column. */
const comparisons = {
  equals: '= ?',
  not: '<> ?',
  lt: '< ?',
  lte: '<= ?',
  gt: '> ?',
  gte: '>= ?',
  contains: literalContains,
}
const nulls = { equals: 'IS NULL', not: 'IS NOT NULL' }

/**
 * The condition; null if it lets all rows pass.
 *
 * @param table what the statement calls that of the model
 * @throws LeftToPrisma
 */
export function condition(model: Model, where: unknown, table: string): Sql | null {
  const inner = (one: unknown) => condition(model, one, table)
  const parts = partsOf(where).map(([name, wanted]) => {
    if (name === 'AND') return joined(' AND ', listOf(wanted).map(inner))
    if (name === 'OR' && Array.isArray(wanted)) return anyOf(wanted.map(inner))
    if (name === 'NOT') return joined(' AND ', listOf(wanted).map(inner).map(negated))
    const column = model.columns.get(name)
    if (column) return ofColumn(column, wanted, table)
    const relation = model.relations.get(name)
    if (relation) return ofRelation(relation, relation.many ? wanted : { some: wanted }, table)
    throw new LeftToPrisma(`What is ${name}?`)
  })
  return joined(' AND ', parts)
}

export function joined(by: string, conditions: (Sql | null)[]): Sql | null {
  const kept = conditions.filter((one) => one !== null)
  if (kept.length === 0) return null
  return { sql: kept.map(({ sql }) => sql).join(by), values: kept.flatMap(({ values }) => values) }
}

function listOf(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [value]
}

function anyOf(alternatives: (Sql | null)[]): Sql {
  const any = joined(
    ' OR ',
    alternatives.map((one) => bracketed(restricting(one))),
  )
  return bracketed(restricting(any))
}

/** What an empty condition or list of them means to Prisma depends on where it stands. */
function restricting(inner: Sql | null): Sql {
  if (!inner) throw new LeftToPrisma('A condition is empty.')
  return inner
}

function negated(inner: Sql | null): Sql {
  const { sql, values } = restricting(inner)
  return { sql: `NOT (${sql})`, values }
}

function bracketed({ sql, values }: Sql): Sql {
  return { sql: `(${sql})`, values }
}

function ofColumn(column: Column, wanted: unknown, table: string): Sql | null {
  if (wanted === undefined) return null
  const place = `${quoted(table)}.${column.sql}`
  const isValue = typeof wanted !== 'object' || wanted === null || wanted instanceof Date
  const parts = isValue ? [['equals', wanted] as const] : partsOf(wanted)
  return joined(
    ' AND ',
    parts.map(([operator, value]) => compared(column, place, operator, value)),
  )
}

function compared({ type: name, nullable }: Column, place: string, operator: string, value: unknown): Sql {
  const type = certainType(name)
  if (!type.operators.has(operator)) throw new LeftToPrisma(`What is ${operator}?`)
  if (operator === 'in' || operator === 'notIn') return listed(place, operator, value, type)
  if (value === null && nullable && operator in nulls) {
    return { sql: `${place} ${nulls[operator as keyof typeof nulls]}`, values: [] }
  }
  return { sql: `${place} ${comparisons[operator as keyof typeof comparisons]}`, values: [type.toStored(value)] }
}

function listed(place: string, operator: 'in' | 'notIn', value: unknown, type: CertainType): Sql {
  if (!Array.isArray(value) || value.length > longestList) throw new LeftToPrisma('It is no list, or a long one.')
  const list = `(${value.map(() => '?')})`
  return { sql: `${place} ${operator === 'in' ? 'IN' : 'NOT IN'} ${list}`, values: value.map(type.toStored) }
}

function ofRelation({ model, many, from, to }: Relation, wanted: unknown, table: string): Sql | null {
  const inner = `${table}_of`
  const link = `${quoted(inner)}.${to.sql} = ${quoted(table)}.${from.sql}`
  const those = `SELECT 1 FROM ${quoted(model.table)} AS ${quoted(inner)} WHERE ${link}`
  return joined(
    ' AND ',
    partsOf(wanted).map(([quantifier, where]) => {
      const which = condition(model, where, inner)
      switch (quantifier) {
        case 'some':
          return exists('EXISTS', those, many ? which : restricting(which))
        case 'none':
          return exists('NOT EXISTS', those, which)
        case 'every':
          return exists('NOT EXISTS', those, negated(which))
        default:
          throw new LeftToPrisma(`What is ${quantifier}?`)
      }
    }),
  )
}

function exists(operator: string, those: string, which: Sql | null): Sql {
  const and = which ? ` AND ${which.sql}` : ''
  return { sql: `${operator} (${those}${and})`, values: which?.values ?? [] }
}
