// The history of jobs, of servers and of everything, in buckets for charts.

import type { InputShapeFromFields } from '@pothos/core'
import type { HistoryBucket as Bucket } from '../../domain/historyBuckets.ts'
import { history } from '../../services/runs/history.ts'
import { builder, type RequestContext } from '../builder.ts'

const HistoryBucketSize = builder.enumType('HistoryBucketSize', {
  description: 'How long the buckets of a history are. They begin and end by the wall clock of a time zone.',
  values: {
    HOUR: {
      description:
        'An hour. Where clocks are set in the middle of one it is shorter; one that is repeated is two buckets.',
    },
    DAY: { description: 'A day from midnight: 23 or 25 hours when clocks are set.' },
    WEEK: { description: 'A week from Monday, as ISO 8601 has it.' },
    MONTH: { description: 'A month from its first day.' },
  } as const,
})

const HistoryBucket = builder.objectRef<Bucket>('HistoryBucket').implement({
  description: 'What ran in a stretch of time, and what was known at its end. Dry runs do not count.',
  fields: (t) => ({
    from: t.expose('from', { type: 'DateTime', description: 'Where it begins.' }),
    to: t.expose('to', { type: 'DateTime', description: 'Where it ends: the next one begins here.' }),
    runs: t.exposeInt('runs', {
      description: 'How many runs began in it. A begin time in the future counts as the time of receipt.',
    }),
    succeeded: t.exposeInt('succeeded', { description: 'Those that ended as SUCCESS.' }),
    warned: t.exposeInt('warned', { description: 'Those that ended as WARNING or UNKNOWN.' }),
    failed: t.exposeInt('failed', { description: 'Those that ended as ERROR or FATAL.' }),
    failures: t.exposeInt('failed', {
      description: 'The same, by the name it had first.',
      deprecationReason: 'since 2026-11-30: use `failed`, as in `totals` of a job',
    }),
    missed: t.exposeInt('missed', {
      nullable: true,
      description: `How many due times passed, with their tolerance, without a run. With a schedule that is each of them, with an announcement
or a rhythm the first. One is withdrawn when a run that met it is reported after all. Times when this server was away or the job was paused
are not counted. Null if the bucket begins before they were counted.`,
    }),
    complete: t.exposeBoolean('complete', {
      description: 'False if runs that began in it were removed because they were old.',
    }),
    durationSeconds: t.exposeFloat('durationSeconds', {
      description: 'How long they took together, in seconds; runs whose reports do not say count as 0.',
    }),
    uploadedSize: t.expose('uploadedSize', { type: 'BigInt', description: 'Bytes they uploaded together.' }),
    sourceSize: t.expose('sourceSize', {
      type: 'BigInt',
      nullable: true,
      description:
        'Bytes of the source, as last known at its end; of a server, the sum over its jobs. Null while no run told, and in a bucket that begins in the future.',
    }),
    storedSize: t.expose('storedSize', {
      type: 'BigInt',
      nullable: true,
      description: 'Bytes at the destination, as last known at its end; otherwise like sourceSize.',
    }),
    versions: t.exposeInt('versions', {
      nullable: true,
      description: 'Versions at the destination, as last known at its end; otherwise like sourceSize.',
    }),
  }),
})

const historyArguments = builder.args((t) => ({
  from: t.field({
    type: 'DateTime',
    description: 'The first bucket is the one that holds this moment; if left out, there are 30 buckets.',
  }),
  to: t.field({
    type: 'DateTime',
    description: 'The last bucket is the one that holds what is just before this moment; now if left out.',
  }),
  bucket: t.field({
    type: HistoryBucketSize,
    required: true,
    defaultValue: 'DAY',
    description: 'How long a bucket is. There may be up to 1,000 of them.',
  }),
  timeZone: t.field({
    type: 'TimeZone',
    required: true,
    defaultValue: 'UTC',
    description: 'By whose wall clock the buckets begin and end.',
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

builder.prismaObjectField('Server', 'history', (t) =>
  t.field({
    type: [HistoryBucket],
    description: 'What all its jobs did, bucket by bucket without a gap, the oldest first.',
    select: { id: true },
    args: historyArguments,
    extensions: { uncacheable: reachesNow, listSize },
    resolve: ({ id }, args, context) => historyOf({ serverId: id, jobId: null }, args, context),
  }),
)

builder.prismaObjectField('BackupJob', 'history', (t) =>
  t.field({
    type: [HistoryBucket],
    description: 'What it did, bucket by bucket without a gap, the oldest first.',
    select: { id: true },
    args: historyArguments,
    extensions: { uncacheable: reachesNow, listSize },
    resolve: ({ id }, args, context) => historyOf({ serverId: null, jobId: id }, args, context),
  }),
)

function historyOf(
  scope: { serverId: number | null; jobId: number | null },
  { from, to, ...args }: Period,
  context: RequestContext,
) {
  return history(context, context.histories, scope, { from: from ?? null, to: to ?? null, ...args }, context.now)
}
