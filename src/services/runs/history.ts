// The history of a job, of a server or of all, bucket by bucket: what its runs add up to, and what was known when each bucket ended.

import type { HistoryScope } from '../../database/queries/historyReader.ts'
import { badInput } from '../../domain/errors.ts'
import { type HistoryBucket, historyBuckets } from '../../domain/historyBuckets.ts'
import {
  type BucketSize,
  isTimeZone,
  lastTimeBuckets,
  type TimeBucket,
  timeBuckets,
} from '../../domain/schedule/timeBuckets.ts'
import type { Context } from '../context.ts'
import type { HistoryReading } from './historyReading.ts'

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

/**
 * The history in whole buckets: the first holds `from`, the last what is just before `to`.
 *
 * @param reading that of the request
 * @throws DomainError BAD_USER_INPUT if `from` is not before `to`, if there is no such time zone, or for more than 1,000 buckets;
 * QUERY_TOO_COMPLEX for more runs than one request may read
 */
export function history(
  { database }: Context,
  reading: HistoryReading,
  scope: HistoryScope,
  period: HistoryPeriod,
  now: Date,
): Promise<HistoryBucket[]> {
  return reading.afterOthers(async () => {
    const buckets = await reading.buckets(JSON.stringify(period), () => bucketsOf(period, now))
    const adding = historyBuckets(buckets, now, database.history.missedSince())
    const [first, last] = [buckets[0], buckets.at(-1)]
    if (first && last) await database.history.read(scope, first.from, last.to, adding, reading.read)
    return adding.end()
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
      const message = 'would need more than 1,000 buckets; use larger buckets or a shorter period'
      throw badInput('The history is too long', [{ path: 'bucket', message }])
    }
    buckets.push(next)
  }
  return buckets
}
