// Everything that a client may show, as it changes, in one subscription: a browser has only about six connections to a host.

import type { Change as ChangeEvent } from '../../events.ts'
import { builder, type RequestContext } from '../builder.ts'
import { encodeGlobalId } from '../lists/globalId.ts'
import { Backup } from './backup.ts'
import { BackupJob } from './backupJob.ts'
import { Server } from './server.ts'
import { beginEvent } from './subscriptions.ts'

const ChangeKind = builder.enumType('ChangeKind', {
  description: 'What happened to an object.',
  values: {
    RECORDED: { description: 'A run was recorded.' },
    CHANGED: {
      description:
        'A server or a job changed: because of a report, a person, or time alone, or because old runs of it were removed.',
    },
    REMOVED: { description: 'A server, a job or a run was deleted, or merged into another one.' },
    SETTINGS: { description: 'The settings, a template, a channel, a rule, a token or the access rules changed.' },
  } as const,
})

const Change = builder.objectRef<ChangeEvent>('Change').implement({
  description: 'An object that a client may show is new, has changed or is gone.',
  fields: (t) => ({
    kind: t.expose('kind', { type: ChangeKind, description: 'What happened.' }),
    id: t.id({
      description:
        'The object it happened to, like `BackupJob:7`. The settings are `Settings`, the access rules `Access`.',
      resolve: ({ type, key }) => (key === null ? type : encodeGlobalId(type, key)),
    }),
    at: t.field({ type: 'DateTime', description: 'When this was sent.', resolve: (_, __, { now }) => now }),
    server: t.prismaField({
      type: Server,
      nullable: true,
      description: 'The server itself, or the server of the job or of the run; null if it is gone, and for SETTINGS.',
      resolve: async (query, change, _, { database }) => {
        const { serverId } = await placeOf(database.reader, change)
        return serverId === null ? null : database.reader.server.findUnique({ ...query, where: { id: serverId } })
      },
    }),
    job: t.prismaField({
      type: BackupJob,
      nullable: true,
      description: 'The job itself, or the job of the run; null if it is gone, and for everything else.',
      resolve: async (query, change, _, { database }) => {
        const { jobId } = await placeOf(database.reader, change)
        return jobId === null ? null : database.reader.backupJob.findUnique({ ...query, where: { id: jobId } })
      },
    }),
    backup: t.prismaField({
      type: Backup,
      nullable: true,
      description: 'The run itself; null if it is gone, and for everything else.',
      resolve: (query, { type, key }, _, { database }) =>
        type === 'Backup' && key !== null ? database.reader.backup.findUnique({ ...query, where: { id: key } }) : null,
    }),
  }),
})

interface Place {
  serverId: number | null
  jobId: number | null
}

/** The numbers of its server and its job; null where there are none. */
async function placeOf(reader: RequestContext['database']['reader'], { type, key }: ChangeEvent): Promise<Place> {
  const nowhere = { serverId: null, jobId: null }
  if (key === null) return nowhere
  switch (type) {
    case 'Server':
      return { serverId: key, jobId: null }
    case 'BackupJob': {
      const job = await reader.backupJob.findUnique({ where: { id: key }, select: { serverId: true } })
      return job ? { serverId: job.serverId, jobId: key } : nowhere
    }
    case 'Backup':
      return (
        (await reader.backup.findUnique({ where: { id: key }, select: { serverId: true, jobId: true } })) ?? nowhere
      )
    default:
      return nowhere
  }
}

builder.subscriptionField('changes', (t) =>
  t.field({
    type: Change,
    extensions: { needs: 'READ' },
    description:
      'Everything that a client may show, as it changes: runs, servers, jobs and settings. The objects are as they are when this is sent.',
    subscribe: (_, __, { events }) => events.subscribe('changed', () => true),
    resolve: (event, _, context) => beginEvent<'changed'>(event, context),
  }),
)
