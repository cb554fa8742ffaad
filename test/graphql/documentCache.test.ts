// What is remembered of documents, and what makes room.

import { expect, it } from 'vitest'
import { createDocumentCache } from '../../src/graphql/serving/documentCache.ts'

/** A text of its own, of so many characters. */
const text = (number: number, length: number) => String(number).padEnd(length, '.')

it('remembers documents of 20,000 characters, and none that is longer', () => {
  const cache = createDocumentCache<string>()
  cache.set(text(1, 20_000), 'one')
  cache.set(text(2, 20_001), 'two')
  expect([cache.get(text(1, 20_000)), cache.get(text(2, 20_001))]).toEqual(['one', undefined])
})

it('forgets what was not asked for the longest, once there are more than 100,000 characters', () => {
  const cache = createDocumentCache<number>()
  const kept = () => [...Array(7).keys()].filter((number) => cache.get(text(number, 20_000)) === number)
  for (let number = 0; number < 5; number += 1) cache.set(text(number, 20_000), number)
  expect(kept()).toEqual([0, 1, 2, 3, 4])
  cache.get(text(0, 20_000))
  cache.set(text(5, 20_000), 5)
  expect(kept()).toEqual([0, 2, 3, 4, 5])
  cache.set('{ id }', -1)
  expect(kept()).toHaveLength(4)
  expect(cache.get('{ id }')).toBe(-1)
})

it('counts a document once', () => {
  const cache = createDocumentCache<number>()
  for (let time = 0; time < 20; time += 1) cache.set(text(1, 20_000), 1)
  cache.set(text(2, 20_000), 2)
  expect([cache.get(text(1, 20_000)), cache.get(text(2, 20_000))]).toEqual([1, 2])
})
