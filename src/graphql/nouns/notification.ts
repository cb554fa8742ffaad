// A message to a channel, waiting or told: its type, and what can be done with it.

import { retryNotification } from '../../services/telling/retryNotification.ts'
import { builder } from '../builder.ts'
import { keyOf } from '../lists/globalId.ts'
import { BackupJob } from './backupJob.ts'
import { NotificationEvent, Priority } from './enums.ts'

export const NotificationStatus = builder.enumType('NotificationStatus', {
  description: 'Whether a message was sent.',
  values: {
    PENDING: { description: 'It is waiting for earlier messages, or for the next attempt.' },
    SENDING: { description: 'It is being sent.' },
    SENT: { description: 'The receiving server accepted it.' },
    DEAD: { description: 'It was given up; retryNotification tries it again.' },
  } as const,
})

export const Notification = builder.prismaNode('Notification', {
  id: { field: 'id', description: 'Like `Notification:45`.' },
  nullable: true,
  description:
    'One message to one channel: about one job, about several of a server that got into trouble within a minute, or a digest. Messages about one job to one channel keep their order.',
  select: {},
  fields: (t) => ({
    databaseId: t.exposeInt('id', {
      description: 'The number in the id. Messages are numbered in the order in which they were written.',
    }),
    key: t.exposeString('key', {
      description:
        'A UUID that is the same in every attempt: the sequence ID of an ntfy message, the Message-ID of a mail, or the webhook-id. Other kinds have no place for it.',
    }),
    event: t.expose('event', { type: NotificationEvent, description: 'The event that it reports.' }),
    reminder: t.exposeBoolean('reminder', { description: 'Whether it is a reminder of an earlier message.' }),
    title: t.exposeString('title', { description: 'The title, in one line. It is not escaped.' }),
    message: t.exposeString('message', { description: 'The text. It is not escaped.' }),
    priority: t.expose('priority', { type: Priority, description: 'Its priority.' }),
    tags: t.stringList({
      description: 'Its tags; ntfy shows some of them as emoji.',
      select: { tags: true },
      resolve: ({ tags }) => JSON.parse(tags) as string[],
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was written.' }),
    status: t.expose('status', { type: NotificationStatus, description: 'Whether it was sent.' }),
    attempts: t.exposeInt('attempts', { description: 'The number of attempts to send it.' }),
    nextAttemptAt: t.expose('nextAttemptAt', {
      type: 'DateTime',
      nullable: true,
      description:
        'When the next attempt is made, unless earlier messages are still waiting; null if it is not waiting.',
    }),
    endedAt: t.expose('endedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When it was sent, or given up; null before that.',
    }),
    answer: t.exposeString('answer', {
      nullable: true,
      description:
        'The last answer of the receiving server, or what went wrong; null before the first attempt. It is not escaped.',
    }),
    channel: t.relation('channel', { description: 'The channel it is for.' }),
    job: t.relation('job', {
      nullable: true,
      description: 'The job it is about; null if it is about several, and for a digest.',
    }),
    server: t.relation('server', { nullable: true, description: 'The server of its jobs; null for a digest.' }),
    jobs: t.field({
      type: [BackupJob],
      description:
        'The jobs it is about, in the order in which they got into trouble; those that were deleted since are missing. Empty for a digest.',
      select: (_, __, nestedSelection) => ({
        members: { select: { job: nestedSelection(true) }, orderBy: [{ createdAt: 'asc' }, { jobId: 'asc' }] },
      }),
      resolve: ({ members }) => [...new Map(members.map(({ job }) => [job.id, job])).values()],
    }),
    backup: t.relation('backup', {
      nullable: true,
      description: 'The run it is about; null if it is about none or several, or if the run was removed.',
    }),
  }),
})

const RetryNotificationPayload = builder.objectRef<{ notificationId: number }>('RetryNotificationPayload').implement({
  description: 'The outcome of retryNotification.',
  fields: (t) => ({
    notification: t.prismaField({
      type: Notification,
      description: 'The message as it is now.',
      resolve: (query, { notificationId }, _, { database }) =>
        database.reader.notification.findUniqueOrThrow({ ...query, where: { id: notificationId } }),
    }),
  }),
})

builder.mutationField('retryNotification', (t) =>
  t.field({
    type: RetryNotificationPayload,
    extensions: { needs: 'ADMIN' },
    description: 'Queues a message again that was given up, with as many attempts as a new one.',
    args: { id: t.arg.id({ required: true, description: 'Which message.' }) },
    resolve: async (_, { id }, context) => {
      const notificationId = keyOf('Notification', id, 'id')
      await retryNotification(context, notificationId)
      return { notificationId }
    },
  }),
)
