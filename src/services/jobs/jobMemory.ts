// Keeps true what a job and its server remember, and how the job is judged, when runs went or came by another way than a report.

import type { Tables } from '../../database/writer.ts'
import { emptyMemory, withRun } from '../../domain/jobMemory.ts'
import type { RecentRun } from '../../domain/recentRun.ts'
import { judgeAnew, type StateChange } from './watchJobs.ts'

/**
 * Lets a job, inside a transaction, remember what its runs add up to now, and judges it by that.
 *
 * @param rhythm what it is to remember of its last runs all the same, if it is more than those that are left
 */
export function recollect(tables: Tables, jobId: number, now: Date, rhythm?: RecentRun[]): StateChange[] {
  const { backups, jobs, servers } = tables
  const history = backups.rememberedOf(jobId).reduce(withRun, emptyMemory)
  jobs.setMemory(jobId, rhythm ? { ...history, recentRuns: rhythm } : history)
  const serverId = jobs.serverOf(jobId)
  if (serverId !== undefined) servers.refreshLatest(serverId)
  return judgeAnew(tables, jobId, 'RUNS', now)
}
