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
    name: t.string({ required: true, description: 'A name of up to 200 characters.' }),
    settings: t.field({
      type: CreateChannelSettingsInput,
      required: true,
      description: 'Its kind, and the settings of that kind.',
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
    description:
      'Creates a channel. It gets no messages until you set a rule with setNotificationRule; testNotification tries it.',
    args: { input: t.arg({ type: CreateChannelInput, required: true, description: 'The channel.' }) },
    resolve: async (_, { input: { settings, ...input } }, context) => ({
      channelId: await createChannel(context, input, settingsGiven(settings)),
    }),
  }),
)

const UpdateChannelInput = builder.inputType('UpdateChannelInput', {
  description: 'What to change in a channel. Fields that are left out stay as they are.',
  fields: (t) => ({
    name: t.string({ description: 'A name of up to 200 characters.' }),
    enabled: t.boolean({
      description: 'Whether it is used. If it is switched off, its waiting messages are given up.',
    }),
    settings: t.field({
      type: UpdateChannelSettingsInput,
      description: 'The settings of its kind. If you change the server that gets the secrets, give the secrets again.',
    }),
    ifUnmodifiedSince: t.field({
      type: 'DateTime',
      description: 'The updatedAt that you read. If somebody has changed the channel since then, this is a CONFLICT.',
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
    description: 'Deletes a channel with its rules and messages, including those that are waiting.',
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
  description: 'The result of a test message.',
  fields: (t) => ({
    delivered: t.exposeBoolean('delivered', { description: 'Whether the receiving server accepted it.' }),
    answer: t.exposeString('answer', {
      description:
        'The answer of the receiving server, or what went wrong, in up to 500 characters. It is not escaped.',
    }),
  }),
})

builder.mutationField('testNotification', (t) =>
  t.field({
    type: TestNotificationPayload,
    extensions: { needs: 'ADMIN' },
    description:
      'Sends one message through a channel at once, even if it is switched off, and waits up to 15 seconds for the answer. If it is not delivered, that is not an error: `answer` says why.',
    args: { channel: t.arg.id({ required: true, description: 'Which channel.' }) },
    resolve: (_, { channel }, context) => testChannel(context, keyOf('Channel', channel, 'channel')),
  }),
)
