// Deletes a job with its runs. It comes back, without them, when it reports again.

import { DomainError } from '../../domain/errors.ts'
import { logChange } from '../access/logChange.ts'
import type { Context } from '../context.ts'
import { removeInSteps } from '../runs/removeBackups.ts'

/**
 * @returns how many runs it had
 * @throws DomainError NOT_FOUND
 */
export async function deleteBackupJob(context: Context, id: number): Promise<number> {
  let before = {}
  const deletedBackups = await removeInSteps(context, {
    next: ({ backups }, limit) => backups.ofJob(id, limit),
    owner: ({ jobs, servers, connections }) => {
      const serverId = jobs.serverOf(id)
      if (serverId !== undefined) connections.addRemoval(serverId, jobs.nameOf(id) ?? '', new Date(0), context.clock())
      const removed = jobs.remove(id)
      if (!removed) throw new DomainError('NOT_FOUND', `There is no BackupJob:${id}.`)
      if (serverId !== undefined) servers.refreshLatest(serverId)
      before = removed
    },
  })
  const target = `BackupJob:${id}`
  logChange(context, { action: 'deleteBackupJob', target, before: { ...before, backups: deletedBackups }, after: null })
  context.events.publish('changed', { kind: 'REMOVED', type: 'BackupJob', key: id })
  return deletedBackups
}
