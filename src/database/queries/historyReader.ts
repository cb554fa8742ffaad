// Reads what the history of jobs is made of: what each of them knew before it, then their runs, and what they missed. However many
// there are, they are read in pieces between which others have their turn, and yet as of one moment.

import type { Database } from 'better-sqlite3'
import type { HistoryBuckets, Measurement } from '../../domain/historyBuckets.ts'
import type { RunStatus } from '../../domain/runStatus.ts'
import { tagQuery } from './tagQuery.ts'

/** Whose history: that of the jobs for which all of these hold. */
export interface HistoryScope {
  serverId: number | null
  jobId: number | null
  /** A tag that the job or its server carries. */
  tag: string | null
}

export interface HistoryReader {
  /** Since when missed due times are counted; null before the first start that counts them. */
  missedSince(): Date | null
  /**
   * Hands the history over to `into`, from `from` on and up to before `to`.
   *
   * @param read runs each piece in its turn, and is told how many runs it had. What it throws ends the reading
   */
  read(
    scope: HistoryScope,
    from: Date,
    to: Date,
    into: Omit<HistoryBuckets, 'end'>,
    read: (piece: () => number) => Promise<number>,
  ): Promise<void>
}

/** How many rows a piece has: about 3 ms. */
const pieceSize = 1000
/** Of jobs, for each of which a run is looked for. */
const jobPieceSize = 200

type Sizes = [sourceSize: bigint | null, storedSize: bigint | null, versions: bigint | null]
type KnownRow = [jobId: bigint, ...Sizes]
/** What was missed: nothing was due before 1970. */
type MissedRow = [dueAt: number, jobId: number]
type RunRow = [
  ...[id: bigint, at: bigint, jobId: bigint, counts: bigint, status: RunStatus, seconds: number | null],
  ...[uploaded: bigint, changed: bigint, ...Sizes],
]

/** @param database a connection for reading only, that nothing else reads on: one history after the other has it */
export function historyReader(database: Database): HistoryReader {
  const measuredOf = (run: string) => `${run}.source_size, ${run}.known_file_size, ${run}.backup_list_count`
  /** @param owners columns of runs, whose values say whose history it is */
  const prepared = (owners: ('server_id' | 'job_id')[]) => {
    const all = (columns: string[]) => columns.map((column) => `${column} = ? AND `).join('')
    const ofJobs = all(owners.map((owner) => (owner === 'job_id' ? 'id' : owner)))
    return {
      jobs: database.prepare<number[], number>(`SELECT id FROM backup_jobs WHERE ${ofJobs} true`).pluck(),
      // Runs that do not count are read as well: else a piece would be as long as there are of them.
      runs: database
        .prepare<(number | bigint)[], RunRow>(`
          SELECT id, ordered_at, job_id, NOT (dryrun OR prevented), status, duration_seconds, uploaded_size,
            added_files + modified_files + deleted_files, ${measuredOf('backups')}
          FROM backups WHERE ${all(owners)} (ordered_at, id) > (?, ?) AND ordered_at < ? ORDER BY ordered_at, id LIMIT ${pieceSize}`)
        .raw()
        .safeIntegers(),
      missed: database
        .prepare<number[], MissedRow>(`
          SELECT due_at, job_id FROM missed_runs
          WHERE ${owners.length > 0 ? `job_id IN (SELECT id FROM backup_jobs WHERE ${ofJobs} true) AND` : ''}
            (due_at, job_id) > (?, ?) AND due_at < ? ORDER BY due_at, job_id LIMIT ${pieceSize}`)
        .raw(),
      pruned: database
        .prepare<number[], [jobId: number, from: number, until: number]>(
          `SELECT id, pruned_from, pruned_until FROM backup_jobs WHERE ${ofJobs} pruned_until >= ? AND pruned_from < ?`,
        )
        .raw(),
    }
  }
  const statements = {
    all: prepared([]),
    server: prepared(['server_id']),
    job: prepared(['job_id']),
    both: prepared(['server_id', 'job_id']),
  }
  const tagged = tagQuery(database)
  const missedSince = database.prepare<[], number | null>('SELECT missed_since FROM settings').pluck()
  const known = database
    .prepare<[jobs: string, before: number], KnownRow>(`
      SELECT job.value, ${measuredOf('run')} FROM json_each(?) AS job JOIN backups AS run ON run.id = (
        SELECT id FROM backups WHERE job_id = job.value AND ordered_at < ? AND NOT dryrun AND NOT prevented AND known_file_size IS NOT NULL
        ORDER BY ordered_at DESC, id DESC LIMIT 1)`)
    .raw()
    .safeIntegers()
  const begin = database.prepare('BEGIN')
  const end = database.prepare('ROLLBACK')
  let last: Promise<unknown> = Promise.resolve()

  const readAlone: HistoryReader['read'] = async (scope, from, to, into, read) => {
    const { serverId, jobId, tag } = scope
    // What is of other jobs is left out here: along the index of a tag, runs would have to be sorted.
    const only = tag === null ? null : new Set(tagged.jobsOf(tag, -1))
    const isLeftOut = (job: number) => only !== null && !only.has(job)
    const owner = [serverId, jobId].filter((id) => id !== null)
    const one = jobId === null ? statements.server : statements.job
    const { jobs, runs, missed, pruned } =
      owner.length === 2 ? statements.both : owner.length === 1 ? one : statements.all
    const period = [from.getTime(), to.getTime()] as const
    let at = BigInt(from.getTime())
    let after = 0n
    let missedAfter: MissedRow = [from.getTime(), 0]

    function addKnown(ids: number[]): number {
      for (const [job, ...sizes] of known.all(JSON.stringify(ids), from.getTime())) {
        const measured = measurement(sizes)
        if (measured) into.addKnown(Number(job), measured)
      }
      return 0
    }

    function addRuns(): number {
      const rows = runs.all(...owner, at, after, to.getTime())
      for (const [, at, job, counts, status, seconds, uploadedSize, changedFiles, ...sizes] of rows) {
        if (counts === 0n || isLeftOut(Number(job))) continue
        into.addRun({
          jobId: Number(job),
          at: Number(at),
          status,
          durationSeconds: seconds ?? 0,
          uploadedSize,
          changedFiles,
          measurement: measurement(sizes),
        })
      }
      const row = rows.at(-1)
      if (row) [after, at] = row
      return rows.length
    }

    function addMissed(): number {
      const rows = missed.all(...owner, ...missedAfter, to.getTime())
      for (const [at, job] of rows) if (!isLeftOut(job)) into.addMissed(at)
      missedAfter = rows.at(-1) ?? missedAfter
      return rows.length
    }

    begin.run()
    try {
      for (let ids = jobs.all(...owner).filter((id) => !isLeftOut(id)); ids.length > 0; ids = ids.slice(jobPieceSize)) {
        await read(() => addKnown(ids.slice(0, jobPieceSize)))
      }
      while ((await read(addRuns)) === pieceSize);
      while ((await read(addMissed)) === pieceSize);
      for (const [id, from, until] of pruned.all(...owner, ...period)) {
        if (!isLeftOut(id)) into.addPruned(from, until)
      }
    } finally {
      if (database.inTransaction) end.run()
    }
  }

  return {
    missedSince: () => {
      const at = missedSince.get() ?? null
      return at === null ? null : new Date(at)
    },
    read: (...asked) => {
      const mine = last.then(() => readAlone(...asked))
      last = mine.catch(() => {})
      return mine
    },
  }
}

function measurement([sourceSize, storedSize, versions]: Sizes): Measurement | null {
  return storedSize === null ? null : { sourceSize, storedSize, versions: versions === null ? null : Number(versions) }
}
