// Finds the job that a report belongs to, or makes it, by the rules of domain/identity.ts. An older id that reports again proves that
// another one took its job over wrongly: they are taken apart here.

import type { JobMark } from '../../database/tables/backupIdTable.ts'
import type { Tables } from '../../database/writer.ts'
import { isDefaultName, tellsAlone, wrongSuccessors } from '../../domain/identity.ts'
import { moveJob } from '../jobs/moveJob.ts'
import type { Marks, Proof } from './proof.ts'
import { separate } from './separate.ts'

/**
 * @param at the run's place in time
 * @param proof takes what changed, and what is worth a line in the log
 * @returns the number of the job
 */
export function jobOf(tables: Tables, serverId: number, marks: Marks, at: Date, now: Date, proof: Proof): number {
  const { jobs, backupIds } = tables
  const { id, name } = marks.job
  if (id === null) {
    const found = byName(tables, serverId, name ?? '', '')
    if (found !== undefined) return found
    if (name !== null && isDefaultName(name)) {
      proof.notes.push(
        `A report of ${marks.machine.name ?? marks.machine.id} calls its backup ${name}, as the command line calls every backup: set --backup-name, so that several can be told apart.`,
      )
    }
    return jobs.insert(serverId, name ?? '', now)
  }
  const machineId = marks.machine.id ?? ''
  const known = knownJob(tables, serverId, machineId, id, name)
  if (known) {
    takeSuccessorsApart(tables, known, at, now, proof)
    backupIds.set({ ...known, lastAt: at })
    return known.jobId
  }
  const isOnlyNamed = machineId === '' && !tellsAlone(id)
  const found =
    namedJob(tables, serverId, machineId, id, name) ??
    (isOnlyNamed ? undefined : movedAlong(tables, serverId, marks, proof))
  const jobId = found ?? jobs.insert(serverId, name ?? id, now)
  const isSuccessor = found !== undefined && backupIds.ofJob(found).some((mark) => isRival(mark, machineId, id))
  backupIds.set({ jobId, machineId, backupId: id, lastAt: at, succeededAt: isSuccessor ? at : null })
  return jobId
}

/** The job of the server that a report would be of, if there is one already: nothing is written, and nothing proven. */
export function knownJobOf(
  tables: Tables,
  serverId: number,
  { machine, job: { id, name } }: Marks,
): number | undefined {
  if (id === null) return byName(tables, serverId, name ?? '', '')
  const machineId = machine.id ?? ''
  return knownJob(tables, serverId, machineId, id, name)?.jobId ?? namedJob(tables, serverId, machineId, id, name)
}

/** The job that an id which it does not have yet leads to, by its name. */
function namedJob(tables: Tables, serverId: number, machineId: string, id: string, name: string | null) {
  if (machineId !== '' || tellsAlone(id)) return successorOf(tables, serverId, name)
  return name === null ? undefined : byName(tables, serverId, name, id)
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
function movedAlong(tables: Tables, serverId: number, { machine, job }: Marks, proof: Proof): number | undefined {
  const { jobs, backupIds, servers } = tables
  if (machine.id === null || machine.name === null || job.id === null || job.name === null) return undefined
  const found = backupIds.unidentified(machine.name, job.id, job.name)
  const [jobId] = found
  if (jobId === undefined || found.length > 1) return undefined
  const from = jobs.serverOf(jobId)
  if (from === undefined || from === serverId) return jobId
  moveJob(tables, jobId, serverId)
  servers.refreshLatest(from)
  servers.refreshLatest(serverId)
  proof.touched.push({ type: 'Server', key: from }, { type: 'Server', key: serverId })
  return jobId
}

/** Whether the id could report again, and would then show that the job is another one's. */
function isRival(mark: JobMark, machineId: string, backupId: string): boolean {
  if (mark.machineId === machineId && mark.backupId === backupId) return false
  // The same number, known from reports without a machine-id, is this one.
  return mark.machineId !== '' || (tellsAlone(mark.backupId) && mark.backupId !== backupId)
}

/** Gives the ids that took a job over by its name a job of their own, once the older id reports again. */
function takeSuccessorsApart(tables: Tables, reported: JobMark, at: Date, now: Date, proof: Proof) {
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
  proof.changes.push(...separated.changes)
  proof.touched.push({ type: 'BackupJob', key: jobId }, { type: 'BackupJob', key: separated.jobId })
  proof.notes.push(
    `Two backups of ${marksText(reported)} and ${wrong.map(marksText).join(', ')} are both called ${name}: they are kept apart from now on, as BackupJob:${jobId} and BackupJob:${separated.jobId}.`,
  )
}

function marksText({ machineId, backupId }: JobMark): string {
  return machineId === '' ? backupId : `${backupId} (machine-id ${machineId})`
}
