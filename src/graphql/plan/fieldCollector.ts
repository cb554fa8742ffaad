// Collects the fields that a selection asks for: what the specification of GraphQL calls CollectFields, of a query without
// directives.

import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLObjectType,
  type GraphQLSchema,
  isAbstractType,
  Kind,
  type SelectionSetNode,
} from 'graphql'
import { LeftToExecutor } from './leftToExecutor.ts'

/** The fields of selections on one type, by their names in the answer; those of one name come to one. */
type CollectFields = (type: GraphQLObjectType, sets: SelectionSetNode[]) => [string, FieldNode[]][]

/**
 * @param document a valid one
 * @returns throws LeftToExecutor if it comes to a directive
 */
export function fieldCollector(schema: GraphQLSchema, document: DocumentNode): CollectFields {
  const fragments = new Map<string, FragmentDefinitionNode>()
  for (const one of document.definitions) if (one.kind === Kind.FRAGMENT_DEFINITION) fragments.set(one.name.value, one)

  return (type, sets) => {
    const fields = new Map<string, FieldNode[]>()
    const seen = new Set<string>()
    const look = ({ selections }: SelectionSetNode) => {
      for (const selection of selections) {
        if (selection.directives && selection.directives.length > 0) throw new LeftToExecutor('It has a directive.')
        if (selection.kind === Kind.FIELD) {
          const key = (selection.alias ?? selection.name).value
          if (key === '__proto__') throw new LeftToExecutor('It has a name that objects do not take.')
          fields.set(key, [...(fields.get(key) ?? []), selection])
        } else if (selection.kind === Kind.INLINE_FRAGMENT) {
          if (applies(selection.typeCondition?.name.value, type)) look(selection.selectionSet)
        } else if (!seen.has(selection.name.value)) {
          seen.add(selection.name.value)
          const fragment = fragments.get(selection.name.value)
          if (fragment && applies(fragment.typeCondition.name.value, type)) look(fragment.selectionSet)
        }
      }
    }
    for (const set of sets) look(set)
    return [...fields]
  }

  function applies(condition: string | undefined, type: GraphQLObjectType): boolean {
    if (condition === undefined || condition === type.name) return true
    const wanted = schema.getType(condition)
    return isAbstractType(wanted) && schema.isSubType(wanted, type)
  }
}
