// What can be done with a channel.

import { queryFromInfo } from '@pothos/plugin-prisma'
import { DomainError } from '../../domain/errors.ts'
import {
  createChannel,
  deleteChannel,
  type Tried,
  testChannel,
  updateChannel,
} from '../../services/telling/channels.ts'
import { builder } from '../builder.ts'
import { keyOf } from '../lists/globalId.ts'
import { Channel } from './channel.ts'
import { CreateChannelSettingsInput, settingsGiven, UpdateChannelSettingsInput } from './channelSettings.ts'

const CreateChannelInput = builder.inputType('CreateChannelInput', {
  description: 'A new channel.',
  fields: (t) => ({
    name: t.string({ required: true, description: 'A name for people, of up to 200 characters.' }),
    settings: t.field({
      type: CreateChannelSettingsInput,
      required: true,
      description: 'Its kind, and what that wants to know.',
    }),
  }),
})

const CreateChannelPayload = builder.objectRef<{ channelId: number }>('CreateChannelPayload').implement({
  description: 'The outcome of createChannel.',
  fields: (t) => ({
    channel: t.prismaField({
      type: Channel,
      description: 'The new channel.',
      resolve: (query, { channelId }, _, { database }) =>
        database.reader.channel.findUniqueOrThrow({ ...query, where: { id: channelId } }),
    }),
  }),
})

builder.mutationField('createChannel', (t) =>
  t.field({
    type: CreateChannelPayload,
    extensions: { needs: 'ADMIN' },
    description: 'Makes a channel. It is told nothing until setNotificationRule says what; testNotification tries it.',
    args: { input: t.arg({ type: CreateChannelInput, required: true, description: 'The channel.' }) },
    resolve: async (_, { input: { settings, ...input } }, context) => ({
      channelId: await createChannel(context, input, settingsGiven(settings)),
    }),
  }),
)

const UpdateChannelInput = builder.inputType('UpdateChannelInput', {
  description: 'What to change of a channel: what is left out stays as it is.',
  fields: (t) => ({
    name: t.string({ description: 'A name for people, of up to 200 characters.' }),
    enabled: t.boolean({
      description: 'Whether it is used. What waits for a channel that is switched off is given up.',
    }),
    settings: t.field({
      type: UpdateChannelSettingsInput,
      description: 'What its kind wants to know. Whoever has secrets sent to another server has to give them again.',
    }),
    ifUnmodifiedSince: t.field({
      type: 'DateTime',
      description: 'The updatedAt that was read: if somebody changed the channel after it, this is a CONFLICT.',
    }),
  }),
})

const UpdateChannelPayload = builder.objectRef<{ channelId: number }>('UpdateChannelPayload').implement({
  description: 'The outcome of updateChannel.',
  fields: (t) => ({
    channel: t.prismaField({
      type: Channel,
      description: 'The channel as it is now.',
      resolve: (query, { channelId }, _, { database }) =>
        database.reader.channel.findUniqueOrThrow({ ...query, where: { id: channelId } }),
    }),
  }),
})

builder.mutationField('updateChannel', (t) =>
  t.field({
    type: UpdateChannelPayload,
    extensions: { needs: 'ADMIN' },
    description: 'Changes name and settings of a channel, or switches it on or off.',
    args: {
      id: t.arg.id({ required: true, description: 'Which channel.' }),
      input: t.arg({ type: UpdateChannelInput, required: true, description: 'What to change.' }),
    },
    resolve: async (_, { id, input: { settings, ifUnmodifiedSince, ...changes } }, context) => {
      const channelId = keyOf('Channel', id, 'id')
      await updateChannel(context, channelId, changes, settings ? settingsGiven(settings) : null, ifUnmodifiedSince)
      return { channelId }
    },
  }),
)

const DeleteChannelPayload = builder
  .objectRef<{ deletedChannel: typeof Channel.$inferType }>('DeleteChannelPayload')
  .implement({
    description: 'What deleteChannel removed.',
    fields: (t) => ({
      deletedChannel: t.expose('deletedChannel', {
        type: Channel,
        description: 'The channel and its rules as they were. Its list of messages is empty now.',
      }),
    }),
  })

builder.mutationField('deleteChannel', (t) =>
  t.field({
    type: DeleteChannelPayload,
    extensions: { needs: 'ADMIN' },
    description: 'Deletes a channel with its rules and its messages, also those that wait.',
    args: { id: t.arg.id({ required: true, description: 'Which channel.' }) },
    resolve: async (_, { id }, context, info) => {
      const channelId = keyOf('Channel', id, 'id')
      const query = queryFromInfo({ context, info, path: ['deletedChannel'] })
      const deletedChannel = await context.database.reader.channel.findUnique({ ...query, where: { id: channelId } })
      if (!deletedChannel) throw new DomainError('NOT_FOUND', `There is no Channel:${channelId}.`)
      await deleteChannel(context, channelId)
      return { deletedChannel }
    },
  }),
)

const TestNotificationPayload = builder.objectRef<Tried>('TestNotificationPayload').implement({
  description: 'What became of a test.',
  fields: (t) => ({
    delivered: t.exposeBoolean('delivered', { description: 'Whether the far end took it.' }),
    answer: t.exposeString('answer', {
      description: 'What the far end answered, or else what went wrong, in up to 500 characters. It is not escaped.',
    }),
  }),
})

builder.mutationField('testNotification', (t) =>
  t.field({
    type: TestNotificationPayload,
    extensions: { needs: 'ADMIN' },
    description: `Sends a message through a channel, at once and once, also if it is switched off, and waits up to 15 seconds for
the answer. A message that is not delivered is no error: \`answer\` says why.`,
    args: { channel: t.arg.id({ required: true, description: 'Which channel.' }) },
    resolve: (_, { channel }, context) => testChannel(context, keyOf('Channel', channel, 'channel')),
  }),
)
