// Which servers, jobs and runs a tag restricts a list to.

import { tagOf } from '../../domain/tags.ts'
import type { RequestContext } from '../builder.ts'

/** The servers that carry the tag; all if none is given. */
export function serverTagged(text: string | null | undefined) {
  return typeof text === 'string' ? carries(text) : {}
}

/** The jobs that the tag counts for, because they or their servers carry it; all if none is given. */
export function jobTagged(text: string | null | undefined) {
  return typeof text === 'string' ? { OR: [carries(text), { server: carries(text) }] } : {}
}

/** Of how many jobs the runs are read job by job. */
const fewJobs = 100

/**
 * The runs of the jobs that the tag counts for, in parts that have no run in common; one part of all runs if none is given. The runs
 * of few jobs are a part for each, which has an index that has the order of a list. Those of more are found soon enough among all.
 */
export function runsTagged({ database }: RequestContext, text: string | null | undefined): object[] {
  if (typeof text !== 'string') return [{}]
  const jobs = database.tags.jobsOf(tagOf(text), fewJobs + 1)
  if (jobs.length <= fewJobs) return jobs.map((jobId) => ({ jobId }))
  return [{ OR: [{ job: carries(text) }, { server: carries(text) }] }]
}

function carries(text: string) {
  return { tags: { some: { tag: tagOf(text) } } }
}
