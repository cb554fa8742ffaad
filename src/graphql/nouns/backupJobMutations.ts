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
  description: 'What to change in a job. Fields that are left out stay as they are; null clears a field.',
  fields: (t) => ({
    alias: t.string({ description: 'A name of up to 200 characters.' }),
    notes: t.string({ description: 'Notes of up to 10,000 characters.' }),
    tags: t.stringList({
      description:
        'Its tags; they replace those it has. Up to 50, each of up to 50 characters; case and surrounding spaces are ignored. Null or an empty list removes them all.',
    }),
    schedule: t.field({
      type: ScheduleInput,
      description:
        'When it is expected to run; replaces the schedule that was set before. With null, the schedule comes from Duplicati or from the last runs.',
    }),
    toleranceSeconds: t.int({
      description:
        'Its tolerance in seconds, up to a year: how long it may be late before it is overdue. Null for the tolerance of the settings.',
    }),
    latenessWatched: t.boolean({
      description:
        'Whether its lateness is watched: `false` for a job that runs only now and then. Messages about its runs are still sent.',
    }),
    ifUnmodifiedSince: t.field({
      type: 'DateTime',
      description: 'The updatedAt that you read. If somebody has changed the job since then, this is a CONFLICT.',
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
      deletedBackups: t.exposeInt('deletedBackups', { description: 'How many runs were deleted with it.' }),
    }),
  })

builder.mutationField('deleteBackupJob', (t) =>
  t.field({
    type: DeleteBackupJobPayload,
    extensions: { needs: 'ADMIN' },
    description: 'Deletes a job with its runs. If it reports again, it is created anew, without them.',
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
        description: 'The job that stays.',
        resolve: (query, { into }, _, { database }) =>
          database.reader.backupJob.findUniqueOrThrow({ ...query, where: { id: into } }),
      }),
      deletedBackupJob: t.expose('deletedBackupJob', { type: BackupJob, description: 'The other job, as it was.' }),
      movedBackups: t.int({ description: 'How many runs moved.', resolve: ({ joined }) => joined.movedBackups }),
      duplicateBackups: t.int({
        description: 'How many runs both had, equal in every figure; one of each pair stays.',
        resolve: ({ joined }) => joined.duplicateBackups,
      }),
    }),
  })

builder.mutationField('mergeBackupJobs', (t) =>
  t.field({
    type: MergeBackupJobsPayload,
    extensions: { needs: 'ADMIN' },
    description: `Merges two jobs of the same server: ids and runs move from one to the other, and later reports under any of the ids belong to
the one that stays. Of two runs that are equal in every figure, one stays; two different runs with the same begin time both
stay. The job that stays keeps its alias, notes and schedule; what it lacks is taken from the other. It
gets the tags of both.`,
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
      description: 'The new job. It is watched like the old one, and has the same rules and tags.',
      resolve: (query, { split }, _, { database }) =>
        database.reader.backupJob.findUniqueOrThrow({ ...query, where: { id: split.jobId } }),
    }),
    movedBackups: t.int({ description: 'How many runs moved.', resolve: ({ split }) => split.movedBackups }),
    untoldBackups: t.int({
      description: 'How many runs stayed because nothing decides where they belong.',
      resolve: ({ split }) => split.untoldBackups,
    }),
  }),
})

builder.mutationField('splitBackupJob', (t) =>
  t.field({
    type: SplitBackupJobPayload,
    extensions: { needs: 'ADMIN' },
    description: `Splits a job in two: the runs that were reported under these ids move to a new job, with the messages about them. The old job
keeps its number. Runs without an id are assigned by their name; those that even this does not decide stay.`,
    args: {
      id: t.arg.id({ required: true, description: 'Which job.' }),
      backupIds: t.arg.stringList({
        required: true,
        description: 'The ids in Duplicati that move to the new job, up to 100.',
      }),
    },
    resolve: async (_, { id, backupIds }, context) => {
      const old = keyOf('BackupJob', id, 'id')
      return { old, split: await splitBackupJob(context, old, uniqueIds(backupIds, 'backupIds')) }
    },
  }),
)
