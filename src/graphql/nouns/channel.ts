// A channel: its type, how it is found, and the list of all channels.

import { builder } from '../builder.ts'
import { keyOf } from '../lists/globalId.ts'
import { type Order, readPage } from '../lists/keyset.ts'
import { nodeSelection } from '../lists/nodeSelection.ts'
import { ChannelKind, ChannelSettings, settingsShown } from './channelSettings.ts'

export const Channel = builder.prismaNode('Channel', {
  id: { field: 'id', description: 'Like `Channel:1`.' },
  nullable: true,
  description: 'A way to tell people. It is told what its rules say, and without a rule nothing.',
  select: {},
  fields: (t) => ({
    databaseId: t.exposeInt('id', { description: 'The number in the id.' }),
    kind: t.expose('kind', { type: ChannelKind, description: 'What kind it is.' }),
    name: t.exposeString('name', { description: 'The name a person gave it.' }),
    enabled: t.exposeBoolean('enabled', {
      description: 'Whether it is used. One that is switched off is told nothing.',
    }),
    settings: t.field({
      type: ChannelSettings,
      description: 'What its kind wants to know.',
      select: { kind: true, settings: true, secrets: true },
      resolve: settingsShown,
    }),
    rules: t.relation('rules', {
      description: 'What it is told, the oldest rule first. Of those that are about a job, the closest counts.',
      query: { orderBy: { id: 'asc' } },
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was made.' }),
    updatedAt: t.expose('updatedAt', { type: 'DateTime', description: 'When a person last changed it.' }),
  }),
})

builder.queryField('channel', (t) =>
  t.prismaField({
    type: Channel,
    nullable: true,
    extensions: { needs: 'READ' },
    description: 'One channel; null if there is none of that id.',
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
    { name: 'ChannelEdge', description: 'A channel of a page, and where it lies in the list.' },
  ),
)
