// GET /api/summary: the figures over everything, flat, as dashboards of older releases read them.

import type { Context } from '../../services/context.ts'
import { summarize } from '../../services/upkeep/summary.ts'
import { json } from '../respond.ts'

export async function getSummary(_: Request, context: Context): Promise<Response> {
  const now = context.clock()
  const summary = summarize(context)
  const { lastBackupAt } = summary
  return json({
    totalServers: summary.totalServers,
    totalBackups: summary.totalBackups,
    totalBackupsRuns: summary.totalBackups,
    totalBackupJobs: summary.totalBackupJobs,
    totalUploadedSize: Number(summary.totalUploadedSize),
    totalStorageUsed: Number(summary.totalStorageUsed),
    totalBackupSize: Number(summary.totalBackupSize),
    overdueBackupsCount: summary.overdueJobs,
    failedBackupsCount: summary.failedJobs,
    warningBackupsCount: summary.warningJobs,
    secondsSinceLastBackup: lastBackupAt && Math.floor((now.getTime() - lastBackupAt.getTime()) / 1000),
  })
}
