// What a person can do about a job: pause it, silence it, or say to know of its trouble.

import { acknowledgeJob, pauseJob, resumeJob, snoozeJob } from '../../services/jobs/attendJob.ts'
import { builder } from '../builder.ts'
import { keyOf } from '../lists/globalId.ts'
import { BackupJob } from './backupJob.ts'

const jobPayload = (name: string, description: string) =>
  builder.objectRef<{ jobId: number }>(name).implement({
    description,
    fields: (t) => ({
      backupJob: t.prismaField({
        type: BackupJob,
        description: 'The job as it is now.',
        resolve: (query, { jobId }, _, { database }) =>
          database.reader.backupJob.findUniqueOrThrow({ ...query, where: { id: jobId } }),
      }),
    }),
  })

builder.mutationField('pauseJob', (t) =>
  t.field({
    type: jobPayload('PauseJobPayload', 'The outcome of pauseJob.'),
    extensions: { needs: 'ADMIN' },
    description:
      'Expects nothing of a job, and tells nothing of it, until it is resumed. Its reports are still recorded.',
    args: { id: t.arg.id({ required: true, description: 'Which job.' }) },
    resolve: async (_, { id }, context) => {
      const jobId = keyOf('BackupJob', id, 'id')
      await pauseJob(context, jobId)
      return { jobId }
    },
  }),
)

builder.mutationField('resumeJob', (t) =>
  t.field({
    type: jobPayload('ResumeJobPayload', 'The outcome of resumeJob.'),
    extensions: { needs: 'ADMIN' },
    description:
      'Watches a job again that was paused. It counts from now: what was due meanwhile is not missed. A job that was overdue when it was paused, and did not run since, is due at once.',
    args: { id: t.arg.id({ required: true, description: 'Which job.' }) },
    resolve: async (_, { id }, context) => {
      const jobId = keyOf('BackupJob', id, 'id')
      await resumeJob(context, jobId)
      return { jobId }
    },
  }),
)

builder.mutationField('snoozeJob', (t) =>
  t.field({
    type: jobPayload('SnoozeJobPayload', 'The outcome of snoozeJob.'),
    extensions: { needs: 'ADMIN' },
    description: `Tells nothing of a job for a time; its state goes on as ever. If it is overdue or failed when the time is up, that is
told then, or else that a trouble is over which was told before.`,
    args: {
      id: t.arg.id({ required: true, description: 'Which job.' }),
      until: t.arg({ type: 'DateTime', description: 'Until when; null, or left out, ends the silence.' }),
    },
    resolve: async (_, { id, until }, context) => {
      const jobId = keyOf('BackupJob', id, 'id')
      await snoozeJob(context, jobId, until ?? null)
      return { jobId }
    },
  }),
)

builder.mutationField('acknowledgeJob', (t) =>
  t.field({
    type: jobPayload('AcknowledgeJobPayload', 'The outcome of acknowledgeJob.'),
    extensions: { needs: 'ADMIN' },
    description: `Says that somebody knows of the trouble a job is in: nobody is reminded that it is overdue, or told of more
failures or warnings, until that trouble is over. Later runs are compared with its latest one, so that a wanted deletion warns once. A job that is in no trouble is a CONFLICT.`,
    args: { id: t.arg.id({ required: true, description: 'Which job.' }) },
    resolve: async (_, { id }, context) => {
      const jobId = keyOf('BackupJob', id, 'id')
      await acknowledgeJob(context, jobId)
      return { jobId }
    },
  }),
)
