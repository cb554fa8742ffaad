// What can be done with a job.

import { queryFromInfo } from '@pothos/plugin-prisma'
import { DomainError } from '../domain/errors.ts'
import { deleteBackupJob } from '../services/deleteBackupJob.ts'
import { updateBackupJob } from '../services/updateBackupJob.ts'
import { BackupJob } from './backupJob.ts'
import { builder } from './builder.ts'
import { keyOf } from './globalId.ts'
import { ScheduleInput } from './schedule.ts'

const UpdateBackupJobInput = builder.inputType('UpdateBackupJobInput', {
  description: 'What to change of a job: what is left out stays as it is, null clears.',
  fields: (t) => ({
    alias: t.string({ description: 'A name for people, of up to 200 characters.' }),
    notes: t.string({ description: 'Anything worth knowing, of up to 10,000 characters.' }),
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
    description: 'Changes alias and notes of a job, and when it is due.',
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
