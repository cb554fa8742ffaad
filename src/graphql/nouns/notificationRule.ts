// What a channel is told: the type of a rule, and what can be done with it.

import { queryFromInfo } from '@pothos/plugin-prisma'
import { DomainError } from '../../domain/errors.ts'
import type { NotificationEvent as EventName } from '../../domain/messages/notification.ts'
import { deleteNotificationRule, setNotificationRule } from '../../services/telling/notificationRules.ts'
import { builder } from '../builder.ts'
import { keyOf } from '../lists/globalId.ts'
import { NotificationEvent } from './enums.ts'

const Repeat = builder.enumType('Repeat', {
  description:
    'How often it is told again that a job is overdue, or goes on failing, for as long as nobody acknowledged it. A failure is repeated when the next run fails, and at once if its reason is another one.',
  values: {
    ONCE: { description: 'That it is overdue is told once; that it goes on failing, at most once a day.' },
    DAILY: { description: 'Every 24 hours.' },
    WEEKLY: { description: 'Every 7 days.' },
    MONTHLY: { description: 'Every month, on the same day of it.' },
  } as const,
})

const NotificationRule = builder.prismaNode('NotificationRule', {
  id: { field: 'id', description: 'Like `NotificationRule:3`.' },
  nullable: true,
  description: `What a channel is told of a job, of the jobs of a tag or a server, or of everything. Of the rules of a channel that are
about a job, the closest counts: its own, else that of a tag it carries, else that of its server, else that of a tag of its server, else
the one for everything. Rules of several tags that are equally close add up.`,
  select: {},
  fields: (t) => ({
    databaseId: t.exposeInt('id', { description: 'The number in the id.' }),
    channel: t.relation('channel', { description: 'The channel that is told.' }),
    server: t.relation('server', {
      nullable: true,
      description: 'The server whose jobs it is about; null if it is about other jobs than those of one server.',
    }),
    job: t.relation('job', {
      nullable: true,
      description: 'The job it is about; null if it is about more than one job.',
    }),
    tag: t.exposeString('tag', {
      nullable: true,
      description: 'The tag whose jobs it is about; null if it is about other jobs than those of one tag.',
    }),
    events: t.field({
      type: [NotificationEvent],
      description: 'What is told. Nothing is a rule too: then the channel is told nothing of these jobs.',
      select: { events: true },
      resolve: ({ events }) => JSON.parse(events) as EventName[],
    }),
    repeat: t.expose('repeat', {
      type: Repeat,
      description: 'How often it is told again that a job is overdue or goes on failing.',
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was first set.' }),
    updatedAt: t.expose('updatedAt', { type: 'DateTime', description: 'When it was last set.' }),
  }),
})

builder.prismaObjectField('Server', 'notificationRules', (t) =>
  t.relation('rules', {
    description:
      'The rules about all jobs of it, the oldest first. Where a channel has none here, that of a tag or the one for everything holds.',
    query: { orderBy: { id: 'asc' } },
  }),
)

builder.prismaObjectField('BackupJob', 'notificationRules', (t) =>
  t.relation('rules', {
    description:
      'The rules about it alone, the oldest first. Where a channel has none here, that of a tag, of the server or the one for everything holds.',
    query: { orderBy: { id: 'asc' } },
  }),
)

const SetNotificationRuleInput = builder.inputType('SetNotificationRuleInput', {
  description: 'A rule: of one job, of the jobs of one tag or one server, or, with none of the three, of everything.',
  fields: (t) => ({
    channel: t.id({ required: true, description: 'The channel that is told.' }),
    server: t.id({ description: 'The server whose jobs it is about.' }),
    job: t.id({ description: 'The one job it is about.' }),
    tag: t.string({ description: 'The tag whose jobs it is about. Nothing has to carry it yet.' }),
    events: t.field({
      type: [NotificationEvent],
      required: true,
      description: 'What is told; an empty list silences the channel there.',
    }),
    repeat: t.field({
      type: Repeat,
      required: true,
      defaultValue: 'ONCE',
      description: 'How often it is told again that a job is overdue or goes on failing.',
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
    description: `Says what a channel is told of a job, of the jobs of a tag or a server, or of everything, in place of what was said
of them before. It holds for what happens from now on.`,
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
    description: 'Deletes a rule. The next closest of the channel holds then, or else it is told nothing.',
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
