// Notes that this server runs, so that a start, or the end of a machine's sleep, can tell for how long it did not: what was due
// meanwhile may have been reported to nobody.

import type { Tables } from '../../database/writer.ts'
import { absenceNoted, absencePassed } from '../../domain/jobWatch.ts'
import { type Absence, absenceBefore, memorableAbsence } from '../../domain/schedule/absence.ts'
import type { Context } from '../context.ts'
import { judgeAnew, type StateChange, watchOf } from './watchJobs.ts'

/** How many jobs are judged in one transaction. */
const jobsAtOnce = 100

/** @throws DomainError UNAVAILABLE if the database cannot be written now */
export async function notePresence({ database: { writer } }: Context, now: Date): Promise<void> {
  await writer.write(({ settings }) => settings.setAlive(now))
}

/**
 * Notes an absence that no start ended: the machine slept, or the database could not be written. To be called before time passes.
 *
 * @throws DomainError UNAVAILABLE if the database cannot be written now
 */
export async function noteSleep(context: Context): Promise<void> {
  const aliveAt = context.database.writer.read(({ settings }) => settings.aliveAt())
  const absence = absenceBefore(context.clock(), aliveAt)
  if (!absence) return
  context.log.warn(absence, 'This server was down for a while: reports that were sent during that time may be lost')
  await noteAbsence(context)
}

/**
 * Remembers for how long the server was away, and gives the jobs that were waited for meanwhile the time that is
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
  } else if (latest) {
    await inBatches(
      writer.read(({ watches }) => watches.missableBefore(latest.until)),
      (tables, jobId) => letPass(tables, jobId, latest),
    )
  }
  await notePresence(context, now)

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
  watches.set(jobId, absenceNoted(watchOf(tables, jobId), jobs.memory(jobId), settings.watching()))
}

function letPass(tables: Tables, jobId: number, absence: Absence) {
  const { watches, jobs, settings } = tables
  watches.set(jobId, absencePassed(watchOf(tables, jobId), jobs.memory(jobId), settings.watching(), absence))
}

/** What no start has judged yet is left to judgeJobs. */
function judgeOlder(tables: Tables, jobId: number, now: Date): StateChange[] {
  return watchOf(tables, jobId).stateSince ? judgeAnew(tables, jobId, 'SCHEDULE', now) : []
}
