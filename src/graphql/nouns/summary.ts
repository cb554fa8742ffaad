// The figures over everything.

import { type Summary as SummaryFigures, summarize } from '../../services/upkeep/summary.ts'
import { builder } from '../builder.ts'

const Summary = builder.objectRef<SummaryFigures>('Summary').implement({
  description: 'Totals over all servers. Dry runs and prevented runs do not count.',
  fields: (t) => ({
    id: t.id({
      description: 'Always the same, so that a client caches the totals only once.',
      resolve: () => 'Summary',
    }),
    totalServers: t.exposeInt('totalServers', { description: 'How many servers there are.' }),
    totalBackupJobs: t.exposeInt('totalBackupJobs', { description: 'How many jobs they have.' }),
    totalBackups: t.exposeInt('totalBackups', { description: 'How many runs were recorded.' }),
    totalUploadedSize: t.expose('totalUploadedSize', { type: 'BigInt', description: 'Bytes uploaded by all runs.' }),
    totalStorageUsed: t.expose('totalStorageUsed', {
      type: 'BigInt',
      description: 'Bytes at the destinations, as last reported for each job.',
    }),
    totalBackupSize: t.expose('totalBackupSize', {
      type: 'BigInt',
      description: 'Bytes at the sources, as last reported for each job.',
    }),
    overdueJobs: t.exposeInt('overdueJobs', { description: 'How many jobs are overdue.' }),
    failedJobs: t.exposeInt('failedJobs', { description: 'How many jobs have the state FAILED.' }),
    warningJobs: t.exposeInt('warningJobs', { description: 'How many jobs have the state WARNING.' }),
    lastBackupAt: t.expose('lastBackupAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When the latest run of any job began; null before the first.',
    }),
  }),
})

builder.queryField('summary', (t) =>
  t.field({
    type: Summary,
    extensions: { needs: 'READ' },
    description: 'Totals over all servers, jobs and runs. Their cost does not grow with the number of runs.',
    resolve: (_, __, context) => summarize(context),
  }),
)
