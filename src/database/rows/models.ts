// The models of schema.prisma: their tables, columns and relations.

import { models as described } from '../../generated/models.ts'

export type ModelName = keyof typeof described

export interface Column {
  /** In SQL, in quotes. */
  sql: string
  /** The name of a type or of an enum of schema.prisma. */
  type: string
  nullable: boolean
  /** Whether it alone tells a row from all others. */
  unique: boolean
}

/** Rows of another model: those whose `to` is the `from` of a row. */
export interface Relation {
  model: Model
  /** Else there is at most one. */
  many: boolean
  from: Column
  to: Column
}

export interface Model {
  table: string
  columns: Map<string, Column>
  relations: Map<string, Relation>
  /** Null if several columns together are the key. */
  id: Column | null
}

/** What the generator wrote, in the plainest type. */
type Described = Record<
  string,
  {
    table: string
    columns: Record<string, { name: string; type: string; nullable: boolean; id: boolean; unique: boolean }>
    relations: Record<string, { model: string; many: boolean; from: string; to: string }>
  }
>

/** All models, by name. */
export const models = read(described)

export function modelOf(name: ModelName): Model {
  return models.get(name) as Model
}

function read(described: Described): Map<string, Model> {
  const models = new Map<string, Model>()
  for (const [name, { table, columns }] of Object.entries(described)) {
    const read = new Map<string, Column>()
    let key: Column | null = null
    for (const [field, { name, id, ...column }] of Object.entries(columns)) {
      const one = { ...column, sql: quoted(name) }
      read.set(field, one)
      if (id) key = one
    }
    models.set(name, { table, columns: read, relations: new Map(), id: key })
  }
  for (const [name, { relations }] of Object.entries(described)) {
    const own = models.get(name) as Model
    for (const [field, { model, many, from, to }] of Object.entries(relations)) {
      const other = models.get(model) as Model
      const [key, key2] = [own.columns.get(from), other.columns.get(to)]
      if (key && key2) own.relations.set(field, { model: other, many, from: key, to: key2 })
    }
  }
  return models
}

export function quoted(name: string): string {
  return `"${name}"`
}
