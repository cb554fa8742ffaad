// What can be done with a server.

import { queryFromInfo } from '@pothos/plugin-prisma'
import type { GraphQLResolveInfo } from 'graphql'
import { DomainError } from '../../domain/errors.ts'
import { deleteServer } from '../../services/servers/deleteServer.ts'
import { type Merged, mergeServers } from '../../services/servers/mergeServers.ts'
import { type SplitServer, splitServer } from '../../services/servers/splitServer.ts'
import { updateServer } from '../../services/servers/updateServer.ts'
import { builder, type RequestContext } from '../builder.ts'
import { keyOf } from '../lists/globalId.ts'
import { uniqueIds } from '../lists/uniqueIds.ts'
import { Server } from './server.ts'

const UpdateServerInput = builder.inputType('UpdateServerInput', {
  description: 'What to change of a server: what is left out stays as it is, null clears.',
  fields: (t) => ({
    alias: t.string({ description: 'A name for people, of up to 200 characters.' }),
    notes: t.string({ description: 'Anything worth knowing, of up to 10,000 characters.' }),
    url: t.field({ type: 'URL', description: 'Where its Duplicati can be opened: http or https.' }),
    tags: t.stringList({
      description:
        'Its tags, in place of those it has: up to 50, each of up to 50 characters. Case and space around them do not count; null or an empty list clears them.',
    }),
    ifUnmodifiedSince: t.field({
      type: 'DateTime',
      description: 'The updatedAt that was read: if somebody changed the server after it, this is a CONFLICT.',
    }),
  }),
})

const UpdateServerPayload = builder.objectRef<{ serverId: number }>('UpdateServerPayload').implement({
  description: 'The outcome of updateServer.',
  fields: (t) => ({
    server: t.prismaField({
      type: Server,
      description: 'The server as it is now.',
      resolve: (query, { serverId }, _, { database }) =>
        database.reader.server.findUniqueOrThrow({ ...query, where: { id: serverId } }),
    }),
  }),
})

builder.mutationField('updateServer', (t) =>
  t.field({
    type: UpdateServerPayload,
    extensions: { needs: 'ADMIN' },
    description: 'Changes alias, notes, url and tags of a server.',
    args: {
      id: t.arg.id({ required: true, description: 'Which server.' }),
      input: t.arg({ type: UpdateServerInput, required: true, description: 'What to change.' }),
    },
    resolve: async (_, { id, input: { ifUnmodifiedSince, ...changes } }, context) => {
      const serverId = keyOf('Server', id, 'id')
      const plain = { ...changes, ...(changes.url ? { url: changes.url.href } : {}) }
      await updateServer(context, serverId, plain, ifUnmodifiedSince)
      return { serverId }
    },
  }),
)

type ServerRow = typeof Server.$inferType

const DeleteServerPayload = builder
  .objectRef<{ deletedServer: ServerRow; deletedBackups: number }>('DeleteServerPayload')
  .implement({
    description: 'What deleteServer removed.',
    fields: (t) => ({
      deletedServer: t.expose('deletedServer', {
        type: Server,
        description: 'The server and its jobs as they were. Their lists of runs are empty now.',
      }),
      deletedBackups: t.exposeInt('deletedBackups', { description: 'How many runs went with it.' }),
    }),
  })

builder.mutationField('deleteServer', (t) =>
  t.field({
    type: DeleteServerPayload,
    extensions: { needs: 'ADMIN' },
    description: 'Deletes a server with its jobs and runs. If it reports again it comes back, without them.',
    args: { id: t.arg.id({ required: true, description: 'Which server.' }) },
    resolve: async (_, { id }, context, info) => {
      const serverId = keyOf('Server', id, 'id')
      const deletedServer = await serverAsItIs(serverId, 'deletedServer', context, info)
      return { deletedServer, deletedBackups: await deleteServer(context, serverId) }
    },
  }),
)

const MergeServersPayload = builder
  .objectRef<{ into: number; deletedServer: ServerRow; merged: Merged }>('MergeServersPayload')
  .implement({
    description: 'What mergeServers did.',
    fields: (t) => ({
      server: t.prismaField({
        type: Server,
        description: 'The one server that is left.',
        resolve: (query, { into }, _, { database }) =>
          database.reader.server.findUniqueOrThrow({ ...query, where: { id: into } }),
      }),
      deletedServer: t.expose('deletedServer', {
        type: Server,
        description: 'The other one and its jobs as they were.',
      }),
      movedJobs: t.int({
        description: 'Jobs that only the other one had.',
        resolve: ({ merged }) => merged.movedJobs,
      }),
      mergedJobs: t.int({
        description: 'Jobs that both had: their runs are one list now.',
        resolve: ({ merged }) => merged.mergedJobs,
      }),
      movedBackups: t.int({ description: 'Runs that moved.', resolve: ({ merged }) => merged.movedBackups }),
      duplicateBackups: t.int({
        description: 'Runs that both had, to the last figure: one of each is left.',
        resolve: ({ merged }) => merged.duplicateBackups,
      }),
    }),
  })

builder.mutationField('mergeServers', (t) =>
  t.field({
    type: MergeServersPayload,
    extensions: { needs: 'ADMIN' },
    description: `Makes one server of two: machine-ids, jobs and runs move from the one to the other, and reports under any of
the machine-ids are of that one from now on. Jobs are the same if their names are; of runs that both have, equal to the last figure,
one is left. Alias, notes and url of the one that stays are kept, and taken from the other only where there are none; it gets the
tags of both, and the name of the one that reported last. splitServer undoes it.`,
    args: {
      from: t.arg.id({ required: true, description: 'The server that goes.' }),
      into: t.arg.id({ required: true, description: 'The server that stays.' }),
    },
    resolve: async (_, args, context, info) => {
      const [from, into] = [keyOf('Server', args.from, 'from'), keyOf('Server', args.into, 'into')]
      const deletedServer = await serverAsItIs(from, 'deletedServer', context, info)
      return { into, deletedServer, merged: await mergeServers(context, from, into) }
    },
  }),
)

const SplitServerPayload = builder.objectRef<{ old: number; split: SplitServer }>('SplitServerPayload').implement({
  description: 'What splitServer did.',
  fields: (t) => ({
    server: t.prismaField({
      type: Server,
      description: 'The server that was split, with what stayed.',
      resolve: (query, { old }, _, { database }) =>
        database.reader.server.findUniqueOrThrow({ ...query, where: { id: old } }),
    }),
    newServer: t.prismaField({
      type: Server,
      description: 'The new server.',
      resolve: (query, { split }, _, { database }) =>
        database.reader.server.findUniqueOrThrow({ ...query, where: { id: split.serverId } }),
    }),
    movedJobs: t.int({ description: 'Jobs of the new server.', resolve: ({ split }) => split.movedJobs }),
    movedBackups: t.int({ description: 'Runs that moved.', resolve: ({ split }) => split.movedBackups }),
    untoldBackups: t.int({
      description: 'Runs that stayed because nothing tells whose they are.',
      resolve: ({ split }) => split.untoldBackups,
    }),
  }),
})

builder.mutationField('splitServer', (t) =>
  t.field({
    type: SplitServerPayload,
    extensions: { needs: 'ADMIN' },
    description: `Makes two servers of one: these machine-ids, and the runs that were reported under them, move to a new server with jobs
of their own, watched as those that they were part of. The old one keeps its number, alias and notes; both have
its tags. Runs without a machine-id follow
their backup-id and name; what even these cannot tell stays.`,
    args: {
      id: t.arg.id({ required: true, description: 'Which server.' }),
      machineIds: t.arg.stringList({
        required: true,
        description: "Duplicati's machine-ids that go to the new server, up to 100.",
      }),
    },
    resolve: async (_, { id, machineIds }, context) => {
      const old = keyOf('Server', id, 'id')
      return { old, split: await splitServer(context, old, uniqueIds(machineIds, 'machineIds')) }
    },
  }),
)

/**
 * A server with everything that the query asks of it at a field of the payload, read before it goes.
 *
 * @throws DomainError NOT_FOUND
 */
async function serverAsItIs(id: number, field: string, context: RequestContext, info: GraphQLResolveInfo) {
  const query = queryFromInfo({ context, info, path: [field] })
  const server = await context.database.reader.server.findUnique({ ...query, where: { id } })
  if (!server) throw new DomainError('NOT_FOUND', `There is no Server:${id}.`)
  return server as ServerRow
}
