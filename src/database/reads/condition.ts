// Turns the `where` of a read into SQL. Nulls and empty lists mean what they mean to Prisma.

import { partsOf } from './knownParts.ts'
import { LeftToPrisma } from './leftToPrisma.ts'
import { type Column, type Model, quoted, type Relation } from './models.ts'

/** Some SQL, with the values of its question marks. */
export interface Sql {
  sql: string
  values: unknown[]
}

/** More would be too many variables for one statement of SQLite: Prisma makes several of it. */
const longestList = 1000

const never: Sql = { sql: 'false', values: [] }
const always: Sql = { sql: 'true', values: [] }

/**
 * The condition; null if it lets all rows pass.
 *
 * @param table what the statement calls that of the model
 * @throws LeftToPrisma
 */
export function condition(model: Model, where: unknown, table: string): Sql | null {
  return joined(
    ' AND ',
    partsOf(where).map(([name, wanted]) => {
      if (name === 'AND')
        return joined(
          ' AND ',
          listOf(wanted).map((one) => condition(model, one, table)),
        )
      if (name === 'OR') return anyOf(model, wanted, table)
      if (name === 'NOT')
        return joined(
          ' AND ',
          listOf(wanted).map((one) => negated(condition(model, one, table))),
        )
      const column = model.columns.get(name)
      if (column) return ofColumn(column, wanted, table)
      const relation = model.relations.get(name)
      if (relation?.many) return ofRelation(relation, wanted, table)
      throw new LeftToPrisma(`What is ${name}?`)
    }),
  )
}

export function joined(by: string, conditions: (Sql | null)[]): Sql | null {
  const kept = conditions.filter((one) => one !== null)
  if (kept.length === 0) return null
  return { sql: kept.map(({ sql }) => sql).join(by), values: kept.flatMap(({ values }) => values) }
}

function listOf(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [value]
}

function anyOf(model: Model, wanted: unknown, table: string): Sql {
  if (!Array.isArray(wanted)) throw new LeftToPrisma('OR is no list.')
  const alternatives = wanted.map((one) => bracketed(restricting(condition(model, one, table))))
  return bracketed(restricting(joined(' OR ', alternatives)))
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
  if (typeof wanted !== 'object' || wanted === null || wanted instanceof Date)
    return compared(column, place, 'equals', wanted)
  return joined(
    ' AND ',
    partsOf(wanted).map(([operator, value]) => compared(column, place, operator, value)),
  )
}

function compared({ type, nullable }: Column, place: string, operator: string, value: unknown): Sql {
  if (value === null && nullable) {
    if (operator === 'equals') return { sql: `${place} IS NULL`, values: [] }
    if (operator === 'not') return { sql: `${place} IS NOT NULL`, values: [] }
  }
  const comparison = type.comparisons.get(operator)
  if (comparison) return { sql: `${place} ${comparison}`, values: [type.toStored(value)] }
  if ((operator !== 'in' && operator !== 'notIn') || !type.lists) throw new LeftToPrisma(`What is ${operator}?`)
  if (!Array.isArray(value) || value.length > longestList) throw new LeftToPrisma('It is no list, or a long one.')
  if (value.length === 0) return operator === 'in' ? never : always
  const list = `(${value.map(() => '?')})`
  return { sql: `${place} ${operator === 'in' ? 'IN' : 'NOT IN'} ${list}`, values: value.map(type.toStored) }
}

function ofRelation({ model, from, to }: Relation, wanted: unknown, table: string): Sql | null {
  const inner = `${table}_of`
  const link = `${quoted(inner)}.${to.sql} = ${quoted(table)}.${from.sql}`
  const those = `SELECT 1 FROM ${quoted(model.table)} AS ${quoted(inner)} WHERE ${link}`
  return joined(
    ' AND ',
    partsOf(wanted).map(([quantifier, where]) => {
      const which = condition(model, where, inner)
      switch (quantifier) {
        case 'some':
          return exists('EXISTS', those, which)
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
