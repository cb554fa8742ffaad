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
  description: 'One run of a job, as described by its report.',
  select: {},
  fields: (t) => ({
    databaseId: t.exposeInt('id', { description: 'The number in the id. Runs are numbered in the order of receipt.' }),
    legacyId: t.exposeString('legacyId', {
      nullable: true,
      description: 'The id that the run had before release 0.7; null for newer runs.',
    }),
    status: t.expose('status', { type: BackupStatus, description: 'How it ended.' }),
    reportedResult: t.exposeString('parsedResult', {
      nullable: true,
      description: 'The result that the report states; null if it states none.',
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
    dryRun: t.exposeBoolean('dryRun', {
      description:
        'Whether it was a dry run. Dry runs count nowhere: they change no state, and no message is sent about them.',
    }),
    partial: t.exposeBoolean('partial', { description: 'Whether it stopped before everything was backed up.' }),
    interrupted: t.exposeBoolean('interrupted', { description: 'Whether a script or a person interrupted it.' }),
    prevented: t.exposeBoolean('prevented', {
      description:
        'Whether a script before the backup prevented it, so that nothing was examined or saved. Like a dry run it counts nowhere: it does not end a failure or meet a due time, and no message is sent about it.',
    }),
    origin: t.expose('origin', { type: BackupOrigin, description: 'Where it comes from.' }),
    remarks: t.field({
      type: [Remark],
      description:
        'Findings in its report, beyond the status. They are made when the report is received; runs from before there were remarks have none.',
      select: { remarks: true },
      resolve: ({ remarks }) => (remarks === null ? [] : (JSON.parse(remarks) as RemarkOfRun[])),
    }),
    reportedMachineId: t.exposeString('machineId', {
      nullable: true,
      description: 'The machine-id in this report; null if it had none, and for runs from before it was stored.',
    }),
    reportedMachineName: t.exposeString('machineName', {
      nullable: true,
      description: 'The machine name in this report; null if it had none, and for runs from before it was stored.',
    }),
    sourceSize: t.expose('sourceSize', {
      type: 'BigInt',
      nullable: true,
      description: 'Size of the examined files in bytes; null if the run ended before it was known.',
    }),
    uploadedSize: t.expose('uploadedSize', { type: 'BigInt', description: 'Bytes uploaded.' }),
    storedSize: t.expose('storedSize', {
      type: 'BigInt',
      nullable: true,
      description: 'Size at the destination in bytes; null if the run ended before the destination was listed.',
    }),
    examinedFiles: t.expose('examinedFiles', { type: 'BigInt', description: 'Files examined.' }),
    versions: t.exposeInt('versions', {
      nullable: true,
      description: 'Number of versions at the destination; null if the run ended before the destination was listed.',
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
      description: 'The exception that aborted it, with its stack; null if there was none. It is not escaped.',
    }),
    logLinesDropped: t.exposeInt('logLinesDropped', {
      description:
        'How many log lines of the report are missing: those in the middle of a long log, or all lines of a log that became too old.',
    }),
    logLinesCut: t.exposeInt('logLinesCut', {
      description: 'How many log lines were cut after their first 8 KiB.',
    }),
    source: t.variant(BackupSource, { description: 'What it found at the source.' }),
    destination: t.variant(BackupDestination, { description: 'What it did and found at the destination.' }),
    client: t.variant(DuplicatiClient, { description: 'The Duplicati that made the run.' }),
    nextScheduledRun: t.expose('nextScheduledRun', {
      type: 'DateTime',
      nullable: true,
      description: 'The next run that this report announces; null if it announces none, as after a run by hand.',
    }),
    reportedJobId: t.exposeString('backupId', {
      nullable: true,
      description: 'The id of the job in this report, such as `DB-3`.',
    }),
    reportedJobName: t.exposeString('backupName', {
      nullable: true,
      description: 'The name of the job in this report.',
    }),
    operation: t.exposeString('mainOperation', { description: "Duplicati's name of the operation: `Backup`." }),
    legacy: t.field({
      type: 'JSON',
      nullable: true,
      description: 'Columns of a database before 0.7 that have no field of their own here; null for newer runs.',
      select: { legacy: true },
      resolve: ({ legacy }) => (legacy === null ? null : JSON.parse(legacy)),
    }),
    job: t.relation('job', { description: 'Its job.' }),
    server: t.relation('server', { description: 'The server it ran on.' }),
  }),
})

builder.queryField('backup', (t) =>
  t.prismaField({
    type: Backup,
    nullable: true,
    extensions: { needs: 'READ' },
    description: 'One run; null if no run has this id.',
    args: { id: t.arg.id({ required: true, description: 'Which run.' }) },
    resolve: (query, _, { id }, { database }) =>
      database.reader.backup.findUnique({ ...query, where: { id: keyOf('Backup', id, 'id') } }),
  }),
)
