// Tokens, and who may come in without one.

import { createToken } from '../../services/access/createToken.ts'
import { revokeToken } from '../../services/access/revokeToken.ts'
import { updateAccess } from '../../services/access/updateAccess.ts'
import { countOf } from '../../services/upkeep/counters.ts'
import { builder } from '../builder.ts'
import { encodeGlobalId, keyOf } from '../lists/globalId.ts'

export const TokenScope = builder.enumType('TokenScope', {
  description: 'What a token allows.',
  values: {
    REPORT: { description: 'To post reports, and nothing else.' },
    READ: { description: 'To read everything except tokens.' },
    ADMIN: { description: 'To do everything.' },
  } as const,
})

export const Token = builder.prismaObject('Token', {
  description: 'An access token. The token itself is shown only once, by createToken.',
  select: {},
  fields: (t) => ({
    id: t.id({
      description: 'Like `Token:1`.',
      select: { id: true },
      resolve: ({ id }) => encodeGlobalId('Token', id),
    }),
    name: t.exposeString('name', { description: 'Who holds it, or what it is for.' }),
    prefix: t.exposeString('prefix', { description: 'Its first ten characters, to recognize it.' }),
    scope: t.expose('scope', { type: TokenScope, description: 'What it allows.' }),
    server: t.relation('server', {
      nullable: true,
      description: 'The only server whose reports it may post; null for any server.',
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was created.' }),
    expiresAt: t.expose('expiresAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When it expires; null if it is valid until it is revoked.',
    }),
    lastUsedAt: t.expose('lastUsedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When it was last used, to the minute; null if it never was.',
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
    description: 'All tokens, the oldest first, including expired and revoked ones.',
    resolve: (query, _, __, { database }) => database.reader.token.findMany({ ...query, orderBy: { id: 'asc' } }),
  }),
)

const Access = builder.objectRef<object>('Access').implement({
  description: 'Whether requests need a token.',
  fields: (t) => ({
    id: t.id({
      description: 'Always the same, so that a client recognizes the object after updateAccess.',
      resolve: () => 'Access',
    }),
    requireToken: t.boolean({
      description:
        'Whether every request needs a token. It is false after the upgrade of an old database: uploads, and GET requests to the REST routes of older releases, are then accepted without one.',
      resolve: async (_, __, { database }) => (await database.reader.access.findFirst())?.requireToken ?? true,
    }),
    requestsWithoutToken: t.int({
      description:
        'How many requests since the start were accepted without a token, and would be refused with requireToken.',
      extensions: { uncacheable: true },
      resolve: (_, __, { counters }) => countOf(counters.requestsWithoutToken),
    }),
  }),
})

builder.queryField('access', (t) =>
  t.field({
    type: Access,
    extensions: { needs: 'READ' },
    description: 'Whether requests need a token.',
    resolve: () => ({}),
  }),
)

const UpdateAccessInput = builder.inputType('UpdateAccessInput', {
  description: 'What to change. Fields that are left out stay as they are.',
  fields: (t) => ({
    requireToken: t.boolean({ description: 'Whether every request needs a token.' }),
  }),
})

const UpdateAccessPayload = builder.objectRef<object>('UpdateAccessPayload').implement({
  description: 'The outcome of updateAccess.',
  fields: (t) => ({
    access: t.field({ type: Access, description: 'Whether requests need a token now.', resolve: () => ({}) }),
  }),
})

builder.mutationField('updateAccess', (t) =>
  t.field({
    type: UpdateAccessPayload,
    extensions: { needs: 'ADMIN' },
    description: 'Changes whether requests need a token.',
    args: { input: t.arg({ type: UpdateAccessInput, required: true, description: 'What to change.' }) },
    resolve: async (_, { input: { requireToken } }, context) => {
      if (typeof requireToken === 'boolean') await updateAccess(context, requireToken)
      return {}
    },
  }),
)

const CreateTokenInput = builder.inputType('CreateTokenInput', {
  description: 'The token to create.',
  fields: (t) => ({
    name: t.string({ required: true, description: 'Who holds it, or what it is for: up to 200 characters.' }),
    scope: t.field({ type: TokenScope, required: true, description: 'What it allows. The first token must be ADMIN.' }),
    server: t.id({
      description:
        'The only server whose reports it may post; the scope must be REPORT. If the server is deleted, the token is too.',
    }),
    expiresAt: t.field({ type: 'DateTime', description: 'When it expires; never if left out.' }),
  }),
})

const CreateTokenPayload = builder.objectRef<{ tokenId: number; secret: string }>('CreateTokenPayload').implement({
  description: 'The outcome of createToken.',
  fields: (t) => ({
    secret: t.exposeString('secret', { description: 'The token itself. It is shown only here, and never again.' }),
    token: t.prismaField({
      type: Token,
      description: 'Name, scope and dates of the token.',
      resolve: (query, { tokenId }, _, { database }) =>
        database.reader.token.findUniqueOrThrow({ ...query, where: { id: tokenId } }),
    }),
  }),
})

builder.mutationField('createToken', (t) =>
  t.field({
    type: CreateTokenPayload,
    extensions: { needs: 'ADMIN' },
    description: 'Creates a token. Once there is one, local requests need a token too.',
    args: { input: t.arg({ type: CreateTokenInput, required: true, description: 'The token to create.' }) },
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
      description: 'Name, scope and dates of the token.',
      resolve: (query, { tokenId }, _, { database }) =>
        database.reader.token.findUniqueOrThrow({ ...query, where: { id: tokenId } }),
    }),
  }),
})

builder.mutationField('revokeToken', (t) =>
  t.field({
    type: RevokeTokenPayload,
    extensions: { needs: 'ADMIN' },
    description: 'Revokes a token, at once and for good. The last token of the scope ADMIN cannot be revoked.',
    args: { id: t.arg.id({ required: true, description: 'Which token.' }) },
    resolve: async (_, { id }, context) => {
      const tokenId = keyOf('Token', id, 'id')
      await revokeToken(context, tokenId)
      return { tokenId }
    },
  }),
)
