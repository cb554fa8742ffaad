// Writes what becomes of jobs, and what of it is to be told: the one path on which their state changes.

import { isDeepStrictEqual } from 'node:util'
import type { Tables } from '../../database/writer.ts'
import { DomainError } from '../../domain/errors.ts'
import {
  heldBack,
  type JobWatch,
  passTime,
  type Step,
  type TransitionReason,
  watchChanged,
} from '../../domain/jobWatch.ts'
import { logChange } from '../access/logChange.ts'
import type { Context } from '../context.ts'
import { notify } from '../telling/notify.ts'

/** How many jobs are moved on in one transaction: a report that comes meanwhile waits for no more. */
const jobsAtOnce = 100

/** A change of a job's state that was written. */
export interface StateChange {
  transitionId: number
  jobId: number
  serverId: number
}

/** Writes a step of a job inside a transaction: its columns, its transitions, the due times it missed, and the messages that tell of it. */
export function writeStep(tables: Tables, jobId: number, step: Step, now: Date): StateChange[] {
  tables.watches.set(jobId, step.watch)
  for (const missed of step.missed) tables.missedRuns.insert(jobId, missed, now)
  for (const occurrence of step.occurrences) notify(tables, jobId, step.watch, occurrence, now)
  if (step.transitions.length === 0) return []
  const serverId = tables.jobs.serverOf(jobId)
  if (serverId === undefined) throw new Error(`There is no job ${jobId}`)
  return step.transitions.map((transition) => ({
    transitionId: tables.transitions.insert(jobId, transition, now),
    jobId,
    serverId,
  }))
}

/**
 * Moves on every job for which time has come by `clock`, and tells of it. It decides by what is stored and may be called at
 * any time: a job that moved on meanwhile is left as it is. A job that cannot be judged is logged, and left for an hour.
 *
 * @param ask asks the Duplicati of a server, before it is told of a job there that it is overdue
 * @throws DomainError UNAVAILABLE if the database cannot be written now
 */
export async function passTimeOfJobs(
  { database: { writer }, events, clock, log }: Context,
  ask: ((serverId: number) => void) | null = null,
): Promise<void> {
  for (;;) {
    const now = clock()
    const due = writer.read(({ watches }) => watches.due(now, jobsAtOnce))
    if (due.length === 0) return
    // Each is a task of its own: what waits is written in one transaction, and one that fails does not keep the others.
    const results = await Promise.allSettled(
      due.map((jobId) => writer.write((tables) => moveOn(tables, jobId, now, ask !== null))),
    )
    for (const [index, result] of results.entries()) {
      const jobId = due[index] as number
      if (result.status === 'fulfilled') {
        if (result.value?.asks) ask?.(result.value.asks)
        const changes = result.value?.changes
        for (const change of changes ?? []) events.publish('jobStateChanged', change)
        // A due time was missed, or a snooze is over: a page shows that, too.
        if (changes?.length === 0) events.publish('changed', { kind: 'CHANGED', type: 'BackupJob', key: jobId })
        continue
      }
      if (result.reason instanceof DomainError) throw result.reason
      log.error({ err: result.reason, jobId }, 'The state of a job could not be updated')
      await writer.write(({ watches }) => watches.postpone(jobId, new Date(now.getTime() + 3_600_000)))
    }
  }
}

interface MovedOn {
  changes: StateChange[]
  /** The server whose Duplicati is to be asked about the job; null: none. */
  asks: number | null
}

/** Null: it moved on already. */
function moveOn(tables: Tables, jobId: number, now: Date, mayAsk: boolean): MovedOn | null {
  const watch = tables.watches.find(jobId)
  if (!watch?.nextEventAt || watch.nextEventAt >= now) return null
  const memory = tables.jobs.memory(jobId)
  const settings = tables.settings.watching()
  const serverId = tables.jobs.serverOf(jobId)
  const canAsk = mayAsk && serverId !== undefined && tables.connections.isProven(serverId)
  const held = canAsk ? heldBack(watch, memory, settings, now) : null
  const changes = writeStep(tables, jobId, passTime(held ?? watch, memory, settings, now), now)
  return { changes, asks: held && serverId !== undefined ? serverId : null }
}

/** Judges a job anew inside a transaction, after its runs or the settings changed. */
export function judgeAnew(tables: Tables, jobId: number, why: TransitionReason, now: Date): StateChange[] {
  const settings = tables.settings.watching()
  const step = watchChanged(watchOf(tables, jobId), tables.jobs.memory(jobId), {}, settings, now, why)
  return writeStep(tables, jobId, step, now)
}

/**
 * Changes how a job is watched, for a person.
 *
 * @param action what it is, for the log
 * @param change what to change, given how the job is watched now; it may throw
 * @throws DomainError NOT_FOUND, and what `change` throws
 */
export async function changeWatch(
  context: Context,
  action: string,
  jobId: number,
  why: TransitionReason,
  change: Change,
): Promise<void> {
  await changeWatches(context, action, () => [jobId], why, change)
}

/**
 * The same for several jobs, in one transaction: all of them are changed, or none.
 *
 * @param select which jobs; it may throw
 * @returns their numbers
 */
export async function changeWatches(
  context: Context,
  action: string,
  select: (tables: Tables) => number[],
  why: TransitionReason,
  change: Change,
): Promise<number[]> {
  const { database, events, clock } = context
  const changed = await database.writer.write((tables) => {
    const now = clock()
    return select(tables).map((jobId) => {
      const whole = watchOf(tables, jobId)
      let after: Partial<JobWatch> = {}
      const changes = changeWatchInside(tables, jobId, why, now, (...given) => {
        after = change(...given)
        return after
      })
      const names = Object.keys(after) as (keyof JobWatch)[]
      return { jobId, changes, before: Object.fromEntries(names.map((name) => [name, whole[name]])), after }
    })
  })
  for (const { jobId, changes, before, after } of changed) {
    if (!isDeepStrictEqual(before, after)) {
      logChange(context, { action, target: `BackupJob:${jobId}`, before, after })
      events.publish('changed', { kind: 'CHANGED', type: 'BackupJob', key: jobId })
    }
    for (const one of changes) events.publish('jobStateChanged', one)
  }
  return changed.map(({ jobId }) => jobId)
}

export type Change = (watch: JobWatch, tables: Tables, now: Date, jobId: number) => Partial<JobWatch>

/** Changes how a job is watched, inside a transaction. */
export function changeWatchInside(
  tables: Tables,
  jobId: number,
  why: TransitionReason,
  now: Date,
  change: Change,
): StateChange[] {
  const watch = watchOf(tables, jobId)
  const memory = tables.jobs.memory(jobId)
  const settings = tables.settings.watching()
  const passed = passTime(watch, memory, settings, now)
  const step = watchChanged(watch, memory, change(passed.watch, tables, now, jobId), settings, now, why)
  return writeStep(tables, jobId, step, now)
}

/** @throws DomainError NOT_FOUND */
export function watchOf({ watches }: Tables, jobId: number): JobWatch {
  const watch = watches.find(jobId)
  if (!watch) throw new DomainError('NOT_FOUND', `There is no BackupJob:${jobId}.`)
  return watch
}
