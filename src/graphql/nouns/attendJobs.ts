// What a person can do about several jobs at once: pause them, resume them, or silence them.

import { type JobsLookup, pauseJobs, resumeJobs, snoozeJobs } from '../../services/jobs/attendJobs.ts'
import { builder } from '../builder.ts'
import { keyOf } from '../lists/globalId.ts'
import { uniqueIds } from '../lists/uniqueIds.ts'
import { BackupJob } from './backupJob.ts'

const BackupJobsLookup = builder.inputType('BackupJobsLookup', {
  description: 'Which jobs: by exactly one of these. A server or a tag may have up to 1,000.',
  isOneOf: true,
  fields: (t) => ({
    server: t.id({ description: 'All jobs of this server.' }),
    tag: t.string({
      description: 'All jobs that this tag, in whatever case, counts for: they or their servers carry it.',
    }),
    ids: t.idList({ description: 'The jobs of these ids, up to 100.' }),
  }),
})

function lookup({ server, tag, ids }: typeof BackupJobsLookup.$inferInput): JobsLookup {
  if (typeof server === 'string') return { serverId: keyOf('Server', server, 'by.server') }
  if (typeof tag === 'string') return { tag }
  const unique = uniqueIds(ids ?? [], 'by.ids')
  return { ids: [...new Set(unique.map((id, index) => keyOf('BackupJob', id, `by.ids.${index}`)))] }
}

const jobsPayload = (name: string, description: string) =>
  builder.objectRef<{ jobIds: number[] }>(name).implement({
    description,
    fields: (t) => ({
      jobs: t.prismaField({
        type: [BackupJob],
        description: 'The jobs as they are now, by their numbers, also those that were so already.',
        resolve: (query, { jobIds }, _, { database }) =>
          database.reader.backupJob.findMany({ ...query, where: { id: { in: jobIds } }, orderBy: { id: 'asc' } }),
      }),
    }),
  })

builder.mutationField('pauseJobs', (t) =>
  t.field({
    type: jobsPayload('PauseJobsPayload', 'The outcome of pauseJobs.'),
    extensions: { needs: 'ADMIN' },
    description: 'Does to several jobs what pauseJob does to one: to all of them, or, if one is missing, to none.',
    args: { by: t.arg({ type: BackupJobsLookup, required: true, description: 'Which jobs.' }) },
    resolve: async (_, { by }, context) => ({ jobIds: await pauseJobs(context, lookup(by)) }),
  }),
)

builder.mutationField('resumeJobs', (t) =>
  t.field({
    type: jobsPayload('ResumeJobsPayload', 'The outcome of resumeJobs.'),
    extensions: { needs: 'ADMIN' },
    description: 'Does to several jobs what resumeJob does to one: to all of them, or, if one is missing, to none.',
    args: { by: t.arg({ type: BackupJobsLookup, required: true, description: 'Which jobs.' }) },
    resolve: async (_, { by }, context) => ({ jobIds: await resumeJobs(context, lookup(by)) }),
  }),
)

builder.mutationField('snoozeJobs', (t) =>
  t.field({
    type: jobsPayload('SnoozeJobsPayload', 'The outcome of snoozeJobs.'),
    extensions: { needs: 'ADMIN' },
    description: 'Does to several jobs what snoozeJob does to one: to all of them, or, if one is missing, to none.',
    args: {
      by: t.arg({ type: BackupJobsLookup, required: true, description: 'Which jobs.' }),
      until: t.arg({ type: 'DateTime', description: 'Until when; null, or left out, ends the silence.' }),
    },
    resolve: async (_, { by, until }, context) => ({ jobIds: await snoozeJobs(context, lookup(by), until ?? null) }),
  }),
)
