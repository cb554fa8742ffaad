// Keeps true what a job and its server remember when runs went or came by another way than a report.

import type { Tables } from '../database/writer.ts'
import { emptyHistory, withRun } from '../domain/jobHistory.ts'

/** Lets a job, inside a transaction, remember what its runs add up to now. */
export function recollect({ backups, jobs, servers }: Tables, jobId: number): void {
  jobs.setHistory(jobId, backups.historyOf(jobId).reduce(withRun, emptyHistory))
  const serverId = jobs.serverOf(jobId)
  if (serverId !== undefined) servers.refreshLatest(serverId)
}
