// A message to a channel, waiting or told: its type, and what can be done with it.

import { retryNotification } from '../../services/telling/retryNotification.ts'
import { builder } from '../builder.ts'
import { keyOf } from '../lists/globalId.ts'
import { NotificationEvent, Priority } from './enums.ts'

export const NotificationStatus = builder.enumType('NotificationStatus', {
  description: 'What became of a message.',
  values: {
    PENDING: { description: 'It waits: for those before it, or for the next try.' },
    SENDING: { description: 'It is being sent.' },
    SENT: { description: 'The far end took it.' },
    DEAD: { description: 'It was given up: retryNotification tries it again.' },
  } as const,
})

export const Notification = builder.prismaNode('Notification', {
  id: { field: 'id', description: 'Like `Notification:45`.' },
  nullable: true,
  description: 'One message of one job to one channel. Each channel gets its messages in their order.',
  select: {},
  fields: (t) => ({
    databaseId: t.exposeInt('id', { description: 'The number in the id, in the order in which they were written.' }),
    key: t.exposeString('key', {
      description:
        'A UUID that goes along at every try: the sequence of an ntfy message, the Message-ID of a mail, the webhook-id.',
    }),
    event: t.expose('event', { type: NotificationEvent, description: 'What it tells.' }),
    reminder: t.exposeBoolean('reminder', { description: 'Whether it tells again what was told before.' }),
    title: t.exposeString('title', { description: 'In one line. It is not escaped.' }),
    message: t.exposeString('message', { description: 'The text. It is not escaped.' }),
    priority: t.expose('priority', { type: Priority, description: 'How loud it is.' }),
    tags: t.stringList({
      description: 'Words that go along; ntfy shows some as emoji.',
      select: { tags: true },
      resolve: ({ tags }) => JSON.parse(tags) as string[],
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was written.' }),
    status: t.expose('status', { type: NotificationStatus, description: 'What became of it.' }),
    attempts: t.exposeInt('attempts', { description: 'How often it was tried.' }),
    nextAttemptAt: t.expose('nextAttemptAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When it is tried next, if those before it are through; null if it does not wait.',
    }),
    endedAt: t.expose('endedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When it was sent, or given up; null before that.',
    }),
    answer: t.exposeString('answer', {
      nullable: true,
      description: 'What the far end answered last, or what went wrong; null before the first try. It is not escaped.',
    }),
    channel: t.relation('channel', { description: 'The channel it is for.' }),
    job: t.relation('job', { description: 'The job it tells of.' }),
    server: t.relation('server', { description: 'The server of the job.' }),
    backup: t.relation('backup', {
      nullable: true,
      description: 'The run it tells of; null if it tells of none, or if it was removed.',
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
    description: 'Lets a message that was given up wait again, with as many tries as a new one.',
    args: { id: t.arg.id({ required: true, description: 'Which message.' }) },
    resolve: async (_, { id }, context) => {
      const notificationId = keyOf('Notification', id, 'id')
      await retryNotification(context, notificationId)
      return { notificationId }
    },
  }),
)
