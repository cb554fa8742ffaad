// A run of a job: its type, and how it is found.

import type { Remark as RemarkOfRun } from '../../domain/remarks.ts'
import { builder } from '../builder.ts'
import { keyOf } from '../lists/globalId.ts'
import { BackupDestination, BackupSource, DuplicatiClient } from './backupFigures.ts'
import { BackupOrigin, BackupStatus } from './enums.ts'
import { Remark } from './remark.ts'

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
    prevented: t.exposeBoolean('prevented', {
      description:
        'Whether a script before the backup stopped it: nothing was examined, nothing was saved. It counts nowhere, like a dry run: it ends no failure, meets no due time and is told to nobody.',
    }),
    origin: t.expose('origin', { type: BackupOrigin, description: 'How it came to be here.' }),
    remarks: t.field({
      type: [Remark],
      description:
        'What its evidence says beside the status, decided when the report was received. Empty for runs from before there were remarks.',
      select: { remarks: true },
      resolve: ({ remarks }) => (remarks === null ? [] : (JSON.parse(remarks) as RemarkOfRun[])),
    }),
    reportedMachineId: t.exposeString('machineId', {
      nullable: true,
      description: "Duplicati's machine-id in this report; null if it had none, and for runs from before it was kept.",
    }),
    reportedMachineName: t.exposeString('machineName', {
      nullable: true,
      description: 'The machine name in this report; null if it had none, and for runs from before it was kept.',
    }),
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
      description:
        'The times of the newest 1,000 of those versions, newest first; null if the report does not list them.',
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
      description:
        'Log lines of the report that are not there: those in the middle of a long log, or all that were too old.',
    }),
    logLinesCut: t.exposeInt('logLinesCut', {
      description: 'Log lines that are stored without their end: of each, 8 KiB are kept.',
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

builder.queryField('backup', (t) =>
  t.prismaField({
    type: Backup,
    nullable: true,
    extensions: { needs: 'READ' },
    description: 'One run; null if there is none of that id.',
    args: { id: t.arg.id({ required: true, description: 'Which run.' }) },
    resolve: (query, _, { id }, { database }) =>
      database.reader.backup.findUnique({ ...query, where: { id: keyOf('Backup', id, 'id') } }),
  }),
)
