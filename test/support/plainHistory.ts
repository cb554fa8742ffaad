// Histories reckoned a second time, run by run in plain code.

import Database from 'better-sqlite3'
import type { TimeBucket } from '../../src/domain/schedule/timeBuckets.ts'

type Row = Record<string, bigint | number | string | null>

/** All runs of a file that count, in the order of their places in time. */
export function countedRuns(file: string): Row[] {
  const database = new Database(file, { readonly: true })
  database.defaultSafeIntegers(true)
  const rows = database.prepare('SELECT * FROM backups').all() as Row[]
  database.close()
  return rows
    .filter(({ dryrun, prevented }) => dryrun === 0n && prevented === 0n)
    .sort((a, b) => Number(a.ordered_at) - Number(b.ordered_at) || Number(a.id) - Number(b.id))
}

/** A bucket of their history as GraphQL answers it, counted one by one. */
export function plainBucket(runs: Row[], { from, to }: TimeBucket, now: Date) {
  const before = (end: Date) => runs.filter(({ ordered_at }) => Number(ordered_at) < end.getTime())
  const own = before(to).slice(before(from).length)
  const jobs = [...new Set(runs.map(({ job_id }) => job_id))]
  const latest = jobs.map((id) => before(to).findLast((run) => run.job_id === id && run.known_file_size !== null))
  const known = from > now ? [] : latest.filter((run) => run !== undefined)
  return {
    from: from.toISOString(),
    to: to.toISOString(),
    runs: own.length,
    failed: own.filter(({ status }) => status === 'ERROR' || status === 'FATAL').length,
    durationSeconds: own.reduce((sum, run) => sum + Number(run.duration_seconds), 0),
    uploadedSize: asAnswered(own.reduce((sum, run) => sum + (run.uploaded_size as bigint), 0n)),
    changedFiles: asAnswered(
      own.reduce((sum, run) => {
        const { added_files, modified_files, deleted_files } = run as Record<string, bigint>
        return sum + (added_files ?? 0n) + (modified_files ?? 0n) + (deleted_files ?? 0n)
      }, 0n),
    ),
    sourceSize: sumOfKnown(known, 'source_size'),
    storedSize: sumOfKnown(known, 'known_file_size'),
    versions: sumOfKnown(known, 'backup_list_count'),
  }
}

function sumOfKnown(runs: Row[], column: string) {
  const values = runs.map((run) => run[column]).filter((value) => value !== null) as bigint[]
  return values.length === 0 ? null : asAnswered(values.reduce((a, b) => a + b))
}

const asAnswered = (value: bigint) => (Number.isSafeInteger(Number(value)) ? Number(value) : value.toString())
