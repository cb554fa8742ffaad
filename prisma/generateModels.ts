// A generator for `prisma generate`: how the models of schema.prisma are called in the database, which the client does not tell.
// Only what src/database asks for is written.

import { writeFileSync } from 'node:fs'
import helper, { type DMMF } from '@prisma/generator-helper'

type Model = DMMF.Model
type Field = DMMF.Field

helper.generatorHandler({
  onManifest: () => ({ prettyName: 'the names of tables and columns', defaultOutput: '../src/generated/models.ts' }),
  onGenerate: async ({ generator, dmmf }) => {
    const models = dmmf.datamodel.models.map((model) => [model.name, described(model, dmmf.datamodel.models)])
    const text = JSON.stringify(Object.fromEntries(models), null, 2)
    writeFileSync(generator.output?.value ?? '', `export const models = ${text} as const\n`)
  },
})

function described({ name, dbName, fields }: Model, models: readonly Model[]) {
  const columns = fields.filter(({ kind }) => kind !== 'object').map((field) => [field.name, columnOf(field)])
  const relations = fields
    .filter(({ kind }) => kind === 'object')
    .map((field) => [field.name, relationOf(field, models)])
  return { table: dbName ?? name, columns: Object.fromEntries(columns), relations: Object.fromEntries(relations) }
}

function columnOf({ name, dbName, type, isRequired, isId, isUnique }: Field) {
  return { name: dbName ?? name, type, nullable: !isRequired, id: isId, unique: isId || isUnique }
}

/** The rows of the other model whose `to` is the `from` of a row. One of the two models has the key. */
function relationOf(
  { type, isList, relationName, relationFromFields, relationToFields }: Field,
  models: readonly Model[],
) {
  const opposite = models
    .find(({ name }) => name === type)
    ?.fields.find((field) => field.relationName === relationName && field.relationFromFields?.length)
  const [from] = relationFromFields?.length ? relationFromFields : (opposite?.relationToFields ?? [])
  const [to] = relationFromFields?.length ? (relationToFields ?? []) : (opposite?.relationFromFields ?? [])
  return { model: type, many: isList, from, to }
}
