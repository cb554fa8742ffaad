// Any view of the fleet survives its address, and any order is one.

import fc from 'fast-check'
import { it } from 'vitest'
import { groupsOf, jobsOf, searchOf, sorts, tagsOf, type View, viewOf } from '../../src/page/fleet/view.ts'
import { isTrouble, states } from '../../src/page/words/states.ts'
import { jobRow } from '../support/jobRow.ts'

const numRuns = process.env.SOAK ? 20_000 : 500

const text = fc.string({ unit: 'grapheme' })
const views: fc.Arbitrary<View> = fc.record({
  search: text,
  states: fc.uniqueArray(fc.constantFrom(...states)),
  tag: text,
  group: fc.constantFrom('server' as const, 'tag' as const, '' as const),
  sort: fc.constantFrom(...sorts),
})

it('survives its address', () => {
  fc.assert(
    fc.property(views, (view) => {
      const query = Object.fromEntries(new URL(searchOf(view), 'http://localhost/').searchParams)
      return JSON.stringify(viewOf(query)) === JSON.stringify(view)
    }),
    { numRuns, seed: 1 },
  )
})

it('makes some sense of any address', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.constantFrom('q', 'state', 'tag', 'group', 'sort'), text), (query) => {
      const view = viewOf(query)
      return JSON.stringify(viewOf(Object.fromEntries(new URLSearchParams(searchOf(view))))) === JSON.stringify(view)
    }),
    { numRuns, seed: 1 },
  )
})

const tags = fc.uniqueArray(fc.constantFrom('a', 'b', 'c'))
const time = fc
  .date({ min: new Date('2020-01-01'), max: new Date('2030-01-01'), noInvalidDate: true })
  .map((date) => date.toISOString())
const jobs = fc
  .array(
    fc.record({
      displayName: fc.constantFrom('a', 'B', 'a 2', 'a 10'),
      state: fc.constantFrom(...states),
      stateSince: time,
      acknowledged: fc.option(fc.constantFrom(...states)),
      latestBackupAt: fc.option(time),
      dueAt: fc.option(time),
      storedSize: fc.option(fc.oneof(fc.nat(), fc.bigInt({ min: 2n ** 53n, max: 2n ** 63n - 1n }).map(String))),
      tags,
      server: fc.record({ id: text, databaseId: fc.nat(3), displayName: fc.constantFrom('nas', 'web'), tags }),
    }),
    { maxLength: 12 },
  )
  .map((some) => some.map((given, index) => jobRow({ ...given, id: `BackupJob:${index}`, databaseId: index })))

const ids = (some: { id: string }[]) => some.map(({ id }) => id)

it('loses no job and doubles none, in groups too', () => {
  fc.assert(
    fc.property(jobs, views, (all, { group, sort }) => {
      const shown = groupsOf(jobsOf(all, viewOf({ sort })), group).flatMap(({ jobs }) => ids(jobs))
      const times = (job: (typeof all)[number]) => (group === 'tag' ? Math.max(1, tagsOf(job).length) : 1)
      const expected = all.flatMap((job) => Array<string>(times(job)).fill(job.id))
      return shown.sort().join() === expected.sort().join()
    }),
    { numRuns, seed: 1 },
  )
})

it('has the same order, whatever the order they came in', () => {
  fc.assert(
    fc.property(jobs, views, (all, { sort }) => {
      // What tells two jobs apart in this order; two that are equal in it may stand either way.
      const shown = (some: typeof all) =>
        jobsOf(some, viewOf({ sort })).map(({ displayName, server, ...job }) => [
          displayName,
          server.displayName,
          sort === 'state' && [job.state, job.acknowledged === job.state, isTrouble(job.state) && job.stateSince],
          sort === 'last' && job.latestBackupAt,
          sort === 'due' && job.dueAt,
          sort === 'size' && job.storedSize != null && Number(job.storedSize),
        ])
      return JSON.stringify(shown([...all])) === JSON.stringify(shown([...all].reverse()))
    }),
    { numRuns, seed: 1 },
  )
})
