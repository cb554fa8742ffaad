// Takes a report in: finds or makes its server and job, recognizes a repetition, and stores the run. This is the one path
// on which runs are written, and it keeps true what a job remembers of them.

import type { Tables } from '../database/writer.ts'
import { DomainError } from '../domain/errors.ts'
import { namesakeOf } from '../domain/identity.ts'
import { withRun } from '../domain/jobHistory.ts'
import { runRecorded } from '../domain/jobWatch.ts'
import type { Report } from '../domain/report.ts'
import { placeInTime } from '../domain/schedule.ts'
import type { Context } from './context.ts'
import { type StateChange, watchOf, writeStep } from './watchJobs.ts'

/** How long a report without begin time is recognized when it comes again, in milliseconds. */
const repetitionMs = 10 * 60 * 1000

export interface Recorded {
  serverId: number
  jobId: number
  backupId: number
  /** The run had been recorded before; `backupId` is the first one's. */
  duplicate: boolean
}

/**
 * Records the run a report tells of, durably:
 * 1. the server is found by its ids or its name, or made; for a caller who is bound to a server it must be that one;
 * 2. the job is found on it, or made;
 * 3. a run that is there already is left as it is;
 * 4. the run and its log lines are stored;
 * 5. job and server are told, unless it is a dry run, which is only counted as such;
 * 6. the job is judged anew, and what is worth telling is put into the outbox;
 * 7. once it is safely on disk, subscribers are told.
 *
 * @throws DomainError FORBIDDEN, or UNAVAILABLE if the database cannot be written now
 */
export async function recordReport(context: Context, report: Report): Promise<Recorded> {
  const { database, events, clock, caller } = context
  const { changes, ...recorded } = await database.writer.write((tables) =>
    record(tables, report, clock(), caller.serverId),
  )
  const { backupId, serverId, duplicate } = recorded
  if (!duplicate) events.publish('backupRecorded', { backupId, serverId })
  for (const change of changes) events.publish('jobStateChanged', change)
  return recorded
}

interface Written extends Recorded {
  changes: StateChange[]
}

function record(
  tables: Tables,
  { machine, job, run, logLines }: Report,
  now: Date,
  onlyServer: number | null,
): Written {
  const serverId = serverOf(tables, machine, now)
  if (onlyServer !== null && serverId !== onlyServer) {
    // A server that was made for the report goes again: what throws is undone.
    throw new DomainError(
      'FORBIDDEN',
      `The token is bound to Server:${onlyServer}, and this report is of ${machine.name ?? 'a machine'} (${machine.id ?? 'without an id'}), which is another one. If it is the same machine with a new id, use a token that is not bound, and merge the two.`,
    )
  }
  tables.servers.see(serverId, now)
  const jobId = jobOf(tables, serverId, job, now)

  const first = run.beganAt
    ? tables.backups.findByBeginTime(jobId, run.mainOperation, run.beganAt)
    : tables.backups.findByBodyHash(jobId, run.bodyHash ?? '', new Date(now.getTime() - repetitionMs))
  if (first !== undefined) return { serverId, jobId, backupId: first, duplicate: true, changes: [] }

  const orderedAt = placeInTime(run.beganAt, now)
  const backupId = tables.backups.insert({ serverId, jobId, job, receivedAt: now, orderedAt, run }, logLines)
  const before = tables.jobs.history(jobId)
  const after = withRun(before, { ...run, id: backupId, orderedAt, receivedAt: now })
  tables.jobs.setHistory(jobId, after)
  if (after.latestBackupId === backupId) {
    tables.servers.refreshLatest(serverId)
    if (machine.name) tables.servers.rename(serverId, machine.name)
    if (job.name) tables.jobs.rename(jobId, job.name)
  }
  const watch = watchOf(tables, jobId)
  const { toleranceSeconds } = tables.settings.get()
  const step = runRecorded(watch, before, after, { id: backupId, status: run.status }, toleranceSeconds, now)
  return { serverId, jobId, backupId, duplicate: false, changes: writeStep(tables, jobId, step, now) }
}

function serverOf({ servers }: Tables, { id, name }: Report['machine'], now: Date): number {
  const known = id === null ? undefined : servers.findByMachineId(id)
  if (known !== undefined) return known
  const namesakes = name === null ? [] : servers.findByName(name)
  const serverId = namesakeOf(id !== null, namesakes) ?? servers.insert(name ?? id ?? '', now)
  if (id !== null) servers.addMachineId(serverId, id)
  return serverId
}

function jobOf({ jobs }: Tables, serverId: number, { id, name }: Report['job'], now: Date): number {
  const known = id === null ? undefined : jobs.findByBackupId(serverId, id)
  if (known !== undefined) return known
  const namesakes = name === null ? [] : jobs.findByName(serverId, name)
  const jobId = namesakeOf(id !== null, namesakes) ?? jobs.insert(serverId, name ?? id ?? '', now)
  if (id !== null) jobs.setBackupId(jobId, id)
  return jobId
}
