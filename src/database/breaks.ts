// Lets the reads of one request take turns with everybody else. SQLite reads while nothing else is done: one read is short, but a
// request can ask for thousands.

import { DomainError } from '../domain/errors.ts'

export interface Breaks {
  /**
   * What `work` returns: at once, unless the request has read for a while without a break; then in its turn, after what it asked
   * for before.
   *
   * @throws DomainError QUERY_TOO_COMPLEX once it has read for longer than a request may; what `work` throws
   */
  read<T>(work: () => T): Promise<T>
}

/** How long a request reads without a break, and how long it may read in all, in milliseconds. */
const limits = { pieceMs: 5, allMs: 10_000 }

/**
 * Those of one request.
 *
 * @param now milliseconds on a clock that only goes forward
 */
export function createBreaks({ pieceMs, allMs } = limits, now = () => performance.now()): Breaks {
  const waiting: (() => void)[] = []
  /** In milliseconds, since the last break and in all. */
  let piece = 0
  let all = 0

  function run<T>(work: () => T): T {
    if (all >= allMs) throw tookTooLong(allMs)
    const began = now()
    try {
      return work()
    } finally {
      const took = now() - began
      piece += took
      all += took
    }
  }

  function goOn() {
    piece = 0
    while (piece < pieceMs && waiting.length > 0) waiting.shift()?.()
    if (waiting.length > 0) setImmediate(goOn)
  }

  return {
    read: async (work) => {
      if (piece < pieceMs && waiting.length === 0) return run(work)
      return new Promise((resolve, reject) => {
        if (waiting.length === 0) setImmediate(goOn)
        waiting.push(() => {
          try {
            resolve(run(work))
          } catch (error) {
            reject(error)
          }
        })
      })
    },
  }
}

function tookTooLong(allMs: number): DomainError {
  const message = `Reading for this query took more than ${allMs / 1000} seconds. Ask for less at once, or for a shorter period.`
  return new DomainError('QUERY_TOO_COMPLEX', message)
}
