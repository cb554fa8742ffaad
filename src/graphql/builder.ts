// The Pothos builder: the plugins, scalars and defaults that every type shares.

import SchemaBuilder from '@pothos/core'
import PrismaPlugin from '@pothos/plugin-prisma'
import RelayPlugin from '@pothos/plugin-relay'
import type PrismaTypes from '../generated/pothos.ts'
import { getDatamodel } from '../generated/pothos.ts'
import type { Collector } from '../services/asking/collector.ts'
import type { Context } from '../services/context.ts'
import type { HistoryReading } from '../services/runs/historyReading.ts'
import './fieldExtensions.ts'
import { decodeGlobalId, encodeGlobalId } from './lists/globalId.ts'
import { BigIntScalar, DateTimeScalar, JsonScalar, TimeZoneScalar, UrlScalar } from './scalars.ts'

export interface AnswerNote {
  /** Whether the same question of the same caller is answered alike until something is written. */
  holds: boolean
}

/** What every resolver is given. */
export interface RequestContext extends Context {
  /** Asks the Duplicatis that are connected. */
  collector: Collector
  /** The moment of the request: everything in one answer is judged at the same instant. */
  now: Date
  /** What is found of the answer while it is made. */
  answer: AnswerNote
  /** What is read of histories for it. */
  histories: HistoryReading
  /** What its answer holds so far that nothing in the query tells of: objects, and characters of log lines. */
  listed: { objects: number; logText: number }
  /** Of a subscription: to be called before an event is answered. What was read for earlier ones counts no more. */
  beginEvent?(): void
}

export const builder = new SchemaBuilder<{
  Context: RequestContext
  PrismaTypes: PrismaTypes
  DefaultFieldNullability: false
  DefaultEdgesNullability: false
  DefaultNodeNullability: false
  Scalars: {
    ID: { Input: string; Output: string | number }
    BigInt: { Input: bigint; Output: bigint | number | string }
    DateTime: { Input: Date; Output: Date | string }
    JSON: { Input: unknown; Output: unknown }
    TimeZone: { Input: string; Output: string }
    URL: { Input: URL; Output: string }
  }
  Connection: { totalCount: () => Promise<number> | number }
}>({
  plugins: [PrismaPlugin, RelayPlugin],
  defaultFieldNullability: false,
  prisma: { client: ({ database }) => database.reader, dmmf: getDatamodel() },
  relay: {
    encodeGlobalID: encodeGlobalId,
    decodeGlobalID: decodeGlobalId,
    nodesOnConnection: { description: 'The items of this page.' },
    nodeTypeOptions: { description: 'An object that can be fetched by its id alone.' },
    idFieldOptions: { description: 'Unique across all types, such as `Server:1`.' },
    nodeQueryOptions: {
      extensions: { needs: 'READ' },
      description: 'Any object by its id; null if there is none.',
      args: { id: { description: 'An id such as `Server:1`.' } },
    },
    nodesQueryOptions: {
      extensions: { needs: 'READ', listSize: ({ ids }) => (Array.isArray(ids) ? ids.length : 1) },
      description: 'Several objects by their ids, in the same order; null for each id that does not exist.',
      args: { ids: { description: 'Ids such as `Server:1`, of any types.' } },
    },
    pageInfoTypeOptions: { description: 'The position of a page in its list.' },
    hasNextPageFieldOptions: { description: 'Whether there are more items after this page.' },
    hasPreviousPageFieldOptions: { description: 'Whether there are more items before this page.' },
    startCursorFieldOptions: { description: 'The cursor of the first item; null if the page is empty.' },
    endCursorFieldOptions: { description: 'The cursor of the last item; null if the page is empty.' },
    cursorFieldOptions: {
      description: 'The position of this item, for `after` and `before`. It stays valid when the item is removed.',
    },
    nodeFieldOptions: { description: 'The item itself.' },
    edgesFieldOptions: { description: 'The items of this page, each with its cursor.' },
    pageInfoFieldOptions: { description: 'The position of this page in the list.' },
    firstArgOptions: {
      description: 'How many items to return, from the start or after the cursor: 20 by default, at most 100.',
    },
    lastArgOptions: { description: 'How many items to return, from the end or before the cursor: at most 100.' },
    afterArgOptions: { description: 'Only items after this cursor.' },
    beforeArgOptions: { description: 'Only items before this cursor.' },
    defaultConnectionTypeOptions: { description: 'A page of a list.' },
    defaultEdgeTypeOptions: { description: 'An item of a list, with its cursor.' },
  },
})

builder.addScalarType('BigInt', BigIntScalar)
builder.addScalarType('DateTime', DateTimeScalar)
builder.addScalarType('JSON', JsonScalar)
builder.addScalarType('TimeZone', TimeZoneScalar)
builder.addScalarType('URL', UrlScalar)

builder.queryType({ description: 'Everything that can be read.' })
builder.mutationType({ description: 'Everything that can be done.' })

builder.globalConnectionField('totalCount', (t) =>
  t.int({
    description: 'The number of items in the whole list. It is counted only if you ask for it.',
    resolve: (connection) => connection.totalCount(),
  }),
)
