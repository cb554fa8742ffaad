// Turns a query into plain functions: what to call for its root fields, and what becomes of the rows that they return.
//
// An executor goes by what a query is, for every field of every row anew: it makes a path and an info, and awaits what might be a
// promise. Almost all that is asked of us is a column, a relation or a resolver of columns of rows that Pothos loaded with the
// root field. A plan knows these once for all rows. Whatever it does not know for certain makes it no plan, and whatever is not
// as it was foreseen is left to the executor, which answers errors too: a plan has no way to do so.

import {
  type DocumentNode,
  type FieldNode,
  type GraphQLField,
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLSchema,
  getArgumentValues,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
  type OperationDefinitionNode,
  TypeNameMetaFieldDef,
} from 'graphql'
import type { RequestContext } from '../builder.ts'
import { encodeGlobalId } from '../lists/globalId.ts'
import type { PlannedInfo } from '../lists/nodeSelection.ts'
import { heedMark } from '../serving/answerNote.ts'
import { counted, weightOf } from '../serving/listedItems.ts'
import { fieldCollector } from './fieldCollector.ts'
import { LeftToExecutor } from './leftToExecutor.ts'
import { PlannedRelations, type SelectOfRelation } from './plannedRelations.ts'

/** One execution of a plan. */
export interface Execution {
  context: RequestContext
  /** The variables, coerced. */
  variables: Record<string, unknown>
  /** The arguments of fields below the root, which are the same for all rows. */
  args: Map<FieldNode, Record<string, unknown>>
  /** What is awaited, in the order in which it began; none of these rejects. */
  pending: Promise<void>[]
  /** Whether something came out as the plan has no way to answer it. */
  failed: boolean
}

export interface RootField {
  /** Its name in the answer. */
  key: string
  definition: GraphQLField<unknown, unknown>
  nodes: FieldNode[]
  /** What is found of its selections: no variable changes them, because no field below it that selects has arguments. */
  selections: PlannedInfo['selections']
  /** Makes the field's part of the answer of what its resolver returned. */
  complete: Complete
}

/** @throws LeftToExecutor if the value is not as it was foreseen; whatever a resolver throws */
type Complete = (value: unknown, execution: Execution) => unknown

type Row = Record<string, unknown>

interface Member {
  key: string
  /** Its part of the answer, or the promise of it. */
  get(row: Row, execution: Execution): unknown
}

/** What Pothos and its plugins tell of a field. */
interface Extensions {
  pothosExposedField?: string
  pothosOriginalResolve?: (row: unknown, args: unknown, context: RequestContext) => unknown
  pothosResolveWrapped?: boolean
  pothosArgMappers?: unknown[]
  pothosPrismaSelect?: Record<string, unknown> | SelectOfRelation
  pothosPrismaRelationField?: { name: string }
}

/**
 * The plan of a query; its root fields, in their order.
 *
 * @param document a valid one, of which `operation` is a part
 * @param context that of any request
 * @throws LeftToExecutor if there is none
 */
export function planQuery(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
  context: RequestContext,
): RootField[] {
  const collect = fieldCollector(schema, document)

  function completion(type: GraphQLOutputType, nodes: FieldNode[]): Complete {
    if (isNonNullType(type)) {
      const complete = completion(type.ofType, nodes)
      return (value, execution) => {
        const made = complete(value, execution)
        if (made === null) throw new LeftToExecutor('Something is null.')
        return made
      }
    }
    if (isListType(type)) {
      const complete = completion(type.ofType, nodes)
      return (value, execution) => {
        if (value === null || value === undefined) return null
        if (!Array.isArray(value)) throw new LeftToExecutor('A list is no array.')
        return value.map((item) => complete(item, execution))
      }
    }
    if (isLeafType(type)) {
      return (value) => {
        if (value === null || value === undefined) return null
        return type.serialize(value) ?? null
      }
    }
    if (!isObjectType(type) || type.isTypeOf) throw new LeftToExecutor('It is not known of which type an object is.')
    return completionOfObject(type, nodes)
  }

  function completionOfObject(type: GraphQLObjectType, nodes: FieldNode[]): Complete {
    const relations = new PlannedRelations(context)
    const sets = nodes.flatMap(({ selectionSet }) => selectionSet ?? [])
    const members = collect(type, sets).map(([key, nodes]) => memberOf(type, key, nodes, relations))
    return (row, execution) => {
      if (row === null || row === undefined) return null
      if (row instanceof Error || isPromise(row)) throw new LeftToExecutor('An object is none.')
      const made: Row = {}
      for (const { key, get } of members) {
        const part = get(row as Row, execution)
        made[key] = part
        if (isPromise(part)) putLater(part, made, key, execution)
      }
      return made
    }
  }

  function memberOf(type: GraphQLObjectType, key: string, nodes: FieldNode[], relations: PlannedRelations): Member {
    const node = nodes[0] as FieldNode
    if (node.name.value === TypeNameMetaFieldDef.name) return { key, get: () => type.name }
    const field = type.getFields()[node.name.value]
    if (!field) throw new LeftToExecutor('It asks for the schema.')
    const { pothosExposedField: column, pothosPrismaRelationField: relation, ...told } = field.extensions as Extensions
    const select = told.pothosPrismaSelect
    const complete = countedFirst(completion(field.type, nodes), weightOf(field.type, type.name))
    const isNodeId = field.name === 'id' && type.getInterfaces().some(({ name }) => name === 'Node')
    if (isNodeId) return { key, get: ({ id }) => encodeGlobalId(type.name, loaded(id) as number) }
    if (column !== undefined) {
      // A value that is not there is a null; of a row, a column that was not loaded.
      if (!select && !told.pothosResolveWrapped)
        return { key, get: (row, execution) => complete(row[column], execution) }
      return { key, get: (row, execution) => complete(loaded(row[column]), execution) }
    }
    if (relation && typeof select === 'function' && field.args.length === 0) {
      relations.read(relation.name, select)
      return { key, get: (row, execution) => complete(loaded(row[relation.name]), execution) }
    }
    const { pothosOriginalResolve: resolve } = told
    if (!resolve || resolve.length > 3) throw new LeftToExecutor('It has a resolver that goes by its place.')
    if (typeof select === 'function' || (told.pothosResolveWrapped && !select)) {
      throw new LeftToExecutor('What it needs is not known.')
    }
    if (told.pothosArgMappers && told.pothosArgMappers.length > 0)
      throw new LeftToExecutor('Its arguments are changed.')
    const needed = Object.keys(select ?? {})
    relations.select(select ?? {})
    return {
      key,
      get: (row, execution) => {
        for (const name of needed) loaded(row[name])
        const args = argumentsOf(field, node, execution)
        heedMark(field, args, execution.context)
        const value = resolve(row, args, execution.context)
        return isPromise(value) ? value.then((one) => complete(one, execution)) : complete(value, execution)
      },
    }
  }

  const root = schema.getQueryType() as GraphQLObjectType
  return collect(root, [operation.selectionSet]).map(([key, nodes]) => {
    const name = nodes[0]?.name.value ?? ''
    const definition = name === TypeNameMetaFieldDef.name ? TypeNameMetaFieldDef : root.getFields()[name]
    if (!definition) throw new LeftToExecutor('It asks for the schema.')
    return { key, definition, nodes, selections: new Map(), complete: completion(definition.type, nodes) }
  })
}

/** Puts what a promise brings into an answer, where its place is kept. It is to be waited for until nothing is pending. */
export function putLater(promise: Promise<unknown>, made: Row, key: string, execution: Execution): void {
  made[key] = undefined
  execution.pending.push(put(promise, made, key, execution))
}

async function put(promise: Promise<unknown>, made: Row, key: string, execution: Execution) {
  try {
    made[key] = await promise
  } catch {
    execution.failed = true
  }
}

function countedFirst(complete: Complete, weight: number | null): Complete {
  return weight === null
    ? complete
    : (value, execution) => complete(counted(value, weight, execution.context), execution)
}

function argumentsOf(
  field: GraphQLField<unknown, unknown>,
  node: FieldNode,
  execution: Execution,
): Record<string, unknown> {
  const known = execution.args.get(node)
  if (known) return known
  const args = getArgumentValues(field, node, execution.variables)
  execution.args.set(node, args)
  return args
}

function loaded(value: unknown): unknown {
  if (value === undefined) throw new LeftToExecutor('Something was not loaded.')
  return value
}

function isPromise(value: unknown): value is Promise<unknown> {
  return typeof value === 'object' && value !== null && typeof (value as { then?: unknown }).then === 'function'
}
