// Finds the server and the job that a report belongs to, or makes them, by the rules of domain/identity.ts. Where a report
// proves an earlier decision wrong, what was mixed is taken apart here.

import type { JobMark } from '../database/backupIdTable.ts'
import type { Tables } from '../database/writer.ts'
import { adopterOf, clonesOf, isDefaultName, nameBearerOf, tellsAlone, wrongSuccessors } from '../domain/identity.ts'
import type { Report } from '../domain/report.ts'
import { separate } from './separate.ts'
import type { StateChange } from './watchJobs.ts'

export interface Owner {
  serverId: number
  jobId: number
  changes: StateChange[]
  /** What is worth a line in the log: decisions that a person may want to mend. */
  notes: string[]
}

type Marks = Pick<Report, 'machine' | 'job'>

/**
 * The server and the job, inside a transaction.
 *
 * @param at the run's place in time
 */
export function identify(tables: Tables, marks: Marks, at: Date, now: Date): Owner {
  const owner: Omit<Owner, 'serverId' | 'jobId'> = { changes: [], notes: [] }
  const serverId = serverOf(tables, marks, at, now, owner)
  const jobId = jobOf(tables, serverId, marks, at, now, owner)
  return { ...owner, serverId, jobId }
}

type Notes = Pick<Owner, 'changes' | 'notes'>

function serverOf(tables: Tables, { machine, job }: Marks, at: Date, now: Date, owner: Notes): number {
  const { servers } = tables
  const { id, name } = machine
  if (id === null) {
    const namesakes = servers.findByName(name ?? '')
    const withThisJob = namesakes.filter((one) => hasFromNobody(tables, one.id, job)).map((one) => one.id)
    return nameBearerOf(namesakes, withThisJob) ?? servers.insert(name ?? '', now)
  }
  const rows = servers.findByMachineId(id)
  const alone = rows.find((row) => row.name === '')
  let found =
    rows.find((row) => row.name === (name ?? ''))?.serverId ?? (rows.length === 1 ? alone?.serverId : undefined)
  if (alone && rows.length === 1 && name !== null) {
    const clones = clonesOf(servers.machineNames(id), name, at)
    if (clones) found = takeClonesApart(tables, id, alone.serverId, clones, now, owner)[name] ?? found
  }
  if (name !== null) servers.seeName(id, name, at)
  if (found !== undefined) return found
  // The id of a clone counts together with the name.
  const serverId = adopterOf(name === null ? [] : servers.findByName(name)) ?? servers.insert(name ?? id, now)
  servers.addMachineId(serverId, id, rows.length > 0 ? (name ?? '') : '')
  return serverId
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
  owner: Notes,
): Record<string, number> {
  const { servers, jobs, backups, channels } = tables
  const other = servers.insert(younger, now)
  channels.copyServerRules(serverId, other, now)
  for (const { id } of jobs.ofServer(serverId)) {
    const ids = backups
      .marks(id)
      .filter((run) => run.machineId === machineId && run.machineName === younger)
      .map((run) => run.id)
    if (ids.length === 0) continue
    const separated = separate(tables, id, ids, other, now)
    owner.changes.push(...separated.changes)
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
  owner.notes.push(
    `Two machines, ${older} and ${younger}, report under the machine-id ${machineId}: they are kept apart by their names from now on, as Server:${serverId} and Server:${other}. Give one of them an id of its own: start its Duplicati with --machine-id set to another value.`,
  )
  return { [older]: serverId, [younger]: other }
}

/** Gives a job that was split off the ids of its runs; an id that no run of the other one has is its alone. */
export function divideIds(tables: Tables, from: number, into: number) {
  const { backupIds } = tables
  const staying = marksOfRuns(tables, from)
  for (const mark of marksOfRuns(tables, into)) {
    backupIds.set(mark)
    const isShared = staying.some((one) => one.machineId === mark.machineId && one.backupId === mark.backupId)
    if (!isShared) backupIds.remove({ ...mark, jobId: from })
  }
}

function marksOfRuns({ backups }: Tables, jobId: number): JobMark[] {
  const marks = new Map<string, JobMark>()
  for (const { machineId, backupId } of backups.marks(jobId)) {
    if (backupId === null) continue
    marks.set(JSON.stringify([machineId, backupId]), {
      jobId,
      machineId: machineId ?? '',
      backupId,
      lastAt: null,
      succeededAt: null,
    })
  }
  return [...marks.values()]
}

function jobOf(tables: Tables, serverId: number, marks: Marks, at: Date, now: Date, owner: Notes): number {
  const { jobs, backupIds } = tables
  const { id, name } = marks.job
  if (id === null) {
    if (name !== null && isDefaultName(name)) {
      owner.notes.push(
        `A report of ${marks.machine.name ?? marks.machine.id} calls its backup ${name}, as the command line calls every backup: set --backup-name, so that several can be told apart.`,
      )
    }
    return byName(tables, serverId, name ?? '', '') ?? jobs.insert(serverId, name ?? '', now)
  }
  const machineId = marks.machine.id ?? ''
  const known = knownJob(tables, serverId, machineId, id, name)
  if (known) {
    takeSuccessorsApart(tables, known, at, now, owner)
    backupIds.set({ ...known, lastAt: at })
    return known.jobId
  }
  const found =
    machineId === '' && !tellsAlone(id)
      ? name === null
        ? undefined
        : byName(tables, serverId, name, id)
      : (successorOf(tables, serverId, name) ?? movedAlong(tables, serverId, marks))
  const jobId = found ?? jobs.insert(serverId, name ?? id, now)
  const isSuccessor = found !== undefined && backupIds.ofJob(found).some((mark) => isRival(mark, machineId, id))
  backupIds.set({ jobId, machineId, backupId: id, lastAt: at, succeededAt: isSuccessor ? at : null })
  return jobId
}

/** The job that has this id. Without a machine-id a number says nothing: there the name has to be the same. */
function knownJob({ jobs, backupIds }: Tables, serverId: number, machineId: string, id: string, name: string | null) {
  const found = backupIds.find(serverId, machineId, id)
  if (machineId !== '' || tellsAlone(id)) return found[0]
  return found.find(({ jobId }) => name === null || jobs.nameOf(jobId) === name)
}

/** The job of this name where the name decides: the only one, or else the one that was reported like this. */
function byName({ jobs, backupIds }: Tables, serverId: number, name: string, id: string): number | undefined {
  const found = jobs.findByName(serverId, name)
  if (found.length <= 1) return found[0]
  const known = backupIds.find(serverId, '', id).map(({ jobId }) => jobId)
  return (
    found.find((jobId) => known.includes(jobId)) ??
    found.find((jobId) => backupIds.ofJob(jobId).length === 0) ??
    found[0]
  )
}

/** The job that goes on under a new id: the only one of this name now. */
function successorOf({ jobs }: Tables, serverId: number, name: string | null): number | undefined {
  if (name === null || isDefaultName(name)) return undefined
  const found = jobs.findByName(serverId, name)
  return found.length === 1 ? found[0] : undefined
}

/** A job that was only known from reports without a machine-id goes along to the first machine-id that reports it. */
function movedAlong(tables: Tables, serverId: number, { machine, job }: Marks): number | undefined {
  const { jobs, backups, backupIds, servers, transitions, notifications } = tables
  if (machine.id === null || machine.name === null || job.id === null || job.name === null) return undefined
  const found = backupIds.unidentified(machine.name, job.id, job.name)
  const [jobId] = found
  if (jobId === undefined || found.length > 1) return undefined
  const from = jobs.serverOf(jobId)
  if (from === undefined || from === serverId) return jobId
  jobs.move(jobId, serverId)
  backups.moveToServer(jobId, serverId)
  transitions.moveToJob(jobId, jobId, serverId)
  notifications.moveToJob(jobId, jobId, serverId)
  servers.refreshLatest(from)
  servers.refreshLatest(serverId)
  return jobId
}

/** Whether the id could report again, and would then show that the job is another one's. */
function isRival(mark: JobMark, machineId: string, backupId: string): boolean {
  if (mark.machineId === machineId && mark.backupId === backupId) return false
  // The same number, known from reports without a machine-id, is this one.
  return mark.machineId !== '' || (tellsAlone(mark.backupId) && mark.backupId !== backupId)
}

/** Gives the ids that took a job over by its name a job of their own, once the older id reports again. */
function takeSuccessorsApart(tables: Tables, reported: JobMark, at: Date, now: Date, owner: Notes) {
  const { jobs, backups, backupIds } = tables
  const { jobId } = reported
  const others = backupIds.ofJob(jobId)
  const wrong = wrongSuccessors(reported, others, at)
  const serverId = jobs.serverOf(jobId)
  if (wrong.length === 0 || serverId === undefined) return
  const isWrong = (machineId: string | null, backupId: string | null) =>
    wrong.some((mark) => mark.machineId === (machineId ?? '') && mark.backupId === backupId)
  const ids = backups
    .marks(jobId)
    .filter((run) => isWrong(run.machineId, run.backupId))
    .map((run) => run.id)
  for (const mark of wrong) backupIds.remove(mark)
  if (ids.length === 0) return
  const name = jobs.nameOf(jobId)
  const separated = separate(tables, jobId, ids, serverId, now)
  const first = wrong.reduce((a, b) => ((a.succeededAt as Date) <= (b.succeededAt as Date) ? a : b))
  for (const mark of wrong) {
    backupIds.set({ ...mark, jobId: separated.jobId, succeededAt: mark === first ? null : mark.succeededAt })
  }
  owner.changes.push(...separated.changes)
  owner.notes.push(
    `Two backups of ${marksText(reported)} and ${wrong.map(marksText).join(', ')} are both called ${name}: they are kept apart from now on, as BackupJob:${jobId} and BackupJob:${separated.jobId}.`,
  )
}

function marksText({ machineId, backupId }: JobMark): string {
  return machineId === '' ? backupId : `${backupId} (machine-id ${machineId})`
}
