// Makes one server of two, when a machine proves to have reported under two names or ids.

import type { Tables } from '../../database/writer.ts'
import { badInput, DomainError } from '../../domain/errors.ts'
import { twinOf } from '../../domain/identity.ts'
import { logChange } from '../access/logChange.ts'
import type { Context } from '../context.ts'
import { recollect } from '../jobs/jobMemory.ts'
import { joinJobs } from '../jobs/joinJobs.ts'
import { moveJob } from '../jobs/moveJob.ts'
import type { StateChange } from '../jobs/watchJobs.ts'

export interface Merged {
  /** Jobs that only the one server had: they move as they are. */
  movedJobs: number
  /** Jobs that both had: their runs are now one list. */
  mergedJobs: number
  movedBackups: number
  /** Runs that both had: one of each is left. */
  duplicateBackups: number
}

/**
 * Moves machine-ids, jobs and runs from one server to another, all at once, and removes the emptied one. What a person said
 * of the server that stays is kept; where nothing was said, it is taken from the other. Its name is that of the one that
 * reported last. Jobs keep all their ids: reports under any of them go on where they went.
 *
 * @throws DomainError NOT_FOUND, BAD_USER_INPUT if the two are one already
 */
export async function mergeServers(context: Context, from: number, into: number): Promise<Merged> {
  const { database, events, clock } = context
  if (from === into) throw badInput('Nothing to merge', [{ path: 'into', message: 'must be another server' }])
  const { merged, changes, ...change } = await database.writer.write((tables) => {
    const { servers } = tables
    const before = { from: servers.findEditable(from), into: servers.findEditable(into) }
    const { merged, changes } = merge(tables, from, into, clock())
    return { merged, changes, before, after: { into: servers.findEditable(into), ...merged } }
  })
  logChange(context, { action: 'mergeServers', target: `Server:${from} into Server:${into}`, ...change })
  events.publish('changed', { kind: 'REMOVED', type: 'Server', key: from })
  events.publish('serverUpdated', { serverId: into })
  for (const change of changes) events.publish('jobStateChanged', change)
  return merged
}

function merge(tables: Tables, from: number, into: number, now: Date): { merged: Merged; changes: StateChange[] } {
  const { servers, jobs, channels, connections, tags, tokens } = tables
  const [moving, staying] = [jobs.ofServer(from), jobs.ofServer(into)]
  for (const id of [from, into]) lastSeen(tables, id)
  const merged = { movedJobs: 0, mergedJobs: 0, movedBackups: 0, duplicateBackups: 0 }
  const grown: number[] = []
  for (const job of moving) {
    const twin = twinOf(job, moving, staying)
    if (twin) {
      const { movedBackups, duplicateBackups } = joinJobs(tables, job.id, twin.id, into, now)
      merged.mergedJobs += 1
      merged.movedBackups += movedBackups
      merged.duplicateBackups += duplicateBackups
      grown.push(twin.id)
    } else {
      merged.movedJobs += 1
      merged.movedBackups += moveJob(tables, job.id, into)
    }
  }
  servers.absorb(from, into, now)
  channels.moveServerRules(from, into)
  connections.move(from, into)
  tags.ofServers.copy(from, into)
  // Before it goes: what is bound to it would go with it.
  tokens.move(from, into)
  servers.remove(from)
  // Only now: no two servers may point to the same run.
  const changes = grown.flatMap((id) => recollect(tables, id, now))
  servers.refreshLatest(into)
  return { merged, changes }
}

function lastSeen({ servers }: Tables, id: number): number {
  const at = servers.lastSeen(id)
  if (at === undefined) throw new DomainError('NOT_FOUND', `There is no Server:${id}.`)
  return at?.getTime() ?? 0
}
