// What a channel is told: the type of a rule, and what can be done with it.

import { queryFromInfo } from '@pothos/plugin-prisma'
import { DomainError } from '../../domain/errors.ts'
import type { NotificationEvent as EventName } from '../../domain/messages/notification.ts'
import { deleteNotificationRule, setNotificationRule } from '../../services/telling/notificationRules.ts'
import { builder } from '../builder.ts'
import { keyOf } from '../lists/globalId.ts'
import { NotificationEvent } from './enums.ts'

const Repeat = builder.enumType('Repeat', {
  description: `How often messages are repeated while a job stays overdue or keeps failing, until somebody acknowledges it. A failure is
repeated only when another run fails; a failure for a new reason is sent at once.`,
  values: {
    ONCE: { description: 'An overdue job is reported once; a job that keeps failing, at most once a day.' },
    DAILY: { description: 'Every 24 hours.' },
    WEEKLY: { description: 'Every 7 days.' },
    MONTHLY: { description: 'Every month, on the same day of it.' },
  } as const,
})

const NotificationRule = builder.prismaNode('NotificationRule', {
  id: { field: 'id', description: 'Like `NotificationRule:3`.' },
  nullable: true,
  description: `Which events a channel gets: for one job, for all jobs with a tag, for all jobs of a server, or for everything. If several rules of
a channel match a job, the most specific one counts: the rule for the job, else that for a tag of the job, else that for its server, else
that for a tag of its server, else the one for everything. Rules for several tags that are equally specific add up.`,
  select: {},
  fields: (t) => ({
    databaseId: t.exposeInt('id', { description: 'The number in the id.' }),
    channel: t.relation('channel', { description: 'The channel that gets the messages.' }),
    server: t.relation('server', {
      nullable: true,
      description: 'The server whose jobs it applies to; null if it does not apply to a server.',
    }),
    job: t.relation('job', {
      nullable: true,
      description: 'The job it applies to; null if it applies to more than one job.',
    }),
    tag: t.exposeString('tag', {
      nullable: true,
      description: 'The tag whose jobs it applies to; null if it does not apply to a tag.',
    }),
    events: t.field({
      type: [NotificationEvent],
      description: 'The events that are sent. If the list is empty, nothing is sent about these jobs.',
      select: { events: true },
      resolve: ({ events }) => JSON.parse(events) as EventName[],
    }),
    repeat: t.expose('repeat', {
      type: Repeat,
      description: 'How often messages are repeated while a job stays overdue or keeps failing.',
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was first set.' }),
    updatedAt: t.expose('updatedAt', { type: 'DateTime', description: 'When it was last set.' }),
  }),
})

builder.prismaObjectField('Server', 'notificationRules', (t) =>
  t.relation('rules', {
    description:
      'The rules for all its jobs, the oldest first. If a channel has no rule here, its rule for a tag of the server applies, or else its rule for everything.',
    query: { orderBy: { id: 'asc' } },
  }),
)

builder.prismaObjectField('BackupJob', 'notificationRules', (t) =>
  t.relation('rules', {
    description:
      'The rules for this job alone, the oldest first. If a channel has no rule here, its rule for a tag, for the server or for everything applies.',
    query: { orderBy: { id: 'asc' } },
  }),
)

const SetNotificationRuleInput = builder.inputType('SetNotificationRuleInput', {
  description:
    'A rule for one job, for all jobs with a tag, for all jobs of one server, or, with none of the three, for everything.',
  fields: (t) => ({
    channel: t.id({ required: true, description: 'The channel that gets the messages.' }),
    server: t.id({ description: 'The server whose jobs it applies to.' }),
    job: t.id({ description: 'The one job it applies to.' }),
    tag: t.string({ description: 'The tag whose jobs it applies to. Nothing needs to have it yet.' }),
    events: t.field({
      type: [NotificationEvent],
      required: true,
      description: 'The events to send; with an empty list, nothing is sent about these jobs.',
    }),
    repeat: t.field({
      type: Repeat,
      required: true,
      defaultValue: 'ONCE',
      description: 'How often messages are repeated while a job stays overdue or keeps failing.',
    }),
  }),
})

const SetNotificationRulePayload = builder.objectRef<{ ruleId: number }>('SetNotificationRulePayload').implement({
  description: 'The outcome of setNotificationRule.',
  fields: (t) => ({
    notificationRule: t.prismaField({
      type: NotificationRule,
      description: 'The rule as it is now.',
      resolve: (query, { ruleId }, _, { database }) =>
        database.reader.notificationRule.findUniqueOrThrow({ ...query, where: { id: ruleId } }),
    }),
  }),
})

builder.mutationField('setNotificationRule', (t) =>
  t.field({
    type: SetNotificationRulePayload,
    extensions: { needs: 'ADMIN' },
    description:
      'Sets which events a channel gets: for one job, for all jobs with a tag or of a server, or for everything. It replaces an earlier rule for the same, and applies to events from now on.',
    args: { input: t.arg({ type: SetNotificationRuleInput, required: true, description: 'The rule.' }) },
    resolve: async (_, { input: { channel, server, job, tag, events, repeat } }, context) => ({
      ruleId: await setNotificationRule(context, {
        channelId: keyOf('Channel', channel, 'channel'),
        serverId: server ? keyOf('Server', server, 'server') : null,
        jobId: job ? keyOf('BackupJob', job, 'job') : null,
        tag: tag ?? null,
        events,
        repeat,
      }),
    }),
  }),
)

const DeleteNotificationRulePayload = builder
  .objectRef<{ deletedNotificationRule: typeof NotificationRule.$inferType }>('DeleteNotificationRulePayload')
  .implement({
    description: 'What deleteNotificationRule removed.',
    fields: (t) => ({
      deletedNotificationRule: t.expose('deletedNotificationRule', {
        type: NotificationRule,
        description: 'The rule as it was.',
      }),
    }),
  })

builder.mutationField('deleteNotificationRule', (t) =>
  t.field({
    type: DeleteNotificationRulePayload,
    extensions: { needs: 'ADMIN' },
    description:
      'Deletes a rule. The next most specific rule of the channel applies then; if there is none, the channel gets nothing.',
    args: { id: t.arg.id({ required: true, description: 'Which rule.' }) },
    resolve: async (_, { id }, context, info) => {
      const ruleId = keyOf('NotificationRule', id, 'id')
      const query = queryFromInfo({ context, info, path: ['deletedNotificationRule'] })
      const { notificationRule } = context.database.reader
      const deletedNotificationRule = await notificationRule.findUnique({ ...query, where: { id: ruleId } })
      if (!deletedNotificationRule) throw new DomainError('NOT_FOUND', `There is no NotificationRule:${ruleId}.`)
      await deleteNotificationRule(context, ruleId)
      return { deletedNotificationRule }
    },
  }),
)
