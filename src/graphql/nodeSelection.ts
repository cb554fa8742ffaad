// Which columns a page must read: those that the query asks for, and those that its cursors are made of.

import { queryFromInfo } from '@pothos/plugin-prisma'
import type { GraphQLResolveInfo } from 'graphql'
import type { RequestContext } from './builder.ts'
import type { Order } from './keyset.ts'

/** The part of a findMany that selects, for the connection field that `info` is of. */
export function nodeSelection(context: RequestContext, info: GraphQLResolveInfo, order: Order) {
  const select = Object.fromEntries(order.columns.map(({ name }) => [name, true]))
  return queryFromInfo({ context, info, paths: [['nodes'], ['edges', 'node']], select })
}
