// A run of a job: its type, the lists of runs, and the mutation that records one.

import type { GraphQLResolveInfo } from 'graphql'
import type { Prisma } from '../generated/prisma/client.ts'
import { builder, type RequestContext } from './builder.ts'
import { BackupStatus } from './enums.ts'
import { keyOf } from './globalId.ts'
import { bothDirections, type PageArguments, readPage } from './keyset.ts'
import { nodeSelection } from './nodeSelection.ts'

const BackupSource = builder.prismaObject('Backup', {
  variant: 'BackupSource',
  description: 'What a run found at the source.',
  select: {},
  fields: (t) => ({
    openedFiles: t.expose('openedFiles', { type: 'BigInt', description: 'Files opened to look for changes.' }),
    addedFiles: t.expose('addedFiles', { type: 'BigInt', description: 'New files.' }),
    modifiedFiles: t.expose('modifiedFiles', { type: 'BigInt', description: 'Changed files.' }),
    deletedFiles: t.expose('deletedFiles', { type: 'BigInt', description: 'Files that are gone.' }),
    timestampChangedFiles: t.expose('timestampChangedFiles', {
      type: 'BigInt',
      description: 'Files whose time changed but not their content.',
    }),
    notProcessedFiles: t.expose('notProcessedFiles', { type: 'BigInt', description: 'Files not looked at.' }),
    tooLargeFiles: t.expose('tooLargeFiles', { type: 'BigInt', description: 'Files left out for their size.' }),
    filesWithError: t.expose('filesWithError', { type: 'BigInt', description: 'Files that could not be read.' }),
    addedFolders: t.expose('addedFolders', { type: 'BigInt', description: 'New folders.' }),
    modifiedFolders: t.expose('modifiedFolders', { type: 'BigInt', description: 'Changed folders.' }),
    deletedFolders: t.expose('deletedFolders', { type: 'BigInt', description: 'Folders that are gone.' }),
    addedSymlinks: t.expose('addedSymlinks', { type: 'BigInt', description: 'New symbolic links.' }),
    modifiedSymlinks: t.expose('modifiedSymlinks', { type: 'BigInt', description: 'Changed symbolic links.' }),
    deletedSymlinks: t.expose('deletedSymlinks', { type: 'BigInt', description: 'Symbolic links that are gone.' }),
    openedSize: t.expose('openedSize', { type: 'BigInt', description: 'Bytes of the opened files.' }),
    addedSize: t.expose('addedSize', { type: 'BigInt', description: 'Bytes of the new files.' }),
    modifiedSize: t.expose('modifiedSize', { type: 'BigInt', description: 'Bytes of the changed files.' }),
  }),
})

const BackupDestination = builder.prismaObject('Backup', {
  variant: 'BackupDestination',
  description: 'What a run did and found at its destination.',
  select: {},
  fields: (t) => ({
    type: t.exposeString('destinationType', {
      nullable: true,
      description: 'The kind of destination, such as `s3` or `file`; null if the report does not say.',
    }),
    hostSuffix: t.exposeString('destinationHostSuffix', {
      nullable: true,
      description: 'The end of the host name, such as `.amazonaws.com`; null if the report does not say.',
    }),
    storedFiles: t.expose('storedFiles', {
      type: 'BigInt',
      nullable: true,
      description: 'Files of the backup there; null when the run ended before the destination was listed.',
    }),
    unknownFiles: t.expose('unknownFiles', { type: 'BigInt', description: 'Files there that are not of the backup.' }),
    unknownSize: t.expose('unknownSize', { type: 'BigInt', description: 'Bytes of those files.' }),
    lastVersionAt: t.expose('lastBackupAt', {
      type: 'DateTime',
      nullable: true,
      description: 'The newest version there at the last listing; null if it was never listed.',
    }),
    uploadedFiles: t.expose('uploadedFiles', { type: 'BigInt', description: 'Remote files uploaded.' }),
    downloadedFiles: t.expose('downloadedFiles', { type: 'BigInt', description: 'Remote files downloaded.' }),
    downloadedSize: t.expose('downloadedSize', { type: 'BigInt', description: 'Bytes downloaded.' }),
    deletedFiles: t.expose('deletedRemoteFiles', { type: 'BigInt', description: 'Remote files deleted.' }),
    createdFolders: t.expose('createdRemoteFolders', { type: 'BigInt', description: 'Remote folders created.' }),
    remoteCalls: t.expose('remoteCalls', { type: 'BigInt', description: 'Calls to the destination.' }),
    retries: t.expose('retries', { type: 'BigInt', description: 'Transfers that had to be tried again.' }),
    totalQuota: t.expose('totalQuota', {
      type: 'BigInt',
      nullable: true,
      description: 'Bytes the destination holds in all; null if it does not tell.',
    }),
    freeQuota: t.expose('freeQuota', {
      type: 'BigInt',
      nullable: true,
      description: 'Bytes that are left there; null if it does not tell.',
    }),
    assignedQuota: t.expose('assignedQuota', {
      type: 'BigInt',
      nullable: true,
      description: 'Bytes assigned to this backup; null if none are.',
    }),
    quotaError: t.exposeBoolean('quotaError', { description: 'Whether the quota is exceeded.' }),
    quotaWarning: t.exposeBoolean('quotaWarning', { description: 'Whether the quota is nearly exceeded.' }),
  }),
})

const DuplicatiClient = builder.prismaObject('Backup', {
  variant: 'DuplicatiClient',
  description: 'The Duplicati that ran.',
  select: {},
  fields: (t) => ({
    version: t.exposeString('version', { nullable: true, description: 'Its version, as it writes it.' }),
    operatingSystem: t.exposeString('operatingSystem', { nullable: true, description: 'Windows, Linux or MacOS.' }),
    operatingSystemDetail: t.exposeString('operatingSystemDetail', {
      nullable: true,
      description: 'Its exact release.',
    }),
    installationType: t.exposeString('installationType', { nullable: true, description: 'How it was installed.' }),
    updateChannel: t.exposeString('updateChannel', { nullable: true, description: 'Stable, Beta or another channel.' }),
  }),
})

export const Backup = builder.prismaNode('Backup', {
  id: { field: 'id', description: 'Like `Backup:123`.' },
  nullable: true,
  description: 'One run of a job, as its report tells.',
  select: {},
  fields: (t) => ({
    databaseId: t.exposeInt('id', { description: 'The number in the id. Runs are numbered in the order of receipt.' }),
    legacyId: t.exposeString('legacyId', {
      nullable: true,
      description: 'The id the run had before release 0.7; null for all others.',
    }),
    status: t.expose('status', { type: BackupStatus, description: 'How it ended.' }),
    reportedResult: t.exposeString('parsedResult', {
      nullable: true,
      description: 'The result as the report states it; null if it does not.',
    }),
    beganAt: t.field({
      type: 'DateTime',
      description: "When it began, by the machine's own clock; the time of receipt if the report does not say.",
      select: { beganAt: true, receivedAt: true },
      resolve: ({ beganAt, receivedAt }) => beganAt ?? receivedAt,
    }),
    endedAt: t.expose('endedAt', {
      type: 'DateTime',
      nullable: true,
      description: "When it ended, by the machine's own clock; null if the report does not say.",
    }),
    receivedAt: t.expose('receivedAt', { type: 'DateTime', description: 'When the report was received.' }),
    durationSeconds: t.exposeFloat('durationSeconds', {
      nullable: true,
      description: 'How long it took, in seconds; negative if the clock was set back, null if the report does not say.',
    }),
    dryRun: t.exposeBoolean('dryRun', { description: 'Whether it only tried. A dry run counts nowhere.' }),
    partial: t.exposeBoolean('partial', { description: 'Whether it stopped before everything was backed up.' }),
    interrupted: t.exposeBoolean('interrupted', { description: 'Whether a script or a person interrupted it.' }),
    sourceSize: t.expose('sourceSize', {
      type: 'BigInt',
      nullable: true,
      description: 'Bytes of the examined files; null when the run ended before it knew.',
    }),
    uploadedSize: t.expose('uploadedSize', { type: 'BigInt', description: 'Bytes uploaded.' }),
    storedSize: t.expose('storedSize', {
      type: 'BigInt',
      nullable: true,
      description: 'Bytes at the destination; null when the run ended before the destination was listed.',
    }),
    examinedFiles: t.expose('examinedFiles', { type: 'BigInt', description: 'Files looked at.' }),
    versions: t.exposeInt('versions', {
      nullable: true,
      description: 'Versions at the destination; null when the run ended before the destination was listed.',
    }),
    availableVersions: t.field({
      type: ['DateTime'],
      nullable: true,
      description: 'The times of those versions, newest first; null if the report does not list them.',
      select: { availableVersions: true },
      resolve: ({ availableVersions }) =>
        availableVersions === null ? null : (JSON.parse(availableVersions) as string[]),
    }),
    messages: t.exposeInt('messages', { description: 'How many messages it logged.' }),
    warnings: t.exposeInt('warnings', { description: 'How many warnings it logged.' }),
    errors: t.exposeInt('errors', { description: 'How many errors it logged.' }),
    exception: t.exposeString('exception', {
      nullable: true,
      description: 'What aborted it, with the stack; null if nothing did. It is not escaped.',
    }),
    logLinesDropped: t.exposeInt('logLinesDropped', {
      description: 'Log lines of the report that were not stored: those in the middle of a long log.',
    }),
    source: t.variant(BackupSource, { description: 'What it found at the source.' }),
    destination: t.variant(BackupDestination, { description: 'What it did and found at the destination.' }),
    client: t.variant(DuplicatiClient, { description: 'The Duplicati that ran.' }),
    nextScheduledRun: t.expose('nextScheduledRun', {
      type: 'DateTime',
      nullable: true,
      description: 'The next run as Duplicati announced it; null if it did not, as after a run by hand.',
    }),
    reportedJobId: t.exposeString('backupId', {
      nullable: true,
      description: "Duplicati's id of the job in this report, such as `DB-3`.",
    }),
    reportedJobName: t.exposeString('backupName', {
      nullable: true,
      description: 'The name of the job in this report.',
    }),
    operation: t.exposeString('mainOperation', { description: "Duplicati's name of the operation: `Backup`." }),
    legacy: t.field({
      type: 'JSON',
      nullable: true,
      description: 'Columns of a database before 0.7 that have no place of their own; null for all other runs.',
      select: { legacy: true },
      resolve: ({ legacy }) => (legacy === null ? null : JSON.parse(legacy)),
    }),
    job: t.relation('job', { description: 'The job it was a run of.' }),
    server: t.relation('server', { description: 'The server it ran on.' }),
  }),
})

const BackupEdge = builder.edgeObject({ type: Backup, name: 'BackupEdge' })
const BackupConnection = builder.connectionObject({ type: Backup, name: 'BackupConnection' }, BackupEdge)

const orders = bothDirections('BEGAN_AT', { name: 'orderedAt', type: 'time' })

const BackupOrder = builder.enumType('BackupOrder', {
  description: 'Orders of runs. A begin time in the future counts as the time of receipt, because clocks lie.',
  values: {
    BEGAN_AT_DESC: { description: 'The newest first.' },
    BEGAN_AT_ASC: { description: 'The oldest first.' },
  } as const,
})

const BackupFilter = builder.inputType('BackupFilter', {
  description: 'Which runs; what is left out does not restrict.',
  fields: (t) => ({
    server: t.id({ description: 'Only runs of this server.' }),
    job: t.id({ description: 'Only runs of this job.' }),
    status: t.field({ type: [BackupStatus], description: 'Only runs that ended in one of these ways.' }),
    beganAfter: t.field({ type: 'DateTime', description: 'Only runs that began at this moment or later.' }),
    beganBefore: t.field({ type: 'DateTime', description: 'Only runs that began before this moment.' }),
  }),
})

const listArguments = builder.args((t) => ({
  filter: t.field({ type: BackupFilter, description: 'Which runs; all if left out.' }),
  orderBy: t.field({ type: BackupOrder, defaultValue: 'BEGAN_AT_DESC', description: 'In which order.' }),
}))

builder.queryField('backups', (t) =>
  t.connection(
    {
      type: Backup,
      description: 'Runs of all jobs.',
      args: listArguments,
      resolve: (_, args, context, info) => readBackups({}, args, context, info),
    },
    BackupConnection,
    BackupEdge,
  ),
)

builder.prismaObjectField('Server', 'backups', (t) =>
  t.connection(
    {
      type: Backup,
      description: 'Runs of all jobs of this server.',
      select: { id: true },
      args: listArguments,
      resolve: ({ id }, args, context, info) => readBackups({ serverId: id }, args, context, info),
    },
    BackupConnection,
    BackupEdge,
  ),
)

builder.prismaObjectField('BackupJob', 'backups', (t) =>
  t.connection(
    {
      type: Backup,
      description: 'Runs of this job.',
      select: { id: true },
      args: listArguments,
      resolve: ({ id }, args, context, info) => readBackups({ jobId: id }, args, context, info),
    },
    BackupConnection,
    BackupEdge,
  ),
)

interface ListArguments extends PageArguments {
  filter?: typeof BackupFilter.$inferInput | null | undefined
  orderBy?: keyof typeof orders | null | undefined
}

/** A page of the runs within `scope`. */
async function readBackups(
  scope: Prisma.BackupWhereInput,
  args: ListArguments,
  context: RequestContext,
  info: GraphQLResolveInfo,
) {
  const where: Prisma.BackupWhereInput = { AND: [scope, filterOf(args.filter)] }
  const { reader } = context.database
  const order = orders[args.orderBy ?? 'BEGAN_AT_DESC']
  const selection = nodeSelection(context, info, order)
  const page = await readPage(args, order, (query) =>
    reader.backup.findMany({ ...selection, ...query, where: { AND: [where, query.where] } }),
  )
  return { ...page, totalCount: () => reader.backup.count({ where }) }
}

function filterOf(filter: ListArguments['filter']): Prisma.BackupWhereInput {
  if (!filter) return {}
  return {
    ...(filter.server ? { serverId: keyOf('Server', filter.server, 'filter.server') } : {}),
    ...(filter.job ? { jobId: keyOf('BackupJob', filter.job, 'filter.job') } : {}),
    ...(filter.status ? { status: { in: filter.status } } : {}),
    orderedAt: {
      ...(filter.beganAfter ? { gte: filter.beganAfter } : {}),
      ...(filter.beganBefore ? { lt: filter.beganBefore } : {}),
    },
  }
}
