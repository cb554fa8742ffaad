// Finds the server that a report belongs to, or makes it, by the rules of domain/identity.ts. Names that alternate under one
// machine-id prove that it is two: they are taken apart here.

import type { Tables } from '../../database/writer.ts'
import { adopterOf, clonesOf, nameBearerOf, tellsAlone } from '../../domain/identity.ts'
import type { Report } from '../../domain/report.ts'
import { divideIds } from './divideIds.ts'
import type { Marks, Proof } from './proof.ts'
import { separate } from './separate.ts'

/**
 * @param at the run's place in time
 * @param proof takes what changed, and what is worth a line in the log
 * @returns the number of the server
 */
export function serverOf(tables: Tables, { machine, job }: Marks, at: Date, now: Date, proof: Proof): number {
  const { servers } = tables
  const { id, name } = machine
  if (id === null) return byName(tables, name ?? '', job) ?? servers.insert(name ?? '', now)
  const rows = servers.findByMachineId(id)
  const alone = rows.find((row) => row.name === '')
  let found = byMachineId(rows, name)
  if (alone && rows.length === 1 && name !== null) {
    const clones = clonesOf(servers.machineNames(id), name, at)
    if (clones) found = takeClonesApart(tables, id, alone.serverId, clones, now, proof)[name] ?? found
  }
  if (name !== null) servers.seeName(id, name, at)
  if (found !== undefined) return found
  // The id of a clone counts together with the name.
  const serverId = adopter(tables, name) ?? servers.insert(name ?? id, now)
  servers.addMachineId(serverId, id, rows.length > 0 ? (name ?? '') : '')
  return serverId
}

/** The server that a report would be of, if there is one already: nothing is written, and nothing proven. */
export function knownServer(tables: Tables, { machine: { id, name }, job }: Marks): number | undefined {
  if (id === null) return byName(tables, name ?? '', job)
  return byMachineId(tables.servers.findByMachineId(id), name) ?? adopter(tables, name)
}

/** Where a report says no machine-id. */
function byName(tables: Tables, name: string, job: Report['job']): number | undefined {
  const namesakes = tables.servers.findByName(name)
  const withThisJob = namesakes.filter((one) => hasFromNobody(tables, one.id, job)).map((one) => one.id)
  return nameBearerOf(namesakes, withThisJob)
}

/** @param rows the servers that have the id */
function byMachineId(rows: { serverId: number; name: string }[], name: string | null): number | undefined {
  const alone = rows.length === 1 ? rows.find((row) => row.name === '') : undefined
  return (rows.find((row) => row.name === (name ?? '')) ?? alone)?.serverId
}

function adopter({ servers }: Tables, name: string | null): number | undefined {
  return adopterOf(name === null ? [] : servers.findByName(name))
}

/** Whether the server has this job from reports without a machine-id. */
function hasFromNobody(tables: Tables, serverId: number, { id, name }: Report['job']): boolean {
  const { jobs, backupIds } = tables
  if (id === null) return false
  return backupIds
    .find(serverId, '', id)
    .some(({ jobId }) => tellsAlone(id) || name === null || jobs.nameOf(jobId) === name)
}

/** Makes two servers of one whose id is shared by two machines; the number of each, by its name. */
function takeClonesApart(
  tables: Tables,
  machineId: string,
  serverId: number,
  [older, younger]: [string, string],
  now: Date,
  proof: Proof,
): Record<string, number> {
  const { servers, jobs, backups, channels, tags } = tables
  const other = servers.insert(younger, now)
  channels.copyServerRules(serverId, other, now)
  tags.ofServers.copy(serverId, other)
  for (const { id } of jobs.ofServer(serverId)) {
    const ids = backups
      .marks(id)
      .filter((run) => run.machineId === machineId && run.machineName === younger)
      .map((run) => run.id)
    if (ids.length === 0) continue
    const separated = separate(tables, id, ids, other, now)
    proof.changes.push(...separated.changes)
    if (separated.jobId !== id) divideIds(tables, id, separated.jobId)
  }
  servers.removeMachineId(machineId, '')
  servers.addMachineId(serverId, machineId, older)
  servers.addMachineId(other, machineId, younger)
  // Names that the machine had before it was cloned lead to where their runs are.
  for (const { name } of servers.machineNames(machineId)) {
    if (name !== older && name !== younger) servers.addMachineId(serverId, machineId, name)
  }
  servers.rename(serverId, older)
  for (const id of [serverId, other]) servers.recountLastSeen(id)
  proof.touched.push({ type: 'Server', key: serverId }, { type: 'Server', key: other })
  proof.notes.push(
    `Two machines, ${older} and ${younger}, report under the machine-id ${machineId}: they are kept apart by their names from now on, as Server:${serverId} and Server:${other}. Give one of them an id of its own: start its Duplicati with --machine-id set to another value.`,
  )
  return { [older]: serverId, [younger]: other }
}
