// What the runs of a server or a job add up to, bucket by bucket, and what was known when each bucket ended. The runs are taken one
// by one, in the order of their places in time: what is kept meanwhile does not grow with them.

import { isFailure, type RunStatus } from './runStatus.ts'
import type { TimeBucket } from './schedule/timeBuckets.ts'

/** The sums are of the runs in the bucket. What is known is null until a run told, and in the future. */
export interface HistoryBucket extends TimeBucket, RunSums, Known {
  /** Due times that passed without a run; null where the bucket begins before they were counted. */
  missed: number | null
  /** False where runs of it were removed because they were old. */
  complete: boolean
}

/** What runs add up to. */
interface RunSums {
  runs: number
  /** Those that ended as SUCCESS, those that ended as WARNING or UNKNOWN, and those that ended as ERROR or FATAL. */
  succeeded: number
  warned: number
  failed: number
  durationSeconds: number
  /** Bytes; may exceed 64 bits. */
  uploadedSize: bigint
  /** Files that were added, modified or deleted; may exceed 64 bits. */
  changedFiles: bigint
}

/** The latest known of each job, summed over the jobs. Sizes are bytes, and may exceed 64 bits. */
interface Known {
  sourceSize: bigint | null
  storedSize: bigint | null
  versions: number | null
}

/** What the latest of the runs that know the stored size knows, as domain/jobMemory.ts has it. Sizes are bytes. */
export interface Measurement {
  sourceSize: bigint | null
  storedSize: bigint
  versions: number | null
}

/** A run that counts: neither a dry nor a prevented one. */
interface RunOfHistory {
  jobId: number
  /** Its place in time, in milliseconds since 1970. */
  at: number
  status: RunStatus
  durationSeconds: number
  /** Bytes. */
  uploadedSize: bigint
  changedFiles: bigint
  measurement: Measurement | null
}

export interface HistoryBuckets {
  /** Takes what a job knew before the first bucket. All jobs come before any run. */
  addKnown(jobId: number, measurement: Measurement): void
  /** Takes the next run in the order of time. It lies in one of the buckets. */
  addRun(run: RunOfHistory): void
  /** Takes a due time that passed without a run, in any order. It lies in one of the buckets. */
  addMissed(at: number): void
  /** Takes the places in time of the first and the last run that a job lost because they were old. */
  addPruned(from: number, until: number): void
  /** The buckets as they are after all of it. */
  end(): HistoryBucket[]
}

/**
 * @param buckets each begins where the one before ends; in those that begin after `now`, nothing is known
 * @param missedSince since when missed due times are counted; null: they are not
 */
export function historyBuckets(buckets: TimeBucket[], now: Date, missedSince: Date | null): HistoryBuckets {
  const done: (TimeBucket & RunSums & Known)[] = []
  const missed = buckets.map(({ from }): number | null => (missedSince && from >= missedSince ? 0 : null))
  const complete = buckets.map(() => true)
  const known = knownOfJobs()
  let sums = noRuns()

  function close({ from, to }: TimeBucket) {
    done.push({ from, to, ...sums, ...(from > now ? nothingKnown : known.total()) })
    sums = noRuns()
  }

  return {
    addKnown: known.set,
    addMissed: (at) => {
      const place = placeOf(buckets, at)
      const count = missed[place] ?? null
      if (count !== null) missed[place] = count + 1
    },
    addPruned: (from, until) => {
      for (let place = Math.max(0, placeOf(buckets, from)); place < buckets.length; place++) {
        if ((buckets[place] as TimeBucket).from.getTime() > until) break
        complete[place] = false
      }
    },
    addRun: ({ jobId, at, status, durationSeconds, uploadedSize, changedFiles, measurement }) => {
      for (let bucket = buckets[done.length]; bucket && at >= bucket.to.getTime(); bucket = buckets[done.length]) {
        close(bucket)
      }
      sums.runs += 1
      sums[outcomeOf(status)] += 1
      sums.durationSeconds += durationSeconds
      sums.uploadedSize += uploadedSize
      sums.changedFiles += changedFiles
      if (measurement) known.set(jobId, measurement)
    },
    end: () => {
      for (const bucket of buckets.slice(done.length)) close(bucket)
      return done.map((bucket, place) => ({
        ...bucket,
        missed: missed[place] ?? null,
        complete: complete[place] ?? true,
      }))
    },
  }
}

/** The place of the bucket that holds the moment; -1 if it lies before all of them, the last if after. */
function placeOf(buckets: TimeBucket[], at: number): number {
  let [low, high] = [0, buckets.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if ((buckets[middle] as TimeBucket).from.getTime() <= at) low = middle + 1
    else high = middle
  }
  return low - 1
}

function outcomeOf(status: RunStatus): 'succeeded' | 'warned' | 'failed' {
  if (isFailure(status)) return 'failed'
  return status === 'SUCCESS' ? 'succeeded' : 'warned'
}

function noRuns(): RunSums {
  return { runs: 0, succeeded: 0, warned: 0, failed: 0, durationSeconds: 0, uploadedSize: 0n, changedFiles: 0n }
}

const nothingKnown: Known = { sourceSize: null, storedSize: null, versions: null }

/** Where GraphQL's Int ends. One job has no more versions, but several may. */
const maxInt = 2 ** 31 - 1

/** What is known of each job, and its sum, which is kept up instead of being made for every bucket. */
function knownOfJobs() {
  const latest = new Map<number, Measurement>()
  const sum = { sourceSize: 0n, storedSize: 0n, versions: 0 }
  /** Of how many jobs each is known. */
  const jobs = { sourceSize: 0, storedSize: 0, versions: 0 }

  function count({ sourceSize, storedSize, versions }: Measurement) {
    sum.storedSize += storedSize
    jobs.storedSize += 1
    if (sourceSize !== null) {
      sum.sourceSize += sourceSize
      jobs.sourceSize += 1
    }
    if (versions !== null) {
      sum.versions += versions
      jobs.versions += 1
    }
  }

  function discount({ sourceSize, storedSize, versions }: Measurement) {
    sum.storedSize -= storedSize
    jobs.storedSize -= 1
    if (sourceSize !== null) {
      sum.sourceSize -= sourceSize
      jobs.sourceSize -= 1
    }
    if (versions !== null) {
      sum.versions -= versions
      jobs.versions -= 1
    }
  }

  return {
    set: (jobId: number, measurement: Measurement) => {
      const before = latest.get(jobId)
      if (before) discount(before)
      latest.set(jobId, measurement)
      count(measurement)
    },
    total: (): Known => ({
      sourceSize: jobs.sourceSize > 0 ? sum.sourceSize : null,
      storedSize: jobs.storedSize > 0 ? sum.storedSize : null,
      versions: jobs.versions > 0 ? Math.min(sum.versions, maxInt) : null,
    }),
  }
}
