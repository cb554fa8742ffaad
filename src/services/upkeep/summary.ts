// The figures over everything. Each comes from what servers and jobs remember: the cost does not grow with the runs.

import type { Context } from '../context.ts'

/** Sizes are bytes. Dry runs and prevented runs do not count. */
export interface Summary {
  totalServers: number
  totalBackupJobs: number
  totalBackups: number
  /** Over all runs. */
  totalUploadedSize: bigint
  /** The next two are sums over the latest known of every job. */
  totalStorageUsed: bigint
  totalBackupSize: bigint
  overdueJobs: number
  failedJobs: number
  warningJobs: number
  lastBackupAt: Date | null
}

export function summarize({ database }: Context): Summary {
  const row = database.summary.read()
  return {
    totalServers: row.servers,
    totalBackupJobs: row.jobs,
    totalBackups: row.runs,
    totalUploadedSize: row.uploadedSize,
    totalStorageUsed: row.storedSize,
    totalBackupSize: row.sourceSize,
    overdueJobs: row.overdue,
    failedJobs: row.failed,
    warningJobs: row.warning,
    lastBackupAt: row.latestAt,
  }
}
