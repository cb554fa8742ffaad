// GET /metrics: what Prometheus scrapes. What is counted comes from memory; the figures of jobs and of the outbox are read from
// the database at each scrape, in two statements.

import { Response } from '@whatwg-node/fetch'
import { jobStates } from '../domain/jobState.ts'
import type { Context } from '../services/context.ts'
import { type Figures, figuresOfJobs, type JobFigures, readFigures } from '../services/figures.ts'
import { release } from '../services/release.ts'
import { durationBounds, type RequestSeries } from '../services/requestCounts.ts'
import { expose, expositionType, type Metric, type Sample } from './exposition.ts'

/** @throws what the database throws */
export async function getMetrics(_: Request, context: Context): Promise<Response> {
  const { counters } = context
  const figures = await readFigures(context)
  const metrics = [
    ...requestMetrics(counters.requests.all()),
    ...uploadMetrics(context),
    ...notificationMetrics(context, figures),
    ...databaseMetrics(figures),
    ...jobMetrics(await figuresOfJobs(context)),
    ...processMetrics(),
  ]
  return new Response(expose(metrics), { headers: { 'content-type': expositionType, 'cache-control': 'no-store' } })
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
      help: 'From the first of a request until its answer began.',
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
    counter('duplistatus_uploads_total', 'Reports by what became of them, and by the code of a refusal.', [
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
      'Requests that were let in without a token, and will be refused once requireToken is on.',
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
      'Tries to deliver a message, by what came of them.',
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

/** The label is not `job`, which Prometheus gives to its targets; names alone are not unique. */
function jobMetrics(jobs: JobFigures[]): Metric[] {
  const labelled = jobs.map((job) => ({
    job,
    labels: { server: job.server, backup_job: job.job, backup_job_id: job.id },
  }))
  const each = (name: string, help: string, read: (job: JobFigures) => number | null): Metric =>
    gauge(
      `duplistatus_job_${name}`,
      help,
      labelled.flatMap(({ job, labels }) => {
        const value = read(job)
        return value === null ? [] : [{ labels, value }]
      }),
    )
  const seconds = (ms: number | null) => ms && ms / 1000
  return [
    gauge(
      'duplistatus_job_state',
      '1 for the state that the job has, 0 for the others.',
      labelled.flatMap(({ job, labels }) =>
        jobStates.map((state) => ({ labels: { ...labels, state }, value: Number(job.state === state) })),
      ),
    ),
    each(
      'last_success_timestamp_seconds',
      'When its latest run with the status SUCCESS began; 0 without one.',
      (job) => (job.lastSuccessAt ?? 0) / 1000,
    ),
    each('last_run_timestamp_seconds', 'When its latest run began.', (job) => seconds(job.latestAt)),
    each('last_run_duration_seconds', 'How long its latest run took.', (job) => job.durationSeconds),
    each('stored_bytes', 'What is stored at the destination, as far as it is known.', (job) => job.storedSize),
    each('source_bytes', 'The size of the files that are backed up, as far as it is known.', (job) => job.sourceSize),
    each('due_timestamp_seconds', 'When its next run is due.', (job) => seconds(job.dueAt)),
  ]
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

function counter(name: string, help: string, samples: Sample[]): Metric {
  return { name, type: 'counter', help, samples }
}

function gauge(name: string, help: string, samples: Sample[]): Metric {
  return { name, type: 'gauge', help, samples }
}
