// Asks for everything that a type has, so that two answers can be held against each other.

import { type GraphQLNamedType, getNamedType, isObjectType, isUnionType } from 'graphql'
import { schema } from '../../src/graphql/schema.ts'

/**
 * All fields of the type without arguments, and theirs, as deep as `levels`: lists of runs and lines are left out. Of a union
 * there are the fields of each of its types.
 */
export function everyFieldOf(typeName: string, levels: number): string {
  const type = schema.getType(typeName)
  if (isUnionType(type)) {
    return `{ __typename ${type
      .getTypes()
      .map(({ name }) => `... on ${name} ${everyFieldOf(name, levels)}`)
      .join(' ')} }`
  }
  if (!isObjectType(type)) throw new Error(`${typeName} has no fields`)
  const hasFields = (of: GraphQLNamedType) => isObjectType(of) || isUnionType(of)
  const fields = Object.values(type.getFields()).flatMap((field) => {
    const of = getNamedType(field.type)
    if (field.args.length > 0 || (hasFields(of) && levels === 1)) return []
    return [hasFields(of) ? `${field.name} ${everyFieldOf(of.name, levels - 1)}` : field.name]
  })
  return `{ __typename ${fields.join(' ')} }`
}
