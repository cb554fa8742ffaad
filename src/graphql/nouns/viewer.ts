// Who asks, and what they may do.

import { type Caller, scopesOf } from '../../domain/access.ts'
import { builder } from '../builder.ts'
import { Server } from './server.ts'
import { Token, TokenScope } from './token.ts'

const Viewer = builder.objectRef<Caller>('Viewer').implement({
  description: 'Who asks, and what they may do.',
  fields: (t) => ({
    scopes: t.field({
      type: [TokenScope],
      description:
        'All that the caller may do: ADMIN comes with READ and REPORT. Where no token is demanded, everybody may do everything.',
      resolve: ({ scope }) => scopesOf(scope),
    }),
    token: t.prismaField({
      type: Token,
      nullable: true,
      description: 'The token that the caller holds; null where none is demanded.',
      resolve: (query, { tokenId }, _, { database }) =>
        tokenId === null ? null : database.reader.token.findUnique({ ...query, where: { id: tokenId } }),
    }),
    server: t.prismaField({
      type: Server,
      nullable: true,
      description: 'The server that the token is for; null if it is for all.',
      resolve: (query, { serverId }, _, { database }) =>
        serverId === null ? null : database.reader.server.findUnique({ ...query, where: { id: serverId } }),
    }),
  }),
})

builder.queryField('viewer', (t) =>
  t.field({
    type: Viewer,
    description: 'Who asks, and what they may do.',
    // Kept answers are by what a caller may do, and this one is by who it is.
    extensions: { needs: 'READ', uncacheable: true },
    resolve: (_, __, { caller }) => caller,
  }),
)
