// Asks the Duplicati of a server before it is told that jobs there are overdue: a run that we missed is recorded, and one that is under
// way is waited for. Whatever fails, the job becomes overdue once the time to ask has passed.

import type { Tables } from '../../database/writer.ts'
import { asked } from '../../domain/jobWatch.ts'
import { type AskedFacts, askedFinding } from '../../domain/messages/askedFinding.ts'
import type { Context } from '../context.ts'
import { changeWatchInside, watchOf } from '../jobs/watchJobs.ts'
import { timeZoneOf } from '../telling/notify.ts'
import { jobOf } from './adoptSchedules.ts'
import type { Collected } from './collect.ts'
import type { Collector } from './collector.ts'
import type { AskedDuplicati, AskedJob } from './readDuplicati.ts'

export interface Asker {
  /** Begins to ask, and does not wait for the answer. What fails is logged. */
  ask(serverId: number): void
  /** Waits until everything was answered that was asked. */
  settled(): Promise<void>
}

export function createAsker(context: Context, collector: Collector): Asker {
  const underWay = new Set<Promise<void>>()
  return {
    ask: (serverId) => {
      const work = ask(context, collector, serverId)
        .catch((err) =>
          context.log.error(
            { err, server: `Server:${serverId}` },
            'A Duplicati could not be asked about an overdue job',
          ),
        )
        .finally(() => underWay.delete(work))
      underWay.add(work)
    },
    settled: async () => {
      while (underWay.size > 0) await Promise.all(underWay)
    },
  }
}

async function ask(context: Context, collector: Collector, serverId: number): Promise<void> {
  const collected = await collector.collect(serverId)
  const { database, clock, events } = context
  const { changed, changes } = await database.writer.write((tables) => {
    const now = clock()
    const held = tables.watches.heldOf(serverId)
    const there = new Map(collected.asked?.jobs.map((job) => [jobOf(tables, serverId, job), job]))
    const changes = held.flatMap((jobId) => {
      const { runningSince, finding } = found(tables, jobId, collected, there.get(jobId), now)
      return changeWatchInside(tables, jobId, 'SCHEDULE', now, (watch) => asked(watch, runningSince, finding, now))
    })
    return { changed: held, changes }
  })
  for (const key of changed) events.publish('changed', { kind: 'CHANGED', type: 'BackupJob', key })
  for (const change of changes) events.publish('jobStateChanged', change)
}

function found(tables: Tables, jobId: number, { problem, asked }: Collected, there: AskedJob | undefined, now: Date) {
  const before = watchOf(tables, jobId).runningSince
  const since =
    there && asked && isUnderWay(asked, there)
      ? (before ?? startOf(there, tables.jobs.memory(jobId).latestAt) ?? now)
      : null
  const finding = askedFinding(factsOf(tables, jobId, problem, asked, there, since), timeZoneOf(tables))
  return { runningSince: since, finding }
}

function isUnderWay({ state }: AskedDuplicati, { job, isBusy }: AskedJob): boolean {
  const isWaiting = !state.paused && state.queued.some(({ jobId }) => jobId === job.id)
  return isBusy || isWaiting || state.active?.jobId === job.id
}

/** When the schedule let the run begin that is under way: later than the last one that is known. */
function startOf({ job }: AskedJob, latestAt: Date | null): Date | null {
  const lastRun = job.schedule?.lastRun ?? null
  return lastRun && (!latestAt || lastRun > latestAt) ? lastRun : null
}

function factsOf(
  tables: Tables,
  jobId: number,
  problem: string | null,
  asked: AskedDuplicati | null,
  there: AskedJob | undefined,
  runningSince: Date | null,
): AskedFacts {
  const { latestAt } = tables.jobs.memory(jobId)
  const prevented = tables.backups.preventedSince(jobId, latestAt ?? new Date(0))
  const job = there?.job
  const isNews = job?.lastErrorAt && (!latestAt || job.lastErrorAt > latestAt)
  return {
    problem: asked ? null : problem,
    hasJob: there !== undefined,
    paused: asked?.state.paused ?? false,
    pausedUntil: asked?.state.pausedUntil ?? null,
    prevented: prevented.length,
    preventedSince: prevented[0] ?? null,
    lastErrorAt: isNews ? (job.lastErrorAt ?? null) : null,
    lastError: isNews ? (job.lastErrorMessage ?? null) : null,
    next: job?.schedule?.time ?? null,
    runningSince,
  }
}
