// The rhythm of runs, and what is expected of it.

import { describe, expect, it } from 'vitest'
import { formatInterval } from '../../src/domain/schedule/interval.ts'
import { expectation } from '../../src/domain/schedule/schedule.ts'
import { factsWith, type Known } from '../support/schedule.ts'

const hour = 3_600_000
const first = Date.parse('2026-08-03T02:00Z')

/** What is expected after runs so many hours apart: interval, and hours from the last run to due and overdue. */
function rhythm(gaps: number[], facts: Known = {}) {
  const recentRuns = [first]
  for (const gap of gaps) recentRuns.push((recentRuns.at(-1) ?? 0) + gap * hour)
  const latest = recentRuns.at(-1) ?? 0
  const { dueAt, overdueAt, scheduleSource, interval } = expectation(
    factsWith({ runs: recentRuns.map((run) => new Date(run)), latestAt: new Date(latest), ...facts }),
  )
  if (!dueAt || !overdueAt || !interval) return null
  expect(scheduleSource).toBe('INFERRED')
  return [formatInterval(interval), (dueAt.getTime() - latest) / hour, (overdueAt.getTime() - latest) / hour]
}

const second = 1 / 3600

describe('a rhythm', () => {
  it.each<[string, number[], ReturnType<typeof rhythm>]>([
    ['is not known from one run', [], null],
    ['is not known from two', [24], null],
    ['is known from three', [24, 24], ['1D', 24, 48]],
    ['is daily, give or take some minutes', [24.02, 23.95, 24.01, 24, 23.99], ['1D', 24, 48]],
    ['is of hours', [1, 1, 1, 1, 1], ['1h', 1, 2]],
    ['is of hours that divide no day', [5, 5, 5], ['5h', 5, 10]],
    ['is of minutes', [0.75, 0.75, 0.75], ['45m', 0.75, 1.75]],
    ['is of weeks', [168, 168, 168], ['1W', 168, 336]],
    ['is not changed by runs by hand', [24, 12, 12, 24, 24, 24, 3, 21, 24], ['1D', 24, 48]],
    ['is not changed by a gap of weeks', [24, 24, 24, 500, 24, 24], ['1D', 24, 48]],
    ['has its weekends', [24, 24, 24, 24, 72, 24, 24, 24, 24], ['1D', 24, 73]],
    ['has its nights', [1, 1, 1, 1, 15, 1, 1, 1, 1], ['1h', 1, 16]],
    ['has two times a day', [8, 16, 8, 16, 8, 16, 8, 16, 8], ['8h', 8, 17]],
    ['knows gaps of a week', [24, 24, 24, 168, 24, 24], ['1D', 24, 169]],
    ['knows no gaps of more', [24, 24, 24, 168 + second, 24, 24], ['1D', 24, 48]],
    ['of months is its own longest', [720, 744, 720, 744, 744], ['31D', 744, 1488]],
    ['is none where runs come as they like', [5, 100, 30, 250, 2], null],
    ['is none in two intervals that differ', [24, 72], null],
    ['is none where half of the intervals differ', [12, 12, 24, 24], null],
    ['is the longer of two in the middle', [18, 24, 24.5, 30], ['1470m', 24.5, 49]],
  ])('%s', (_, gaps, expected) => {
    expect(rhythm(gaps)).toEqual(expected)
  })

  it('needs intervals within a quarter of the usual one', () => {
    expect(rhythm([18, 24, 30])).toEqual(['1D', 24, 48])
    expect(rhythm([18 - second, 24, 30 + second])).toBeNull()
    expect(rhythm([18 - second, 24, 30])).toEqual(['1D', 24, 48])
  })
})

describe('runs that are close together', () => {
  const halfAnHour = 0.5

  it('are one occasion, each less than half an hour after the one before', () => {
    expect(rhythm([24, halfAnHour - second, 23.5 + second, 24])).toEqual(['1D', 24, 48])
    expect(rhythm([halfAnHour - second, halfAnHour - second, halfAnHour - second])).toBeNull()
    expect(rhythm([24, halfAnHour - second])).toBeNull()
  })

  it('are occasions of their own half an hour after the one before', () => {
    expect(rhythm([halfAnHour, halfAnHour])).toEqual(['30m', 0.5, 1.5])
  })
})

describe('what a rhythm lets expect', () => {
  it.each([
    ['no tolerance', 0, 48],
    ['a tolerance of a day', 86_400, 48],
    ['a tolerance of more', 86_401, 48 + second],
  ])('is overdue when two intervals have passed, or one and the tolerance: %s', (_, toleranceSeconds, overdue) => {
    expect(rhythm([24, 24, 24], { toleranceSeconds })).toEqual(['1D', 24, overdue])
  })

  it('is not overdue before the tolerance has passed, however short the other intervals are', () => {
    expect(rhythm([192, 160, 192], { toleranceSeconds: 10 * 86_400 })).toEqual(['8D', 192, 192 + 240])
  })

  it('counts from the end of a pause', () => {
    const watchFrom = new Date(first + 100 * hour)
    expect(rhythm([24, 24], { watchFrom })).toEqual(['1D', 52 + 24, 52 + 48])
  })
})
