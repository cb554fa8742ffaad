// GET /metrics: what Prometheus scrapes. What is counted comes from memory; the figures of jobs and of the outbox are read from
// the database at each scrape. With thousands of jobs the text has tens of MiB: it is made and sent in pieces.

import { Response } from '@whatwg-node/fetch'
import { jobStates } from '../../domain/jobState.ts'
import type { Context } from '../../services/context.ts'
import { type Figures, figuresOfJobs, type JobFigures, readFigures } from '../../services/upkeep/figures.ts'
import { expose, type GaugeText, labelText, type Sample } from './exposition.ts'
import { inPieces } from './pieces.ts'
import { processMetrics } from './processMetrics.ts'

/** How many jobs are told of in one piece. */
const jobsAtOnce = 100

/** @throws what the database throws */
export async function getMetrics(request: Request, context: Context): Promise<Response> {
  const { registry } = context.counters
  const gauges = figureMetrics(await readFigures(context))
  const jobs = await readJobs(context)
  const pieces = inOrder(await registry.metrics(), expose([...gauges, ...jobMetrics(jobs)]), await processMetrics())
  const body = jobs.length > jobsAtOnce ? inPieces(pieces, request.signal) : [...pieces].join('')
  return new Response(body, { headers: { 'content-type': registry.contentType, 'cache-control': 'no-store' } })
}

function* inOrder(counted: string, gauges: Iterable<string>, ofProcess: string): Generator<string> {
  yield counted
  yield* gauges
  yield ofProcess
}

function figureMetrics({ notifications, databaseSize, walSize, lastCopyAt, waitingWrites }: Figures): GaugeText[] {
  return [
    gauge(
      'duplistatus_notifications',
      'Messages that wait, are being sent, or were given up.',
      Object.entries(notifications).map(([status, value]) => ({ labels: labelText({ status }), value })),
    ),
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

/** What is told of a job: its labels as they stand in the text, its state, and its figures in the order of `jobFigures`. */
interface ToldJob {
  labels: string
  state: string
  figures: (number | null)[]
}

const seconds = (ms: number | null) => ms && ms / 1000

const jobFigures: { name: string; help: string; read: (job: JobFigures) => number | null }[] = [
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
      figures: jobFigures.map(({ read }) => read(job)),
    })
  }
  return jobs
}

function jobMetrics(jobs: ToldJob[]): GaugeText[] {
  return [
    gauge('duplistatus_job_state', '1 for the state that the job has, 0 for the others.', statesOf(jobs)),
    ...jobFigures.map(({ name, help }, place) => gauge(`duplistatus_job_${name}`, help, figuresOf(jobs, place))),
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

function gauge(name: string, help: string, samples: Iterable<Sample>): GaugeText {
  return { name, help, samples }
}
