// Reads of one request take turns with everybody else, in the order in which they were asked for, and end where it has read enough.

import { expect, it } from 'vitest'
import { createBreaks } from '../../src/database/breaks.ts'

/** Some breaks, and a read that takes so many milliseconds by their clock. */
function withClock(limits?: { pieceMs: number; allMs: number }) {
  let at = 0
  const busy = (ms: number) => {
    at += ms
  }
  return { breaks: createBreaks(limits, () => at), busy }
}

it('reads at once what is short', () => {
  const { breaks } = withClock()
  const order: string[] = []
  void breaks.read(() => order.push('a read'))
  order.push('what comes after')
  expect(order).toEqual(['a read', 'what comes after'])
})

it('lets others have their turn between reads that took long together, and keeps their order', async () => {
  const { breaks, busy } = withClock()
  const order: string[] = []
  const reads = ['first', 'second', 'third'].map((name) =>
    breaks.read(() => {
      busy(6)
      order.push(name)
    }),
  )
  setImmediate(() => {
    order.push('somebody else')
    setImmediate(() => order.push('somebody else'))
  })
  await Promise.all(reads)
  expect(order).toEqual(['first', 'second', 'somebody else', 'third'])
})

it('hands on what a read throws, and goes on', async () => {
  const { breaks, busy } = withClock()
  const failing = () => {
    busy(6)
    throw new Error('damaged')
  }
  const [first, second, third] = [failing, failing, () => 'read'].map((work) => breaks.read(work))
  await expect(first).rejects.toThrow('damaged')
  await expect(second).rejects.toThrow('damaged')
  expect(await third).toBe('read')
})

it('refuses to read on once it took as long as a request may', async () => {
  const { breaks, busy } = withClock({ pieceMs: 1, allMs: 15 })
  const reads = Array.from({ length: 10 }, () => breaks.read(() => busy(5)))
  const outcomes = await Promise.allSettled(reads)
  expect(outcomes.map(({ status }) => status)).toEqual([
    ...Array.from({ length: 3 }, () => 'fulfilled'),
    ...Array.from({ length: 7 }, () => 'rejected'),
  ])
  expect(outcomes.at(-1)).toMatchObject({
    reason: {
      code: 'QUERY_TOO_COMPLEX',
      message: 'Reading for this query took more than 0.015 seconds. Ask for less at once, or for a shorter period.',
    },
  })
})
