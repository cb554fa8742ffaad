// A channel: its type, how it is found, and the list of all channels.

import { builder } from '../builder.ts'
import { keyOf } from '../lists/globalId.ts'
import { type Order, readPage } from '../lists/keyset.ts'
import { nodeSelection } from '../lists/nodeSelection.ts'
import { ChannelKind, ChannelSettings, settingsShown } from './channelSettings.ts'

export const Channel = builder.prismaNode('Channel', {
  id: { field: 'id', description: 'Like `Channel:1`.' },
  nullable: true,
  description: 'A way to notify people. Its rules decide which messages it gets; without a rule it gets none.',
  select: {},
  fields: (t) => ({
    databaseId: t.exposeInt('id', { description: 'The number in the id.' }),
    kind: t.expose('kind', { type: ChannelKind, description: 'Its kind.' }),
    name: t.exposeString('name', { description: 'The name that a person gave it.' }),
    enabled: t.exposeBoolean('enabled', {
      description: 'Whether it is used. Nothing is sent to a channel that is switched off.',
    }),
    settings: t.field({
      type: ChannelSettings,
      description: 'The settings of its kind.',
      select: { kind: true, settings: true, secrets: true },
      resolve: settingsShown,
    }),
    rules: t.relation('rules', {
      description: 'Its rules, the oldest first. If several match a job, the most specific one counts.',
      query: { orderBy: { id: 'asc' } },
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was created.' }),
    updatedAt: t.expose('updatedAt', { type: 'DateTime', description: 'When a person last changed it.' }),
  }),
})

builder.queryField('channel', (t) =>
  t.prismaField({
    type: Channel,
    nullable: true,
    extensions: { needs: 'READ' },
    description: 'One channel; null if no channel has this id.',
    args: { id: t.arg.id({ required: true, description: 'Which channel.' }) },
    resolve: (query, _, { id }, { database }) =>
      database.reader.channel.findUnique({ ...query, where: { id: keyOf('Channel', id, 'id') } }),
  }),
)

const byId: Order = { name: 'ID', columns: [{ name: 'id', direction: 'asc', type: 'number' }] }

builder.queryField('channels', (t) =>
  t.connection(
    {
      type: Channel,
      extensions: { needs: 'READ' },
      description: 'All channels, the oldest first.',
      resolve: async (_, args, context, info) => {
        const { channel } = context.database.reader
        const selection = nodeSelection(context, info, byId)
        const page = await readPage(args, byId, (query) => channel.findMany({ ...selection, ...query }))
        return { ...page, totalCount: () => channel.count() }
      },
    },
    { name: 'ChannelConnection', description: 'A page of channels.' },
    { name: 'ChannelEdge', description: 'A channel on a page, with its cursor.' },
  ),
)
