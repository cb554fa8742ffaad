// How the duration of a request is counted: in the first bucket whose bound it does not exceed.

import { expect, it } from 'vitest'
import { createRequestCounts, durationBounds } from '../../src/services/upkeep/requestCounts.ts'

it.each([
  ['no time', 0, 0],
  ['the lowest bound itself', 0.001, 0],
  ['a little more', 0.0011, 1],
  ['a bound in the middle', 0.25, 7],
  ['a little more than that', 0.2501, 8],
  ['the highest bound itself', 10, 12],
  ['more than any', 10.1, 13],
])('puts %s into its bucket, and into no other', (_, seconds, bucket) => {
  const counts = createRequestCounts()
  counts.add('GET', '/', 200, seconds)
  const buckets = [...durationBounds, Number.POSITIVE_INFINITY].map((_, index) => Number(index === bucket))
  expect(counts.all()).toEqual([{ method: 'GET', route: '/', statuses: new Map([[200, 1]]), buckets, seconds }])
})
