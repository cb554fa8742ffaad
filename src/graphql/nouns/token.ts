// Tokens, and who may come in without one.

import { createToken } from '../../services/access/createToken.ts'
import { revokeToken } from '../../services/access/revokeToken.ts'
import { updateAccess } from '../../services/access/updateAccess.ts'
import { builder } from '../builder.ts'
import { encodeGlobalId, keyOf } from '../lists/globalId.ts'

export const TokenScope = builder.enumType('TokenScope', {
  description: 'What a token grants.',
  values: {
    REPORT: { description: 'To post reports, and nothing else.' },
    READ: { description: 'To read everything but the tokens.' },
    ADMIN: { description: 'To do everything.' },
  } as const,
})

export const Token = builder.prismaObject('Token', {
  description: 'What lets its holder in. The token itself is shown once, by createToken.',
  select: {},
  fields: (t) => ({
    id: t.id({
      description: 'Like `Token:1`.',
      select: { id: true },
      resolve: ({ id }) => encodeGlobalId('Token', id),
    }),
    name: t.exposeString('name', { description: 'Who holds it, or what it is for.' }),
    prefix: t.exposeString('prefix', { description: 'Its first ten characters, to know it by.' }),
    scope: t.expose('scope', { type: TokenScope, description: 'What it grants.' }),
    server: t.relation('server', {
      nullable: true,
      description: 'The only server whose reports it may post; null: of any.',
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was made.' }),
    expiresAt: t.expose('expiresAt', {
      type: 'DateTime',
      nullable: true,
      description: 'From when on it is worth nothing; null: it stays good until it is revoked.',
    }),
    lastUsedAt: t.expose('lastUsedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When it last let somebody in, to the minute; null if it never did.',
    }),
    revokedAt: t.expose('revokedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When it was revoked; null if it was not.',
    }),
  }),
})

builder.queryField('tokens', (t) =>
  t.prismaField({
    type: [Token],
    extensions: { needs: 'ADMIN' },
    description: 'All tokens, the oldest first, expired and revoked ones too.',
    resolve: (query, _, __, { database }) => database.reader.token.findMany({ ...query, orderBy: { id: 'asc' } }),
  }),
)

const Access = builder.objectRef<object>('Access').implement({
  description: 'Who may come in without a token.',
  fields: (t) => ({
    id: t.id({
      description: 'Always the same: by it a client knows what updateAccess changed.',
      resolve: () => 'Access',
    }),
    requireToken: t.boolean({
      description: `Whether everybody needs a token. False after the upgrade of an old database: uploads and the REST routes of
older releases then take requests without one.`,
      resolve: async (_, __, { database }) => (await database.reader.access.findFirst())?.requireToken ?? true,
    }),
    requestsWithoutToken: t.int({
      description:
        'How many requests since the start were let in without a token, and would be refused with requireToken.',
      extensions: { uncacheable: true },
      resolve: (_, __, { counters }) => counters.requestsWithoutToken,
    }),
  }),
})

builder.queryField('access', (t) =>
  t.field({
    type: Access,
    extensions: { needs: 'READ' },
    description: 'Who may come in without a token.',
    resolve: () => ({}),
  }),
)

const UpdateAccessInput = builder.inputType('UpdateAccessInput', {
  description: 'What to change: what is left out stays as it is.',
  fields: (t) => ({
    requireToken: t.boolean({ description: 'Whether everybody needs a token.' }),
  }),
})

const UpdateAccessPayload = builder.objectRef<object>('UpdateAccessPayload').implement({
  description: 'The outcome of updateAccess.',
  fields: (t) => ({
    access: t.field({ type: Access, description: 'Who may come in now.', resolve: () => ({}) }),
  }),
})

builder.mutationField('updateAccess', (t) =>
  t.field({
    type: UpdateAccessPayload,
    extensions: { needs: 'ADMIN' },
    description: 'Changes who may come in without a token.',
    args: { input: t.arg({ type: UpdateAccessInput, required: true, description: 'What to change.' }) },
    resolve: async (_, { input: { requireToken } }, context) => {
      if (typeof requireToken === 'boolean') await updateAccess(context, requireToken)
      return {}
    },
  }),
)

const CreateTokenInput = builder.inputType('CreateTokenInput', {
  description: 'The token to make.',
  fields: (t) => ({
    name: t.string({ required: true, description: 'Who holds it, or what it is for: up to 200 characters.' }),
    scope: t.field({ type: TokenScope, required: true, description: 'What it grants. The first one must be ADMIN.' }),
    server: t.id({
      description: 'Only reports of this server; the scope must be REPORT. If the server is deleted, the token is too.',
    }),
    expiresAt: t.field({ type: 'DateTime', description: 'From when on it is worth nothing; never if left out.' }),
  }),
})

const CreateTokenPayload = builder.objectRef<{ tokenId: number; secret: string }>('CreateTokenPayload').implement({
  description: 'The outcome of createToken.',
  fields: (t) => ({
    secret: t.exposeString('secret', { description: 'The token. It is shown here, and never again.' }),
    token: t.prismaField({
      type: Token,
      description: 'What is known of it.',
      resolve: (query, { tokenId }, _, { database }) =>
        database.reader.token.findUniqueOrThrow({ ...query, where: { id: tokenId } }),
    }),
  }),
})

builder.mutationField('createToken', (t) =>
  t.field({
    type: CreateTokenPayload,
    extensions: { needs: 'ADMIN' },
    description: 'Makes a token. From the first one on, everybody needs one.',
    args: { input: t.arg({ type: CreateTokenInput, required: true, description: 'The token to make.' }) },
    resolve: (_, { input: { name, scope, server, expiresAt } }, context) =>
      createToken(context, {
        name,
        scope,
        serverId: typeof server === 'string' ? keyOf('Server', server, 'input.server') : null,
        expiresAt: expiresAt ?? null,
      }),
  }),
)

const RevokeTokenPayload = builder.objectRef<{ tokenId: number }>('RevokeTokenPayload').implement({
  description: 'The outcome of revokeToken.',
  fields: (t) => ({
    token: t.prismaField({
      type: Token,
      description: 'What is known of it.',
      resolve: (query, { tokenId }, _, { database }) =>
        database.reader.token.findUniqueOrThrow({ ...query, where: { id: tokenId } }),
    }),
  }),
})

builder.mutationField('revokeToken', (t) =>
  t.field({
    type: RevokeTokenPayload,
    extensions: { needs: 'ADMIN' },
    description: 'Takes a token back, at once and for good. The last one of the scope ADMIN stays.',
    args: { id: t.arg.id({ required: true, description: 'Which token.' }) },
    resolve: async (_, { id }, context) => {
      const tokenId = keyOf('Token', id, 'id')
      await revokeToken(context, tokenId)
      return { tokenId }
    },
  }),
)
