// What of the fleet is shown, and in which order.

import { expect, it } from 'vitest'
import {
  filterOf,
  groupsOf,
  jobsOf,
  searchOf,
  sorts,
  tagsOf,
  type View,
  viewOf,
  worstOf,
} from '../../src/page/fleet/view.ts'
import type { JobRowFragment, JobState } from '../../src/page/generated/graphql.ts'
import { states } from '../../src/page/words/states.ts'
import { jobRow } from '../support/jobRow.ts'

const first: View = { search: '', states: [], tag: '', group: '', sort: 'state' }

const nas = { id: 'Server:1', databaseId: 1, displayName: 'nas', tags: ['home'] }
const web = { id: 'Server:2', databaseId: 2, displayName: 'Web 2', tags: [] }

const job = (displayName: string, given: Partial<JobRowFragment> = {}) => jobRow({ displayName, server: nas, ...given })

const names = (jobs: JobRowFragment[], view: Partial<View>) =>
  jobsOf([...jobs], { ...first, ...view }).map(({ displayName }) => displayName)

it('has no search in its address at first', () => {
  expect(searchOf(first)).toBe('')
  expect(viewOf({})).toEqual(first)
})

it('stands in the address', () => {
  const view: View = { search: 'a&b=c ü', states: ['FAILED', 'LATE'], tag: 'x,y', group: 'server', sort: 'due' }
  const search = searchOf(view)
  expect(search).toBe('?q=a%26b%3Dc+%C3%BC&state=FAILED%2CLATE&tag=x%2Cy&group=server&sort=due')
  expect(viewOf(Object.fromEntries(new URLSearchParams(search)))).toEqual(view)
})

it('leaves out what makes no sense in an address', () => {
  expect(viewOf({ state: 'FAILED,nonsense,,late', group: 'constructor', sort: 'toString', other: '1' })).toEqual({
    ...first,
    states: ['FAILED'],
  })
})

it('asks the server for the same', () => {
  expect(filterOf(first)).toEqual({})
  expect(filterOf({ ...first, search: 'x', states: ['LATE'], tag: 'home' })).toEqual({
    search: 'x',
    state: ['LATE'],
    tag: 'home',
  })
})

it('finds every word in the names of job and server and in their tags', () => {
  const jobs = [job('Photos', { tags: ['daily'] }), job('Mail'), job('Photos of 2', { server: web })]
  expect(names(jobs, { search: 'PHOTO' })).toEqual(['Photos', 'Photos of 2'])
  expect(names(jobs, { search: ' photo  nas ' })).toEqual(['Photos'])
  expect(names(jobs, { search: 'dail hom' })).toEqual(['Photos'])
  expect(names(jobs, { search: 'mail web' })).toEqual([])
})

it('filters by states and by a tag of job or server', () => {
  const jobs = [job('a', { state: 'FAILED', tags: ['daily'] }), job('b'), job('c', { state: 'LATE', server: web })]
  expect(names(jobs, { states: ['FAILED', 'LATE'], sort: 'name' })).toEqual(['a', 'c'])
  expect(names(jobs, { tag: 'Home', sort: 'name' })).toEqual(['a', 'b'])
  expect(names(jobs, { tag: 'daily' })).toEqual(['a'])
  expect(names(jobs, { tag: 'dail' })).toEqual([])
})

it('puts trouble first; of the same, what nobody knows of yet, then what is new, then by name', () => {
  const since = (day: number) => ({ stateSince: `2026-11-0${day}T00:00:00.000Z` })
  const jobs = [
    ...(['PAUSED', 'OK', 'NEW', 'WARNING', 'LATE', 'FAILED'] as const).map((state) => job(state, { state })),
    job('job 10', { state: 'OVERDUE', ...since(2) }),
    job('job 9', { state: 'OVERDUE', ...since(2) }),
    job('newer', { state: 'OVERDUE', ...since(3) }),
    job('known', { state: 'OVERDUE', ...since(4), acknowledged: 'OVERDUE' }),
    // Acknowledged was something else.
    job('known before', { state: 'OVERDUE', ...since(1), acknowledged: 'FAILED' }),
    // How long a job has been well does not matter.
    job('Another OK', { state: 'OK', ...since(9) }),
  ]
  expect(names(jobs, {})).toEqual([
    ...['newer', 'job 9', 'job 10', 'known before', 'known'],
    ...['FAILED', 'LATE', 'WARNING', 'NEW', 'Another OK', 'OK', 'PAUSED'],
  ])
})

it('orders by each column, with what has nothing in it at the end', () => {
  const jobs = [
    job('b', { latestBackupAt: '2026-11-02T00:00:00.000Z', dueAt: '2026-11-03T00:00:00.000Z', storedSize: 5 }),
    job('none'),
    job('C', { latestBackupAt: '2026-11-01T00:00:00.000Z', dueAt: '2026-12-03T00:00:00.000Z', storedSize: 0 }),
    job('a', {
      latestBackupAt: '2026-11-03T00:00:00.000Z',
      dueAt: '2026-11-02T00:00:00.000Z',
      storedSize: '9007199254740993',
    }),
  ]
  expect(Object.fromEntries(sorts.map((sort) => [sort, names(jobs, { sort }).join(' ')]))).toEqual({
    state: 'a b C none',
    name: 'a b C none',
    last: 'a b C none',
    due: 'a b C none',
    size: 'a b C none',
  })
})

it('has the tags of the server among those of the job, once', () => {
  expect(tagsOf(job('a', { tags: ['daily', 'home'] }))).toEqual(['daily', 'home'])
})

const groups = (jobs: JobRowFragment[], by: View['group']) =>
  groupsOf(jobs, by).map(({ name, path, jobs }) => [name, path, ...jobs.map(({ displayName }) => displayName)])

it('has one group without a name, unless something else is wished', () => {
  expect(groups([job('a'), job('b', { server: web })], '')).toEqual([['', null, 'a', 'b']])
  expect(groups([], '')).toEqual([])
})

it('groups by server, that with the worst first, and keeps two of one name apart', () => {
  const twin = { ...nas, id: 'Server:3', databaseId: 3 }
  const jobs = [job('a'), job('b', { server: web, state: 'FAILED' }), job('c', { server: twin }), job('d')]
  expect(groups(jobs, 'server')).toEqual([
    ['Web 2', 'servers/2', 'b'],
    ['nas', 'servers/1', 'a', 'd'],
    ['nas', 'servers/3', 'c'],
  ])
})

it('groups by tag: a job with several stands in each', () => {
  const jobs = [job('a', { tags: ['daily'] }), job('b'), job('c', { server: web })]
  expect(groups(jobs, 'tag')).toEqual([
    ['daily', null, 'a'],
    ['home', null, 'a', 'b'],
    ['without a tag', null, 'c'],
  ])
})

it('is in the state of the worst, of all states', () => {
  expect(worstOf([])).toBe('PAUSED')
  for (const [index, state] of states.entries()) {
    const better = states.slice(index).map((one: JobState) => ({ state: one }))
    expect(worstOf(better.reverse())).toBe(state)
  }
})
