// What one request reads of histories: one after the other, in turns with everybody else, and not without end. What a chart costs is
// the runs that it is made of, which nothing in the query tells.

import type { Breaks } from '../../database/breaks.ts'
import { DomainError } from '../../domain/errors.ts'
import type { TimeBucket } from '../../domain/schedule/timeBuckets.ts'

export interface HistoryReading {
  /**
   * What `work` comes to, once all that was asked for before has been done.
   *
   * @throws DomainError QUERY_TOO_COMPLEX if too much was read already
   */
  afterOthers<T>(work: () => Promise<T>): Promise<T>
  /** The same buckets for the same period, which many servers are asked for: to make them of a clock takes time. */
  buckets(period: string, make: () => TimeBucket[]): Promise<TimeBucket[]>
  /**
   * Reads a piece, which returns how many runs it had.
   *
   * @throws DomainError QUERY_TOO_COMPLEX
   */
  read(piece: () => number): Promise<number>
}

/** @param maxRuns how many runs may be read in all */
export function createHistoryReading(maxRuns: number, breaks: Breaks): HistoryReading {
  const known = new Map<string, TimeBucket[]>()
  let last: Promise<unknown> = Promise.resolve()
  let runs = 0
  return {
    afterOthers: (work) => {
      const mine = last.then(() => {
        if (runs > maxRuns) throw tooMany(maxRuns)
        return work()
      })
      last = mine.catch(() => {})
      return mine
    },
    buckets: async (period, make) => {
      const buckets = known.get(period) ?? (await breaks.read(make))
      known.set(period, buckets)
      return buckets
    },
    read: async (piece) => {
      const read = await breaks.read(piece)
      runs += read
      if (runs > maxRuns) throw tooMany(maxRuns)
      return read
    },
  }
}

function tooMany(maxRuns: number): DomainError {
  const figure = maxRuns.toLocaleString('en')
  return new DomainError(
    'QUERY_TOO_COMPLEX',
    `The histories in this query read more than ${figure} runs, the most that one query may read. Ask for a shorter period or for fewer histories, or raise MAX_QUERY_COST.`,
  )
}
