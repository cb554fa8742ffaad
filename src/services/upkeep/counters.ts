// What is counted since the start, in memory: Prometheus adds it up over restarts. Each app has a registry of its own, because several
// run in one process of the tests.

import { Counter, Gauge, Histogram, Registry } from 'prom-client'

export type Counters = ReturnType<typeof createCounters>

/** Each outcome is there from the start, at 0: whoever looks at increases would miss the first of one that appears. */
const outcomes = ['recorded', 'duplicate', 'ignored']

/**
 * Taken: it tells of a job that is known. Ignored: of another operation. Refused: without a token that may report, or too long or too many
 * at once.
 */
const statusOutcomes = ['taken', 'unknown', 'ignored', 'unreadable', 'refused', 'failed']

const usualRefusals = [
  'BAD_USER_INPUT',
  'UNAUTHENTICATED',
  'FORBIDDEN',
  'RATE_LIMITED',
  'NOT_FOUND',
  'METHOD_NOT_ALLOWED',
  'PAYLOAD_TOO_LARGE',
  'UNSUPPORTED_MEDIA_TYPE',
  'UNAVAILABLE',
  'INTERNAL_SERVER_ERROR',
]

/** In seconds; beyond the last is one more. */
const durationBounds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]

export function createCounters() {
  const registry = new Registry()
  const registers = [registry]
  /** The labels are of closed lists: whatever comes becomes a series, and stays. */
  const requests = new Counter({
    name: 'http_requests_total',
    help: 'Requests that were answered.',
    labelNames: ['method', 'route', 'status'],
    registers,
  })
  const durations = new Histogram({
    name: 'http_request_duration_seconds',
    help: 'Time from the start of a request until its answer began.',
    labelNames: ['method', 'route'],
    buckets: durationBounds,
    registers,
  })
  /** Ignored: it is of another operation than a backup. Refused: with the code that the client was told. */
  const reports = new Counter({
    name: 'duplistatus_uploads_total',
    help: 'Reports by outcome, and by error code if they were refused.',
    labelNames: ['outcome', 'code'],
    registers,
  })
  for (const outcome of outcomes) reports.inc({ outcome, code: '' }, 0)
  for (const code of usualRefusals) reports.inc({ outcome: 'refused', code }, 0)
  const statusPosts = new Counter({
    name: 'duplistatus_status_posts_total',
    help: 'Posts about runs that are under way, by outcome.',
    labelNames: ['outcome'],
    registers,
  })
  for (const outcome of statusOutcomes) statusPosts.inc({ outcome }, 0)
  const requestsWithoutToken = new Counter({
    name: 'duplistatus_requests_without_token_total',
    help: 'Requests that were accepted without a token, and will be refused once requireToken is on.',
    registers,
  })
  const deliveries = new Counter({
    name: 'duplistatus_notification_attempts_total',
    help: 'Attempts to deliver a message, by outcome.',
    labelNames: ['outcome'],
    registers,
  })
  for (const outcome of ['sent', 'postponed', 'dead']) deliveries.inc({ outcome }, 0)
  const uploads = uploadGauges(registers)
  return { registry, requests, durations, reports, statusPosts, requestsWithoutToken, deliveries, uploads }
}

/** Bodies of reports, and long ones of GraphQL, at this moment: how many, and the bytes that are held of the long ones. */
function uploadGauges(registers: Registry[]) {
  const uploads = { running: 0, waiting: 0, bytes: 0 }
  new Gauge({
    name: 'duplistatus_uploads_in_progress',
    help: 'Reports that are being received or wait for their turn.',
    labelNames: ['stage'],
    registers,
    collect() {
      this.set({ stage: 'waiting' }, uploads.waiting)
      this.set({ stage: 'receiving' }, uploads.running)
    },
  })
  new Gauge({
    name: 'duplistatus_uploads_held_bytes',
    help: 'Memory that long bodies take until they are answered.',
    registers,
    collect() {
      this.set(uploads.bytes)
    },
  })
  return uploads
}

/** What a counter without labels stands at. */
export async function countOf(counter: Counter): Promise<number> {
  const { values } = await counter.get()
  return values[0]?.value ?? 0
}
