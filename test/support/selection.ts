// Asks for everything that a type has, so that two answers can be held against each other.

import { getNamedType, isObjectType } from 'graphql'
import { schema } from '../../src/graphql/schema.ts'

/** All fields of the type without arguments, and theirs, as deep as `levels`: lists of runs and lines are left out. */
export function everyFieldOf(typeName: string, levels: number): string {
  const type = schema.getType(typeName)
  if (!isObjectType(type)) throw new Error(`${typeName} has no fields`)
  const fields = Object.values(type.getFields()).flatMap((field) => {
    const of = getNamedType(field.type)
    if (field.args.length > 0 || (isObjectType(of) && levels === 1)) return []
    return [isObjectType(of) ? `${field.name} ${everyFieldOf(of.name, levels - 1)}` : field.name]
  })
  return `{ __typename ${fields.join(' ')} }`
}
