// GET /metrics: what Prometheus scrapes. What is counted comes from memory; the figures of jobs and of the outbox are read from
// the database at each scrape. With thousands of jobs the text has tens of MiB: it is made and sent in pieces.

import { Response } from '@whatwg-node/fetch'
import { jobStates } from '../../domain/jobState.ts'
import type { Context } from '../../services/context.ts'
import { release } from '../../services/release.ts'
import { type Figures, figuresOfJobs, type JobFigures, readFigures } from '../../services/upkeep/figures.ts'
import { durationBounds, type RequestSeries } from '../../services/upkeep/requestCounts.ts'
import { expose, expositionType, labelText, type Metric, type Sample } from './exposition.ts'
import { inPieces } from './pieces.ts'

/** How many jobs are told of in one piece. */
const jobsAtOnce = 100

/** @throws what the database throws */
export async function getMetrics(request: Request, context: Context): Promise<Response> {
  const { counters } = context
  const figures = await readFigures(context)
  const jobs = await readJobs(context)
  const metrics = [
    ...requestMetrics(counters.requests.all()),
    ...uploadMetrics(context),
    ...notificationMetrics(context, figures),
    ...databaseMetrics(figures),
    ...jobMetrics(jobs),
    ...processMetrics(),
  ]
  const pieces = expose(metrics)
  const body = jobs.length > jobsAtOnce ? inPieces(pieces, request.signal) : [...pieces].join('')
  return new Response(body, { headers: { 'content-type': expositionType, 'cache-control': 'no-store' } })
}

function requestMetrics(series: RequestSeries[]): Metric[] {
  return [
    counter(
      'http_requests_total',
      'Requests that were answered.',
      series.flatMap(({ method, route, statuses }) =>
        [...statuses].map(([status, value]) => ({ labels: { method, route, status }, value })),
      ),
    ),
    {
      name: 'http_request_duration_seconds',
      type: 'histogram',
      help: 'Time from the start of a request until its answer began.',
      samples: series.flatMap(histogram),
    },
  ]
}

function histogram({ method, route, buckets, seconds }: RequestSeries): Sample[] {
  let count = 0
  const samples: Sample[] = buckets.map((inBucket, index) => {
    count += inBucket
    return { suffix: '_bucket', labels: { method, route, le: durationBounds[index] ?? '+Inf' }, value: count }
  })
  return [
    ...samples,
    { suffix: '_sum', labels: { method, route }, value: seconds },
    { suffix: '_count', labels: { method, route }, value: count },
  ]
}

function uploadMetrics({ counters: { reports, uploads, requestsWithoutToken } }: Context): Metric[] {
  return [
    counter('duplistatus_uploads_total', 'Reports by outcome, and by error code if they were refused.', [
      ...Object.entries(reports.taken).map(([outcome, value]) => ({ labels: { outcome, code: '' }, value })),
      ...[...reports.refused].map(([code, value]) => ({ labels: { outcome: 'refused', code }, value })),
    ]),
    gauge('duplistatus_uploads_in_progress', 'Reports that are being received or wait for their turn.', [
      { labels: { stage: 'waiting' }, value: uploads.waiting },
      { labels: { stage: 'receiving' }, value: uploads.running },
    ]),
    gauge('duplistatus_uploads_held_bytes', 'Memory that long bodies take until they are answered.', [
      { value: uploads.bytes },
    ]),
    counter(
      'duplistatus_requests_without_token_total',
      'Requests that were accepted without a token, and will be refused once requireToken is on.',
      [{ value: requestsWithoutToken }],
    ),
  ]
}

function notificationMetrics({ counters: { deliveries } }: Context, { notifications }: Figures): Metric[] {
  return [
    gauge(
      'duplistatus_notifications',
      'Messages that wait, are being sent, or were given up.',
      Object.entries(notifications).map(([status, value]) => ({ labels: { status }, value })),
    ),
    counter(
      'duplistatus_notification_attempts_total',
      'Attempts to deliver a message, by outcome.',
      Object.entries(deliveries).map(([outcome, value]) => ({ labels: { outcome }, value })),
    ),
  ]
}

function databaseMetrics({ databaseSize, walSize, lastCopyAt, waitingWrites }: Figures): Metric[] {
  return [
    gauge('duplistatus_database_size_bytes', 'The database file.', [{ value: databaseSize }]),
    gauge('duplistatus_database_wal_size_bytes', 'Its write-ahead log.', [{ value: walSize }]),
    gauge(
      'duplistatus_last_copy_timestamp_seconds',
      'When the database was last copied on schedule.',
      lastCopyAt ? [{ value: lastCopyAt.getTime() / 1000 }] : [],
    ),
    gauge('duplistatus_writer_queue_length', 'Writes that wait for the next transaction.', [{ value: waitingWrites }]),
  ]
}

/** What is told of a job: its labels as they stand in the text, its state, and its figures in the order of `figureMetrics`. */
interface ToldJob {
  labels: string
  state: string
  figures: (number | null)[]
}

const seconds = (ms: number | null) => ms && ms / 1000

const figureMetrics: { name: string; help: string; read: (job: JobFigures) => number | null }[] = [
  {
    name: 'last_success_timestamp_seconds',
    help: 'When its latest run with the status SUCCESS began; 0 without one.',
    read: (job) => (job.lastSuccessAt ?? 0) / 1000,
  },
  {
    name: 'last_run_timestamp_seconds',
    help: 'When its latest run began.',
    read: (job) => seconds(job.latestAt),
  },
  {
    name: 'last_run_duration_seconds',
    help: 'How long its latest run took.',
    read: (job) => job.durationSeconds,
  },
  {
    name: 'stored_bytes',
    help: 'Size of the backup at the destination, if known.',
    read: (job) => job.storedSize,
  },
  {
    name: 'source_bytes',
    help: 'Size of the files that are backed up, if known.',
    read: (job) => job.sourceSize,
  },
  {
    name: 'due_timestamp_seconds',
    help: 'When its next run is due.',
    read: (job) => seconds(job.dueAt),
  },
]

/** All jobs, before the answer begins: the samples of a metric stay together, so that each job is told of in several places. */
async function readJobs(context: Context): Promise<ToldJob[]> {
  const jobs: ToldJob[] = []
  for await (const job of figuresOfJobs(context)) {
    jobs.push({
      // The label is not `job`, which Prometheus gives to its targets; names alone are not unique.
      labels: labelText({ server: job.server, backup_job: job.job, backup_job_id: job.id }),
      state: job.state,
      figures: figureMetrics.map(({ read }) => read(job)),
    })
  }
  return jobs
}

function jobMetrics(jobs: ToldJob[]): Metric[] {
  return [
    gauge('duplistatus_job_state', '1 for the state that the job has, 0 for the others.', statesOf(jobs)),
    ...figureMetrics.map(({ name, help }, place) => gauge(`duplistatus_job_${name}`, help, figuresOf(jobs, place))),
  ]
}

function* statesOf(jobs: ToldJob[]): Generator<Sample> {
  for (const job of jobs) {
    for (const state of jobStates) {
      yield { labels: `${job.labels},state="${state}"`, value: Number(job.state === state) }
    }
  }
}

function* figuresOf(jobs: ToldJob[], place: number): Generator<Sample> {
  for (const { labels, figures } of jobs) {
    const value = figures[place] ?? null
    if (value !== null) yield { labels, value }
  }
}

function processMetrics(): Metric[] {
  const { user, system } = process.cpuUsage()
  const { rss, heapUsed } = process.memoryUsage()
  return [
    gauge('duplistatus_build_info', 'What runs.', [
      { labels: { version: release, node_version: process.versions.node }, value: 1 },
    ]),
    counter('process_cpu_seconds_total', 'Processor time spent.', [{ value: (user + system) / 1e6 }]),
    gauge('process_resident_memory_bytes', 'Memory in use.', [{ value: rss }]),
    gauge('process_start_time_seconds', 'When the process began.', [{ value: performance.timeOrigin / 1000 }]),
    gauge('nodejs_heap_size_used_bytes', 'Memory that JavaScript uses.', [{ value: heapUsed }]),
  ]
}

function counter(name: string, help: string, samples: Iterable<Sample>): Metric {
  return { name, type: 'counter', help, samples }
}

function gauge(name: string, help: string, samples: Iterable<Sample>): Metric {
  return { name, type: 'gauge', help, samples }
}
