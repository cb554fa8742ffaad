// Tells of jobs that had no success for longer than their rule allows: once, until they have one again.

import type { Occurrence } from '../../domain/jobWatch.ts'
import { noSuccessRemark } from '../../domain/unusual/noSuccess.ts'
import type { Context } from '../context.ts'
import { watchOf } from '../jobs/watchJobs.ts'
import { notify } from './notify.ts'

/** How many are told of in one transaction. */
const jobsAtOnce = 100

/** How often it is looked for, in milliseconds: it reads all jobs, and days are what counts. */
const intervalMs = 60_000

/** Makes what is to be called whenever time may have passed. It throws DomainError UNAVAILABLE if the database cannot be written now. */
export function createNoSuccessWatch(context: Context): () => Promise<void> {
  let lookedAt = Number.NEGATIVE_INFINITY
  return async () => {
    const now = context.clock().getTime()
    // A clock can be set back.
    if (Math.abs(now - lookedAt) < intervalMs) return
    lookedAt = now
    await tellNoSuccess(context)
  }
}

async function tellNoSuccess({ database: { writer }, clock }: Context): Promise<void> {
  for (;;) {
    const now = clock()
    if (writer.read(({ unusualRules }) => unusualRules.unsuccessful(now, 1)).length === 0) return
    await writer.write((tables) => {
      for (const { jobId, ...unsuccessful } of tables.unusualRules.unsuccessful(now, jobsAtOnce)) {
        const occurrence: Occurrence = { event: 'UNUSUAL', otherwise: [], backupId: null, reminder: null }
        notify(tables, jobId, watchOf(tables, jobId), occurrence, now, noSuccessRemark(unsuccessful))
        tables.unusualRules.tellUnsuccessful(jobId, now)
      }
    })
  }
}
