// Makes one job of two inside a transaction. What it remembers is the caller's to add up anew.

import type { Tables } from '../../database/writer.ts'

export interface Joined {
  movedBackups: number
  /** Runs that both had, to the last figure: one of each is left. */
  duplicateBackups: number
}

/** Gives runs, ids, rules, tags, and whatever only the other one has, to the job `into`; `from` is gone. */
export function joinJobs(tables: Tables, from: number, into: number, serverId: number, now: Date): Joined {
  const { jobs, backups, backupIds, transitions, notifications, channels, unusualRules, missedRuns, tags } = tables
  const duplicateBackups = backups.removeTwins(from, into)
  const movedBackups = backups.moveToJob(from, into, serverId)
  for (const mark of backupIds.ofJob(from)) {
    backupIds.set({ ...mark, jobId: into, succeededAt: null })
  }
  // A person says that they are one: no id of them takes the other's place any more.
  for (const mark of backupIds.ofJob(into)) backupIds.set({ ...mark, succeededAt: null })
  jobs.absorb(from, into, now)
  transitions.moveToJob(from, into, serverId)
  notifications.moveToJob(from, into, serverId)
  channels.moveJobRules(from, into)
  unusualRules.moveJobRules(from, into)
  missedRuns.moveToJob(from, into)
  tags.ofJobs.copy(from, into)
  jobs.remove(from)
  const latest = backups.marks(into).findLast(({ backupId }) => backupId !== null)
  jobs.setBackupId(into, latest?.backupId ?? null)
  return { movedBackups, duplicateBackups }
}
