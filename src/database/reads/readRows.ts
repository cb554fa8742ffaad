// Executes queries. A statement is prepared once for all that ask alike, and all statements of a query read the same moment.

import type { Database, Statement } from 'better-sqlite3'
import { LRUCache } from 'lru-cache'
import { atOneMoment } from './atOneMoment.ts'
import type { Sql } from './condition.ts'
import { LeftToPrisma } from './leftToPrisma.ts'
import type { Query } from './query.ts'

type Row = Record<string, unknown>

export interface RowReader {
  /** @throws LeftToPrisma; SqliteError if SQLite cannot do it */
  rows(query: Query): Row[]
  /** @throws SqliteError if SQLite cannot do it */
  count(query: Sql): number
}

/** How many statements are kept, those that were used last. One with all columns of a run takes about 50 KiB. */
const keptStatements = 100

/** @param database a connection for reading only */
export function rowReader(database: Database): RowReader {
  const statements = new LRUCache<string, Statement<unknown[], unknown[]>>({ max: keptStatements })

  function read({ sql, values }: Sql): unknown[][] {
    const statement = statements.get(sql) ?? database.prepare<unknown[], unknown[]>(sql).raw()
    statements.set(sql, statement)
    return statement.all(values)
  }

  function rowsOf({ fields }: Query, places: unknown[][]): Row[] {
    const rows = places.map((place) => {
      const row: Row = {}
      for (const { name, at, read } of fields) row[name] = read ? read(place[at]) : null
      return row
    })
    for (const { name, at, related } of fields) {
      if (!related) continue
      const groups = groupsOf(related.query, new Set(places.map((place) => place[at])))
      for (const [index, row] of rows.entries()) {
        const group = groups.get(places[index]?.[at])
        row[name] = related.many ? (group ?? []) : (group?.[0] ?? null)
      }
    }
    return rows
  }

  /** The rows that have these keys, by their keys. */
  function groupsOf(query: Query, keys: Set<unknown>): Map<unknown, Row[]> {
    keys.delete(null)
    const groups = new Map<unknown, Row[]>()
    if (keys.size === 0) return groups
    for (const key of keys) if (!Number.isSafeInteger(key)) throw new LeftToPrisma('A key is no whole number.')
    const places = read({ sql: query.sql, values: [`[${[...keys]}]`, ...query.values] })
    for (const [index, row] of rowsOf(query, places).entries()) {
      const key = places[index]?.[0]
      const group = groups.get(key)
      if (group) group.push(row)
      else groups.set(key, [row])
    }
    return groups
  }

  const together = atOneMoment(database, (query: Query) => rowsOf(query, read(query)))
  return {
    rows: (query) => (query.fields.some(({ related }) => related) ? together(query) : rowsOf(query, read(query))),
    count: (query) => Number(read(query)[0]?.[0]),
  }
}
