// Removes runs, few at a time: a report that comes meanwhile waits for no more than one step.

import type { Tables, Writer } from '../database/writer.ts'
import { recollect } from './jobMemory.ts'

const runsAtOnce = 500

/** Removes runs inside a transaction; the numbers of the jobs that lost some. */
export function removeBackups(tables: Tables, ids: number[]): number[] {
  const jobs = [...new Set(ids.flatMap((id) => tables.backups.remove(id) ?? []))]
  for (const job of jobs) recollect(tables, job)
  return jobs
}

/**
 * Removes whatever runs `next` finds, step by step. After each step jobs and servers remember what is left.
 *
 * @param next finds at most `limit` of them
 * @param last is done in one with the last step, when no more are there
 * @returns how many there were
 */
export async function removeInSteps(
  writer: Writer,
  next: (tables: Tables, limit: number) => number[],
  last: (tables: Tables) => void = () => {},
): Promise<number> {
  let removed = 0
  for (;;) {
    const step = await writer.write((tables) => {
      const ids = next(tables, runsAtOnce)
      removeBackups(tables, ids)
      if (ids.length < runsAtOnce) last(tables)
      return ids.length
    })
    removed += step
    if (step < runsAtOnce) return removed
  }
}
