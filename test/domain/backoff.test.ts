import { describe, expect, it } from 'vitest'
import { nextAttempt } from '../../src/domain/backoff.ts'

const now = new Date('2026-08-01T12:00:00.000Z')

/** The wait in seconds; null: it is given up. */
function wait(attempts: number, retryAfterMs: number | null = null): number | null {
  const at = nextAttempt(attempts, now, retryAfterMs)
  return at && (at.getTime() - now.getTime()) / 1000
}

describe('nextAttempt', () => {
  it('waits longer every time, and gives up after the twelfth', () => {
    expect(Array.from({ length: 13 }, (_, index) => wait(index + 1))).toEqual([
      30,
      60,
      120,
      300,
      600,
      1800,
      3600,
      7200,
      14_400,
      28_800,
      43_200,
      null,
      null,
    ])
  })

  it.each([
    ['no longer than it would anyway', 29_999, 30],
    ['as long as it would anyway', 30_000, 30],
    ['longer where the far end asks for it', 31_000, 31],
    ['a day', 86_400_000, 86_400],
    ['no longer than a day', 86_401_000, 86_400],
  ])('waits %s', (_, retryAfterMs, seconds) => {
    expect(wait(1, retryAfterMs)).toBe(seconds)
  })

  it('gives up after the twelfth try although the far end asks to wait', () => {
    expect(wait(12, 60_000)).toBe(null)
  })
})
