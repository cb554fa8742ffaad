// The runs that a job has in its log, as reports. Duplicati keeps 30 days of them, unless it is told otherwise.

import { z } from 'zod'
import { parseJson } from '../json.ts'
import { DuplicatiProblem } from './problem.ts'
import { type RunResult, rowReport, runResult, type Sender } from './rowReport.ts'
import type { Duplicati } from './session.ts'

export interface LoggedRun {
  /** Rises by time. It falls back when the job's database is made anew. */
  rowId: number
  /** When the row was written: at the end of the run, to the second. */
  writtenAt: Date
  /** Such as `Backup`; Duplicati logs others too, from release to release more of them. */
  operation: string
  /** For `readReport`. */
  document: object
}

/** A row by its id and when it was written. */
export interface KnownRow {
  rowId: number
  writtenAt: Date
}

/** Where the reading ends; null: at the begin of the log. */
export interface LogEnd {
  /**
   * The highest row that is known. If there is none of this id, or it was written at another time, the database was made anew, and no row
   * is known.
   */
  known: KnownRow | null
  /** Rows that were written before are left. */
  since: Date | null
}

/** Duplicati gives 10 to 500. */
const pageSize = 100

/** The last second that a Date can hold. */
const lastSecond = 8.64e12

const row = z.object({ ID: z.int(), Timestamp: z.int().min(0).max(lastSecond), Message: z.unknown() })

type Row = z.output<typeof row>

/**
 * The runs of a job, newest first, asked for page by page as they are taken. Of two rows of one run the later one is taken: a
 * Compact leaves two. Rows that hold no result are left out. A `Sync` job has no log that could be asked for: Duplicati fails.
 *
 * @param sender what the reports say of where they are from
 * @throws DuplicatiProblem BUSY while the job runs (2.3.1), NOT_FOUND if the job has been deleted
 */
export async function* loggedRuns(
  duplicati: Duplicati,
  job: { id: string; operationType: 'Backup' | 'Sync' },
  sender: Sender,
  end: LogEnd,
): AsyncGenerator<LoggedRun, void, undefined> {
  if (job.operationType === 'Sync') return
  const seen = new Set<string>()
  for await (const { ID, Timestamp, Message } of newRows(duplicati, job.id, end)) {
    const result = resultIn(Message)
    if (!result) continue
    const run = `${result.MainOperation} ${result.BeginTime}`
    if (seen.has(run)) continue
    seen.add(run)
    yield {
      rowId: ID,
      writtenAt: new Date(Timestamp * 1000),
      operation: result.MainOperation,
      document: rowReport(result, sender),
    }
  }
}

async function* newRows(duplicati: Duplicati, jobId: string, { known, since }: LogEnd): AsyncGenerator<Row> {
  const path = `api/v1/backup/${encodeURIComponent(jobId)}/log?pagesize=${pageSize}`
  let last: number | null = null
  for (;;) {
    const rows: Row[] = await duplicati.get(last === null ? path : `${path}&offset=${last}`, z.array(row))
    for (const one of rows) {
      if (last !== null && one.ID >= last) throw notDescending(duplicati.host)
      last = one.ID
      if (isRow(one, known) || (since && one.Timestamp * 1000 < since.getTime())) return
      yield one
    }
    if (rows.length < pageSize) return
  }
}

function isRow({ ID, Timestamp }: Row, known: KnownRow | null): boolean {
  return known !== null && ID === known.rowId && Timestamp * 1000 === known.writtenAt.getTime()
}

/** Otherwise one page could be asked for again and again. */
function notDescending(host: string) {
  return new DuplicatiProblem('BAD_ANSWER', `The log that ${host} answers with is not in order, and cannot be read.`)
}

/** Null for rows of other types, and for those of old releases, which hold plain text. */
function resultIn(message: unknown): RunResult | null {
  if (typeof message !== 'string') return null
  try {
    return runResult.safeParse(parseJson(message)).data ?? null
  } catch {
    return null
  }
}
