// Refuses, before anything of it is executed, an operation that asks for a field which its caller may not have.

import {
  type DocumentNode,
  type ExecutionArgs,
  GraphQLError,
  type GraphQLSchema,
  getNamedType,
  getOperationAST,
  isInterfaceType,
  isObjectType,
  Kind,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from 'graphql'
import type { Plugin } from 'graphql-yoga'
import { grants, howToMake, type Scope } from '../../domain/access.ts'
import type { RequestContext } from '../builder.ts'

/** What a field needs that is declared nowhere, at the root: there is no such scope. */
type Needed = Scope | 'NOBODY'

/** The plugin for Yoga. */
export function checkNeeds(): Plugin<RequestContext> {
  return {
    onExecute: ({ args }) => refuseForbidden(args),
    onSubscribe: ({ args }) => refuseForbidden(args),
  }
}

/** @throws GraphQLError FORBIDDEN that names every field in question */
function refuseForbidden({ schema, document, operationName, contextValue }: ExecutionArgs) {
  const { scope } = (contextValue as RequestContext).caller
  if (scope === null) throw new Error('A request was executed without authentication.')
  const operation = getOperationAST(document, operationName)
  // Without one, the execution says so.
  if (!operation) return
  const refused = [...neededBy(schema, document, operation)].filter(
    ([, need]) => need === 'NOBODY' || !grants(scope, need),
  )
  if (refused.length === 0) return
  const list = refused.map(([field, need]) => `${field} needs the scope ${need}`).join(', ')
  // ADMIN is enough for all of them; for what nobody has, no token is.
  const needsOf = refused.map(([, need]) => need)
  const advice = needsOf.includes('NOBODY')
    ? ''
    : ` ${howToMake(needsOf.every((need) => need === 'READ') ? 'READ' : 'ADMIN')}`
  throw new GraphQLError(`The token has the scope ${scope}: ${list}.${advice}`, {
    extensions: { code: 'FORBIDDEN', http: { status: 403 } },
  })
}

const known = new WeakMap<OperationDefinitionNode, Map<string, Needed>>()

/**
 * What the fields of an operation need, by their names like `Query.tokens`. A document that is kept is looked through once.
 *
 * @param document a valid one, of which `operation` is a part
 */
function neededBy(schema: GraphQLSchema, document: DocumentNode, operation: OperationDefinitionNode) {
  const needed = known.get(operation) ?? new Map<string, Needed>()
  if (known.has(operation)) return needed
  known.set(operation, needed)
  const fragments = new Map(
    document.definitions.flatMap((one) => (one.kind === Kind.FRAGMENT_DEFINITION ? [[one.name.value, one]] : [])),
  )
  const seen = new Set<string>()
  const roots = [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()]

  function look({ selections }: SelectionSetNode, typeName: string | undefined) {
    const type = typeName === undefined ? undefined : schema.getType(typeName)
    for (const selection of selections) {
      if (selection.kind === Kind.INLINE_FRAGMENT) {
        look(selection.selectionSet, selection.typeCondition?.name.value ?? typeName)
      } else if (selection.kind === Kind.FRAGMENT_SPREAD) {
        const fragment = fragments.get(selection.name.value)
        if (!fragment || seen.has(selection.name.value)) continue
        seen.add(selection.name.value)
        look(fragment.selectionSet, fragment.typeCondition.name.value)
      } else {
        const { name, selectionSet } = selection
        if (name.value === '__typename') continue
        const field = isObjectType(type) || isInterfaceType(type) ? type.getFields()[name.value] : undefined
        const isRoot = roots.some((root) => root?.name === typeName)
        // Introspection is not among the fields of a type.
        const need = field?.extensions.needs ?? (field && isRoot ? 'NOBODY' : 'READ')
        needed.set(`${typeName}.${name.value}`, need)
        if (selectionSet && field) look(selectionSet, getNamedType(field.type).name)
      }
    }
  }

  look(operation.selectionSet, schema.getRootType(operation.operation)?.name)
  return needed
}
