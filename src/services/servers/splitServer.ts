// Makes two servers of one, by the machine-ids that their runs were reported under: what was merged, or mixed, by mistake.

import type { Tables } from '../../database/writer.ts'
import { badInput, DomainError } from '../../domain/errors.ts'
import { partsOf } from '../../domain/identity.ts'
import { logChange } from '../access/logChange.ts'
import type { Context } from '../context.ts'
import { divideIds } from '../identity/divideIds.ts'
import { separate } from '../identity/separate.ts'
import type { StateChange } from '../jobs/watchJobs.ts'

export interface SplitServer {
  /** The new server. */
  serverId: number
  movedJobs: number
  movedBackups: number
  /** Runs that tell neither a machine-id nor anything else by which one could know whose they are. */
  untoldBackups: number
}

/**
 * Gives the machine-ids, and the runs that were reported under them, to a new server. Its jobs are watched as those that they were
 * part of. Runs without a machine-id follow their backup-id and name; what even these cannot tell stays.
 *
 * @throws DomainError NOT_FOUND, BAD_USER_INPUT if the server has not all of the ids, or no others
 */
export async function splitServer(context: Context, serverId: number, machineIds: string[]): Promise<SplitServer> {
  const { database, events, clock } = context
  const { changes, ...split } = await database.writer.write((tables) =>
    separateServer(tables, serverId, machineIds, clock()),
  )
  logChange(context, {
    action: 'splitServer',
    target: `Server:${serverId}`,
    before: null,
    after: { machineIds, ...split },
  })
  for (const id of [serverId, split.serverId]) events.publish('serverUpdated', { serverId: id })
  for (const change of changes) events.publish('jobStateChanged', change)
  return split
}

function separateServer(tables: Tables, serverId: number, machineIds: string[], now: Date) {
  const { servers, jobs, backups, backupIds, channels, tags } = tables
  if (!servers.findEditable(serverId)) throw new DomainError('NOT_FOUND', `There is no Server:${serverId}.`)
  const wanted = new Set(machineIds)
  const known = servers.machineIds(serverId)
  const missing = machineIds.find((id) => known.every((one) => one.id !== id))
  if (missing !== undefined) throw notSplit(`hold ${missing}, which is not a machine-id of the server`)
  if (wanted.size === 0) throw notSplit('must name a machine-id of the server')

  const parts = new Map(
    jobs
      .ofServer(serverId)
      .map(({ id }) => [
        id,
        partsOf(backups.marks(id), ({ machineId }) => (machineId === null ? null : wanted.has(machineId))),
      ]),
  )
  const isLeft =
    known.some(({ id }) => !wanted.has(id)) || [...parts.values()].some(({ staying }) => staying.length > 0)
  if (!isLeft) throw notSplit('must leave the server at least one machine-id')

  const other = servers.insert(servers.nameOf(serverId), now)
  channels.copyServerRules(serverId, other, now)
  tags.ofServers.copy(serverId, other)
  for (const id of wanted) servers.moveMachineId(serverId, other, id)
  const changes: StateChange[] = []
  const split = { serverId: other, movedJobs: 0, movedBackups: 0, untoldBackups: 0 }
  for (const [id, { splitOff, untold }] of parts) {
    split.untoldBackups += untold.length
    if (splitOff.length === 0) continue
    split.movedJobs += 1
    split.movedBackups += splitOff.length
    const separated = separate(
      tables,
      id,
      splitOff.map((run) => run.id),
      other,
      now,
    )
    changes.push(...separated.changes)
    if (separated.jobId === id) continue
    divideIds(tables, id, separated.jobId)
    for (const mark of backupIds.ofJob(id)) {
      if (!wanted.has(mark.machineId)) continue
      backupIds.remove(mark)
      backupIds.set({ ...mark, jobId: separated.jobId })
    }
  }
  for (const id of [serverId, other]) nameByLatest(tables, id)
  return { ...split, changes }
}

/** A server is called as its latest run that says so, and was seen when it was received. */
function nameByLatest({ servers, backups }: Tables, serverId: number) {
  const name = backups.latestMachineName(serverId)
  if (name) servers.rename(serverId, name)
  servers.recountLastSeen(serverId)
}

function notSplit(message: string) {
  return badInput('The server cannot be split like this', [{ path: 'machineIds', message }])
}
