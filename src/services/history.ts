// The history of a server or a job, bucket by bucket: what its runs add up to, and what was known when each bucket ended.

import type { HistoryScope, JobMeasurements, Measurement, RunSums } from '../database/historyQuery.ts'
import { badInput } from '../domain/errors.ts'
import { type BucketSize, isTimeZone, lastTimeBuckets, type TimeBucket, timeBuckets } from '../domain/timeBuckets.ts'
import type { Context } from './context.ts'

const defaultBuckets = 30
const maxBuckets = 1000

export interface HistoryPeriod {
  /** Null: so that there are 30 buckets. */
  from: Date | null
  /** Null: now. */
  to: Date | null
  bucket: BucketSize
  timeZone: string
}

/** The sums are of the runs in the bucket. What is known is null until a run told, and in the future. */
export interface HistoryBucket extends TimeBucket, RunSums, Known {}

/** The latest known of each job, summed over the jobs. Sizes are bytes, and may exceed 64 bits. */
interface Known {
  sourceSize: bigint | null
  storedSize: bigint | null
  versions: number | null
}

/**
 * The history in whole buckets: the first holds `from`, the last what is just before `to`.
 *
 * @throws DomainError BAD_USER_INPUT if `from` is not before `to`, if there is no such time zone, or for more than 1,000 buckets
 */
export function history({ database }: Context, scope: HistoryScope, period: HistoryPeriod, now: Date): HistoryBucket[] {
  const buckets = bucketsOf(period, now)
  const { sums, measured } = database.history.read(scope, buckets)
  const known = measured.map(carriedForward)
  return buckets.map(({ from, to }, index) => {
    const { runs, failures, durationSeconds, uploadedSize } = sums[index] as RunSums
    const { sourceSize, storedSize, versions } = knownAt(from > now ? [] : known, index)
    return { from, to, runs, failures, durationSeconds, uploadedSize, sourceSize, storedSize, versions }
  })
}

function bucketsOf({ from, to, bucket, timeZone }: HistoryPeriod, now: Date): TimeBucket[] {
  const end = to ?? now
  const issues = [
    ...(from && from >= end ? [{ path: 'from', message: `must be before ${to ? 'to' : 'now'}` }] : []),
    ...(isTimeZone(timeZone) ? [] : [{ path: 'timeZone', message: 'must be a time zone such as Europe/Berlin' }]),
  ]
  if (issues.length > 0) throw badInput('There is no such history', issues)
  if (!from) return lastTimeBuckets(defaultBuckets, end, bucket, timeZone)
  const buckets: TimeBucket[] = []
  for (const next of timeBuckets(from, end, bucket, timeZone)) {
    if (buckets.length === maxBuckets) {
      const message = 'would be more than 1,000 buckets; take a larger bucket or a shorter time'
      throw badInput('The history is too long', [{ path: 'bucket', message }])
    }
    buckets.push(next)
  }
  return buckets
}

/** What was known when each bucket ended: what a run in it told, or else what was known before. */
function carriedForward({ before, inBuckets }: JobMeasurements): (Measurement | null)[] {
  let known = before
  return inBuckets.map((measured) => {
    known = measured ?? known
    return known
  })
}

/** @param jobs what is known of each, by bucket */
function knownAt(jobs: (Measurement | null)[][], index: number): Known {
  const known: Known = { sourceSize: null, storedSize: null, versions: null }
  for (const job of jobs) {
    const measured = job[index]
    if (!measured) continue
    const { sourceSize, storedSize, versions } = measured
    known.storedSize = (known.storedSize ?? 0n) + storedSize
    if (sourceSize !== null) known.sourceSize = (known.sourceSize ?? 0n) + sourceSize
    if (versions !== null) known.versions = Math.min((known.versions ?? 0) + versions, maxInt)
  }
  return known
}

/** Where GraphQL's Int ends. One job has no more versions, but several may. */
const maxInt = 2 ** 31 - 1
