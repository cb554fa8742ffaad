// Makes two jobs of one, by the backup-ids that their runs were reported under.

import { badInput, DomainError } from '../../domain/errors.ts'
import { partsOf } from '../../domain/identity.ts'
import { logChange } from '../access/logChange.ts'
import type { Context } from '../context.ts'
import { divideIds } from '../identity/divideIds.ts'
import { separate } from '../identity/separate.ts'

export interface SplitJob {
  /** The new job. */
  jobId: number
  movedBackups: number
  /** Runs that tell neither an id nor anything else by which one could know whose they are. */
  untoldBackups: number
}

/**
 * Gives the runs that were reported under these backup-ids to a new job, which is watched as the old one is. Runs without an id follow
 * their name; what even that cannot tell stays.
 *
 * @throws DomainError NOT_FOUND, BAD_USER_INPUT if no run, or every run, would go
 */
export async function splitBackupJob(context: Context, jobId: number, ids: string[]): Promise<SplitJob> {
  const { database, events, clock } = context
  const { changes, ...split } = await database.writer.write((tables) => {
    const { jobs, backups, backupIds } = tables
    const serverId = jobs.serverOf(jobId)
    if (serverId === undefined) throw new DomainError('NOT_FOUND', `There is no BackupJob:${jobId}.`)
    const wanted = new Set(ids)
    const runs = backups.marks(jobId)
    const { splitOff, untold } = partsOf(runs, ({ backupId }) => (backupId === null ? null : wanted.has(backupId)))
    if (splitOff.length === 0) throw notSplit('must name an id that a run of the job was reported under')
    if (splitOff.length === runs.length) throw notSplit('must leave the job at least one run')
    const now = clock()
    const moved = splitOff.map(({ id }) => id)
    const separated = separate(tables, jobId, moved, serverId, now)
    divideIds(tables, jobId, separated.jobId)
    for (const mark of backupIds.ofJob(jobId)) {
      if (!wanted.has(mark.backupId)) continue
      backupIds.remove(mark)
      backupIds.set({ ...mark, jobId: separated.jobId, succeededAt: null })
    }
    return { ...separated, movedBackups: moved.length, untoldBackups: untold.length }
  })
  logChange(context, { action: 'splitBackupJob', target: `BackupJob:${jobId}`, before: null, after: { ids, ...split } })
  for (const key of [jobId, split.jobId]) events.publish('changed', { kind: 'CHANGED', type: 'BackupJob', key })
  for (const change of changes) events.publish('jobStateChanged', change)
  return split
}

function notSplit(message: string) {
  return badInput('The job cannot be split like this', [{ path: 'backupIds', message }])
}
