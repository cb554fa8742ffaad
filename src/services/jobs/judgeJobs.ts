// Judges, at a start, the jobs that no start has judged yet: those of a database that an earlier release left.

import { firstJudged } from '../../domain/jobWatch.ts'
import type { Context } from '../context.ts'
import { watchOf } from './watchJobs.ts'

/**
 * @param lastToldAt when the old server last told of a job that it is overdue, by the job's number
 * @throws DomainError UNAVAILABLE if the database cannot be written now
 */
export async function judgeJobs({ database, clock }: Context, lastToldAt: Map<number, Date>): Promise<void> {
  const { writer } = database
  if (writer.read(({ watches }) => watches.unjudged()).length === 0) return
  await writer.write((tables) => {
    const now = clock()
    const settings = tables.settings.watching()
    for (const jobId of tables.watches.unjudged()) {
      const memory = tables.jobs.memory(jobId)
      const told = lastToldAt.get(jobId) ?? null
      tables.watches.set(jobId, firstJudged(watchOf(tables, jobId), memory, settings, now, told))
    }
  })
}
