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
  description: 'Totals over all runs of a job. Dry runs and prevented runs do not count.',
  select: {},
  fields: (t) => ({
    runs: t.exposeInt('runs', { description: 'The number of runs.' }),
    succeeded: t.exposeInt('succeeded', { description: 'Runs that ended as SUCCESS.' }),
    warned: t.exposeInt('warned', { description: 'Runs that ended as WARNING or UNKNOWN.' }),
    failed: t.exposeInt('failed', { description: 'Runs that ended as ERROR or FATAL.' }),
    uploadedSize: t.expose('uploadedSize', { type: 'BigInt', description: 'Bytes uploaded in total.' }),
    dryRuns: t.exposeInt('dryRuns', { description: 'The number of dry runs; they are not included in `runs`.' }),
    preventedRuns: t.exposeInt('preventedRuns', {
      description: 'The number of runs that a script before the backup prevented; they are not included in `runs`.',
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
        'Its id in Duplicati, such as `DB-3`, from the latest report. It is unique only within one Duplicati. Null if no report had one.',
    }),
    backupIds: t.stringList({
      description: 'All its ids in Duplicati; a job that was imported anew has several. The one seen last comes last.',
      select: { backupIds: { select: { backupId: true }, orderBy: [{ lastAt: 'asc' }, { backupId: 'asc' }] } },
      resolve: ({ backupIds }) => [...new Set(backupIds.map(({ backupId }) => backupId).reverse())].reverse(),
    }),
    name: t.exposeString('name', { description: 'Its name in Duplicati, taken from the latest run.' }),
    alias: t.exposeString('alias', { nullable: true, description: 'A name given by a person; null if there is none.' }),
    notes: t.exposeString('notes', { nullable: true, description: 'Notes by a person; null if there are none.' }),
    displayName: t.string({
      description: 'The alias, or the name if there is no alias.',
      select: { alias: true, name: true },
      resolve: ({ alias, name }) => alias ?? name,
    }),
    state: t.expose('state', { type: JobState, description: 'Its current state.' }),
    stateSince: t.field({
      type: 'DateTime',
      description:
        'When it entered this state: when it became late or overdue, or when a report or a person changed it.',
      select: { stateSince: true, createdAt: true },
      resolve: ({ stateSince, createdAt }) => stateSince ?? createdAt,
    }),
    paused: t.exposeBoolean('paused', { description: 'Whether somebody paused it, so that no run is expected.' }),
    lastStatus: t.expose('lastStatus', {
      type: BackupStatus,
      nullable: true,
      description: 'How the latest run ended, even while the next one is late; null before the first.',
    }),
    latestBackupAt: t.expose('latestAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When the latest run began; null before the first.',
    }),
    nextScheduledRun: t.expose('nextScheduledRun', {
      type: 'DateTime',
      nullable: true,
      description: 'The next run that Duplicati announced last; null if it never announced one.',
    }),
    dueAt: t.expose('dueAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When the next report is expected; null if none is.',
    }),
    overdueAt: t.expose('overdueAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When the tolerance ends and the job becomes overdue; null if no report is expected.',
    }),
    sourceSize: t.expose('sourceSize', {
      type: 'BigInt',
      nullable: true,
      description: 'Size of the source in bytes, as last reported; null if no run has reported it.',
    }),
    storedSize: t.expose('storedSize', {
      type: 'BigInt',
      nullable: true,
      description:
        'Size at the destination in bytes, as last reported; a failed run does not change it. Null if no run has reported it.',
    }),
    versions: t.exposeInt('versions', {
      nullable: true,
      description: 'Number of versions at the destination, as last reported; null if no run has reported it.',
    }),
    totals: t.variant(JobTotals, { description: 'Totals over all its runs.' }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was first seen.' }),
    updatedAt: t.expose('updatedAt', {
      type: 'DateTime',
      description: 'When a person last changed it; the same as createdAt if nobody has.',
    }),
    server: t.relation('server', { description: 'The server it runs on.' }),
    latestBackup: t.relation('latestBackup', {
      nullable: true,
      description: 'The latest run that counts; null before the first. Dry runs and prevented runs do not count.',
    }),
    lastSuccess: t.relation('lastSuccess', {
      nullable: true,
      description: 'The latest run that ended as SUCCESS; null before the first. Dry runs do not count.',
    }),
    lastSuccessAt: t.expose('lastSuccessAt', {
      type: 'DateTime',
      nullable: true,
      description:
        'When that run began. It shows how old the last good backup is, even if a script prevents the job every night, which is not a failure.',
    }),
  }),
})

builder.queryField('backupJob', (t) =>
  t.prismaField({
    type: BackupJob,
    nullable: true,
    extensions: { needs: 'READ' },
    description: 'One job; null if no job has this id.',
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
  description: 'The order of jobs.',
  values: {
    DISPLAY_NAME_ASC: { description: 'By alias, or else name, whatever the case and the accents.' },
    DISPLAY_NAME_DESC: { description: 'By alias, or else name, whatever the case and the accents, backwards.' },
    SEVERITY_DESC: { description: 'By state: OVERDUE first, then LATE, FAILED, WARNING, OK, NEW, and PAUSED last.' },
    SEVERITY_ASC: { description: 'By state: PAUSED first, then NEW, OK, WARNING, FAILED, LATE, and OVERDUE last.' },
    NAME_ASC: { description: 'By name, capitals first.' },
    NAME_DESC: { description: 'By name, in reverse.' },
    LATEST_BACKUP_AT_ASC: { description: 'By their latest run: first those that never ran, then the oldest.' },
    LATEST_BACKUP_AT_DESC: { description: 'By their latest run: the newest first, those that never ran last.' },
    DUE_AT_ASC: { description: 'By their due time: first those without one, then the earliest.' },
    DUE_AT_ASC_NULLS_LAST: {
      description: 'By when they are due: the earliest first, those of which nothing is expected last.',
    },
    DUE_AT_DESC: { description: 'By their due time: the latest first, those without one last.' },
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
  description: 'Which jobs. A field that is left out does not restrict the list.',
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
        'Only jobs whose name or alias contains this literal text of up to 1,000 characters. The case of A to Z does not matter.',
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
    { name: 'BackupJobEdge', description: 'A job on a page, with its cursor.' },
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
  description:
    'Jobs of one server with the same name that ran one after the other, never alternately: perhaps one job that was imported anew.',
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
    description: 'Jobs with the same name on one server: candidates for mergeBackupJobs.',
    resolve: (_, __, context) => findDuplicateJobs(context),
  }),
)
