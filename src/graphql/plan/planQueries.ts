// Executes queries by plans, where there is one; the executor does the rest.

import {
  type ExecutionArgs,
  type GraphQLResolveInfo,
  getArgumentValues,
  getOperationAST,
  getVariableValues,
  Kind,
  type OperationDefinitionNode,
  OperationTypeNode,
} from 'graphql'
import { isAsyncIterable, type Plugin } from 'graphql-yoga'
import type { RequestContext } from '../builder.ts'
import type { PlannedInfo } from '../lists/nodeSelection.ts'
import { LeftToExecutor } from './leftToExecutor.ts'
import { type Execution, planQuery, putLater, type RootField } from './queryPlan.ts'

/** The plugin for Yoga. A query is planned once, while its document is kept. */
export function planQueries(): Plugin<RequestContext> {
  const plans = new WeakMap<OperationDefinitionNode, RootField[] | null>()

  function planOf({ schema, document, contextValue }: ExecutionArgs, operation: OperationDefinitionNode) {
    const known = plans.get(operation)
    if (known !== undefined) return known
    const plan = planned(() => planQuery(schema, document, operation, contextValue as RequestContext))
    plans.set(operation, plan)
    return plan
  }

  return {
    onExecute: ({ args, executeFn, setExecuteFn }) => {
      const operation = getOperationAST(args.document, args.operationName)
      if (operation?.operation !== OperationTypeNode.QUERY) return
      const plan = planOf(args, operation)
      if (!plan) return
      setExecuteFn(async (args: ExecutionArgs) => {
        const data = await run(plan, operation, args)
        if (data) return { data }
        // It is only read, so that it can be done again, and counted anew.
        Object.assign((args.contextValue as RequestContext).listed, { objects: 0, logText: 0 })
        const result = await executeFn(args)
        // What the executor has no trouble with is not foreseen: it is not tried again.
        if (!isAsyncIterable(result) && !result.errors) plans.set(operation, null)
        return result
      })
    },
  }
}

/** What the root fields bring, or null: then the executor must do it. */
async function run(
  plan: RootField[],
  operation: OperationDefinitionNode,
  { schema, document, contextValue, variableValues }: ExecutionArgs,
): Promise<Record<string, unknown> | null> {
  const { coerced } = getVariableValues(schema, operation.variableDefinitions ?? [], variableValues ?? {})
  if (!coerced) return null
  const context = contextValue as RequestContext
  const execution: Execution = { context, variables: coerced, args: new Map(), pending: [], failed: false }
  const fragments = Object.fromEntries(
    document.definitions.flatMap((one) => (one.kind === Kind.FRAGMENT_DEFINITION ? [[one.name.value, one]] : [])),
  )
  const data: Record<string, unknown> = {}
  for (const field of plan) {
    const info = infoOf(field, { schema, fragments, operation, variableValues: coerced, rootValue: undefined })
    putLater(resolve(field, info, execution), data, field.key, execution)
  }
  // What it brings may have to wait for more.
  for (const one of execution.pending) await one
  return execution.failed ? null : data
}

async function resolve({ definition, nodes, complete }: RootField, info: GraphQLResolveInfo, execution: Execution) {
  const args = getArgumentValues(definition, nodes[0] as RootField['nodes'][number], execution.variables)
  return complete(await definition.resolve?.(undefined, args, execution.context, info), execution)
}

function infoOf(
  { key, definition, nodes, selections }: RootField,
  shared: Pick<GraphQLResolveInfo, 'schema' | 'fragments' | 'operation' | 'variableValues' | 'rootValue'>,
): PlannedInfo {
  const parentType = shared.schema.getQueryType() as GraphQLResolveInfo['parentType']
  const path = { prev: undefined, key, typename: parentType.name }
  const { name: fieldName, type: returnType } = definition
  return { ...shared, fieldName, fieldNodes: nodes, returnType, parentType, path, selections }
}

function planned(plan: () => RootField[]): RootField[] | null {
  try {
    return plan()
  } catch (error) {
    if (error instanceof LeftToExecutor) return null
    throw error
  }
}
