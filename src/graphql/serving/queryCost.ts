// The cost of an operation: the most objects that its answer can hold, as far as its arguments tell.

import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLNamedType,
  type GraphQLSchema,
  getNamedType,
  getNullableType,
  isInterfaceType,
  isListType,
  isObjectType,
  Kind,
  type OperationDefinitionNode,
  type SelectionNode,
  type SelectionSetNode,
  valueFromASTUntyped,
} from 'graphql'
import { defaultSize, maxSize } from '../lists/keyset.ts'

/** What a list without pages is taken to hold whose field does not declare it, such as the jobs of a server. */
const assumedListSize = 10

/** The objects below a selection: those that are there once, and those that every item of the page brings. */
interface Cost {
  once: number
  perItem: number
}

const free: Cost = { once: 0, perItem: 0 }

/**
 * Counts every object of the answer: items, and the connections, edges and pageInfos around them. A page has as many items
 * as `first` or `last` ask for, a list without pages as many as its field declares, or else 10. What several
 * fragments ask for alike counts for each of them; `@skip` and `@include` count as included; introspection is free. Every
 * fragment is read once, so that the time grows with the length of the document alone.
 *
 * @param document a valid one, of which `operation` is a part
 * @param variables as they came: whether they are of the right types is found later
 */
export function queryCost(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
  variables: Readonly<Record<string, unknown>>,
): number {
  const values = { ...defaultsOf(operation), ...variables }
  const fragments = fragmentsOf(document)
  const known = new Map<string, Cost>()

  function costOfAll({ selections }: SelectionSetNode, type: GraphQLNamedType | undefined): Cost {
    const sum = { ...free }
    for (const selection of selections) {
      const { once, perItem } = costOf(selection, type)
      sum.once += once
      sum.perItem += perItem
    }
    return sum
  }

  function costOf(selection: SelectionNode, type: GraphQLNamedType | undefined): Cost {
    if (selection.kind === Kind.FIELD) return costOfField(selection, type)
    if (selection.kind === Kind.FRAGMENT_SPREAD) return costOfFragment(selection.name.value)
    const { typeCondition, selectionSet } = selection
    return costOfAll(selectionSet, typeCondition ? schema.getType(typeCondition.name.value) : type)
  }

  function costOfFragment(name: string): Cost {
    const fragment = fragments.get(name)
    const cost =
      known.get(name) ??
      (fragment ? costOfAll(fragment.selectionSet, schema.getType(fragment.typeCondition.name.value)) : free)
    known.set(name, cost)
    return cost
  }

  function costOfField(field: FieldNode, parent: GraphQLNamedType | undefined): Cost {
    // Introspection and __typename are not among the fields of a type.
    const definition =
      isObjectType(parent) || isInterfaceType(parent) ? parent.getFields()[field.name.value] : undefined
    if (!definition || !field.selectionSet) return free
    const { once, perItem } = costOfAll(field.selectionSet, getNamedType(definition.type))
    const each = 1 + once + (perItem === 0 ? 0 : times(pageSize(field), perItem))
    if (!isListType(getNullableType(definition.type))) return { once: each, perItem: 0 }
    // The nodes and the edges of a connection: how many there are, the field that the connection is of tells.
    if (parent?.name.endsWith('Connection')) return { once: 0, perItem: each }
    return { once: times(definition.extensions.listSize?.(argumentsOf(field)) ?? assumedListSize, each), perItem: 0 }
  }

  function pageSize(field: FieldNode): number {
    const { first, last } = argumentsOf(field)
    const size = first ?? last
    // A size that is none is refused when the page is read.
    return typeof size === 'number' ? Math.min(Math.max(size, 0), maxSize) : defaultSize
  }

  function argumentsOf({ arguments: given = [] }: FieldNode): Record<string, unknown> {
    return Object.fromEntries(given.map(({ name, value }) => [name.value, valueFromASTUntyped(value, values)]))
  }

  return costOfAll(operation.selectionSet, schema.getRootType(operation.operation) ?? undefined).once
}

/** Fragments that multiply each other reach Infinity, of which zero times would be NaN. */
function times(count: number, cost: number): number {
  return count === 0 ? 0 : count * cost
}

function defaultsOf({ variableDefinitions = [] }: OperationDefinitionNode): Record<string, unknown> {
  return Object.fromEntries(
    variableDefinitions.flatMap(({ variable, defaultValue }) =>
      defaultValue ? [[variable.name.value, valueFromASTUntyped(defaultValue)]] : [],
    ),
  )
}

function fragmentsOf({ definitions }: DocumentNode): Map<string, FragmentDefinitionNode> {
  return new Map(
    definitions.flatMap((definition) =>
      definition.kind === Kind.FRAGMENT_DEFINITION ? [[definition.name.value, definition]] : [],
    ),
  )
}
