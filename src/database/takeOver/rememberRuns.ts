// Lets the jobs of a file that is being taken over remember their runs.

import type { Database } from 'better-sqlite3'
import { emptyHistory, type JobHistory, withRun } from '../../domain/jobHistory.ts'
import { backupJobTable } from '../tables/backupJobTable.ts'
import { historicRuns } from '../tables/historicRuns.ts'

/** Afterwards every job knows its totals and its latest runs. The first start judges it by them. */
export function rememberRuns(target: Database): void {
  const histories = new Map<number, JobHistory>()
  for (const { jobId, run } of historicRuns(target).ofAll()) {
    histories.set(jobId, withRun(histories.get(jobId) ?? emptyHistory, run))
  }
  const jobs = backupJobTable(target)
  for (const [jobId, history] of histories) jobs.setHistory(jobId, history)
  // Whoever was told of failures was told by the old release: the last is not told once more, but its end will be.
  target.exec(`UPDATE backup_jobs SET open_trouble = 'FAILED', failed_told_at = latest_at, failed_reminded_at = latest_at
    WHERE last_status IN ('ERROR', 'FATAL')`)
}
