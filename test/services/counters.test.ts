// How the duration of a request is counted: in the first bucket whose bound it does not exceed, and in all above.

import { expect, it } from 'vitest'
import { createCounters } from '../../src/services/upkeep/counters.ts'
import { readExposition } from '../support/exposition.ts'

it.each([
  ['no time', 0, '0.001'],
  ['the lowest bound itself', 0.001, '0.001'],
  ['a little more', 0.0011, '0.0025'],
  ['a bound in the middle', 0.25, '0.25'],
  ['a little more than that', 0.2501, '0.5'],
  ['the highest bound itself', 10, '10'],
  ['more than any', 10.1, '+Inf'],
])('puts %s into its bucket, and into no lower one', async (_, seconds, bound) => {
  const { durations, registry } = createCounters()
  durations.observe({ method: 'GET', route: '/' }, seconds)
  const { samples = [] } = readExposition(await registry.metrics()).get('http_request_duration_seconds') ?? {}
  const filled = samples.filter(({ labels, value }) => labels.le !== undefined && value === 1)
  expect(filled[0]?.labels).toEqual({ method: 'GET', route: '/', le: bound })
  expect(samples.slice(-2).map(({ value }) => value)).toEqual([seconds, 1])
})

it('counts for each app by itself', async () => {
  const [one, other] = [createCounters(), createCounters()]
  one.deliveries.inc({ outcome: 'sent' })
  expect((await one.deliveries.get()).values.map(({ value }) => value)).toEqual([1, 0, 0])
  expect((await other.deliveries.get()).values.map(({ value }) => value)).toEqual([0, 0, 0])
})
