// Deletes a run.

import { DomainError } from '../../domain/errors.ts'
import { logChange } from '../access/logChange.ts'
import type { Context } from '../context.ts'
import { removeBackups } from './removeBackups.ts'

/**
 * @returns the number of its job
 * @throws DomainError NOT_FOUND
 */
export async function deleteBackup(context: Context, id: number): Promise<number> {
  const { database, events, clock } = context
  const { jobs, changes } = await database.writer.write((tables) => {
    const place = tables.backups.placeOf(id)
    if (place?.beganAt) {
      const began = new Date(place.beganAt)
      tables.connections.addRemoval(place.serverId, place.name, began, began)
    }
    return removeBackups(tables, [id], clock(), false)
  })
  const [jobId] = jobs
  if (jobId === undefined) throw new DomainError('NOT_FOUND', `There is no Backup:${id}.`)
  logChange(context, {
    action: 'deleteBackup',
    target: `Backup:${id}`,
    before: { backupJob: `BackupJob:${jobId}` },
    after: null,
  })
  events.publish('changed', { kind: 'REMOVED', type: 'Backup', key: id })
  events.publish('changed', { kind: 'CHANGED', type: 'BackupJob', key: jobId })
  for (const change of changes) events.publish('jobStateChanged', change)
  return jobId
}
