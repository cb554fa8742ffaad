// The Duplicati of a server: how it is asked, and what came of it.

import type { Collected } from '../../services/asking/collect.ts'
import { connectServer, disconnectServer, type Tested, testConnection } from '../../services/asking/connections.ts'
import { type ReportedHere, reportHere } from '../../services/asking/reportHere.ts'
import { builder } from '../builder.ts'
import { keyOf } from '../lists/globalId.ts'
import { Server } from './server.ts'

const ConnectionState = builder.enumType('ConnectionState', {
  description: 'How asking a Duplicati ended last.',
  values: {
    NEW: { description: 'It was not asked yet.' },
    WORKS: { description: 'It answered, and is the one of this server.' },
    UNPROVEN: {
      description:
        'It answered, but may be another machine: no run in its logs is known here. Nothing is recorded, and it is asked again.',
    },
    FAILED: { description: 'It could not be asked; `problem` says why.' },
  } as const,
})

const ConnectionSetup = builder
  .objectRef<{ reportsToUs: boolean | null; missing: string }>('ConnectionSetup')
  .implement({
    description: 'What is set in a Duplicati, as far as it matters here.',
    fields: (t) => ({
      reportsToUs: t.exposeBoolean('reportsToUs', {
        nullable: true,
        description: 'Whether it posts its reports to this server; null if PUBLIC_URL is not set.',
      }),
      missing: t.stringList({
        description: 'What is missing for it to be watched well, a sentence each.',
        resolve: ({ missing }) => JSON.parse(missing) as string[],
      }),
    }),
  })

const Connection = builder.prismaObject('Connection', {
  name: 'DuplicatiConnection',
  description: 'How the Duplicati of a server is asked, and what came of it. The credential is never shown.',
  select: {},
  fields: (t) => ({
    url: t.exposeString('url', { description: 'Its address.' }),
    certificateFingerprint: t.exposeString('certificateFingerprint', {
      nullable: true,
      description: 'The SHA-256 of the only certificate that is accepted; null for any that is trusted.',
    }),
    state: t.expose('state', { type: ConnectionState, description: 'How asking it ended last.' }),
    checkedAt: t.expose('checkedAt', { type: 'DateTime', nullable: true, description: 'When it was last asked.' }),
    problem: t.exposeString('problem', { nullable: true, description: 'What is wrong, in a sentence.' }),
    version: t.exposeString('version', { nullable: true, description: 'Its release, like `2.3.0.4`.' }),
    jobs: t.exposeInt('jobs', { nullable: true, description: 'How many jobs it has.' }),
    provenAt: t.expose('provenAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When a run was found that both know, which proves that it is the Duplicati of this server.',
    }),
    setup: t.field({
      type: ConnectionSetup,
      nullable: true,
      description: 'What is set there; null before it was asked.',
      select: { reportsToUs: true, missing: true, version: true },
      resolve: ({ reportsToUs, missing, version }) => (version === null ? null : { reportsToUs, missing }),
    }),
  }),
})

builder.prismaObjectField('Server', 'connection', (t) =>
  t.relation('connection', {
    type: Connection,
    nullable: true,
    description: 'How its Duplicati is asked; null if it is not. connectServer sets it.',
  }),
)

const Credential = builder.inputType('DuplicatiCredential', {
  isOneOf: true,
  description: 'What lets this server in. Every credential of Duplicati grants full control of it.',
  fields: (t) => ({
    foreverToken: t.string({
      description:
        'A token that does not expire, which Duplicati issues if it is started with --webservice-enable-forever-token.',
    }),
    preAuthToken: t.string({ description: 'One of the tokens in --webservice-pre-auth-tokens.' }),
    password: t.string({ description: 'Its password: each time it is asked, this server logs in, and out again.' }),
  }),
})

const ConnectServerInput = builder.inputType('ConnectServerInput', {
  description: 'How the Duplicati of a server is asked.',
  fields: (t) => ({
    server: t.id({ required: true, description: 'Which server.' }),
    url: t.string({ required: true, description: 'Its address, as in a browser: http or https.' }),
    credential: t.field({ type: Credential, required: true, description: 'What lets this server in.' }),
    certificateFingerprint: t.string({
      description: 'The SHA-256 of its certificate if that is self-signed, with or without colons.',
    }),
  }),
})

const ConnectionPayload = (name: string, description: string) =>
  builder.objectRef<{ serverId: number }>(name).implement({
    description,
    fields: (t) => ({
      server: t.prismaField({
        type: Server,
        description: 'The server as it is now.',
        resolve: (query, { serverId }, _, { database }) =>
          database.reader.server.findUniqueOrThrow({ ...query, where: { id: serverId } }),
      }),
    }),
  })

type Given = typeof ConnectServerInput.$inferInput

function connectionIn({ url, credential, certificateFingerprint }: Given) {
  return { url, credential, certificateFingerprint: certificateFingerprint ?? null }
}

builder.mutationField('connectServer', (t) =>
  t.field({
    type: ConnectionPayload('ConnectServerPayload', 'The outcome of connectServer.'),
    extensions: { needs: 'ADMIN' },
    description:
      'Lets this server ask the Duplicati of a server: for runs whose reports were lost, for schedules, and before it sends OVERDUE. It replaces an earlier connection, and asks at once, in the background. The credential is encrypted, never shown, and sent to no other address.',
    args: { input: t.arg({ type: ConnectServerInput, required: true, description: 'The connection.' }) },
    resolve: async (_, { input }, context) => {
      const serverId = keyOf('Server', input.server, 'server')
      await connectServer(context, serverId, connectionIn(input))
      return { serverId }
    },
  }),
)

builder.mutationField('disconnectServer', (t) =>
  t.field({
    type: ConnectionPayload('DisconnectServerPayload', 'The outcome of disconnectServer.'),
    extensions: { needs: 'ADMIN' },
    description: 'Removes the connection of a server, with its credential. Runs that were collected stay.',
    args: { server: t.arg.id({ required: true, description: 'Which server.' }) },
    resolve: async (_, { server }, context) => {
      const serverId = keyOf('Server', server, 'server')
      await disconnectServer(context, serverId)
      return { serverId }
    },
  }),
)

const TestConnectionPayload = builder.objectRef<Tested>('TestConnectionPayload').implement({
  description: 'The outcome of testConnection.',
  fields: (t) => ({
    works: t.exposeBoolean('works', { description: 'Whether the Duplicati can be asked like this.' }),
    problem: t.exposeString('problem', { nullable: true, description: 'What is wrong, in a sentence.' }),
    version: t.exposeString('version', { nullable: true, description: 'Its release; null if it could not be asked.' }),
  }),
})

builder.mutationField('testConnection', (t) =>
  t.field({
    type: TestConnectionPayload,
    extensions: { needs: 'ADMIN' },
    description: 'Tries a connection, and stores nothing.',
    args: { input: t.arg({ type: ConnectServerInput, required: true, description: 'The connection.' }) },
    resolve: (_, { input }) => testConnection(connectionIn(input)),
  }),
)

const CollectServerPayload = builder.objectRef<Collected & { serverId: number }>('CollectServerPayload').implement({
  description: 'The outcome of collectServer.',
  fields: (t) => ({
    server: t.prismaField({
      type: Server,
      description: 'The server as it is now.',
      resolve: (query, { serverId }, _, { database }) =>
        database.reader.server.findUniqueOrThrow({ ...query, where: { id: serverId } }),
    }),
    collected: t.exposeInt('collected', { description: 'How many runs were recorded that were not known.' }),
    known: t.exposeInt('known', { description: 'How many runs in the logs were known already.' }),
    busy: t.exposeStringList('busy', {
      description: 'The jobs whose logs could not be read because they are running. They are read the next time.',
    }),
    problem: t.exposeString('problem', {
      nullable: true,
      description: 'Why nothing, or not everything, could be collected, in a sentence.',
    }),
  }),
})

builder.mutationField('collectServer', (t) =>
  t.field({
    type: CollectServerPayload,
    extensions: { needs: 'ADMIN' },
    description:
      'Asks the Duplicati of a server now, and records the runs that it knows and this server does not. It happens every hour without this.',
    args: { server: t.arg.id({ required: true, description: 'Which server.' }) },
    resolve: async (_, { server }, context) => {
      const serverId = keyOf('Server', server, 'server')
      return { serverId, ...(await context.collector.collect(serverId)) }
    },
  }),
)

const ReportHerePayload = builder.objectRef<ReportedHere & { serverId: number }>('ReportHerePayload').implement({
  description: 'The outcome of reportHere.',
  fields: (t) => ({
    server: t.prismaField({
      type: Server,
      description: 'The server as it is now.',
      resolve: (query, { serverId }, _, { database }) =>
        database.reader.server.findUniqueOrThrow({ ...query, where: { id: serverId } }),
    }),
    changed: t.exposeBoolean('changed', {
      description: 'Whether something was changed, or would be with dryRun: false.',
    }),
    before: t.exposeString('before', {
      nullable: true,
      description: 'The option --send-http-json-urls before, with `TOKEN` in place of a token of this server.',
    }),
    after: t.exposeString('after', { description: 'The same after the change.' }),
  }),
})

builder.mutationField('reportHere', (t) =>
  t.field({
    type: ReportHerePayload,
    extensions: { needs: 'ADMIN' },
    description:
      'Adds the address of this server (PUBLIC_URL) to those that the Duplicati of a server reports to, or replaces it; everything else there stays as it is. Where a token is needed, it gets a new REPORT token for this server alone, and the old one is revoked.',
    args: {
      server: t.arg.id({ required: true, description: 'Which server. It must be connected.' }),
      dryRun: t.arg.boolean({
        required: true,
        defaultValue: false,
        description: 'Whether to show the change only, and make nothing.',
      }),
    },
    resolve: async (_, { server, dryRun }, context) => {
      const serverId = keyOf('Server', server, 'server')
      return { serverId, ...(await reportHere(context, serverId, dryRun)) }
    },
  }),
)
