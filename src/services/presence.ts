// Notes that this server runs, so that the next start can tell for how long it did not: what was due meanwhile may have been
// reported to nobody.

import type { Tables } from '../database/writer.ts'
import { absenceBefore, memorableAbsence } from '../domain/absence.ts'
import { absenceNoted } from '../domain/jobWatch.ts'
import type { Context } from './context.ts'
import { judgeAnew, type StateChange, watchOf } from './watchJobs.ts'

/** How many jobs are judged in one transaction. */
const jobsAtOnce = 100

/** @throws DomainError UNAVAILABLE if the database cannot be written now */
export async function notePresence({ database: { writer }, clock }: Context): Promise<void> {
  await writer.write(({ settings }) => settings.setAlive(clock()))
}

/**
 * Remembers, at a start, for how long the server was away, and gives the jobs that were waited for meanwhile the time that is
 * theirs. At the first start that notes it, all jobs are judged anew: an earlier release expected their runs by other rules. That it
 * runs is noted last: if it dies before, the next start does the same again.
 *
 * @throws DomainError UNAVAILABLE if the database cannot be written now
 */
export async function noteAbsence(context: Context): Promise<void> {
  const { writer } = context.database
  const { aliveAt, away } = writer.read(({ settings }) => ({ aliveAt: settings.aliveAt(), ...settings.watching() }))
  const now = context.clock()
  const latest = absenceBefore(now, aliveAt)
  const memorable = latest && memorableAbsence(away, latest)
  if (!aliveAt) {
    await inBatches(
      writer.read(({ jobs }) => jobs.all()),
      (tables, jobId) => judgeOlder(tables, jobId, now),
    )
  } else if (memorable && memorable !== away) {
    await writer.write(({ settings }) => settings.setAway(memorable))
    const absences = away ? [away, memorable] : [memorable]
    const waiting = writer.read(({ watches }) => new Set(absences.flatMap((one) => watches.waitingDuring(one))))
    await inBatches([...waiting], expectAnew)
  }
  await notePresence(context)

  async function inBatches(jobIds: number[], work: (tables: Tables, jobId: number) => void) {
    for (let first = 0; first < jobIds.length; first += jobsAtOnce) {
      const batch = jobIds.slice(first, first + jobsAtOnce)
      await writer.write((tables) => {
        for (const jobId of batch) work(tables, jobId)
      })
    }
  }
}

function expectAnew(tables: Tables, jobId: number) {
  const { watches, jobs, settings } = tables
  watches.set(jobId, absenceNoted(watchOf(tables, jobId), jobs.history(jobId), settings.watching()))
}

/** What no start has judged yet is left to judgeJobs. */
function judgeOlder(tables: Tables, jobId: number, now: Date): StateChange[] {
  return watchOf(tables, jobId).stateSince ? judgeAnew(tables, jobId, 'SCHEDULE', now) : []
}
