// The lists of runs: of everything, of a server, of a job.

import type { GraphQLResolveInfo } from 'graphql'
import type { Prisma } from '../generated/prisma/client.ts'
import { Backup } from './backup.ts'
import { builder, type RequestContext } from './builder.ts'
import { BackupStatus } from './enums.ts'
import { keyOf } from './globalId.ts'
import { bothDirections, type PageArguments, readPage } from './keyset.ts'
import { nodeSelection } from './nodeSelection.ts'

const BackupEdge = builder.edgeObject({ type: Backup, name: 'BackupEdge' })
const BackupConnection = builder.connectionObject({ type: Backup, name: 'BackupConnection' }, BackupEdge)

const orders = bothDirections('BEGAN_AT', { name: 'orderedAt', type: 'time' })

const BackupOrder = builder.enumType('BackupOrder', {
  description: 'Orders of runs. A begin time in the future counts as the time of receipt, because clocks lie.',
  values: {
    BEGAN_AT_DESC: { description: 'The newest first.' },
    BEGAN_AT_ASC: { description: 'The oldest first.' },
  } as const,
})

const BackupFilter = builder.inputType('BackupFilter', {
  description: 'Which runs; what is left out does not restrict.',
  fields: (t) => ({
    server: t.id({ description: 'Only runs of this server.' }),
    job: t.id({ description: 'Only runs of this job.' }),
    status: t.field({ type: [BackupStatus], description: 'Only runs that ended in one of these ways.' }),
    beganAfter: t.field({ type: 'DateTime', description: 'Only runs that began at this moment or later.' }),
    beganBefore: t.field({ type: 'DateTime', description: 'Only runs that began before this moment.' }),
  }),
})

const listArguments = builder.args((t) => ({
  filter: t.field({ type: BackupFilter, description: 'Which runs; all if left out.' }),
  orderBy: t.field({ type: BackupOrder, defaultValue: 'BEGAN_AT_DESC', description: 'In which order.' }),
}))

builder.queryField('backups', (t) =>
  t.connection(
    {
      type: Backup,
      description: 'Runs of all jobs.',
      args: listArguments,
      resolve: (_, args, context, info) => readBackups({}, args, context, info),
    },
    BackupConnection,
    BackupEdge,
  ),
)

builder.prismaObjectField('Server', 'backups', (t) =>
  t.connection(
    {
      type: Backup,
      description: 'Runs of all jobs of this server.',
      select: { id: true },
      args: listArguments,
      resolve: ({ id }, args, context, info) => readBackups({ serverId: id }, args, context, info),
    },
    BackupConnection,
    BackupEdge,
  ),
)

builder.prismaObjectField('BackupJob', 'backups', (t) =>
  t.connection(
    {
      type: Backup,
      description: 'Runs of this job.',
      select: { id: true },
      args: listArguments,
      resolve: ({ id }, args, context, info) => readBackups({ jobId: id }, args, context, info),
    },
    BackupConnection,
    BackupEdge,
  ),
)

interface ListArguments extends PageArguments {
  filter?: typeof BackupFilter.$inferInput | null | undefined
  orderBy?: keyof typeof orders | null | undefined
}

/** A page of the runs within `scope`. */
async function readBackups(
  scope: Prisma.BackupWhereInput,
  args: ListArguments,
  context: RequestContext,
  info: GraphQLResolveInfo,
) {
  const where: Prisma.BackupWhereInput = { AND: [scope, filterOf(args.filter)] }
  const { reader } = context.database
  const order = orders[args.orderBy ?? 'BEGAN_AT_DESC']
  const selection = nodeSelection(context, info, order)
  const page = await readPage(args, order, (query) =>
    reader.backup.findMany({ ...selection, ...query, where: { AND: [where, query.where] } }),
  )
  return { ...page, totalCount: () => reader.backup.count({ where }) }
}

function filterOf(filter: ListArguments['filter']): Prisma.BackupWhereInput {
  if (!filter) return {}
  return {
    ...(filter.server ? { serverId: keyOf('Server', filter.server, 'filter.server') } : {}),
    ...(filter.job ? { jobId: keyOf('BackupJob', filter.job, 'filter.job') } : {}),
    ...(filter.status ? { status: { in: filter.status } } : {}),
    orderedAt: {
      ...(filter.beganAfter ? { gte: filter.beganAfter } : {}),
      ...(filter.beganBefore ? { lt: filter.beganBefore } : {}),
    },
  }
}
