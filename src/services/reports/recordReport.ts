// Takes a report in: finds or makes its server and job, recognizes a repetition, and stores the run. This is the one path
// on which runs are written, and it keeps true what a job remembers of them.

import type { Contemporary, NewBackup } from '../../database/tables/backupTable.ts'
import type { Tables } from '../../database/writer.ts'
import { howToMake } from '../../domain/access.ts'
import { DomainError } from '../../domain/errors.ts'
import { begunAt, emptyMemory, type JobMemory, withRun, withRunRetold } from '../../domain/jobMemory.ts'
import { runRecorded, runRetold } from '../../domain/jobWatch.ts'
import { reasonOf } from '../../domain/messages/failureReason.ts'
import { judgeEvidence, savedNothing } from '../../domain/remarks.ts'
import type { Report, Run } from '../../domain/report.ts'
import type { ReportedTimes } from '../../domain/running.ts'
import { isFailure } from '../../domain/runStatus.ts'
import { placeInTime } from '../../domain/schedule/schedule.ts'
import { isUnusual, limitsOf } from '../../domain/unusual/limits.ts'
import { unusualIn } from '../../domain/unusual/unusual.ts'
import type { Context } from '../context.ts'
import { identify, type Owner } from '../identity/identify.ts'
import { recollect } from '../jobs/jobMemory.ts'
import { type StateChange, watchOf, writeStep } from '../jobs/watchJobs.ts'

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
 * 1. its server and job are found by its marks, or made; for a caller who is bound to a server it must be that one;
 * 2. a run that is there already is left as it is; one that is known by its text alone, or was collected, is completed by its JSON;
 * 3. the evidence is judged, also by the earlier runs of the job, and the run and its log lines are stored;
 * 4. job and server are told, unless it is a dry run or was prevented: such a run is only counted;
 * 5. the job is judged anew, and what is worth telling is put into the outbox;
 * 6. once it is safely on disk, it is no run any more that is under way, and subscribers are told.
 *
 * @param origin whether Duplicati posted it, or it was found in a log there
 * @throws DomainError FORBIDDEN, or UNAVAILABLE if the database cannot be written now
 */
export async function recordReport(
  context: Context,
  report: Report,
  origin: 'REPORTED' | 'COLLECTED' = 'REPORTED',
): Promise<Recorded> {
  const { database, events, clock, caller, log, running } = context
  const { changes, touched, notes, isNew, ...recorded } = await database.writer.write((tables) =>
    record(tables, report, origin, clock(), caller.serverId),
  )
  const { backupId, serverId, jobId } = recorded
  for (const note of notes) log.warn({ server: `Server:${serverId}`, job: `BackupJob:${jobId}` }, note)
  running.report(jobId, timesOf(report.run))
  if (isNew) events.publish('backupRecorded', { backupId, serverId })
  for (const { type, key } of touched) events.publish('changed', { kind: 'CHANGED', type, key })
  for (const change of changes) events.publish('jobStateChanged', change)
  return recorded
}

function timesOf({ beganAt, endedAt, durationSeconds }: Run): ReportedTimes {
  return { beganAt, endedAt: endedAt ?? (beganAt && durationSeconds !== null ? endOf(beganAt, durationSeconds) : null) }
}

type Written = Recorded & Owner & { isNew: boolean }

function record(
  tables: Tables,
  report: Report,
  origin: NewBackup['origin'],
  now: Date,
  onlyServer: number | null,
): Written {
  const { machine, job, run, logLines } = report
  const orderedAt = placeInTime(run.beganAt, now)
  const { serverId, jobId, changes, touched, notes } = identify(tables, report, orderedAt, now)
  if (onlyServer !== null && serverId !== onlyServer) {
    // What was made or moved for the report goes back: what throws is undone.
    throw new DomainError(
      'FORBIDDEN',
      `The token is bound to Server:${onlyServer}, and this report is of ${machine.name ?? 'a machine'} (${machine.id ?? 'without an id'}), which is another one. If it is the same machine with a new id, use a token that is not bound, and merge the two. ${howToMake('REPORT')}`,
    )
  }
  // Nothing came from a server that was asked.
  if (origin === 'REPORTED') tables.servers.see(serverId, now)
  const row = { serverId, jobId, origin, machine, job, receivedAt: now, orderedAt, run, remarks: [] }
  for (const holder of holders(tables, serverId, jobId, job.name)) {
    const known = knownRun(tables, holder, report, now)
    if (!known) continue
    const isReported = known.origin === 'COLLECTED' && origin === 'REPORTED' && !run.asText
    if (isReported || (known.asText && !run.asText)) {
      const origin = isReported ? 'REPORTED' : known.origin
      changes.push(...complete(tables, known.id, { ...row, origin, jobId: holder }, logLines, now))
      touched.push({ type: 'BackupJob', key: holder })
    }
    const found = { serverId, jobId: holder, backupId: known.id, duplicate: !isReported, isNew: false }
    return { ...found, changes, touched, notes }
  }

  const owner = { jobId, serverId }
  const before = tables.jobs.memory(jobId)
  const earlier = isOlder(before, orderedAt) && origin === 'COLLECTED' ? memoryBefore(tables, jobId, orderedAt) : before
  const { status, remarks, unusual } = judged(tables, owner, run, orderedAt, earlier, now)
  const stored = { ...run, status }
  const backupId = tables.backups.insert({ ...row, run: stored, remarks }, logLines)
  const after = withRun(before, {
    ...stored,
    id: backupId,
    orderedAt,
    origin,
    receivedAt: now,
    acknowledged: false,
    savedNothing: savedNothing(remarks),
  })
  tables.jobs.setMemory(jobId, after)
  if (after.latestBackupId === backupId) {
    tables.servers.refreshLatest(serverId)
    if (machine.name) tables.servers.rename(serverId, machine.name)
    if (job.name) tables.jobs.rename(jobId, job.name)
    if (job.id) tables.jobs.setBackupId(jobId, job.id)
  }
  const watch = watchOf(tables, jobId)
  const recorded = {
    id: backupId,
    status,
    reason: isFailure(status) ? reasonOf(run, logLines, remarks) : null,
    unusual,
  }
  const step = runRecorded(watch, before, after, recorded, tables.settings.watching(), now)
  changes.push(...writeStep(tables, jobId, step, now))
  const countsAsRun = !stored.dryRun && !stored.prevented
  const began = begunAt({ ...run, origin, orderedAt, receivedAt: now })
  if (countsAsRun) tables.missedRuns.withdraw(jobId, began, endOf(began, stored.durationSeconds))
  return { serverId, jobId, backupId, duplicate: false, isNew: true, changes, touched, notes }
}

/** Many may be collected, the newest first: each is held against what was before it. */
function memoryBefore({ backups }: Tables, jobId: number, orderedAt: Date): JobMemory {
  return backups
    .rememberedOf(jobId)
    .filter((run) => run.orderedAt < orderedAt)
    .reduce(withRun, emptyMemory)
}

function isOlder({ latestAt }: JobMemory, orderedAt: Date): boolean {
  return latestAt !== null && orderedAt < latestAt
}

/** The status that the evidence demands, and the remarks: those on the evidence, and then what is unusual for the job. */
function judged(
  { pastRuns, unusualRules }: Tables,
  { jobId, serverId }: { jobId: number; serverId: number },
  run: Run,
  orderedAt: Date,
  before: JobMemory,
  now: Date,
) {
  const { status, remarks } = judgeEvidence(run, before, now)
  const limits = limitsOf(unusualRules.fitting(jobId, serverId))
  const unusual = unusualIn({ ...run, status }, remarks, orderedAt, now, before.versions, limits, (runs) =>
    pastRuns(jobId, orderedAt, runs),
  )
  return { status, remarks: [...remarks, ...unusual], unusual: unusual.length > 0 }
}

function endOf(began: Date, seconds: number | null): Date {
  return new Date(began.getTime() + Math.max(0, seconds ?? 0) * 1000)
}

/**
 * The jobs that may have the run already: its own, and then the others of the reported name. Where Duplicati numbered its jobs anew, an
 * old report that is posted again says the id that another job has by now, and the name that its own had and still has.
 */
function* holders({ jobs }: Tables, serverId: number, jobId: number, name: string | null): Generator<number> {
  yield jobId
  if (name !== null) yield* jobs.findByName(serverId, name).filter((other) => other !== jobId)
}

/**
 * The run that the report tells of, if it is there already: of the same begin, and not of two machines or two jobs. A text form tells times
 * to the second, so that it and the JSON of one run are known by their second. Without a begin time, the body tells.
 */
function knownRun(
  { backups }: Tables,
  jobId: number,
  { machine, job, run }: Report,
  now: Date,
): Pick<Contemporary, 'id' | 'asText' | 'origin'> | null {
  const { beganAt, mainOperation, bodyHash, asText } = run
  if (!beganAt) {
    const id = backups.findByBodyHash(jobId, bodyHash ?? '', new Date(now.getTime() - repetitionMs))
    return id === undefined ? null : { id, asText, origin: 'REPORTED' }
  }
  const second = Math.floor(beganAt.getTime() / 1000)
  const isSame = (one: Contemporary) =>
    one.beganAt.getTime() === beganAt.getTime() ||
    ((one.asText || asText) && Math.floor(one.beganAt.getTime() / 1000) === second)
  const agrees = (a: string | null, b: string | null) => a === null || b === null || a === b
  const isOfSame = (one: Contemporary) => agrees(one.machineName, machine.name) && agrees(one.backupId, job.id)
  const found = backups
    .contemporaries(jobId, mainOperation, beganAt, asText)
    .filter((one) => isSame(one) && isOfSame(one))
  return found.find((one) => one.beganAt.getTime() === beganAt.getTime() && one.asText === asText) ?? found[0] ?? null
}

/**
 * Tells a run anew, under the same number, that is known by its text or from the log of its job: its report knows more. Only what is
 * worse than was known is told.
 */
function complete(tables: Tables, id: number, row: NewBackup, logLines: Report['logLines'], now: Date): StateChange[] {
  const { backups, jobs } = tables
  const runs = backups.rememberedOf(row.jobId)
  const known = runs.find((run) => run.id === id)
  const wasUnusual = isUnusual(backups.remarksOf(id))
  const others = runs.filter((run) => run.id !== id && run.orderedAt < row.orderedAt)
  const before = others.reduce(withRun, emptyMemory)
  const { status, remarks, unusual } = judged(tables, row, row.run, row.orderedAt, before, now)
  backups.replace(id, { ...row, run: { ...row.run, status }, remarks }, logLines)
  // Runs that are not kept any more are a part of the rhythm.
  const { recentRuns } = jobs.memory(row.jobId)
  const rhythm =
    known &&
    withRunRetold(recentRuns, known, {
      ...known,
      ...row.run,
      origin: row.origin,
      orderedAt: row.orderedAt,
      receivedAt: known.origin === 'COLLECTED' ? row.receivedAt : known.receivedAt,
    })
  const changes = recollect(tables, row.jobId, now, rhythm)
  if (!known) return changes
  const retold = { id, status, reason: isFailure(status) ? reasonOf(row.run, logLines, remarks) : null, unusual }
  const was = { status: known.status, unusual: wasUnusual }
  const step = runRetold(watchOf(tables, row.jobId), jobs.memory(row.jobId), retold, was, now)
  return [...changes, ...writeStep(tables, row.jobId, step, now)]
}
