// Removes runs, few at a time: a report that comes meanwhile waits for no more than one step.

import { setTimeout as sleep } from 'node:timers/promises'
import type { Tables } from '../../database/writer.ts'
import { type JobMemory, type RememberedRun, withoutOldRun } from '../../domain/jobMemory.ts'
import type { Context } from '../context.ts'
import { recollect } from '../jobs/jobMemory.ts'
import type { StateChange } from '../jobs/watchJobs.ts'

/** How much is removed in one transaction, in log lines. */
export const linesAtOnce = 1000
/** A run stands in six indexes, and other tables are asked whether they name it. */
const linesPerRun = 10
const runsAtOnce = linesAtOnce / linesPerRun
/** How long others have the server to themselves between two steps, in milliseconds. */
const pauseMs = 5

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
  const removed = new Map<number, RememberedRun[]>()
  for (const id of ids) {
    const { jobId, run } = tables.backups.remove(id) ?? {}
    if (jobId !== undefined && run) removed.set(jobId, [...(removed.get(jobId) ?? []), run])
  }
  const changes = [...removed].flatMap(([jobId, runs]) =>
    keepsRhythm ? forget(tables, jobId, runs, now) : recollect(tables, jobId, now),
  )
  return { jobs: [...removed.keys()], changes }
}

/** Lets a job forget old runs; what is left of it is only read if they told it more than totals. */
function forget(tables: Tables, jobId: number, runs: RememberedRun[], now: Date): StateChange[] {
  const counted = runs.filter(({ dryRun, prevented }) => !dryRun && !prevented).map(({ orderedAt }) => orderedAt)
  const inOrder = counted.sort((a, b) => a.getTime() - b.getTime())
  const [first, last] = [inOrder[0], inOrder.at(-1)]
  if (first && last) tables.jobs.notePruned(jobId, first, last)
  const before = tables.jobs.memory(jobId)
  const after = runs.reduce<JobMemory | null>((history, run) => history && withoutOldRun(history, run), before)
  if (!after) return recollect(tables, jobId, now, before.recentRuns)
  tables.jobs.setMemory(jobId, after)
  return []
}

interface Removal {
  /** Finds at most `limit` of the runs. */
  next: (tables: Tables, limit: number) => number[]
  /** Removes, in one with the last step, what the runs were of; nobody then hears how it stood without them. */
  owner?: (tables: Tables) => void
  /** Ends it early. */
  signal?: AbortSignal
}

/**
 * Removes whatever old runs there are, step by step. After each step jobs and servers remember what is left.
 *
 * @returns how many there were
 */
export async function removeInSteps(context: Context, { next, owner, signal }: Removal): Promise<number> {
  const { events, clock } = context
  let removed = 0
  await inSteps(context, signal, (tables) => {
    const found = next(tables, runsAtOnce)
    const emptied = withoutLog(tables, found)
    const { jobs, changes } = removeBackups(tables, emptied, clock(), true)
    const isDone = emptied.length === found.length && found.length < runsAtOnce
    if (isDone) owner?.(tables)
    return {
      isDone,
      written: () => {
        removed += emptied.length
        if (owner) return
        for (const key of jobs) events.publish('changed', { kind: 'CHANGED', type: 'BackupJob', key })
        for (const change of changes) events.publish('jobStateChanged', change)
      },
    }
  })
  return removed
}

interface Piece {
  isDone: boolean
  /** What follows once it is safely on disk. */
  written: () => void
}

/** Takes steps, each in a transaction of its own, with time for others between them. */
export async function inSteps(
  { database: { writer } }: Context,
  signal: AbortSignal | undefined,
  take: (tables: Tables) => Piece,
): Promise<void> {
  while (!signal?.aborted) {
    const { isDone, written } = await writer.write(take)
    written()
    if (isDone) return
    await sleep(pauseMs)
  }
}

/** Removes the logs of the first of the runs, as many as one step allows, and tells which runs have none any more. */
function withoutLog({ backups }: Tables, ids: number[]): number[] {
  let left = linesAtOnce
  const isEmptied = (id: number) => {
    left -= backups.removeLines(id, left) + linesPerRun
    return left >= 0
  }
  const end = ids.findIndex((id) => !isEmptied(id))
  return end < 0 ? ids : ids.slice(0, end)
}
