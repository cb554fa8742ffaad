// What can be done with runs.

import { queryFromInfo } from '@pothos/plugin-prisma'
import { DomainError } from '../../domain/errors.ts'
import { deleteBackup } from '../../services/runs/deleteBackup.ts'
import { type PrunedJob, pruneBackups } from '../../services/runs/pruneBackups.ts'
import { builder } from '../builder.ts'
import { keyOf } from '../lists/globalId.ts'
import { Backup } from './backup.ts'
import { BackupJob } from './backupJob.ts'

const DeleteBackupPayload = builder
  .objectRef<{ deletedBackup: typeof Backup.$inferType; jobId: number }>('DeleteBackupPayload')
  .implement({
    description: 'What deleteBackup removed.',
    fields: (t) => ({
      deletedBackup: t.expose('deletedBackup', {
        type: Backup,
        description: 'The run as it was. Its log is empty now.',
      }),
      backupJob: t.prismaField({
        type: BackupJob,
        nullable: true,
        description: 'Its job as it is now; null if it was deleted meanwhile.',
        resolve: (query, { jobId }, _, { database }) =>
          database.reader.backupJob.findUnique({ ...query, where: { id: jobId } }),
      }),
    }),
  })

builder.mutationField('deleteBackup', (t) =>
  t.field({
    type: DeleteBackupPayload,
    extensions: { needs: 'ADMIN' },
    description:
      'Deletes a run with its log. The state of its job is then as if the run had never been reported: the job may be late again, and its totals are smaller.',
    args: { id: t.arg.id({ required: true, description: 'Which run.' }) },
    resolve: async (_, { id }, context, info) => {
      const backupId = keyOf('Backup', id, 'id')
      const query = queryFromInfo({ context, info, path: ['deletedBackup'] })
      const deletedBackup = await context.database.reader.backup.findUnique({ ...query, where: { id: backupId } })
      if (!deletedBackup) throw new DomainError('NOT_FOUND', `There is no Backup:${backupId}.`)
      return { deletedBackup, jobId: await deleteBackup(context, backupId) }
    },
  }),
)

const PrunedBackups = builder.objectRef<PrunedJob>('PrunedBackups').implement({
  description: 'What pruneBackups removed of one job.',
  fields: (t) => ({
    backupJob: t.prismaField({
      type: BackupJob,
      nullable: true,
      description: 'The job; null if it was deleted meanwhile.',
      resolve: (query, { jobId }, _, { database }) =>
        database.reader.backupJob.findUnique({ ...query, where: { id: jobId } }),
    }),
    deletedBackups: t.exposeInt('runs', { description: 'How many runs of it were removed, or would be.' }),
  }),
})

const PruneBackupsPayload = builder
  .objectRef<{ dryRun: boolean; pruned: PrunedJob[] }>('PruneBackupsPayload')
  .implement({
    description: 'What pruneBackups removed.',
    fields: (t) => ({
      dryRun: t.exposeBoolean('dryRun', {
        description: 'Whether this was only a dry run, so that nothing was removed.',
      }),
      deletedBackups: t.int({
        description: 'How many runs were removed, or would be.',
        resolve: ({ pruned }) => pruned.reduce((sum, { runs }) => sum + runs, 0),
      }),
      jobs: t.expose('pruned', { type: [PrunedBackups], description: 'The same for each job that loses runs.' }),
    }),
  })

builder.mutationField('pruneBackups', (t) =>
  t.field({
    type: PruneBackupsPayload,
    extensions: { needs: 'ADMIN' },
    description:
      'Removes old runs of all jobs, with their logs. The runs from which a job knows its sizes and its next run always stay, so that no job changes its state; its totals become smaller.',
    args: {
      olderThan: t.arg({
        type: 'DateTime',
        required: true,
        description: 'Only runs that began before this moment.',
      }),
      keepLatest: t.arg.int({
        required: true,
        defaultValue: 1,
        description:
          'How many of its latest runs every job keeps, however old they are: 1 or more. Dry runs do not count.',
      }),
      dryRun: t.arg.boolean({
        required: true,
        defaultValue: false,
        description: 'Only report what would be removed.',
      }),
    },
    resolve: async (_, args, context) => ({ dryRun: args.dryRun, pruned: await pruneBackups(context, args) }),
  }),
)
