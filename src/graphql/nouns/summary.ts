// The figures over everything.

import type { JobState as JobStateName } from '../../domain/jobState.ts'
import { type Summary as SummaryFigures, summarize } from '../../services/upkeep/summary.ts'
import { builder } from '../builder.ts'
import { JobState } from './enums.ts'

const StateCount = builder.objectRef<{ state: JobStateName; count: number }>('StateCount').implement({
  description: 'How many are in a state.',
  fields: (t) => ({
    state: t.expose('state', { type: JobState, description: 'The state.' }),
    count: t.exposeInt('count', { description: 'How many servers or jobs are in it.' }),
  }),
})

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
    jobsByState: t.field({
      type: [StateCount],
      description: 'How many jobs are in each state, the worst state first and PAUSED last, also those of no job.',
      resolve: (_, __, { database }) => database.stateCounts.jobs(),
    }),
    serversByState: t.field({
      type: [StateCount],
      description:
        'How many servers are in each state, in the same order. The state of a server is the worst of its jobs.',
      resolve: (_, __, { database }) => database.stateCounts.servers(),
    }),
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
