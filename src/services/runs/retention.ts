// Removes what the settings say is not to be kept: logs of runs, runs, and what became of jobs and was told of it. Once a day is
// enough, and at once when the settings change.

import { isDeepStrictEqual } from 'node:util'
import type { RunPlace } from '../../database/tables/backupTable.ts'
import type { Keeping } from '../../database/tables/settingsTable.ts'
import type { Tables } from '../../database/writer.ts'
import type { Context } from '../context.ts'
import { pruneJob } from './pruneBackups.ts'
import { inSteps, linesAtOnce } from './removeBackups.ts'

const dayMs = 24 * 60 * 60 * 1000
/** How many runs are looked at at once for whether they have a log. */
const placesAtOnce = 500

export interface Retention {
  /** When to remove the next time; null if everything is kept. */
  nextAt(): Date | null
  /** Removes what is too old by now, if it is time. */
  keep(): Promise<void>
  /** Ends it at the next step; the rest is for the next start. */
  stop(): void
}

export function createRetention(context: Context): Retention {
  const { clock, log } = context
  const stopping = new AbortController()
  let last: { keeping: Keeping; at: Date } | null = null

  function nextAt(keeping = context.database.writer.read(({ settings }) => settings.keeping())): Date | null {
    if (Object.values(keeping).every((value) => value === null)) return null
    const isNew = last === null || !isDeepStrictEqual(last.keeping, keeping)
    return isNew ? new Date(0) : new Date((last as { at: Date }).at.getTime() + dayMs)
  }

  return {
    nextAt,
    keep: async () => {
      const now = clock()
      const keeping = context.database.writer.read(({ settings }) => settings.keeping())
      const at = nextAt(keeping)
      if (at === null || at > now) return
      const removed = await remove(context, keeping, now, stopping.signal)
      if (stopping.signal.aborted) return
      last = { keeping, at: now }
      if (Object.values(removed).some((count) => count > 0)) log.info({ keeping, removed }, 'Removed old data')
    },
    stop: () => stopping.abort(),
  }
}

/** What was removed, of each kind. */
async function remove(context: Context, keeping: Keeping, now: Date, signal: AbortSignal) {
  const { writer } = context.database
  const { keepDays, keepPerJob, keepLogDays } = keeping
  const before = (days: number) => new Date(now.getTime() - days * dayMs)
  const removed = { logLines: 0, backups: 0, notifications: 0, transitions: 0, missedRuns: 0 }
  if (keepLogDays !== null) removed.logLines = await removeLogs(context, before(keepLogDays), signal)
  if (keepDays !== null) {
    const olderThan = before(keepDays)
    for (const jobId of writer.read(({ jobs }) => jobs.all())) {
      removed.backups += await pruneJob(context, jobId, olderThan, 1, signal)
    }
    const all = (removeSome: (tables: Tables) => number) => removeAll(context, removeSome, signal)
    removed.notifications = await all(({ notifications }) => notifications.removeEnded(olderThan, linesAtOnce))
    removed.transitions = await all(({ transitions }) => transitions.removeOld(olderThan, linesAtOnce))
    removed.missedRuns = await all((tables) => removeMissed(tables, olderThan))
  }
  if (keepPerJob !== null) {
    for (const jobId of writer.read(({ jobs }) => jobs.withMoreRuns(keepPerJob))) {
      const last = writer.read(({ backups }) => backups.nthLatest(jobId, keepPerJob))
      // A dry run that is older than all that are kept goes, too.
      if (last) removed.backups += await pruneJob(context, jobId, new Date(last.getTime() + 1), keepPerJob, signal)
    }
  }
  return removed
}

/** Takes what was missed before a moment. Nobody knows then what it was, and that is not to look as if nothing was. */
function removeMissed({ missedRuns, settings }: Tables, olderThan: Date): number {
  const count = missedRuns.removeOld(olderThan, linesAtOnce)
  if (count > 0) settings.setMissedSince(olderThan)
  return count
}

/** Takes the logs of the runs that began before a moment, the oldest first. The runs tell how many lines they lost. */
async function removeLogs(context: Context, olderThan: Date, signal: AbortSignal): Promise<number> {
  let removed = 0
  let after: RunPlace | null = null
  await inSteps(context, signal, (tables) => {
    const places = tables.backups.placesBefore(olderThan, after, placesAtOnce)
    const { lines, until } = removeLogsOf(tables, places)
    const isDone = places.length < placesAtOnce && until === (places.at(-1) ?? null)
    return {
      isDone,
      written: () => {
        removed += lines
        after = until ?? after
      },
    }
  })
  return removed
}

/** Takes the logs of the first of these runs, as many lines as one step allows; `until` is the last run that has none now. */
function removeLogsOf({ backups }: Tables, places: RunPlace[]) {
  let lines = 0
  let until: RunPlace | null = null
  for (const place of places) {
    if (place.hasLog) {
      const removed = backups.removeLines(place.id, linesAtOnce - lines)
      backups.countDropped(place.id, removed)
      lines += removed
    }
    if (lines === linesAtOnce) break
    until = place
  }
  return { lines, until }
}

async function removeAll(context: Context, removeSome: (tables: Tables) => number, signal: AbortSignal) {
  let removed = 0
  await inSteps(context, signal, (tables) => {
    const some = removeSome(tables)
    return {
      isDone: some < linesAtOnce,
      written: () => {
        removed += some
      },
    }
  })
  return removed
}
