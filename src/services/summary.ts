// The figures over everything. Each comes from what servers and jobs remember: the cost does not grow with the runs.

import type { Context } from './context.ts'

/** Sizes are bytes. Dry runs do not count. */
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
  lastBackupAt: Date | null
}

export async function summarize({ database: { reader } }: Context, now: Date): Promise<Summary> {
  const [totalServers, jobs, overdueJobs] = await Promise.all([
    reader.server.count(),
    reader.backupJob.aggregate({
      _count: true,
      _sum: { runs: true, uploadedSize: true, storedSize: true, sourceSize: true },
      _max: { latestAt: true },
    }),
    reader.backupJob.count({ where: { paused: false, overdueAt: { lt: now } } }),
  ])
  return {
    totalServers,
    totalBackupJobs: jobs._count,
    totalBackups: jobs._sum.runs ?? 0,
    totalUploadedSize: jobs._sum.uploadedSize ?? 0n,
    totalStorageUsed: jobs._sum.storedSize ?? 0n,
    totalBackupSize: jobs._sum.sourceSize ?? 0n,
    overdueJobs,
    lastBackupAt: jobs._max.latestAt,
  }
}
