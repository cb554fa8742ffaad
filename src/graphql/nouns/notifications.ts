// The lists of messages: of everything, of a server, of a job, of a channel.

import type { GraphQLResolveInfo } from 'graphql'
import type { Notification as NotificationRow, Prisma } from '../../generated/prisma/client.ts'
import { builder, type RequestContext } from '../builder.ts'
import { keyOf } from '../lists/globalId.ts'
import { bothDirections, type PageArguments, readPage } from '../lists/keyset.ts'
import { mergeLists } from '../lists/mergeLists.ts'
import { nodeSelection } from '../lists/nodeSelection.ts'
import { Notification, NotificationStatus } from './notification.ts'

const NotificationEdge = builder.edgeObject({
  type: Notification,
  name: 'NotificationEdge',
  description: 'A message on a page, with its cursor.',
})
const NotificationConnection = builder.connectionObject(
  { type: Notification, name: 'NotificationConnection', description: 'A page of messages.' },
  NotificationEdge,
)

const orders = bothDirections('CREATED_AT')

const NotificationOrder = builder.enumType('NotificationOrder', {
  description: 'The order of messages, by when they were written.',
  values: {
    CREATED_AT_DESC: { description: 'The newest first.' },
    CREATED_AT_ASC: { description: 'The oldest first.' },
  } as const,
})

const NotificationFilter = builder.inputType('NotificationFilter', {
  description: 'Which messages. A field that is left out does not restrict the list.',
  fields: (t) => ({
    server: t.id({ description: 'Only messages about jobs of this server.' }),
    job: t.id({ description: 'Only messages about this job.' }),
    channel: t.id({ description: 'Only messages to this channel.' }),
    status: t.field({ type: [NotificationStatus], description: 'Only messages with one of these statuses.' }),
  }),
})

const listArguments = builder.args((t) => ({
  filter: t.field({ type: NotificationFilter, description: 'Which messages; all if left out.' }),
  orderBy: t.field({ type: NotificationOrder, defaultValue: 'CREATED_AT_DESC', description: 'In which order.' }),
}))

builder.queryField('notifications', (t) =>
  t.connection(
    {
      type: Notification,
      extensions: { needs: 'READ' },
      description: 'Messages about all jobs, to all channels.',
      args: listArguments,
      resolve: (_, args, context, info) => readNotifications({}, args, context, info),
    },
    NotificationConnection,
    NotificationEdge,
  ),
)

builder.prismaObjectField('Server', 'notifications', (t) =>
  t.connection(
    {
      type: Notification,
      description: 'Messages about its jobs.',
      select: { id: true },
      args: listArguments,
      resolve: ({ id }, args, context, info) => readNotifications({ serverId: id }, args, context, info),
    },
    NotificationConnection,
    NotificationEdge,
  ),
)

builder.prismaObjectField('BackupJob', 'notifications', (t) =>
  t.connection(
    {
      type: Notification,
      description: 'Messages about it.',
      select: { id: true },
      args: listArguments,
      resolve: ({ id }, args, context, info) => readNotifications({ jobId: id }, args, context, info),
    },
    NotificationConnection,
    NotificationEdge,
  ),
)

builder.prismaObjectField('Channel', 'notifications', (t) =>
  t.connection(
    {
      type: Notification,
      description: 'Messages to it.',
      select: { id: true },
      args: listArguments,
      resolve: ({ id }, args, context, info) => readNotifications({ channelId: id }, args, context, info),
    },
    NotificationConnection,
    NotificationEdge,
  ),
)

/**
 * Those about this job alone, and those about it with others: two lists, each of which is read along an index. Of one about several jobs
 * the column is null.
 */
function aboutJob(jobId: number): Prisma.NotificationWhereInput[] {
  return [{ jobId }, { jobId: null, members: { some: { jobId } } }]
}

interface ListArguments extends PageArguments {
  filter?: typeof NotificationFilter.$inferInput | null | undefined
  orderBy?: keyof typeof orders | null | undefined
}

async function readNotifications(
  { jobId: scopeJob, ...scope }: { serverId?: number; jobId?: number; channelId?: number },
  { filter, ...args }: ListArguments,
  context: RequestContext,
  info: GraphQLResolveInfo,
) {
  const { notification } = context.database.reader
  const { server, job, channel, status } = filter ?? {}
  const jobs = [...(scopeJob === undefined ? [] : [scopeJob]), ...(job ? [keyOf('BackupJob', job, 'filter.job')] : [])]
  const [first, ...others] = jobs.map(aboutJob)
  const where: Prisma.NotificationWhereInput = {
    AND: [
      scope,
      server ? { serverId: keyOf('Server', server, 'filter.server') } : {},
      channel ? { channelId: keyOf('Channel', channel, 'filter.channel') } : {},
      ...others.map((either) => ({ OR: either })),
    ],
  }
  const order = orders[args.orderBy ?? 'CREATED_AT_DESC']
  const selection = nodeSelection(context, info, order)
  const statuses = status ? [...new Set(status)].map((one) => ({ status: one })) : [{}]
  const page = await readPage(args, order, async (query) => {
    const lists = statuses.flatMap((one) =>
      (first ?? [{}]).map((about) =>
        notification.findMany({ ...selection, ...query, where: { AND: [where, about, one, query.where] } }),
      ),
    )
    return mergeLists((await Promise.all(lists)) as unknown as NotificationRow[][], query)
  })
  const counted = (about: Prisma.NotificationWhereInput) =>
    notification.count({ where: { AND: [where, about, status ? { status: { in: status } } : {}] } })
  const totalCount = async () => (await Promise.all((first ?? [{}]).map(counted))).reduce((sum, one) => sum + one, 0)
  return { ...page, totalCount }
}
