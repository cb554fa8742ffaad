// The history of jobs, of servers and of everything, in buckets for charts.

import type { InputShapeFromFields } from '@pothos/core'
import type { HistoryBucket as Bucket } from '../../domain/historyBuckets.ts'
import { tagOf } from '../../domain/tags.ts'
import { history } from '../../services/runs/history.ts'
import { builder, type RequestContext } from '../builder.ts'
import { keyOf } from '../lists/globalId.ts'

const HistoryBucketSize = builder.enumType('HistoryBucketSize', {
  description: 'The length of the buckets of a history. They begin and end by the wall clock of a time zone.',
  values: {
    HOUR: {
      description:
        'An hour. It is shorter if clocks change in the middle of it; an hour that occurs twice is two buckets.',
    },
    DAY: { description: 'A day from midnight: 23 or 25 hours when clocks change.' },
    WEEK: { description: 'A week from Monday, as in ISO 8601.' },
    MONTH: { description: 'A month from its first day.' },
  } as const,
})

const HistoryBucket = builder.objectRef<Bucket>('HistoryBucket').implement({
  description: 'The runs in a period of time, and the sizes known at its end. Dry runs do not count.',
  fields: (t) => ({
    from: t.expose('from', { type: 'DateTime', description: 'When it begins.' }),
    to: t.expose('to', { type: 'DateTime', description: 'When it ends and the next one begins.' }),
    runs: t.exposeInt('runs', {
      description: 'How many runs began in it. A begin time in the future counts as the time of receipt.',
    }),
    succeeded: t.exposeInt('succeeded', { description: 'Runs that ended as SUCCESS.' }),
    warned: t.exposeInt('warned', { description: 'Runs that ended as WARNING or UNKNOWN.' }),
    failed: t.exposeInt('failed', { description: 'Runs that ended as ERROR or FATAL.' }),
    failures: t.exposeInt('failed', {
      description: 'The same under its old name.',
      deprecationReason: 'since 2026-11-30: use `failed`, as in `totals` of a job',
    }),
    missed: t.exposeInt('missed', {
      nullable: true,
      description: `How many due times, plus the tolerance, passed without a run. With a schedule each due time counts, with an announcement or a
rhythm only the first. It no longer counts once a run that met it is reported after all. Times when this server was off or the job was
paused never count. Null if the bucket begins before this was recorded.`,
    }),
    complete: t.exposeBoolean('complete', {
      description: 'False if runs of this bucket were removed because they were old.',
    }),
    durationSeconds: t.exposeFloat('durationSeconds', {
      description: 'How long they took in total, in seconds; a run whose report does not say counts as 0.',
    }),
    uploadedSize: t.expose('uploadedSize', { type: 'BigInt', description: 'Bytes that they uploaded in total.' }),
    changedFiles: t.expose('changedFiles', {
      type: 'BigInt',
      description: 'How many files of the source they found added, modified or deleted in total.',
    }),
    sourceSize: t.expose('sourceSize', {
      type: 'BigInt',
      nullable: true,
      description:
        'Size of the source in bytes, as last reported at the end of the bucket; for a server, the sum over its jobs. Null if no run had reported it by then, and in a bucket that begins in the future.',
    }),
    storedSize: t.expose('storedSize', {
      type: 'BigInt',
      nullable: true,
      description: 'Size at the destination in bytes; otherwise like sourceSize.',
    }),
    versions: t.exposeInt('versions', {
      nullable: true,
      description: 'Number of versions at the destination; otherwise like sourceSize.',
    }),
  }),
})

const historyArguments = builder.args((t) => ({
  from: t.field({
    type: 'DateTime',
    description: 'The first bucket is the one that contains this time. By default there are 30 buckets.',
  }),
  to: t.field({
    type: 'DateTime',
    description: 'The last bucket is the one that contains the moment just before this time. The default is now.',
  }),
  bucket: t.field({
    type: HistoryBucketSize,
    required: true,
    defaultValue: 'DAY',
    description: 'The length of a bucket. There may be up to 1,000 buckets.',
  }),
  timeZone: t.field({
    type: 'TimeZone',
    required: true,
    defaultValue: 'UTC',
    description: 'The time zone in which the buckets begin and end.',
  }),
}))

type Period = InputShapeFromFields<typeof historyArguments>

/** How many buckets it has at most: 30, or up to 1,000 from a given moment on. */
function listSize({ from = null }: Readonly<Record<string, unknown>>): number {
  return from === null ? 30 : 1000
}

/** A history that ends in the past stays as it is until a run is recorded: no bucket of it will have been the future. */
function reachesNow({ to }: { to?: Date | null }, { now }: RequestContext): boolean {
  return !to || to > now
}

builder.queryField('history', (t) =>
  t.field({
    type: [HistoryBucket],
    extensions: { needs: 'READ', uncacheable: reachesNow, listSize },
    description: 'The runs of all jobs, summed up in time buckets without gaps, the oldest first.',
    args: {
      ...historyArguments,
      server: t.arg.id({ description: 'Only the jobs of this server.' }),
      job: t.arg.id({ description: 'Only this job.' }),
      tag: t.arg.string({ description: 'Only jobs that have this tag, or whose server has it; case is ignored.' }),
    },
    resolve: (_, { server, job, tag, ...args }, context) =>
      historyOf(
        {
          serverId: server ? keyOf('Server', server, 'server') : null,
          jobId: job ? keyOf('BackupJob', job, 'job') : null,
          tag: typeof tag === 'string' ? tagOf(tag) : null,
        },
        args,
        context,
      ),
  }),
)

builder.prismaObjectField('Server', 'history', (t) =>
  t.field({
    type: [HistoryBucket],
    description: 'The runs of all its jobs, summed up in time buckets without gaps, the oldest first.',
    select: { id: true },
    args: historyArguments,
    extensions: { uncacheable: reachesNow, listSize },
    resolve: ({ id }, args, context) => historyOf({ serverId: id, jobId: null, tag: null }, args, context),
  }),
)

builder.prismaObjectField('BackupJob', 'history', (t) =>
  t.field({
    type: [HistoryBucket],
    description: 'Its runs, summed up in time buckets without gaps, the oldest first.',
    select: { id: true },
    args: historyArguments,
    extensions: { uncacheable: reachesNow, listSize },
    resolve: ({ id }, args, context) => historyOf({ serverId: null, jobId: id, tag: null }, args, context),
  }),
)

function historyOf(scope: Parameters<typeof history>[2], { from, to, ...args }: Period, context: RequestContext) {
  return history(context, context.histories, scope, { from: from ?? null, to: to ?? null, ...args }, context.now)
}
