// Makes one job of two of the same server, when a person knows that they are one: imported anew, or renamed.

import { badInput, DomainError } from '../../domain/errors.ts'
import { logChange } from '../access/logChange.ts'
import type { Context } from '../context.ts'
import { recollect } from './jobMemory.ts'
import { type Joined, joinJobs } from './joinJobs.ts'

/**
 * Moves ids and runs from one job to another, all at once, and removes the emptied one. What a person said of the job that stays is
 * kept; where nothing was said, it is taken from the other. Reports under any of the ids are of that job from now on.
 *
 * @throws DomainError NOT_FOUND, BAD_USER_INPUT if the two are one already, or of two servers
 */
export async function mergeBackupJobs(context: Context, from: number, into: number): Promise<Joined> {
  const { database, events, clock } = context
  const problem = (message: string) => badInput('These jobs cannot be merged', [{ path: 'into', message }])
  if (from === into) throw problem('must be another job')
  const { joined, changes, before } = await database.writer.write((tables) => {
    const [source, target] = [tables.jobs.serverOf(from), tables.jobs.serverOf(into)]
    if (source === undefined) throw new DomainError('NOT_FOUND', `There is no BackupJob:${from}.`)
    if (target === undefined) throw new DomainError('NOT_FOUND', `There is no BackupJob:${into}.`)
    if (source !== target) throw problem('must be a job of the same server; merge the servers first')
    const before = { from: tables.jobs.findEditable(from), into: tables.jobs.findEditable(into) }
    const now = clock()
    const joined = joinJobs(tables, from, into, target, now)
    return { joined, before, changes: recollect(tables, into, now) }
  })
  const target = `BackupJob:${from} into BackupJob:${into}`
  logChange(context, { action: 'mergeBackupJobs', target, before, after: joined })
  events.publish('changed', { kind: 'REMOVED', type: 'BackupJob', key: from })
  events.publish('changed', { kind: 'CHANGED', type: 'BackupJob', key: into })
  for (const change of changes) events.publish('jobStateChanged', change)
  return joined
}
