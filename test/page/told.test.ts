// Who is told of a job: the closest rule of a channel decides.

import { expect, it } from 'vitest'
import type { JobStoryQuery } from '../../src/page/generated/graphql.ts'
import { toldOf } from '../../src/page/job/told.ts'
import { jobRow } from '../support/jobRow.ts'

type Channel = JobStoryQuery['channels']['nodes'][number]
type Rule = Channel['rules'][number]

const job = jobRow({
  tags: ['daily', 'photos'],
  server: { id: 'Server:1', databaseId: 1, displayName: 'nas', tags: ['home', 'daily'] },
})

const everything: Rule = { events: ['FAILED'] } as Rule
const ofJob: Rule = { ...everything, job: { id: 'BackupJob:1' } }
const ofServer: Rule = { ...everything, server: { id: 'Server:1' } }
const ofTag = (tag: string): Rule => ({ ...everything, tag })

function told(...rules: Rule[]) {
  const channel = { id: 'Channel:1', name: 'mail', enabled: true, rules } as unknown as Channel
  return toldOf(job, [channel]).map(({ by, events }) => [by, ...events])
}

it('goes from what is closest to what is farthest', () => {
  const rules: Rule[] = [
    { ...everything, events: ['FAILED'] },
    { ...ofTag('home'), events: ['WARNING'] },
    { ...ofServer, events: ['OVERDUE'] },
    { ...ofTag('photos'), events: ['SUCCESS'] },
    { ...ofJob, events: ['RECOVERED'] },
  ]
  expect([5, 4, 3, 2, 1, 0].map((count) => told(...rules.slice(0, count)))).toEqual([
    [['this job', 'RECOVERED']],
    [['a tag of the job', 'SUCCESS']],
    [['this server', 'OVERDUE']],
    [['a tag of the server', 'WARNING']],
    [['everything', 'FAILED']],
    [],
  ])
})

it('takes a tag that both have as one of the job', () => {
  expect(told({ ...ofTag('daily'), events: ['FAILED'] }, ofServer)).toEqual([['a tag of the job', 'FAILED']])
})

it('adds up tags that are equally close', () => {
  const rules: Rule[] = [
    { ...ofTag('daily'), events: ['FAILED', 'WARNING'] },
    { ...ofTag('photos'), events: ['WARNING', 'OVERDUE'] },
    { ...ofTag('others'), events: ['SUCCESS'] },
  ]
  expect(told(...rules)).toEqual([['a tag of the job', 'FAILED', 'WARNING', 'OVERDUE']])
})

it('is silent by a rule without events, though one farther away has some', () => {
  expect(told({ ...ofJob, events: [] }, everything)).toEqual([])
  expect(told({ ...ofTag('daily'), events: [] }, { ...ofTag('photos'), events: ['FAILED'] })).toEqual([
    ['a tag of the job', 'FAILED'],
  ])
})

it('leaves out rules for other jobs and servers', () => {
  expect(told({ ...ofJob, job: { id: 'BackupJob:2' } }, { ...ofServer, server: { id: 'Server:2' } })).toEqual([])
})

it('keeps the order of the channels', () => {
  const channels = ['b', 'a'].map((name) => ({ id: name, name, rules: [everything] }) as unknown as Channel)
  expect(toldOf(job, channels).map(({ channel }) => channel.name)).toEqual(['b', 'a'])
})
