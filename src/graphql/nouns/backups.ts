// The lists of runs: of everything, of a server, of a job.

import type { GraphQLResolveInfo } from 'graphql'
import type { Backup as BackupRow, Prisma } from '../../generated/prisma/client.ts'
import { builder, type RequestContext } from '../builder.ts'
import { keyOf } from '../lists/globalId.ts'
import { bothDirections, type PageArguments, readPage } from '../lists/keyset.ts'
import { mergeLists } from '../lists/mergeLists.ts'
import { nodeSelection } from '../lists/nodeSelection.ts'
import { since } from '../lists/since.ts'
import { runsTagged } from '../lists/tagged.ts'
import { Backup } from './backup.ts'
import { BackupStatus } from './enums.ts'

const BackupEdge = builder.edgeObject({
  type: Backup,
  name: 'BackupEdge',
  description: 'A run on a page, with its cursor.',
})
const BackupConnection = builder.connectionObject(
  { type: Backup, name: 'BackupConnection', description: 'A page of runs.' },
  BackupEdge,
)

const orders = {
  ...bothDirections('BEGAN_AT', { name: 'orderedAt', type: 'time' }),
  ...bothDirections('RECEIVED_AT'),
}

const BackupOrder = builder.enumType('BackupOrder', {
  description:
    'The order of runs. A begin time in the future counts as the time of receipt, because clocks can be wrong.',
  values: {
    BEGAN_AT_DESC: { description: 'The newest first.' },
    BEGAN_AT_ASC: { description: 'The oldest first.' },
    RECEIVED_AT_DESC: { description: 'The last received first.' },
    RECEIVED_AT_ASC: {
      description:
        'In the order of receipt. A client that continues after its last cursor sees every run once, even one that began long before the others.',
    },
  } as const,
})

const BackupFilter = builder.inputType('BackupFilter', {
  description: 'Which runs. A field that is left out does not restrict the list.',
  fields: (t) => ({
    server: t.id({ description: 'Only runs of this server.' }),
    job: t.id({ description: 'Only runs of this job.' }),
    tag: t.string({
      description: 'Only runs of jobs that this tag, in whatever case, counts for: they or their servers carry it.',
    }),
    status: t.field({ type: [BackupStatus], description: 'Only runs that ended in one of these ways.' }),
    dryRun: t.boolean({
      description:
        '`true` for only dry runs, `false` for no dry runs. A dry run may have any status, including SUCCESS.',
    }),
    beganAfter: t.field({ type: 'DateTime', description: 'Only runs that began at this moment or later.' }),
    beganBefore: t.field({ type: 'DateTime', description: 'Only runs that began before this moment.' }),
    receivedAfter: t.field({ type: 'DateTime', description: 'Only runs that were received at this moment or later.' }),
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
      extensions: { needs: 'READ' },
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

/** A page of the runs of a server or a job, or of all. */
async function readBackups(
  scope: { serverId?: number; jobId?: number },
  args: ListArguments,
  context: RequestContext,
  info: GraphQLResolveInfo,
) {
  const { reader } = context.database
  const { server, job, tag, status, dryRun, beganAfter, beganBefore, receivedAfter } = args.filter ?? {}
  const owners = [
    scope,
    ...(server ? [{ serverId: keyOf('Server', server, 'filter.server') }] : []),
    ...(job ? [{ jobId: keyOf('BackupJob', job, 'filter.job') }] : []),
  ]
  const isOneKind = dryRun !== undefined && dryRun !== null
  const time = { ...(beganAfter ? { gte: beganAfter } : {}), ...(beganBefore ? { lt: beganBefore } : {}) }
  const where: Prisma.BackupWhereInput = {
    AND: [
      ...owners,
      { orderedAt: time },
      isOneKind ? { dryRun } : {},
      await since(reader.backup, 'receivedAt', receivedAfter),
    ],
  }

  const order = orders[args.orderBy ?? 'BEGAN_AT_DESC']
  const selection = nodeSelection(context, info, order)
  // One list per status and job of a tag, each read along an index and no further than the page: together they would have to be sorted.
  const statuses = status ? [...new Set(status)].map((one) => ({ status: one })) : [{}]
  const parts = runsTagged(context, tag)
  const page = await readPage(args, order, async (query) => {
    const lists = statuses.flatMap((one) =>
      parts.map((part) =>
        reader.backup.findMany({ ...selection, ...query, where: { AND: [where, one, part, query.where] } }),
      ),
    )
    return mergeLists((await Promise.all(lists)) as unknown as BackupRow[][], query)
  })
  return {
    ...page,
    totalCount: () =>
      typeof tag === 'string' || status || isOneKind || beganAfter || beganBefore || receivedAfter
        ? reader.backup.count({ where: { AND: [where, status ? { status: { in: status } } : {}, anyOf(parts)] } })
        : context.database.runCount.read(owners),
  }
}

function anyOf(parts: object[]): object {
  const [only, ...others] = parts
  if (!only) return { id: { in: [] } }
  return others.length === 0 ? only : { OR: parts }
}
