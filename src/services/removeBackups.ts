// Removes runs, few at a time: a report that comes meanwhile waits for no more than one step.

import type { Tables } from '../database/writer.ts'
import type { Context } from './context.ts'
import { recollect } from './jobMemory.ts'
import type { StateChange } from './watchJobs.ts'

const runsAtOnce = 500

export interface Removed {
  /** The numbers of the jobs that lost runs. */
  jobs: number[]
  changes: StateChange[]
}

/**
 * Removes runs inside a transaction; their jobs remember what is left.
 *
 * @param keepsRhythm whether they are only too old to be kept: the rhythm of a job outlives the runs that it was seen in
 */
export function removeBackups(tables: Tables, ids: number[], now: Date, keepsRhythm: boolean): Removed {
  const jobs = [...new Set(ids.flatMap((id) => tables.backups.remove(id) ?? []))]
  const rhythmOf = (job: number) => (keepsRhythm ? tables.jobs.history(job).recentRuns : undefined)
  return { jobs, changes: jobs.flatMap((job) => recollect(tables, job, now, rhythmOf(job))) }
}

/**
 * Removes whatever old runs `next` finds, step by step. After each step jobs and servers remember what is left.
 *
 * @param next finds at most `limit` of them
 * @param owner removes, in one with the last step, what the runs were of; nobody then hears how it stood without them
 * @returns how many there were
 */
export async function removeInSteps(
  { database: { writer }, events, clock }: Context,
  next: (tables: Tables, limit: number) => number[],
  owner?: (tables: Tables) => void,
): Promise<number> {
  let removed = 0
  for (;;) {
    const { step, changes } = await writer.write((tables) => {
      const ids = next(tables, runsAtOnce)
      const { changes } = removeBackups(tables, ids, clock(), true)
      if (ids.length < runsAtOnce) owner?.(tables)
      return { step: ids.length, changes }
    })
    if (!owner) for (const change of changes) events.publish('jobStateChanged', change)
    removed += step
    if (step < runsAtOnce) return removed
  }
}
