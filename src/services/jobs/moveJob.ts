// Moves a whole job to another server.

import type { Tables } from '../../database/writer.ts'

/** Moves the job with all that is of it, inside a transaction; how many runs it had. What both servers point to is the caller's to renew. */
export function moveJob(
  { jobs, backups, transitions, notifications }: Tables,
  jobId: number,
  serverId: number,
): number {
  jobs.move(jobId, serverId)
  transitions.moveToJob(jobId, jobId, serverId)
  notifications.moveToJob(jobId, jobId, serverId)
  return backups.moveToServer(jobId, serverId)
}
