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
  description: 'What to change in a server. Fields that are left out stay as they are; null clears a field.',
  fields: (t) => ({
    alias: t.string({ description: 'A name of up to 200 characters.' }),
    notes: t.string({ description: 'Notes of up to 10,000 characters.' }),
    url: t.field({ type: 'URL', description: 'The address of its Duplicati: http or https.' }),
    tags: t.stringList({
      description:
        'Its tags; they replace those it has. Up to 50, each of up to 50 characters; case and surrounding spaces are ignored. Null or an empty list removes them all.',
    }),
    ifUnmodifiedSince: t.field({
      type: 'DateTime',
      description: 'The updatedAt that you read. If somebody has changed the server since then, this is a CONFLICT.',
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
      deletedBackups: t.exposeInt('deletedBackups', { description: 'How many runs were deleted with it.' }),
    }),
  })

builder.mutationField('deleteServer', (t) =>
  t.field({
    type: DeleteServerPayload,
    extensions: { needs: 'ADMIN' },
    description: 'Deletes a server with its jobs and runs. If it reports again, it is created anew, without them.',
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
        description: 'The server that stays.',
        resolve: (query, { into }, _, { database }) =>
          database.reader.server.findUniqueOrThrow({ ...query, where: { id: into } }),
      }),
      deletedServer: t.expose('deletedServer', {
        type: Server,
        description: 'The other server and its jobs, as they were.',
      }),
      movedJobs: t.int({
        description: 'How many jobs only the other server had.',
        resolve: ({ merged }) => merged.movedJobs,
      }),
      mergedJobs: t.int({
        description: 'How many jobs both servers had; the runs of each pair are now one list.',
        resolve: ({ merged }) => merged.mergedJobs,
      }),
      movedBackups: t.int({ description: 'How many runs moved.', resolve: ({ merged }) => merged.movedBackups }),
      duplicateBackups: t.int({
        description: 'How many runs both had, equal in every figure; one of each pair stays.',
        resolve: ({ merged }) => merged.duplicateBackups,
      }),
    }),
  })

builder.mutationField('mergeServers', (t) =>
  t.field({
    type: MergeServersPayload,
    extensions: { needs: 'ADMIN' },
    description: `Merges two servers: machine-ids, jobs and runs move from one to the other, and later reports under any of the machine-ids
belong to the one that stays. Jobs of the same name are merged. Of runs that both have, equal in every figure, one stays. The
server that stays keeps its alias, notes and url; what it lacks is taken from the other. It gets the tags of both. Its name is that of the server that
reported last. splitServer undoes this.`,
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
    movedJobs: t.int({ description: 'How many jobs the new server has.', resolve: ({ split }) => split.movedJobs }),
    movedBackups: t.int({ description: 'How many runs moved.', resolve: ({ split }) => split.movedBackups }),
    untoldBackups: t.int({
      description: 'How many runs stayed because nothing decides where they belong.',
      resolve: ({ split }) => split.untoldBackups,
    }),
  }),
})

builder.mutationField('splitServer', (t) =>
  t.field({
    type: SplitServerPayload,
    extensions: { needs: 'ADMIN' },
    description: `Splits a server in two: these machine-ids, and the runs that were reported under them, move to a new server with jobs of its
own, which are watched like the jobs they come from. The old server keeps its number, alias and notes; both have its tags. Runs without a
machine-id are assigned by their backup-id and name; those that even these do not decide stay.`,
    args: {
      id: t.arg.id({ required: true, description: 'Which server.' }),
      machineIds: t.arg.stringList({
        required: true,
        description: 'The machine-ids that move to the new server, up to 100.',
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
