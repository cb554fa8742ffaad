// Reads what the history of a server or a job is made of: what each of its jobs knew before it, and then its runs. However many
// there are, they are read in pieces between which others have their turn, and yet as of one moment.

import type { Database } from 'better-sqlite3'
import type { HistoryBuckets, Measurement } from '../../domain/historyBuckets.ts'
import type { RunStatus } from '../../domain/runStatus.ts'

/** Whose history. */
export type HistoryScope = { serverId: number } | { jobId: number }

export interface HistoryReader {
  /**
   * Hands the history over to `into`, from `from` on and up to before `to`.
   *
   * @param read runs each piece in its turn, and is told how many runs it had. What it throws ends the reading
   */
  read(
    scope: HistoryScope,
    from: Date,
    to: Date,
    into: Pick<HistoryBuckets, 'addKnown' | 'addRun'>,
    read: (piece: () => number) => Promise<number>,
  ): Promise<void>
}

/** How many rows a piece has: about 3 ms. */
const pieceSize = 1000
/** Of jobs, for each of which a run is looked for. */
const jobPieceSize = 200

type Sizes = [sourceSize: bigint | null, storedSize: bigint | null, versions: bigint | null]
type KnownRow = [jobId: bigint, ...Sizes]
type RunRow = [
  ...[id: bigint, at: bigint, jobId: bigint, counts: bigint, status: RunStatus, seconds: number | null],
  ...[uploaded: bigint, ...Sizes],
]

/** @param database a connection for reading only, that nothing else reads on: one history after the other has it */
export function historyReader(database: Database): HistoryReader {
  const measuredOf = (run: string) => `${run}.source_size, ${run}.known_file_size, ${run}.backup_list_count`
  const statementsOf = (job: string, run: string) => ({
    jobs: database.prepare<[id: number], number>(`SELECT id FROM backup_jobs WHERE ${job} = ?`).pluck(),
    // Runs that do not count are read as well: else a piece would be as long as there are of them.
    runs: database
      .prepare<[id: number, at: bigint, after: bigint, to: number], RunRow>(`
        SELECT id, ordered_at, job_id, NOT (dryrun OR prevented), status, duration_seconds, uploaded_size, ${measuredOf('backups')}
        FROM backups WHERE ${run} = ? AND (ordered_at, id) > (?, ?) AND ordered_at < ? ORDER BY ordered_at, id LIMIT ${pieceSize}`)
      .raw()
      .safeIntegers(),
  })
  const ofServer = statementsOf('server_id', 'server_id')
  const ofJob = statementsOf('id', 'job_id')
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
    const [{ jobs, runs }, id] = 'serverId' in scope ? ([ofServer, scope.serverId] as const) : [ofJob, scope.jobId]
    let at = BigInt(from.getTime())
    let after = 0n

    function addKnown(ids: number[]): number {
      for (const [job, ...sizes] of known.all(JSON.stringify(ids), from.getTime())) {
        const measured = measurement(sizes)
        if (measured) into.addKnown(Number(job), measured)
      }
      return 0
    }

    function addRuns(): number {
      const rows = runs.all(id, at, after, to.getTime())
      for (const [, at, job, counts, status, seconds, uploadedSize, ...sizes] of rows) {
        if (counts === 0n) continue
        into.addRun({
          jobId: Number(job),
          at: Number(at),
          failed: status === 'ERROR' || status === 'FATAL',
          durationSeconds: seconds ?? 0,
          uploadedSize,
          measurement: measurement(sizes),
        })
      }
      const row = rows.at(-1)
      if (row) [after, at] = row
      return rows.length
    }

    begin.run()
    try {
      for (let ids = jobs.all(id); ids.length > 0; ids = ids.slice(jobPieceSize)) {
        await read(() => addKnown(ids.slice(0, jobPieceSize)))
      }
      while ((await read(addRuns)) === pieceSize);
    } finally {
      if (database.inTransaction) end.run()
    }
  }

  return {
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
