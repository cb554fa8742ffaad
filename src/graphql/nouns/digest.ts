// The digest of a channel: its type, and what can be done with it.

import { queryFromInfo } from '@pothos/plugin-prisma'
import { DomainError } from '../../domain/errors.ts'
import { deleteDigest, setDigest } from '../../services/telling/digests.ts'
import { builder } from '../builder.ts'
import { keyOf } from '../lists/globalId.ts'
import { Weekday } from './schedule.ts'

const DigestPeriod = builder.enumType('DigestPeriod', {
  description: 'How often a digest is sent.',
  values: {
    DAILY: { description: 'Every day.' },
    WEEKLY: { description: 'Once a week, on its weekday.' },
    MONTHLY: { description: 'On the first day of each month.' },
  } as const,
})

const Digest = builder.prismaObject('Digest', {
  description: `A message that is sent at a fixed time, also when all is well: how all jobs stand, what ran since the last one, what grew most, and which
destinations are almost full.`,
  select: {},
  fields: (t) => ({
    period: t.expose('period', { type: DigestPeriod, description: 'How often it is sent.' }),
    timeOfDay: t.exposeString('timeOfDay', { description: 'The time of day, as `HH:MM`.' }),
    timeZone: t.expose('timeZone', {
      type: 'TimeZone',
      nullable: true,
      description: "The time zone of that time; null for that of the settings, or else the server's.",
    }),
    weekday: t.expose('weekday', {
      type: Weekday,
      nullable: true,
      description: 'The day of the week on which it is sent; null unless it is WEEKLY.',
    }),
    tag: t.exposeString('tag', {
      nullable: true,
      description: 'It is about the jobs with this tag, or whose server has it; null: about all jobs.',
    }),
    nextAt: t.expose('nextAt', { type: 'DateTime', description: 'When it is sent next.' }),
  }),
})

builder.prismaObjectField('Channel', 'digest', (t) =>
  t.relation('digest', { nullable: true, description: 'Its digest; null if it gets none.' }),
)

const SetDigestInput = builder.inputType('SetDigestInput', {
  description: 'When a channel gets a digest, and about which jobs.',
  fields: (t) => ({
    channel: t.id({ required: true, description: 'The channel. It needs no rule.' }),
    period: t.field({ type: DigestPeriod, required: true, description: 'How often it is sent.' }),
    timeOfDay: t.string({
      required: true,
      description:
        'The time of day, as `HH:MM`. It is sent once a day even if clocks are set: a time that is skipped moves forward, one that comes twice is the first.',
    }),
    timeZone: t.field({
      type: 'TimeZone',
      description: "The time zone of that time; by default that of the settings, or else the server's.",
    }),
    weekday: t.field({ type: Weekday, description: 'The day of the week, for WEEKLY only; by default MONDAY.' }),
    tag: t.string({
      description: 'Only jobs with this tag, or whose server has it. Nothing needs to have it yet.',
    }),
  }),
})

const SetDigestPayload = builder.objectRef<{ channelId: number }>('SetDigestPayload').implement({
  description: 'The outcome of setDigest.',
  fields: (t) => ({
    digest: t.prismaField({
      type: Digest,
      description: 'The digest as it is now.',
      resolve: (query, { channelId }, _, { database }) =>
        database.reader.digest.findUniqueOrThrow({ ...query, where: { channelId } }),
    }),
  }),
})

builder.mutationField('setDigest', (t) =>
  t.field({
    type: SetDigestPayload,
    extensions: { needs: 'ADMIN' },
    description:
      'Gives a channel a digest, in place of the one it had. The first one counts what ran since it was set.',
    args: { input: t.arg({ type: SetDigestInput, required: true, description: 'The digest.' }) },
    resolve: async (_, { input: { channel, timeZone, weekday, tag, ...input } }, context) => {
      const channelId = keyOf('Channel', channel, 'channel')
      const given = { ...input, timeZone: timeZone ?? null, weekday: weekday ?? null, tag: tag ?? null }
      await setDigest(context, channelId, given)
      return { channelId }
    },
  }),
)

const DeleteDigestPayload = builder
  .objectRef<{ deletedDigest: typeof Digest.$inferType }>('DeleteDigestPayload')
  .implement({
    description: 'What deleteDigest removed.',
    fields: (t) => ({
      deletedDigest: t.expose('deletedDigest', { type: Digest, description: 'The digest as it was.' }),
    }),
  })

builder.mutationField('deleteDigest', (t) =>
  t.field({
    type: DeleteDigestPayload,
    extensions: { needs: 'ADMIN' },
    description: 'Removes the digest of a channel. One that is already waiting to be sent is still sent.',
    args: { channel: t.arg.id({ required: true, description: 'The channel.' }) },
    resolve: async (_, { channel }, context, info) => {
      const channelId = keyOf('Channel', channel, 'channel')
      const query = queryFromInfo({ context, info, path: ['deletedDigest'] })
      const deletedDigest = await context.database.reader.digest.findUnique({ ...query, where: { channelId } })
      if (!deletedDigest) throw new DomainError('NOT_FOUND', `There is no digest of Channel:${channelId}.`)
      await deleteDigest(context, channelId)
      return { deletedDigest }
    },
  }),
)
