// What the last runs of a job let expect.

import { dayMs, growthDaysAtLeast, type Outlook, outlookOf } from '../../domain/unusual/outlook.ts'
import type { PastRun } from '../../domain/unusual/pastRun.ts'
import type { Context } from '../context.ts'
import type { HistoryReading } from './historyReading.ts'

/** How many runs are read: most jobs run once a day. Of those that run every hour it takes more to know how they grow. */
const someRuns = 100
const manyRuns = 1000

/** All runs that there are: no place in time is later than the receipt. */
const endOfTime = new Date(8.64e15)

/**
 * The outlook of a job; null before it has ten runs that can be compared.
 *
 * @param reading that of the request: the runs count as those of histories do
 * @throws DomainError QUERY_TOO_COMPLEX for more runs than one request may read
 */
export function outlook({ database }: Context, reading: HistoryReading, jobId: number): Promise<Outlook | null> {
  return reading.afterOthers(async () => {
    let runs = await read(someRuns)
    const span = (runs.at(-1)?.at.getTime() ?? 0) - (runs[0]?.at.getTime() ?? 0)
    if (runs.length > someRuns / 2 && span < growthDaysAtLeast * dayMs) runs = await read(manyRuns)
    return outlookOf(runs)
  })

  async function read(limit: number) {
    let runs: PastRun[] = []
    await reading.read(() => {
      runs = database.pastRuns(jobId, endOfTime, limit)
      return runs.length
    })
    return runs
  }
}
