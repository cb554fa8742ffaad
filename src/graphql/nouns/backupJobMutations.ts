// What can be done with a job.

import { queryFromInfo } from '@pothos/plugin-prisma'
import { DomainError } from '../../domain/errors.ts'
import { deleteBackupJob } from '../../services/jobs/deleteBackupJob.ts'
import type { Joined } from '../../services/jobs/joinJobs.ts'
import { mergeBackupJobs } from '../../services/jobs/mergeBackupJobs.ts'
import { type SplitJob, splitBackupJob } from '../../services/jobs/splitBackupJob.ts'
import { updateBackupJob } from '../../services/jobs/updateBackupJob.ts'
import { builder } from '../builder.ts'
import { keyOf } from '../lists/globalId.ts'
import { uniqueIds } from '../lists/uniqueIds.ts'
import { BackupJob } from './backupJob.ts'
import { ScheduleInput } from './schedule.ts'

const UpdateBackupJobInput = builder.inputType('UpdateBackupJobInput', {
  description: 'What to change of a job: what is left out stays as it is, null clears.',
  fields: (t) => ({
    alias: t.string({ description: 'A name for people, of up to 200 characters.' }),
    notes: t.string({ description: 'Anything worth knowing, of up to 10,000 characters.' }),
    tags: t.stringList({
      description:
        'Its tags, in place of those it has: up to 50, each of up to 50 characters. Case and space around them do not count; null or an empty list clears them.',
    }),
    schedule: t.field({
      type: ScheduleInput,
      description:
        'When it is expected to run, in place of what was set before; null leaves it to Duplicati and the history.',
    }),
    toleranceSeconds: t.int({
      description:
        'How long after it was due it is only late, in seconds, up to a year; null for that of the settings.',
    }),
    latenessWatched: t.boolean({
      description: 'Whether it is ever due: `false` for a job that runs now and then. Its runs are still told of.',
    }),
    ifUnmodifiedSince: t.field({
      type: 'DateTime',
      description: 'The updatedAt that was read: if somebody changed the job after it, this is a CONFLICT.',
    }),
  }),
})

const UpdateBackupJobPayload = builder.objectRef<{ jobId: number }>('UpdateBackupJobPayload').implement({
  description: 'The outcome of updateBackupJob.',
  fields: (t) => ({
    backupJob: t.prismaField({
      type: BackupJob,
      description: 'The job as it is now.',
      resolve: (query, { jobId }, _, { database }) =>
        database.reader.backupJob.findUniqueOrThrow({ ...query, where: { id: jobId } }),
    }),
  }),
})

builder.mutationField('updateBackupJob', (t) =>
  t.field({
    type: UpdateBackupJobPayload,
    extensions: { needs: 'ADMIN' },
    description: 'Changes alias, notes and tags of a job, and when it is due.',
    args: {
      id: t.arg.id({ required: true, description: 'Which job.' }),
      input: t.arg({ type: UpdateBackupJobInput, required: true, description: 'What to change.' }),
    },
    resolve: async (_, { id, input: { ifUnmodifiedSince, ...changes } }, context) => {
      const jobId = keyOf('BackupJob', id, 'id')
      await updateBackupJob(context, jobId, changes, ifUnmodifiedSince)
      return { jobId }
    },
  }),
)

const DeleteBackupJobPayload = builder
  .objectRef<{ deletedBackupJob: typeof BackupJob.$inferType; deletedBackups: number }>('DeleteBackupJobPayload')
  .implement({
    description: 'What deleteBackupJob removed.',
    fields: (t) => ({
      deletedBackupJob: t.expose('deletedBackupJob', {
        type: BackupJob,
        description: 'The job as it was. Its list of runs is empty now.',
      }),
      deletedBackups: t.exposeInt('deletedBackups', { description: 'How many runs went with it.' }),
    }),
  })

builder.mutationField('deleteBackupJob', (t) =>
  t.field({
    type: DeleteBackupJobPayload,
    extensions: { needs: 'ADMIN' },
    description: 'Deletes a job with its runs. If it reports again it comes back, without them.',
    args: { id: t.arg.id({ required: true, description: 'Which job.' }) },
    resolve: async (_, { id }, context, info) => {
      const jobId = keyOf('BackupJob', id, 'id')
      const query = queryFromInfo({ context, info, path: ['deletedBackupJob'] })
      const deletedBackupJob = await context.database.reader.backupJob.findUnique({ ...query, where: { id: jobId } })
      if (!deletedBackupJob) throw new DomainError('NOT_FOUND', `There is no BackupJob:${jobId}.`)
      return { deletedBackupJob, deletedBackups: await deleteBackupJob(context, jobId) }
    },
  }),
)

const MergeBackupJobsPayload = builder
  .objectRef<{ into: number; deletedBackupJob: typeof BackupJob.$inferType; joined: Joined }>('MergeBackupJobsPayload')
  .implement({
    description: 'What mergeBackupJobs did.',
    fields: (t) => ({
      backupJob: t.prismaField({
        type: BackupJob,
        description: 'The one job that is left.',
        resolve: (query, { into }, _, { database }) =>
          database.reader.backupJob.findUniqueOrThrow({ ...query, where: { id: into } }),
      }),
      deletedBackupJob: t.expose('deletedBackupJob', { type: BackupJob, description: 'The other one as it was.' }),
      movedBackups: t.int({ description: 'Runs that moved.', resolve: ({ joined }) => joined.movedBackups }),
      duplicateBackups: t.int({
        description: 'Runs that both had, to the last figure: one of each is left.',
        resolve: ({ joined }) => joined.duplicateBackups,
      }),
    }),
  })

builder.mutationField('mergeBackupJobs', (t) =>
  t.field({
    type: MergeBackupJobsPayload,
    extensions: { needs: 'ADMIN' },
    description: `Makes one job of two of the same server: ids and runs move from the one to the other, and reports under any of the
ids are of that one from now on. Of two runs that are equal to the last figure, one is left; two different runs of one begin both
stay. Alias, notes and schedule of the one that stays are kept, and taken from the other only where there are none; it gets the tags of
both.`,
    args: {
      from: t.arg.id({ required: true, description: 'The job that goes.' }),
      into: t.arg.id({ required: true, description: 'The job that stays.' }),
    },
    resolve: async (_, args, context, info) => {
      const [from, into] = [keyOf('BackupJob', args.from, 'from'), keyOf('BackupJob', args.into, 'into')]
      const query = queryFromInfo({ context, info, path: ['deletedBackupJob'] })
      const deletedBackupJob = await context.database.reader.backupJob.findUnique({ ...query, where: { id: from } })
      if (!deletedBackupJob) throw new DomainError('NOT_FOUND', `There is no BackupJob:${from}.`)
      return { into, deletedBackupJob, joined: await mergeBackupJobs(context, from, into) }
    },
  }),
)

const SplitBackupJobPayload = builder.objectRef<{ old: number; split: SplitJob }>('SplitBackupJobPayload').implement({
  description: 'What splitBackupJob did.',
  fields: (t) => ({
    backupJob: t.prismaField({
      type: BackupJob,
      description: 'The job that was split, with the runs that stayed.',
      resolve: (query, { old }, _, { database }) =>
        database.reader.backupJob.findUniqueOrThrow({ ...query, where: { id: old } }),
    }),
    newBackupJob: t.prismaField({
      type: BackupJob,
      description: 'The new job: it is watched as the old one is, and has its rules and tags.',
      resolve: (query, { split }, _, { database }) =>
        database.reader.backupJob.findUniqueOrThrow({ ...query, where: { id: split.jobId } }),
    }),
    movedBackups: t.int({ description: 'Runs that moved.', resolve: ({ split }) => split.movedBackups }),
    untoldBackups: t.int({
      description: 'Runs that stayed because nothing tells whose they are.',
      resolve: ({ split }) => split.untoldBackups,
    }),
  }),
})

builder.mutationField('splitBackupJob', (t) =>
  t.field({
    type: SplitBackupJobPayload,
    extensions: { needs: 'ADMIN' },
    description: `Makes two jobs of one: the runs that were reported under these ids move to a new job, with what was told of them. The
old one keeps its number. Runs without an id follow their name; what even that cannot tell stays.`,
    args: {
      id: t.arg.id({ required: true, description: 'Which job.' }),
      backupIds: t.arg.stringList({
        required: true,
        description: "Duplicati's ids that go to the new job, up to 100.",
      }),
    },
    resolve: async (_, { id, backupIds }, context) => {
      const old = keyOf('BackupJob', id, 'id')
      return { old, split: await splitBackupJob(context, old, uniqueIds(backupIds, 'backupIds')) }
    },
  }),
)
