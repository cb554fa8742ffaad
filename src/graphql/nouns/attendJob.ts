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
      'Pauses a job: until it is resumed, no run is expected and no messages about it are sent. Its reports are still recorded.',
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
      'Resumes a paused job. Runs that were due during the pause are not missed. A job that was overdue when it was paused, and has not run since, is due at once.',
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
    description: `Sends no messages about a job for some time; its state still changes as usual. If the job is overdue or failed when the time
is up, a message says so; if a trouble that was reported before is over, it says RECOVERED.`,
    args: {
      id: t.arg.id({ required: true, description: 'Which job.' }),
      until: t.arg({ type: 'DateTime', description: 'Until when; null, or leaving it out, ends the snooze.' }),
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
    description: `Acknowledges the trouble of a job: until it is over, no reminders are sent that the job is overdue, and no messages about
further failures or warnings. Later runs are compared with its latest one, so that a deliberate deletion warns only once. A
job without trouble is a CONFLICT.`,
    args: { id: t.arg.id({ required: true, description: 'Which job.' }) },
    resolve: async (_, { id }, context) => {
      const jobId = keyOf('BackupJob', id, 'id')
      await acknowledgeJob(context, jobId)
      return { jobId }
    },
  }),
)
