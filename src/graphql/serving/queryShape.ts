// The shape of a document, as it is written: how deep it goes, how many aliases and directives it has. It is read before the
// validation, which takes time by the square of what a document repeats.

import {
  type DocumentNode,
  type FragmentDefinitionNode,
  Kind,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from 'graphql'

export interface QueryShape {
  /** Fields within fields: 2 for `{ summary { totalServers } }`. Introspection does not count: graphql bounds it. */
  depth: number
  /** Selections within selections, those of fragments too. */
  nesting: number
  aliases: number
  directives: number
}

/** Where a fragment is spread. */
interface Spread {
  name: string
  depth: number
  nesting: number
}

type Definition = OperationDefinitionNode | FragmentDefinitionNode

/**
 * The shape of the whole document, because all of it is validated, whichever operation is chosen: the depth of its deepest
 * definition, and the aliases and directives of all. What a fragment has counts as often as the fragment is spread. Every
 * definition is read once, so that fragments which double each other are counted, but never expanded.
 */
export function queryShape({ definitions }: DocumentNode): QueryShape {
  const operations = definitions.filter((definition) => definition.kind === Kind.OPERATION_DEFINITION)
  const fragments = definitions.filter((definition) => definition.kind === Kind.FRAGMENT_DEFINITION)
  const byName = new Map(fragments.map((fragment) => [fragment.name.value, fragment]))
  const shapes = new Map<Definition, QueryShape>()

  function shapeOf(definition: Definition): QueryShape {
    const known = shapes.get(definition)
    if (known) return known
    const { shape, spreads } = readDefinition(definition)
    // A fragment that spreads itself comes back to here, and no further: validation refuses it.
    shapes.set(definition, shape)
    for (const { name, depth, nesting } of spreads) {
      const fragment = byName.get(name)
      if (fragment) include(shape, shapeOf(fragment), depth, nesting)
    }
    return shape
  }

  const whole = { depth: 0, nesting: 0, aliases: 0, directives: 0 }
  for (const operation of operations) include(whole, shapeOf(operation), 0, 0)
  // Fragments that no operation spreads are left.
  for (const fragment of fragments) if (!shapes.has(fragment)) include(whole, shapeOf(fragment), 0, 0)
  return whole
}

function include(shape: QueryShape, part: QueryShape, depth: number, nesting: number) {
  shape.depth = Math.max(shape.depth, depth + part.depth)
  shape.nesting = Math.max(shape.nesting, nesting + part.nesting)
  shape.aliases += part.aliases
  shape.directives += part.directives
}

/**
 * What a definition has itself, and where it spreads fragments. A list of what is still to be read takes the place of
 * recursion, which nested inline fragments could exhaust.
 */
function readDefinition(definition: Definition): { shape: QueryShape; spreads: Spread[] } {
  const shape = { depth: 0, nesting: 0, aliases: 0, directives: definition.directives?.length ?? 0 }
  for (const variable of definition.variableDefinitions ?? []) shape.directives += variable.directives?.length ?? 0
  const spreads: Spread[] = []
  const toRead: { selectionSet: SelectionSetNode; depth: number; nesting: number }[] = [
    { selectionSet: definition.selectionSet, depth: 0, nesting: 1 },
  ]
  for (const { selectionSet, depth, nesting } of toRead) {
    shape.nesting = Math.max(shape.nesting, nesting)
    for (const selection of selectionSet.selections) {
      shape.directives += selection.directives?.length ?? 0
      if (selection.kind === Kind.FRAGMENT_SPREAD) {
        spreads.push({ name: selection.name.value, depth, nesting })
        continue
      }
      let inner = depth
      if (selection.kind === Kind.FIELD) {
        if (selection.alias) shape.aliases += 1
        inner = /^__(?:schema|type)$/.test(selection.name.value) ? Number.NEGATIVE_INFINITY : depth + 1
        shape.depth = Math.max(shape.depth, inner)
      }
      if (selection.selectionSet)
        toRead.push({ selectionSet: selection.selectionSet, depth: inner, nesting: nesting + 1 })
    }
  }
  return { shape, spreads }
}
