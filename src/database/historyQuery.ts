// The figures of a server's or a job's history: what its runs add up to in each bucket of time, and what each job's runs told of
// its sizes. The runs are read once, along an index, and added up here, where no sum of sizes is too large.

import type { Database } from 'better-sqlite3'
import type { RunStatus } from '../domain/runStatus.ts'
import type { TimeBucket } from '../domain/timeBuckets.ts'
import { atOneMoment } from './reads/atOneMoment.ts'

/** Whose history. */
export type HistoryScope = { serverId: number } | { jobId: number }

/** What runs add up to. Dry runs and prevented runs do not count. */
export interface RunSums {
  runs: number
  /** Those that ended as ERROR or FATAL. */
  failures: number
  durationSeconds: number
  /** Bytes; may exceed 64 bits. */
  uploadedSize: bigint
}

/** What the latest of the runs that know the stored size knows, as domain/jobHistory.ts has it. Sizes are bytes. */
export interface Measurement {
  sourceSize: bigint | null
  storedSize: bigint
  versions: number | null
}

/** What the runs of a job told. */
export interface JobMeasurements {
  /** The latest before the first bucket. */
  before: Measurement | null
  /** The latest in each bucket. */
  inBuckets: (Measurement | null)[]
}

interface History {
  /** By bucket. */
  sums: RunSums[]
  /** By job. */
  measured: JobMeasurements[]
}

type Sizes = [sourceSize: bigint | null, storedSize: bigint | null, versions: bigint | null]
type JobRow = [id: bigint, ...Sizes]
type RunRow = [jobId: bigint, at: bigint, status: RunStatus, seconds: number | null, uploaded: bigint, ...Sizes]

/** Dry runs and prevented runs tell nothing, and count nowhere. */
export function historyQuery(database: Database) {
  const measuredOf = (run: string) => `${run}.source_size, ${run}.known_file_size, ${run}.backup_list_count`
  const statementsOf = (job: string, run: string) => ({
    jobs: database
      .prepare<[before: number, id: number], JobRow>(`
        SELECT job.id, ${measuredOf('run')} FROM backup_jobs AS job LEFT JOIN backups AS run ON run.id = (
          SELECT id FROM backups WHERE job_id = job.id AND ordered_at < ? AND NOT dryrun AND NOT prevented AND known_file_size IS NOT NULL
          ORDER BY ordered_at DESC, id DESC LIMIT 1
        ) WHERE job.${job} = ?`)
      .raw()
      .safeIntegers(),
    runs: database
      .prepare<[id: number, from: number, to: number], RunRow>(`
        SELECT job_id, ordered_at, status, duration_seconds, uploaded_size, ${measuredOf('backups')}
        FROM backups WHERE ${run} = ? AND ordered_at >= ? AND ordered_at < ? AND NOT dryrun AND NOT prevented ORDER BY ordered_at, id`)
      .raw()
      .safeIntegers(),
  })
  const ofServer = statementsOf('server_id', 'server_id')
  const ofJob = statementsOf('id', 'job_id')

  return {
    /**
     * The figures of all jobs in the scope, as of one moment.
     *
     * @param buckets each begins where the one before ends
     */
    read: atOneMoment(database, (scope: HistoryScope, buckets: TimeBucket[]): History => {
      const [{ jobs, runs }, id] = 'serverId' in scope ? ([ofServer, scope.serverId] as const) : [ofJob, scope.jobId]
      const ends = buckets.map(({ to }) => to.getTime())
      const from = buckets[0]?.from.getTime() ?? 0
      const sums = buckets.map((): RunSums => ({ runs: 0, failures: 0, durationSeconds: 0, uploadedSize: 0n }))
      const measured = new Map<bigint, JobMeasurements>()
      for (const [job, ...sizes] of jobs.all(from, id)) {
        measured.set(job, { before: measurement(sizes), inBuckets: buckets.map(() => null) })
      }
      let index = 0
      for (const [job, at, status, seconds, uploaded, ...sizes] of runs.iterate(id, from, ends.at(-1) ?? from)) {
        while (at >= (ends[index] as number)) index += 1
        const sum = sums[index] as RunSums
        sum.runs += 1
        if (status === 'ERROR' || status === 'FATAL') sum.failures += 1
        sum.durationSeconds += seconds ?? 0
        sum.uploadedSize += uploaded
        const known = measurement(sizes)
        const its = measured.get(job)
        if (known && its) its.inBuckets[index] = known
      }
      return { sums, measured: [...measured.values()] }
    }),
  }
}

function measurement([sourceSize, storedSize, versions]: Sizes): Measurement | null {
  return storedSize === null ? null : { sourceSize, storedSize, versions: versions === null ? null : Number(versions) }
}
