// What of the fleet is shown, and in which order: it stands in the address, so that it can be sent to somebody.

import type { BackupJobFilter, JobRowFragment, JobState } from '../generated/graphql.ts'
import { isTrouble, states } from '../words/states.ts'

export interface View {
  search: string
  states: JobState[]
  tag: string
  group: 'server' | 'tag' | ''
  sort: Sort
}

export const sorts = ['state', 'name', 'last', 'due', 'size'] as const
export type Sort = (typeof sorts)[number]

/** The view of an address such as `?q=nas&state=FAILED,LATE&group=server`; what makes no sense in it is left out. */
export function viewOf(query: Record<string, string>): View {
  const { q = '', state = '', tag = '', group = '', sort = '' } = query
  return {
    search: q,
    states: state.split(',').filter((one): one is JobState => states.includes(one as JobState)),
    tag,
    group: group === 'server' || group === 'tag' ? group : '',
    sort: sorts.find((one) => one === sort) ?? 'state',
  }
}

/** The address of a view, without what is as it is at first. */
export function searchOf({ search, states, tag, group, sort }: View): string {
  const given = { q: search, state: states.join(), tag, group, sort: sort === 'state' ? '' : sort }
  const params = new URLSearchParams(Object.entries(given).filter(([, value]) => value !== ''))
  return params.size > 0 ? `?${params}` : ''
}

/** The same for the server, which alone knows all jobs of a very large fleet. */
export function filterOf({ search, states, tag }: View): BackupJobFilter {
  return { ...(search ? { search } : {}), ...(states.length > 0 ? { state: states } : {}), ...(tag ? { tag } : {}) }
}

/** The jobs of the view in its order; of equals, by name. */
export function jobsOf(jobs: JobRowFragment[], view: View): JobRowFragment[] {
  const words = view.search.toLowerCase().split(/\s+/).filter(Boolean)
  const tag = view.tag.toLowerCase()
  const shown = jobs.filter((job) => {
    if (view.states.length > 0 && !view.states.includes(job.state)) return false
    const tags = tagsOf(job)
    if (tag && !tags.includes(tag)) return false
    const text = [job.displayName, job.server.displayName, ...tags].join(' ').toLowerCase()
    return words.every((word) => text.includes(word))
  })
  return shown.sort((a, b) => orders[view.sort](a, b) || byName(a, b))
}

/** The tags of a job, and those of its server, which count for it. */
export function tagsOf({ tags, server }: JobRowFragment): string[] {
  return [...new Set([...tags, ...server.tags])]
}

export interface Group {
  name: string
  /** The path of its page, if it has one. */
  path: string | null
  jobs: JobRowFragment[]
}

/** The jobs in groups, that with the worst trouble first; a job with several tags stands in several. */
export function groupsOf(jobs: JobRowFragment[], by: View['group']): Group[] {
  const groups = new Map<string, Group>()
  for (const job of jobs) {
    for (const group of groupsOfJob(job, by)) {
      const key = `${group.name}\n${group.path}`
      if (!groups.has(key)) groups.set(key, { ...group, jobs: [] })
      groups.get(key)?.jobs.push(job)
    }
  }
  return [...groups.values()].sort(
    (a, b) => severity(worstOf(a.jobs)) - severity(worstOf(b.jobs)) || compare(a.name, b.name),
  )
}

function groupsOfJob(job: JobRowFragment, by: View['group']): Omit<Group, 'jobs'>[] {
  if (by === 'server') return [{ name: job.server.displayName, path: `servers/${job.server.databaseId}` }]
  if (by !== 'tag') return [{ name: '', path: null }]
  const tags = tagsOf(job)
  return (tags.length > 0 ? tags : ['without a tag']).map((name) => ({ name, path: null }))
}

/** The state of the worst of them. */
export function worstOf(jobs: { state: JobState }[]): JobState {
  return jobs.reduce<JobState>((worst, { state }) => (severity(state) < severity(worst) ? state : worst), 'PAUSED')
}

function severity(state: JobState): number {
  return states.indexOf(state)
}

const orders: Record<Sort, (a: JobRowFragment, b: JobRowFragment) => number> = {
  // Of the same trouble, what nobody knows of yet, and what is new, come first.
  state: (a, b) => severity(a.state) - severity(b.state) || known(a) - known(b) || sinceOf(b) - sinceOf(a),
  name: () => 0,
  last: (a, b) => timeOf(b.latestBackupAt, 0) - timeOf(a.latestBackupAt, 0),
  due: (a, b) => timeOf(a.dueAt, Number.MAX_VALUE) - timeOf(b.dueAt, Number.MAX_VALUE),
  size: (a, b) => Number(b.storedSize ?? -1) - Number(a.storedSize ?? -1),
}

function known({ acknowledged, state }: JobRowFragment): number {
  return acknowledged === state ? 1 : 0
}

function sinceOf({ state, stateSince }: JobRowFragment): number {
  return isTrouble(state) ? timeOf(stateSince, 0) : 0
}

function timeOf(time: string | null | undefined, unknown: number): number {
  return time ? Date.parse(time) : unknown
}

function byName(a: JobRowFragment, b: JobRowFragment): number {
  return compare(a.displayName, b.displayName) || compare(a.server.displayName, b.server.displayName)
}

const { compare } = new Intl.Collator(undefined, { sensitivity: 'base', numeric: true })
