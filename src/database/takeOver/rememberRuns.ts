// Lets the jobs of a file that is being taken over remember their runs.

import type { Database } from 'better-sqlite3'
import { emptyMemory, type JobMemory, withRun } from '../../domain/jobMemory.ts'
import { backupJobTable } from '../tables/backupJobTable.ts'
import { rememberedRuns } from '../tables/rememberedRuns.ts'

/** Afterwards every job knows its totals and its latest runs. The first start judges it by them. */
export function rememberRuns(target: Database): void {
  const histories = new Map<number, JobMemory>()
  for (const { jobId, run } of rememberedRuns(target).ofAll()) {
    histories.set(jobId, withRun(histories.get(jobId) ?? emptyMemory, run))
  }
  const jobs = backupJobTable(target)
  for (const [jobId, history] of histories) jobs.setMemory(jobId, history)
  // Whoever was told of failures was told by the old release: the last is not told once more, but its end will be.
  target.exec(`UPDATE backup_jobs SET open_trouble = 'FAILED', failed_told_at = latest_at, failed_reminded_at = latest_at
    WHERE last_status IN ('ERROR', 'FATAL')`)
}
