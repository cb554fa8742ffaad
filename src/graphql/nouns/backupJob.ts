// A backup job: its type, how it is found, and the list of all jobs.

import type { Prisma } from '../../generated/prisma/client.ts'
import { findDuplicateJobs } from '../../services/identity/findDuplicates.ts'
import { builder } from '../builder.ts'
import { keyOf } from '../lists/globalId.ts'
import { bothDirections, type Order, readPage } from '../lists/keyset.ts'
import { nameContains } from '../lists/nameContains.ts'
import { nodeSelection } from '../lists/nodeSelection.ts'
import { jobTagged } from '../lists/tagged.ts'
import { BackupStatus, JobState } from './enums.ts'
import { Server } from './server.ts'

const JobTotals = builder.prismaObject('BackupJob', {
  variant: 'JobTotals',
  description: 'What all runs of a job add up to. Dry runs and prevented runs do not count.',
  select: {},
  fields: (t) => ({
    runs: t.exposeInt('runs', { description: 'How many there were.' }),
    succeeded: t.exposeInt('succeeded', { description: 'Those that ended as SUCCESS.' }),
    warned: t.exposeInt('warned', { description: 'Those that ended as WARNING or UNKNOWN.' }),
    failed: t.exposeInt('failed', { description: 'Those that ended as ERROR or FATAL.' }),
    uploadedSize: t.expose('uploadedSize', { type: 'BigInt', description: 'Bytes uploaded in all.' }),
    dryRuns: t.exposeInt('dryRuns', { description: 'How many dry runs there were beside them.' }),
    preventedRuns: t.exposeInt('preventedRuns', {
      description: 'How many runs beside them were not let begin: a script before the backup stopped them.',
    }),
  }),
})

export const BackupJob = builder.prismaNode('BackupJob', {
  id: { field: 'id', description: 'Like `BackupJob:7`.' },
  nullable: true,
  description: 'One named backup on one server.',
  select: {},
  fields: (t) => ({
    databaseId: t.exposeInt('id', { description: 'The number in the id.' }),
    backupId: t.exposeString('backupId', {
      nullable: true,
      description:
        "Duplicati's id of it in the latest report, such as `DB-3`, unique within one Duplicati only; null while no report brought one.",
    }),
    backupIds: t.stringList({
      description: 'All of its ids: a job that was imported anew has several. The one seen last comes last.',
      select: { backupIds: { select: { backupId: true }, orderBy: [{ lastAt: 'asc' }, { backupId: 'asc' }] } },
      resolve: ({ backupIds }) => [...new Set(backupIds.map(({ backupId }) => backupId).reverse())].reverse(),
    }),
    name: t.exposeString('name', { description: 'Its name in Duplicati. It follows the latest run.' }),
    alias: t.exposeString('alias', { nullable: true, description: 'A name that a person gave; null if nobody did.' }),
    notes: t.exposeString('notes', { nullable: true, description: 'What a person noted of it; null if nobody did.' }),
    displayName: t.string({
      description: 'The alias, or else the name.',
      select: { alias: true, name: true },
      resolve: ({ alias, name }) => alias ?? name,
    }),
    state: t.expose('state', { type: JobState, description: 'How it stands.' }),
    stateSince: t.field({
      type: 'DateTime',
      description:
        'Since when it stands so: when it fell due, when the tolerance passed, or when a report or a person changed it.',
      select: { stateSince: true, createdAt: true },
      resolve: ({ stateSince, createdAt }) => stateSince ?? createdAt,
    }),
    paused: t.exposeBoolean('paused', { description: 'Whether somebody paused it: then nothing is expected of it.' }),
    lastStatus: t.expose('lastStatus', {
      type: BackupStatus,
      nullable: true,
      description: 'How the latest run ended, also while the next one is late; null before the first.',
    }),
    latestBackupAt: t.expose('latestAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When the latest run began; null before the first.',
    }),
    nextScheduledRun: t.expose('nextScheduledRun', {
      type: 'DateTime',
      nullable: true,
      description: 'The next run as Duplicati announced it last; null if it never did.',
    }),
    dueAt: t.expose('dueAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When the next report is expected; null if none is.',
    }),
    overdueAt: t.expose('overdueAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When the tolerance passes too; null if no report is expected.',
    }),
    sourceSize: t.expose('sourceSize', {
      type: 'BigInt',
      nullable: true,
      description: 'The latest known bytes of the source; null while no run told.',
    }),
    storedSize: t.expose('storedSize', {
      type: 'BigInt',
      nullable: true,
      description:
        'The latest known bytes at the destination; a failed run does not change it. Null while no run told.',
    }),
    versions: t.exposeInt('versions', {
      nullable: true,
      description: 'The latest known number of versions at the destination; null while no run told.',
    }),
    totals: t.variant(JobTotals, { description: 'What all its runs add up to.' }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was first heard of.' }),
    updatedAt: t.expose('updatedAt', {
      type: 'DateTime',
      description: 'When a person last changed it; if nobody did, like createdAt.',
    }),
    server: t.relation('server', { description: 'The server it runs on.' }),
    latestBackup: t.relation('latestBackup', {
      nullable: true,
      description: 'The latest run that counts; null before the first. Dry runs and prevented runs do not count.',
    }),
    lastSuccess: t.relation('lastSuccess', {
      nullable: true,
      description: 'The latest run that counts and ended as SUCCESS; null before the first.',
    }),
    lastSuccessAt: t.expose('lastSuccessAt', {
      type: 'DateTime',
      nullable: true,
      description:
        'When that run began. A job that a script prevents every night goes on without a failure: this tells how old its last good backup is.',
    }),
  }),
})

builder.queryField('backupJob', (t) =>
  t.prismaField({
    type: BackupJob,
    nullable: true,
    extensions: { needs: 'READ' },
    description: 'One job; null if there is none of that id.',
    args: { id: t.arg.id({ required: true, description: 'Which job.' }) },
    resolve: (query, _, { id }, { database }) =>
      database.reader.backupJob.findUnique({ ...query, where: { id: keyOf('BackupJob', id, 'id') } }),
  }),
)

const orders = {
  ...bothDirections('DISPLAY_NAME', { name: 'sortName', type: 'text' }),
  ...bothDirections('SEVERITY', { name: 'severity', type: 'number' }),
  ...bothDirections('NAME', { name: 'name', type: 'text' }),
  ...bothDirections('LATEST_BACKUP_AT', { name: 'latestAt', type: 'time', nullable: true }),
  ...bothDirections('DUE_AT', { name: 'dueAt', type: 'time', nullable: true }),
  DUE_AT_ASC_NULLS_LAST: {
    name: 'DUE_AT_ASC_NULLS_LAST',
    columns: [
      { name: 'dueAt', direction: 'asc', type: 'time', nullable: true, nullsLast: true },
      { name: 'id', direction: 'asc', type: 'number' },
    ],
  } satisfies Order,
  ...bothDirections('SOURCE_SIZE', { name: 'sourceSize', type: 'size', nullable: true, nullsLast: true }),
  ...bothDirections('STORED_SIZE', { name: 'storedSize', type: 'size', nullable: true, nullsLast: true }),
  ...bothDirections('LATEST_DURATION', { name: 'latestSeconds', type: 'real', nullable: true, nullsLast: true }),
}

const BackupJobOrder = builder.enumType('BackupJobOrder', {
  description: 'Orders of jobs.',
  values: {
    DISPLAY_NAME_ASC: { description: 'By alias, or else name, whatever the case and the accents.' },
    DISPLAY_NAME_DESC: { description: 'By alias, or else name, whatever the case and the accents, backwards.' },
    SEVERITY_DESC: { description: 'By state: OVERDUE first, then LATE, FAILED, WARNING, OK, NEW, and PAUSED last.' },
    SEVERITY_ASC: { description: 'By state: PAUSED first, then NEW, OK, WARNING, FAILED, LATE, and OVERDUE last.' },
    NAME_ASC: { description: 'By name, capitals first.' },
    NAME_DESC: { description: 'By name, backwards.' },
    LATEST_BACKUP_AT_ASC: { description: 'By their latest runs: those that never ran first, then the longest ago.' },
    LATEST_BACKUP_AT_DESC: { description: 'By their latest runs: the newest first, those that never ran last.' },
    DUE_AT_ASC: { description: 'By when they are due: those of which nothing is expected first, then the earliest.' },
    DUE_AT_ASC_NULLS_LAST: {
      description: 'By when they are due: the earliest first, those of which nothing is expected last.',
    },
    DUE_AT_DESC: { description: 'By when they are due: the latest first, those of which nothing is expected last.' },
    SOURCE_SIZE_DESC: { description: 'By the size at the source: the largest first, unknown sizes last.' },
    SOURCE_SIZE_ASC: { description: 'By the size at the source: the smallest first, unknown sizes last.' },
    STORED_SIZE_DESC: { description: 'By the size at the destination: the largest first, unknown sizes last.' },
    STORED_SIZE_ASC: { description: 'By the size at the destination: the smallest first, unknown sizes last.' },
    LATEST_DURATION_DESC: {
      description: 'By how long the latest run took: the longest first, those that do not tell last.',
    },
    LATEST_DURATION_ASC: {
      description: 'By how long the latest run took: the shortest first, those that do not tell last.',
    },
  } as const,
})

const BackupJobFilter = builder.inputType('BackupJobFilter', {
  description: 'Which jobs; what is left out does not restrict.',
  fields: (t) => ({
    server: t.id({ description: 'Only jobs of this server.' }),
    state: t.field({ type: [JobState], description: 'Only jobs in one of these states.' }),
    tag: t.string({
      description: 'Only jobs that this tag, in whatever case, counts for: they or their servers carry it.',
    }),
    name: t.string({ description: 'Only jobs of exactly this name, as Duplicati has it.' }),
    dueAfter: t.field({ type: 'DateTime', description: 'Only jobs that are due at this moment or later.' }),
    dueBefore: t.field({ type: 'DateTime', description: 'Only jobs that are due before this moment.' }),
    acknowledged: t.boolean({
      description: 'Only jobs of which somebody said to know of their trouble, or with `false` none of them.',
    }),
    snoozed: t.boolean({ description: 'Only jobs that somebody silenced for now, or with `false` none of them.' }),
    search: t.string({
      description:
        'Only jobs whose name or alias contains this text, as it is but for the case of A to Z. Up to 1,000 characters.',
    }),
  }),
})

builder.queryField('backupJobs', (t) =>
  t.connection(
    {
      type: BackupJob,
      extensions: { needs: 'READ' },
      description: 'The jobs of all servers.',
      args: {
        filter: t.arg({ type: BackupJobFilter, description: 'Which jobs; all if left out.' }),
        orderBy: t.arg({ type: BackupJobOrder, defaultValue: 'DISPLAY_NAME_ASC', description: 'In which order.' }),
      },
      resolve: async (_, { filter, ...args }, context, info) => {
        const { reader } = context.database
        const where: Prisma.BackupJobWhereInput = {
          ...(filter?.server ? { serverId: keyOf('Server', filter.server, 'filter.server') } : {}),
          AND: [
            nameContains(filter?.search),
            filter?.state ? { state: { in: filter.state } } : {},
            jobTagged(filter?.tag),
            filter ? watchedAs(filter) : {},
          ],
        }
        const order = orders[args.orderBy ?? 'DISPLAY_NAME_ASC']
        const selection = nodeSelection(context, info, order)
        const page = await readPage(args, order, (query) =>
          reader.backupJob.findMany({ ...selection, ...query, where: { AND: [where, query.where] } }),
        )
        return { ...page, totalCount: () => reader.backupJob.count({ where }) }
      },
    },
    { name: 'BackupJobConnection', description: 'A page of jobs.' },
    { name: 'BackupJobEdge', description: 'A job of a page, and where it lies in the list.' },
  ),
)

function watchedAs({ name, dueAfter, dueBefore, acknowledged, snoozed }: typeof BackupJobFilter.$inferInput) {
  const isSet = (wanted: boolean) => (wanted ? { not: null } : null)
  return {
    ...(typeof name === 'string' ? { name } : {}),
    dueAt: { ...(dueAfter ? { gte: dueAfter } : {}), ...(dueBefore ? { lt: dueBefore } : {}) },
    ...(typeof acknowledged === 'boolean' ? { acknowledged: isSet(acknowledged) } : {}),
    ...(typeof snoozed === 'boolean' ? { snoozedUntil: isSet(snoozed) } : {}),
  } satisfies Prisma.BackupJobWhereInput
}

const DuplicateJobs = builder.objectRef<{ name: string; ids: number[]; serverId: number }>('DuplicateJobs').implement({
  description: 'Jobs of one server that share a name and never ran in turns: perhaps one job that was imported anew.',
  fields: (t) => ({
    name: t.exposeString('name', { description: 'The name they share.' }),
    server: t.prismaField({
      type: Server,
      description: 'Their server.',
      resolve: (query, { serverId }, _, { database }) =>
        database.reader.server.findUniqueOrThrow({ ...query, where: { id: serverId } }),
    }),
    jobs: t.prismaField({
      type: [BackupJob],
      description: 'The jobs, the oldest first.',
      resolve: (query, { ids }, _, { database }) =>
        database.reader.backupJob.findMany({ ...query, where: { id: { in: ids } }, orderBy: { id: 'asc' } }),
    }),
  }),
})

builder.queryField('duplicateJobs', (t) =>
  t.field({
    type: [DuplicateJobs],
    extensions: { needs: 'READ' },
    description: 'Jobs of the same name on one server: candidates for mergeBackupJobs.',
    resolve: (_, __, context) => findDuplicateJobs(context),
  }),
)
