// The one way between rows and objects: which columns a statement names, and how their cells become the fields of an object and
// back. A cell stands at the place of its field, because objects of hundreds of thousands of rows would take three times as long.

import { type Column, type ModelName, modelOf } from './models.ts'
import { fromStored, type Stored, toStored } from './values.ts'

/** How a field is stored that is not what schema.prisma says of its column, such as JSON in a text. */
export interface FieldCodec<Value> {
  /** The field of the model that holds it, if it has another name. */
  of?: string
  /** Null stays null. */
  read(stored: string): Value
  write(value: NonNullable<Value>): string
}

/** How a field is stored; `plain` is as schema.prisma says of the column of its name. */
type Fields<T> = { [Name in keyof T]-?: 'plain' | FieldCodec<T[Name]> }

export interface RowCodec<T> {
  /** The columns, as INSERT names them. */
  columns: string
  /** The same of a table that a statement calls otherwise, as SELECT and RETURNING name them. */
  columnsOf(table: string): string
  /** A question mark for each of them. */
  places: string
  /** As UPDATE sets them: the question marks take the cells. */
  assignments: string
  /** @param cells as a raw statement brings them, with safe integers if one can exceed 2^53 */
  read(cells: Stored[]): T
  write(value: T): Stored[]
}

/** A value as JSON, in which a whole number beyond 2^53 is a string of digits. */
export function json<Value>(): FieldCodec<Value> {
  return {
    read: (text) => JSON.parse(text) as Value,
    write: (value) => JSON.stringify(value, (_, entry) => (typeof entry === 'bigint' ? entry.toString() : entry)),
  }
}

/** @throws Error if the model has no such field */
export function rowCodec<T extends object>(model: ModelName, fields: Fields<T>): RowCodec<T> {
  const codecs = Object.entries(fields as Record<string, 'plain' | FieldCodec<unknown>>).map(([name, field]) => {
    if (field === 'plain') {
      const column = columnOf(model, name)
      return { name, sql: column.sql, read: fromStored(column.type), write: toStored }
    }
    return {
      name,
      sql: columnOf(model, field.of ?? name).sql,
      read: (stored: Stored) => (stored === null ? null : field.read(stored as string)),
      write: (value: unknown) =>
        value === null || value === undefined ? null : field.write(value as NonNullable<unknown>),
    }
  })
  return {
    columns: codecs.map(({ sql }) => sql).join(', '),
    columnsOf: (table) => codecs.map(({ sql }) => `${table}.${sql}`).join(', '),
    places: codecs.map(() => '?').join(', '),
    assignments: codecs.map(({ sql }) => `${sql} = ?`).join(', '),
    read: (cells) => {
      const value: Record<string, unknown> = {}
      for (const [place, { name, read }] of codecs.entries()) value[name] = read(cells[place] ?? null)
      return value as T
    },
    write: (value) => codecs.map(({ name, write }) => write((value as Record<string, unknown>)[name])),
  }
}

function columnOf(model: ModelName, field: string): Column {
  const column = modelOf(model).columns.get(field)
  if (!column) throw new Error(`${model} has no field ${field}.`)
  return column
}
