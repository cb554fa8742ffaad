// Records the runs that a Duplicati knows and this server does not: reports that were lost. Each goes the way of a report.

import type { Checked, StoredConnection } from '../../database/tables/connectionTable.ts'
import type { Tables } from '../../database/writer.ts'
import { DomainError } from '../../domain/errors.ts'
import type { Report } from '../../domain/report.ts'
import { DuplicatiProblem } from '../../duplicati/api/problem.ts'
import { usualLimits } from '../../duplicati/api/request.ts'
import { withDuplicati } from '../../duplicati/api/session.ts'
import type { Context } from '../context.ts'
import { recordReport } from '../reports/recordReport.ts'
import { adoptSchedules } from './adoptSchedules.ts'
import { accessOf } from './credential.ts'
import { type AskedDuplicati, type AskedJob, readDuplicati } from './readDuplicati.ts'
import { setupOf } from './setup.ts'

export interface Collected {
  /** Runs that were recorded, or that would be. */
  collected: number
  /** Runs of its logs that were known already. */
  known: number
  /** Jobs whose logs could not be read now, because they run. */
  busy: string[]
  /** Why nothing could be collected, in a sentence; null if that could be. */
  problem: string | null
  /** What was answered; null if it could not be asked, or may be another machine's. */
  asked: AskedDuplicati | null
}

export interface CollectOptions {
  /** Counts, and records nothing. */
  dryRun?: boolean
  /** Is told of each job once its log was read. */
  progress?: (name: string) => void
  /** Ends it. */
  signal?: AbortSignal
}

/**
 * Asks the Duplicati of a server, and records what it knows and we do not: the newest run of a job first, so that of what is older nobody
 * is told. What came of it is noted in the connection. It can be ended at any point, and done again: a run is recorded once.
 *
 * @throws DomainError NOT_FOUND if the server has no connection, UNAVAILABLE if the database cannot be written now
 */
export async function collect(context: Context, serverId: number, options: CollectOptions = {}): Promise<Collected> {
  const { database, log, config } = context
  const { connection, machine } = database.writer.read((tables) => ({
    connection: connectionOf(tables, serverId),
    machine: tables.backups.latestMachine(serverId) ?? { id: null, name: tables.servers.nameOf(serverId) },
  }))
  const known = {
    machine,
    maxLogLines: config.maxLogLines,
    rowRead: (id: string) => database.writer.read(({ connections }) => connections.rowRead(serverId, id)),
  }
  let asked: AskedDuplicati
  try {
    asked = await withDuplicati(
      accessOf(context, connection),
      (duplicati) => readDuplicati(duplicati, known, options.progress),
      { ...usualLimits, ...(options.signal && { signal: options.signal }) },
    )
  } catch (error) {
    const problem = problemOf(error)
    // It was not its fault.
    if (options.signal?.aborted) return { collected: 0, known: 0, busy: [], problem, asked: null }
    if (!options.dryRun) await note(context, connection, { state: 'FAILED', problem })
    log.warn({ server: `Server:${serverId}`, problem }, 'A Duplicati could not be asked')
    return { collected: 0, known: 0, busy: [], problem, asked: null }
  }
  const about = { version: asked.info.version, jobs: asked.jobs.length, ...setupOf(context, asked) }
  const provenAt = connection.provenAt ?? (isProven(database.writer.read, serverId, asked) ? context.clock() : null)
  if (!provenAt) {
    if (!options.dryRun) await note(context, connection, { ...about, state: 'UNPROVEN', problem: unproven })
    return { collected: 0, known: 0, busy: [], problem: unproven, asked: null }
  }
  const collected = await record(context, serverId, asked, options)
  if (options.dryRun || options.signal?.aborted) return collected
  await adoptSchedules(context, serverId, asked)
  const { problem } = collected
  await note(context, connection, { ...about, provenAt, state: problem === null ? 'WORKS' : 'FAILED', problem })
  const { asked: _, ...counts } = collected
  log.info({ server: `Server:${serverId}`, ...counts }, 'A Duplicati was asked')
  return collected
}

const unproven =
  'It is not certain that this is the Duplicati of the server: no run in its logs is known here. It is asked again; after its next report they will know a run in common.'

/** Whether a run is known on both sides, under the same name: they are of one machine. */
function isProven(read: Context['database']['writer']['read'], serverId: number, { jobs }: AskedDuplicati): boolean {
  return jobs.some(({ name, reports }) =>
    reports.some((report) => read((tables) => isKnown(tables, serverId, name, report))),
  )
}

function isKnown({ jobs, backups }: Tables, serverId: number, name: string, { run }: Report): boolean {
  const { beganAt, mainOperation } = run
  if (!beganAt) return false
  const second = Math.floor(beganAt.getTime() / 1000)
  return jobs
    .findByName(serverId, name)
    .some((jobId) =>
      backups
        .contemporaries(jobId, mainOperation, beganAt, false)
        .some(
          (one) =>
            one.beganAt.getTime() === beganAt.getTime() ||
            (one.asText && Math.floor(one.beganAt.getTime() / 1000) === second),
        ),
    )
}

async function record(
  context: Context,
  serverId: number,
  asked: AskedDuplicati,
  { dryRun = false, signal }: CollectOptions,
): Promise<Collected> {
  const caller = { ...context.caller, serverId }
  const result: Collected = { collected: 0, known: 0, busy: [], problem: null, asked }
  for (const job of asked.jobs) {
    if (job.isBusy) result.busy.push(job.name)
    for (const report of job.reports) {
      if (signal?.aborted) return result
      if (isToStayAway(context, serverId, job, report)) continue
      if (dryRun) {
        const known = context.database.writer.read((tables) => isKnown(tables, serverId, job.name, report))
        result[known ? 'known' : 'collected'] += 1
        continue
      }
      try {
        const { duplicate } = await recordReport({ ...context, caller }, report, 'COLLECTED')
        result[duplicate ? 'known' : 'collected'] += 1
      } catch (error) {
        if (!(error instanceof DomainError) || error.code !== 'FORBIDDEN') throw error
        return {
          ...result,
          problem: `A run of ${job.name} is known as one of another server: merge the two servers, or connect this Duplicati to the other one.`,
        }
      }
    }
    const { newest } = job
    if (newest && !dryRun) {
      await context.database.writer.write(({ connections }) => {
        if (connections.find(serverId)) connections.setRowRead(serverId, job.job.id, newest)
      })
    }
  }
  return result
}

/** What retention or a person removed stays away. */
function isToStayAway({ database, clock }: Context, serverId: number, { name }: AskedJob, { run }: Report): boolean {
  const began = run.beganAt as Date
  return database.writer.read(({ connections, jobs, settings }) => {
    const { keepDays } = settings.get()
    if (keepDays !== null && began.getTime() < clock().getTime() - keepDays * dayMs) return true
    if (connections.isRemoved(serverId, name, began)) return true
    return jobs.findByName(serverId, name).some((jobId) => began.getTime() <= (jobs.prunedUntil(jobId) ?? -1))
  })
}

const dayMs = 24 * 60 * 60 * 1000

async function note(
  context: Context,
  { serverId, url, createdAt }: StoredConnection,
  checked: Partial<Checked>,
): Promise<void> {
  const { database, clock, events } = context
  await database.writer.write(({ connections }) => {
    const now = connections.find(serverId)
    // Somebody connected it anew meanwhile.
    if (!now || now.url !== url || now.createdAt.getTime() !== createdAt.getTime()) return
    connections.check({ ...now, ...checked, checkedAt: clock() })
  })
  events.publish('changed', { kind: 'CHANGED', type: 'Server', key: serverId })
}

function connectionOf({ connections, servers }: Tables, serverId: number): StoredConnection {
  if (!servers.findEditable(serverId)) throw new DomainError('NOT_FOUND', `There is no Server:${serverId}.`)
  const connection = connections.find(serverId)
  if (connection) return connection
  throw new DomainError('NOT_FOUND', `Server:${serverId} has no connection to its Duplicati: connectServer makes one.`)
}

/** @throws what is neither a problem of the Duplicati nor of its credential */
function problemOf(error: unknown): string {
  if (error instanceof DuplicatiProblem) return error.message
  if (error instanceof DomainError && error.code === 'UNAVAILABLE') return error.message
  throw error
}
