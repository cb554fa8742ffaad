// What is read from: the models of schema.prisma, with their tables, columns and relations.
//
// This alone knows where that is told. Pothos' generator writes how models hang together; how they are called in the database is
// told by the client alone, in a field of it that is not documented.

import { getDatamodel } from '../../generated/pothos.ts'
import type { PrismaClient } from '../../generated/prisma/client.ts'
import { type ColumnType, columnType } from './columnTypes.ts'

export interface Column {
  /** In SQL, in quotes. */
  sql: string
  type: ColumnType
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

interface NamesInDatabase {
  _runtimeDataModel: { models: Record<string, { dbName: string | null; fields: { name: string; dbName?: string }[] }> }
}

type Described = ReturnType<typeof getDatamodel>['datamodel']['models'][string]
type Field = Described['fields'][number]

/** All models, by name. Relations refer to ids, as those of schema.prisma do. */
export function modelsOf(client: PrismaClient): Map<string, Model> {
  const described = new Map(Object.entries(getDatamodel().datamodel.models))
  const { models: names } = (client as unknown as NamesInDatabase)._runtimeDataModel
  const models = new Map<string, Model>()
  for (const [name, { fields }] of described) {
    const { dbName = null, fields: named = [] } = names[name] ?? {}
    const nameOf = new Map(named.map((field) => [field.name, field.dbName ?? field.name]))
    const stored = fields.filter(({ kind }) => kind !== 'object')
    const columns = new Map(stored.map((field) => [field.name, columnOf(field, nameOf.get(field.name) ?? field.name)]))
    const id = fields.find(({ isId }) => isId)?.name ?? ''
    models.set(name, { table: dbName ?? name, columns, relations: new Map(), id: columns.get(id) ?? null })
  }
  for (const [name, { fields }] of described) {
    for (const field of fields.filter(({ kind }) => kind === 'object')) {
      const relation = relationOf(field, models.get(name), models.get(field.type), described.get(field.type))
      if (relation) models.get(name)?.relations.set(field.name, relation)
    }
  }
  return models
}

function columnOf({ type, isRequired, isId, isUnique }: Field, name: string): Column {
  return { sql: quoted(name), type: columnType(type), nullable: !isRequired, unique: isId || isUnique }
}

/** The key is with the rows of one of the two models, and refers to the id of the other's. */
function relationOf(field: Field, own?: Model, model?: Model, described?: Described): Relation | null {
  const opposite = described?.fields.find(
    ({ relationName, relationFromFields }) => relationName === field.relationName && relationFromFields?.length,
  )
  const [key] = field.relationFromFields ?? []
  const from = key === undefined ? own?.id : own?.columns.get(key)
  const to = key === undefined ? model?.columns.get(opposite?.relationFromFields?.[0] ?? '') : model?.id
  return model && from && to ? { model, many: field.isList, from, to } : null
}

export function quoted(name: string): string {
  return `"${name}"`
}
