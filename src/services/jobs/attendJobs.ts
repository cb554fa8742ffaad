// The same as attendJob for several jobs at once: all of them, or none.

import type { Tables } from '../../database/writer.ts'
import { badInput, DomainError } from '../../domain/errors.ts'
import { tagOf } from '../../domain/tags.ts'
import type { Context } from '../context.ts'
import { pausing, resuming, snoozing } from './attendJob.ts'
import { changeWatches } from './watchJobs.ts'

/** Which jobs: those of these numbers, all of a server, or all that a tag counts for. */
export type JobsLookup = { ids: number[] } | { serverId: number } | { tag: string }

/** How many jobs are changed in one transaction: a report that comes meanwhile waits for no more. */
const mostJobs = 1000

/** @throws DomainError NOT_FOUND with every job that is missing, BAD_USER_INPUT for more than 1,000 jobs */
export function pauseJobs(context: Context, which: JobsLookup): Promise<number[]> {
  return changeWatches(context, 'pauseJobs', jobsOf(which), 'PAUSE', pausing)
}

/** @throws DomainError as pauseJobs */
export function resumeJobs(context: Context, which: JobsLookup): Promise<number[]> {
  return changeWatches(context, 'resumeJobs', jobsOf(which), 'PAUSE', resuming)
}

/** @throws DomainError as pauseJobs, and BAD_USER_INPUT if the moment has passed */
export function snoozeJobs(context: Context, which: JobsLookup, until: Date | null): Promise<number[]> {
  return changeWatches(context, 'snoozeJobs', jobsOf(which), 'PAUSE', snoozing(until))
}

function jobsOf(which: JobsLookup) {
  return (tables: Tables): number[] => {
    if ('ids' in which) return present(tables, which.ids)
    if ('tag' in which) return notTooMany(tables.tagUse.jobsOf(tagOf(which.tag), mostJobs + 1), 'by.tag')
    const { serverId } = which
    if (!tables.servers.findEditable(serverId)) throw new DomainError('NOT_FOUND', `There is no Server:${serverId}.`)
    return notTooMany(
      tables.jobs.ofServer(serverId).map(({ id }) => id),
      'by.server',
    )
  }
}

function present({ jobs }: Tables, ids: number[]): number[] {
  const missing = ids.filter((id) => jobs.serverOf(id) === undefined).map((id) => `BackupJob:${id}`)
  if (missing.length > 0) throw new DomainError('NOT_FOUND', `There is no ${missing.join(', ')}.`)
  return ids
}

function notTooMany(ids: number[], path: string): number[] {
  if (ids.length <= mostJobs) return ids
  throw badInput('These are too many jobs', [{ path, message: 'has more than 1,000 jobs: name them by their ids' }])
}
