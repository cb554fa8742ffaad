// Which columns a page must read: those that the query asks for, and those that its cursors are made of.

import { queryFromInfo } from '@pothos/plugin-prisma'
import type { GraphQLResolveInfo } from 'graphql'
import type { RequestContext } from '../builder.ts'
import type { Order } from './keyset.ts'

/** That of a root field which is executed by a plan. What it selects is the same each time, and stays with the plan. */
export interface PlannedInfo extends GraphQLResolveInfo {
  selections: Map<Order, Selection>
}

type Selection = Readonly<ReturnType<typeof select>>

/** The part of a findMany that selects, for the connection field that `info` is of. */
export function nodeSelection(
  context: RequestContext,
  info: GraphQLResolveInfo | PlannedInfo,
  order: Order,
): Selection {
  if (!('selections' in info)) return select(context, info, order)
  const selection = info.selections.get(order) ?? select(context, info, order)
  info.selections.set(order, selection)
  return selection
}

function select(context: RequestContext, info: GraphQLResolveInfo, order: Order) {
  const select = Object.fromEntries(order.columns.map(({ name }) => [name, true]))
  return queryFromInfo({ context, info, paths: [['nodes'], ['edges', 'node']], select })
}
