// A server: its type, and how it is found.

import { type JobState as JobStateName, jobStates, worstState } from '../../domain/jobState.ts'
import type { Prisma } from '../../generated/prisma/client.ts'
import { findClonedMachineIds, findDuplicateServers } from '../../services/identity/findDuplicates.ts'
import { findServerByMachineId, findServerByName } from '../../services/servers/findServer.ts'
import { builder, type RequestContext } from '../builder.ts'
import { keyOf } from '../lists/globalId.ts'
import { bothDirections, readPage } from '../lists/keyset.ts'
import { nameContains } from '../lists/nameContains.ts'
import { nodeSelection } from '../lists/nodeSelection.ts'
import { serverTagged } from '../lists/tagged.ts'
import { JobState } from './enums.ts'

/** The state reads the jobs in the order of the field `jobs`, so that both are one statement. */
const jobsByName = { orderBy: [{ name: 'asc' }, { id: 'asc' }] } as const

export const Server = builder.prismaNode('Server', {
  id: { field: 'id', description: 'Like `Server:1`.' },
  nullable: true,
  description: 'A machine that runs Duplicati.',
  select: {},
  fields: (t) => ({
    databaseId: t.exposeInt('id', { description: 'The number in the id.' }),
    name: t.exposeString('name', { description: 'The name that the machine reports, taken from the latest run.' }),
    alias: t.exposeString('alias', { nullable: true, description: 'A name given by a person; null if there is none.' }),
    notes: t.exposeString('notes', { nullable: true, description: 'Notes by a person; null if there are none.' }),
    displayName: t.string({
      description: 'The alias, or the name if there is no alias.',
      select: { alias: true, name: true },
      resolve: ({ alias, name }) => alias ?? name,
    }),
    url: t.expose('url', {
      type: 'URL',
      nullable: true,
      description: 'The address of its Duplicati; null if unknown.',
    }),
    machineIds: t.stringList({
      description:
        'The machine-ids in its reports. A recreated container gets a new one. The list is empty if no report had one.',
      select: { machineIds: { select: { id: true }, orderBy: { id: 'asc' } } },
      resolve: ({ machineIds }) => [...new Set(machineIds.map(({ id }) => id))],
    }),
    lastSeen: t.expose('lastSeen', {
      type: 'DateTime',
      nullable: true,
      description: 'When its last report was received; null before the first.',
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was first seen.' }),
    updatedAt: t.expose('updatedAt', {
      type: 'DateTime',
      description: 'When a person last changed it; the same as createdAt if nobody has.',
    }),
    state: t.field({
      type: JobState,
      description:
        'The worst state among its jobs that are not paused. NEW if it has no jobs, PAUSED if all are paused.',
      select: { jobs: { select: { state: true }, ...jobsByName } },
      resolve: ({ jobs }) => worstState(jobs.map(({ state }) => state)),
    }),
    jobs: t.relation('jobs', {
      description: 'Its jobs, by name.',
      query: { orderBy: [{ name: 'asc' }, { id: 'asc' }] },
    }),
    latestBackup: t.relation('latestBackup', {
      nullable: true,
      description:
        'The latest run of any of its jobs; null before the first. Dry runs and prevented runs do not count.',
    }),
  }),
})

const ServerLookup = builder.inputType('ServerLookup', {
  description: 'How to find a server: by exactly one of these.',
  isOneOf: true,
  fields: (t) => ({
    id: t.id({ description: 'Its id.' }),
    name: t.string({ description: 'Its exact name. A name that several servers share is a CONFLICT.' }),
    machineId: t.string({
      description: 'One of its machine-ids. A machine-id that several machines use is a CONFLICT.',
    }),
  }),
})

builder.queryField('server', (t) =>
  t.prismaField({
    type: Server,
    nullable: true,
    extensions: { needs: 'READ' },
    description: 'One server; null if none matches.',
    args: { by: t.arg({ type: ServerLookup, required: true, description: 'How to find it.' }) },
    resolve: async (query, _, { by }, context) => {
      const id = await findServerBy(context, by)
      return id === null ? null : context.database.reader.server.findUnique({ ...query, where: { id } })
    },
  }),
)

function findServerBy(context: RequestContext, { id, machineId, name }: typeof ServerLookup.$inferInput) {
  if (typeof id === 'string') return keyOf('Server', id, 'by.id')
  if (typeof machineId === 'string') return findServerByMachineId(context, machineId)
  return findServerByName(context, name ?? '')
}

const orders = {
  ...bothDirections('DISPLAY_NAME', { name: 'sortName', type: 'text' }),
  ...bothDirections('SEVERITY', { name: 'severity', type: 'number' }),
  ...bothDirections('NAME', { name: 'name', type: 'text' }),
  ...bothDirections('LAST_SEEN', { name: 'lastSeen', type: 'time', nullable: true }),
}

const ServerOrder = builder.enumType('ServerOrder', {
  description: 'The order of servers.',
  values: {
    DISPLAY_NAME_ASC: { description: 'By alias, or else name, whatever the case and the accents.' },
    DISPLAY_NAME_DESC: { description: 'By alias, or else name, whatever the case and the accents, backwards.' },
    SEVERITY_DESC: { description: 'By state: OVERDUE first, then LATE, FAILED, WARNING, OK, NEW, and PAUSED last.' },
    SEVERITY_ASC: { description: 'By state: PAUSED first, then NEW, OK, WARNING, FAILED, LATE, and OVERDUE last.' },
    NAME_ASC: { description: 'By name, capitals first.' },
    NAME_DESC: { description: 'By name, in reverse.' },
    LAST_SEEN_ASC: { description: 'By their last report: first those that never reported, then the oldest.' },
    LAST_SEEN_DESC: { description: 'By their last report: the newest first, those that never reported last.' },
  } as const,
})

const ServerFilter = builder.inputType('ServerFilter', {
  description: 'Which servers. A field that is left out does not restrict the list.',
  fields: (t) => ({
    search: t.string({
      description:
        'Only servers whose name or alias contains this literal text of up to 1,000 characters. The case of A to Z does not matter.',
    }),
    state: t.field({ type: [JobState], description: 'Only servers in one of these states.' }),
    tag: t.string({ description: 'Only servers that carry this tag, in whatever case.' }),
  }),
})

builder.queryField('servers', (t) =>
  t.connection(
    {
      type: Server,
      extensions: { needs: 'READ' },
      description: 'All servers.',
      args: {
        filter: t.arg({ type: ServerFilter, description: 'Which servers; all if left out.' }),
        orderBy: t.arg({ type: ServerOrder, defaultValue: 'DISPLAY_NAME_ASC', description: 'In which order.' }),
      },
      resolve: async (_, { filter, ...args }, context, info) => {
        const { reader } = context.database
        const where: Prisma.ServerWhereInput = {
          AND: [
            nameContains(filter?.search),
            filter?.state ? { OR: [...new Set(filter.state)].map(isInState) } : {},
            serverTagged(filter?.tag),
          ],
        }
        const order = orders[args.orderBy ?? 'DISPLAY_NAME_ASC']
        const selection = nodeSelection(context, info, order)
        const page = await readPage(args, order, (query) =>
          reader.server.findMany({ ...selection, ...query, where: { AND: [where, query.where] } }),
        )
        return { ...page, totalCount: () => reader.server.count({ where }) }
      },
    },
    { name: 'ServerConnection', description: 'A page of servers.' },
    { name: 'ServerEdge', description: 'A server on a page, with its cursor.' },
  ),
)

/** A job of the server is in the state, and none that is not paused is in a worse one. */
function isInState(state: JobStateName): Prisma.ServerWhereInput {
  if (state === 'PAUSED') return { jobs: { some: {}, every: { state } } }
  const worse = jobStates.slice(1, jobStates.indexOf(state))
  const isWorst = { jobs: { some: { state }, ...(worse.length > 0 ? { none: { state: { in: worse } } } : {}) } }
  return state === 'NEW' ? { OR: [isWorst, { jobs: { none: {} } }] } : isWorst
}

const DuplicateServers = builder.objectRef<{ name: string; ids: number[] }>('DuplicateServers').implement({
  description:
    'Servers with the same name that reported one after the other, never alternately: perhaps one machine whose Duplicati was set up anew.',
  fields: (t) => ({
    name: t.exposeString('name', { description: 'The name they share.' }),
    servers: t.prismaField({
      type: [Server],
      description: 'The servers, the oldest first.',
      resolve: (query, { ids }, _, { database }) =>
        database.reader.server.findMany({ ...query, where: { id: { in: ids } }, orderBy: { id: 'asc' } }),
    }),
  }),
})

builder.queryField('duplicateServers', (t) =>
  t.field({
    type: [DuplicateServers],
    extensions: { needs: 'READ' },
    description:
      'Servers with the same name and different machine-ids, ordered by name: candidates for mergeServers. If both still report, they are two machines, and are not listed.',
    resolve: (_, __, context) => findDuplicateServers(context),
  }),
)

const ClonedMachineId = builder.objectRef<{ machineId: string; ids: number[] }>('ClonedMachineId').implement({
  description:
    'A machine-id that several machines use in their reports, as after a disk was cloned. The machines are told apart by their names. To fix this, start Duplicati on one of them with another --machine-id.',
  fields: (t) => ({
    machineId: t.exposeString('machineId', { description: 'The id.' }),
    servers: t.prismaField({
      type: [Server],
      description: 'The servers that share it, the oldest first.',
      resolve: (query, { ids }, _, { database }) =>
        database.reader.server.findMany({ ...query, where: { id: { in: ids } }, orderBy: { id: 'asc' } }),
    }),
  }),
})

builder.queryField('clonedMachineIds', (t) =>
  t.field({
    type: [ClonedMachineId],
    extensions: { needs: 'READ' },
    description: 'The machine-ids that several machines use in their reports.',
    resolve: (_, __, context) => findClonedMachineIds(context),
  }),
)
