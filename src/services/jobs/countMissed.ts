// Begins to count the due times that pass without a run, at the first start that does. What was missed before is not known.

import { missesCounted } from '../../domain/jobWatch.ts'
import type { Context } from '../context.ts'
import { watchOf } from './watchJobs.ts'

/** How many jobs are prepared in one transaction. */
const jobsAtOnce = 100

/**
 * Afterwards each job waits for its next due time. That it is counted is noted last: if the server dies before, the next start does
 * the same again.
 *
 * @throws DomainError UNAVAILABLE if the database cannot be written now
 */
export async function countMissed({ database: { writer }, clock }: Context): Promise<void> {
  if (writer.read(({ settings }) => settings.missedSince()) !== null) return
  const now = clock()
  const jobIds = writer.read(({ jobs }) => jobs.all())
  for (let first = 0; first < jobIds.length; first += jobsAtOnce) {
    await writer.write((tables) => {
      for (const jobId of jobIds.slice(first, first + jobsAtOnce)) {
        const memory = tables.jobs.memory(jobId)
        tables.watches.set(jobId, missesCounted(watchOf(tables, jobId), memory, tables.settings.watching(), now))
      }
    })
  }
  await writer.write(({ settings }) => settings.setMissedSince(now))
}
