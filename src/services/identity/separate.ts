// Gives runs of a job to another one, when it proves that they were never its own.

import type { Tables } from '../../database/writer.ts'
import { recollect } from '../jobs/jobMemory.ts'
import { moveJob } from '../jobs/moveJob.ts'
import type { StateChange } from '../jobs/watchJobs.ts'

export interface Separated {
  /** The job that has the runs now. */
  jobId: number
  changes: StateChange[]
}

/**
 * Gives runs to a new job, inside a transaction: it is watched as the old one is, and has its rules and tags. What was told of these runs,
 * and what they changed, follows them. A job all of whose runs go, goes itself. Ids are the caller's to move.
 *
 * @param ids the runs
 * @param serverId where the new job is
 */
export function separate(tables: Tables, jobId: number, ids: number[], serverId: number, now: Date): Separated {
  const { jobs, backups, channels, unusualRules, tags, transitions, notifications, servers } = tables
  const oldServer = jobs.serverOf(jobId)
  if (oldServer === undefined) throw new Error(`There is no job ${jobId}`)
  if (oldServer !== serverId && backups.marks(jobId).length === ids.length) {
    moveJob(tables, jobId, serverId)
    // Two servers must not point to one run.
    servers.refreshLatest(oldServer)
    servers.refreshLatest(serverId)
    return { jobId, changes: [] }
  }
  const separated = jobs.copy(jobId, serverId, now)
  channels.copyJobRules(jobId, separated, now)
  unusualRules.copyJobRules(jobId, separated, now)
  tags.ofJobs.copy(jobId, separated)
  backups.moveRuns(ids, separated, serverId)
  transitions.followRuns(ids, separated, serverId)
  notifications.followRuns(ids, separated, serverId)
  const changes = [jobId, separated].flatMap((id) => {
    nameByLatest(tables, id)
    return recollect(tables, id, now)
  })
  return { jobId: separated, changes }
}

/** A job is called, and has the id, as its latest run that says so. */
function nameByLatest({ jobs, backups }: Tables, jobId: number) {
  const runs = backups.marks(jobId)
  const name = runs.findLast(({ backupName }) => backupName !== null)?.backupName
  if (name) jobs.rename(jobId, name)
  jobs.setBackupId(jobId, runs.findLast(({ backupId }) => backupId !== null)?.backupId ?? null)
}
