// What is asked of a Duplicati at once: its jobs, their schedules, and the runs in their logs that are not known yet.

import { z } from 'zod'
import type { Report } from '../../domain/report.ts'
import { isTimeZone } from '../../domain/schedule/timeBuckets.ts'
import { backupIdOf, type Job, type JobOverrides, readJobOverrides, readJobs } from '../../duplicati/api/jobs.ts'
import { type KnownRow, loggedRuns } from '../../duplicati/api/log.ts'
import { DuplicatiProblem } from '../../duplicati/api/problem.ts'
import { readServerSettings, type ServerSettings } from '../../duplicati/api/serverSettings.ts'
import type { Duplicati } from '../../duplicati/api/session.ts'
import { readServerState, type ServerState } from '../../duplicati/api/state.ts'
import { readSystemInfo, type SystemInfo } from '../../duplicati/api/systemInfo.ts'
import { readReport } from '../../duplicati/readReport.ts'

/** A job there. */
export interface AskedJob {
  job: Job
  overrides: JobOverrides
  /** What reports call it. */
  name: string
  /** Its runs, newest first. */
  reports: Report[]
  /** The newest row that was read; null if there is no new one, or it could not be read now. */
  newest: KnownRow | null
  /** Its log could not be read now, because it runs or is locked: it is read next time. */
  isBusy: boolean
}

export interface AskedDuplicati {
  info: SystemInfo
  settings: ServerSettings
  state: ServerState
  /** By whose clock its jobs run. */
  timeZone: string
  jobs: AskedJob[]
}

/** What is known of the server already. */
export interface Known {
  machine: Report['machine']
  maxLogLines: number
  /** How far the log of a job was read. */
  rowRead(duplicatiId: string): KnownRow | null
}

/** No log has more runs, unless somebody wants to fill our memory. */
const mostRuns = 10_000

/**
 * @param progress is told of each job once it was read
 * @throws DuplicatiProblem
 */
export async function readDuplicati(
  duplicati: Duplicati,
  known: Known,
  progress: (name: string) => void = () => {},
): Promise<AskedDuplicati> {
  const info = await readSystemInfo(duplicati)
  const settings = await readServerSettings(duplicati)
  const state = await readServerState(duplicati)
  const jobs: AskedJob[] = []
  for (const job of await readJobs(duplicati)) {
    jobs.push(await readJob(duplicati, job, settings, known))
    progress(job.name)
  }
  return { info, settings, state, timeZone: timeZoneOf(info, settings), jobs }
}

async function readJob(duplicati: Duplicati, job: Job, settings: ServerSettings, known: Known): Promise<AskedJob> {
  const overrides = await readJobOverrides(duplicati, job.id)
  const name = overrides.backupName ?? job.name
  const asked: AskedJob = { job, overrides, name, reports: [], newest: null, isBusy: false }
  const sender = {
    machine: { ...known.machine, id: overrides.machineId ?? settings.machineId ?? known.machine.id },
    job: { id: overrides.backupId ?? backupIdOf(job.id), name },
  }
  try {
    const end = { known: known.rowRead(job.id), since: null }
    for await (const { rowId, writtenAt, operation, document } of loggedRuns(duplicati, job, sender, end)) {
      asked.newest ??= { rowId, writtenAt }
      if (operation !== 'Backup') continue
      const report = reportOf(document, known.maxLogLines)
      if (report) asked.reports.push(report)
      if (asked.reports.length >= mostRuns) break
    }
  } catch (error) {
    if (!(error instanceof DuplicatiProblem) || error.kind !== 'BUSY') throw error
    // What was read so far has a gap behind it.
    return { ...asked, reports: [], newest: null, isBusy: true }
  }
  return asked
}

/** Null for a row that is no report of a backup, or of none that could be recognized again. */
function reportOf(document: object, maxLogLines: number): Report | null {
  try {
    const read = readReport(document, { machine: null, maxLogLines, text: () => '' })
    return 'report' in read && read.report.run.beganAt ? read.report : null
  } catch {
    return null
  }
}

const offset = z.string().regex(/^[+-]\d{2}:\d{2}$/)

/** Releases before 2.1.2 tell only how far their clock is from UTC. */
function timeZoneOf({ timeZone, utcOffset }: SystemInfo, settings: ServerSettings): string {
  if (settings.timeZone && isTimeZone(settings.timeZone)) return settings.timeZone
  return timeZone ?? offset.safeParse(utcOffset).data ?? 'UTC'
}
