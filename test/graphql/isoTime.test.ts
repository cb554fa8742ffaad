import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isoTime } from '../../src/graphql/lists/isoTime.ts'
import { soak } from '../support/folders.ts'

describe('the text of a time', () => {
  it('is that of toISOString', () => {
    // More days than are remembered, and the same ones again.
    const day = fc.integer({ min: 20_000, max: 22_000 }).map((day) => day * 86_400_000)
    const near = fc.tuple(day, fc.integer({ min: -1500, max: 86_400_000 })).map(([day, ms]) => new Date(day + ms))
    fc.assert(
      fc.property(fc.oneof(near, fc.date({ noInvalidDate: true })), (date) => {
        expect(isoTime(date)).toBe(date.toISOString())
      }),
      { numRuns: soak ? 1_000_000 : 20_000, seed: 3 },
    )
  })

  it.each([-8.64e15, -1, 0, 1, 8.64e15])('is right at %d', (ms) => {
    expect(isoTime(new Date(ms))).toBe(new Date(ms).toISOString())
  })

  it('is none of a date that is not valid', () => {
    expect(() => isoTime(new Date(Number.NaN))).toThrow(RangeError)
  })
})
