// What can be listened to, over server-sent events.

import { DomainError } from '../../domain/errors.ts'
import type { Events } from '../../events.ts'
import { builder, type RequestContext } from '../builder.ts'
import { keyOf } from '../lists/globalId.ts'
import { Backup } from './backup.ts'
import { Server } from './server.ts'
import { Transition } from './transition.ts'

builder.subscriptionType({
  description:
    'Everything that you can subscribe to, over server-sent events. Events are sent from the moment you subscribe, each once and in order; earlier ones are in the lists.',
})

builder.subscriptionField('backupRecorded', (t) =>
  t.prismaField({
    type: Backup,
    extensions: { needs: 'READ' },
    description: 'Every run when it is recorded, including dry runs. A repeated report is not recorded again.',
    args: { server: t.arg.id({ description: 'Only runs of this server.' }) },
    subscribe: async (_, { server }, context) => {
      const only = server ? await existingServer(context, keyOf('Server', server, 'server')) : null
      return context.events.subscribe('backupRecorded', ({ serverId }) => only === null || only === serverId)
    },
    resolve: async (query, event, _, context) => {
      const { backupId } = beginEvent<'backupRecorded'>(event, context)
      return orGone(
        await context.database.reader.backup.findUnique({ ...query, where: { id: backupId } }),
        `Backup:${backupId}`,
      )
    },
  }),
)

builder.subscriptionField('serverUpdated', (t) =>
  t.prismaField({
    type: Server,
    extensions: { needs: 'READ' },
    description:
      'A server each time a person changes it or merges another one into it, with its data at the time of sending.',
    args: { server: t.arg.id({ description: 'Only this server.' }) },
    subscribe: async (_, { server }, context) => {
      const only = server ? await existingServer(context, keyOf('Server', server, 'server')) : null
      return context.events.subscribe('serverUpdated', ({ serverId }) => only === null || only === serverId)
    },
    resolve: async (query, event, _, context) => {
      const { serverId } = beginEvent<'serverUpdated'>(event, context)
      return orGone(
        await context.database.reader.server.findUnique({ ...query, where: { id: serverId } }),
        `Server:${serverId}`,
      )
    },
  }),
)

builder.subscriptionField('jobStateChanged', (t) =>
  t.prismaField({
    type: Transition,
    extensions: { needs: 'READ' },
    description: 'Every change of the state of a job, when it is noticed.',
    args: {
      job: t.arg.id({ description: 'Only changes of this job.' }),
      server: t.arg.id({ description: 'Only changes of jobs of this server.' }),
    },
    subscribe: async (_, { job, server }, context) => {
      const onlyJob = job ? await existingJob(context, keyOf('BackupJob', job, 'job')) : null
      const onlyServer = server ? await existingServer(context, keyOf('Server', server, 'server')) : null
      return context.events.subscribe(
        'jobStateChanged',
        ({ jobId, serverId }) =>
          (onlyJob === null || onlyJob === jobId) && (onlyServer === null || onlyServer === serverId),
      )
    },
    resolve: async (query, event, _, context) => {
      const { transitionId } = beginEvent<'jobStateChanged'>(event, context)
      return orGone(
        await context.database.reader.transition.findUnique({ ...query, where: { id: transitionId } }),
        `Transition:${transitionId}`,
      )
    },
  }),
)

async function existingJob({ database }: RequestContext, id: number): Promise<number> {
  const found = await database.reader.backupJob.findUnique({ where: { id }, select: { id: true } })
  return orGone(found, `BackupJob:${id}`).id
}

async function existingServer({ database }: RequestContext, id: number): Promise<number> {
  const found = await database.reader.server.findUnique({ where: { id }, select: { id: true } })
  return orGone(found, `Server:${id}`).id
}

export function beginEvent<Name extends keyof Events>(event: unknown, context: RequestContext): Events[Name] {
  context.beginEvent?.()
  if (event !== 'overrun') return event as Events[Name]
  throw new DomainError(
    'UNAVAILABLE',
    'More happened than this subscription took in. Subscribe again, and read what was missed from the lists.',
  )
}

function orGone<Row>(row: Row | null, id: string): Row {
  if (row === null) throw new DomainError('NOT_FOUND', `There is no ${id}.`)
  return row
}
