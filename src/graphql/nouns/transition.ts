// A change of a job's state: its type, and the lists of changes, of everything, of a server, of a job.

import type { GraphQLResolveInfo } from 'graphql'
import type { Prisma } from '../../generated/prisma/client.ts'
import { builder, type RequestContext } from '../builder.ts'
import { keyOf } from '../lists/globalId.ts'
import { bothDirections, type PageArguments, readPage } from '../lists/keyset.ts'
import { nodeSelection } from '../lists/nodeSelection.ts'
import { since } from '../lists/since.ts'
import { JobState } from './enums.ts'

const TransitionReason = builder.enumType('TransitionReason', {
  description: 'Why the state of a job changed.',
  values: {
    REPORT: { description: 'A run was reported.' },
    TIME: { description: 'Its due time came, or the tolerance passed.' },
    PAUSE: { description: 'A person paused or resumed it.' },
    SCHEDULE: { description: 'A person changed its schedule or the tolerance.' },
    RUNS: { description: 'Runs were removed from it, or moved in a merge or a split.' },
  } as const,
})

export const Transition = builder.prismaNode('Transition', {
  id: { field: 'id', description: 'Like `Transition:12`.' },
  nullable: true,
  description: 'A change of the state of a job.',
  select: {},
  fields: (t) => ({
    databaseId: t.exposeInt('id', {
      description: 'The number in the id. Changes are numbered in the order in which they were noticed.',
    }),
    from: t.expose('from', { type: JobState, description: 'The state before the change.' }),
    to: t.expose('to', { type: JobState, description: 'The state after the change.' }),
    at: t.expose('at', {
      type: 'DateTime',
      description:
        'When the state changed. A change to LATE or OVERDUE has the time when it was due, however late it was noticed.',
    }),
    recordedAt: t.expose('recordedAt', { type: 'DateTime', description: 'When the server noticed the change.' }),
    reason: t.expose('reason', { type: TransitionReason, description: 'Why the state changed.' }),
    why: t.expose('reason', {
      type: TransitionReason,
      description: 'The same under its old name.',
      deprecationReason: 'since 2026-11-30: use `reason`',
    }),
    job: t.relation('job', { description: 'The job.' }),
    server: t.relation('server', { description: 'The server of the job.' }),
    backup: t.relation('backup', {
      nullable: true,
      description: 'The run whose report changed it; null if none did, or if it was removed.',
    }),
  }),
})

const TransitionEdge = builder.edgeObject({
  type: Transition,
  name: 'TransitionEdge',
  description: 'A change on a page, with its cursor.',
})
const TransitionConnection = builder.connectionObject(
  { type: Transition, name: 'TransitionConnection', description: 'A page of changes.' },
  TransitionEdge,
)

const orders = { ...bothDirections('AT', { name: 'at', type: 'time' }), ...bothDirections('RECORDED_AT') }

const TransitionOrder = builder.enumType('TransitionOrder', {
  description: 'The order of changes.',
  values: {
    AT_DESC: { description: 'The newest first.' },
    AT_ASC: { description: 'The oldest first.' },
    RECORDED_AT_DESC: { description: 'The last noticed first.' },
    RECORDED_AT_ASC: {
      description:
        'In the order in which they were noticed. A client that continues after its last cursor sees every change once, however late it was noticed.',
    },
  } as const,
})

const TransitionFilter = builder.inputType('TransitionFilter', {
  description: 'Which changes. A field that is left out does not restrict the list.',
  fields: (t) => ({
    server: t.id({ description: 'Only changes of jobs of this server.' }),
    job: t.id({ description: 'Only changes of this job.' }),
    recordedAfter: t.field({
      type: 'DateTime',
      description: 'Only changes that were noticed at this moment or later.',
    }),
  }),
})

const orderArgument = builder.args((t) => ({
  orderBy: t.field({ type: TransitionOrder, defaultValue: 'AT_DESC', description: 'In which order.' }),
}))

builder.queryField('transitions', (t) =>
  t.connection(
    {
      type: Transition,
      extensions: { needs: 'READ' },
      description: 'Every change of the state of any job.',
      args: {
        filter: t.arg({ type: TransitionFilter, description: 'Which changes; all if left out.' }),
        ...orderArgument,
      },
      resolve: async (_, { filter, ...args }, context, info) => {
        const where = {
          ...(await since(context.database.reader.transition, 'recordedAt', filter?.recordedAfter)),
          ...(filter?.server ? { serverId: keyOf('Server', filter.server, 'filter.server') } : {}),
          ...(filter?.job ? { jobId: keyOf('BackupJob', filter.job, 'filter.job') } : {}),
        }
        return readTransitions(where, args, context, info)
      },
    },
    TransitionConnection,
    TransitionEdge,
  ),
)

builder.prismaObjectField('Server', 'transitions', (t) =>
  t.connection(
    {
      type: Transition,
      description: 'Every change of the state of its jobs.',
      select: { id: true },
      args: orderArgument,
      resolve: ({ id }, args, context, info) => readTransitions({ serverId: id }, args, context, info),
    },
    TransitionConnection,
    TransitionEdge,
  ),
)

builder.prismaObjectField('BackupJob', 'transitions', (t) =>
  t.connection(
    {
      type: Transition,
      description: 'Every change of its state.',
      select: { id: true },
      args: orderArgument,
      resolve: ({ id }, args, context, info) => readTransitions({ jobId: id }, args, context, info),
    },
    TransitionConnection,
    TransitionEdge,
  ),
)

async function readTransitions(
  where: Prisma.TransitionWhereInput,
  args: PageArguments & { orderBy?: keyof typeof orders | null | undefined },
  context: RequestContext,
  info: GraphQLResolveInfo,
) {
  const { transition } = context.database.reader
  const order = orders[args.orderBy ?? 'AT_DESC']
  const selection = nodeSelection(context, info, order)
  const page = await readPage(args, order, (query) =>
    transition.findMany({ ...selection, ...query, where: { AND: [where, query.where] } }),
  )
  return { ...page, totalCount: () => transition.count({ where }) }
}
