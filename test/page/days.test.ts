// What a cell of a strip says.

import { expect, it } from 'vitest'
import { type Day, dayKind, daysWords, dayWords } from '../../src/page/words/days.ts'

const day = (given: Partial<Day> = {}): Day => ({
  from: '2026-11-30T00:00:00.000Z',
  succeeded: 0,
  warned: 0,
  failed: 0,
  missed: 0,
  complete: true,
  ...given,
})

it.each([
  [{ failed: 1, missed: 1, warned: 1, succeeded: 9 }, 'FAILED', '9 succeeded, 1 with warnings, 1 failed, 1 missed'],
  [{ missed: 1, warned: 1, succeeded: 1 }, 'MISSED', '1 succeeded, 1 with warnings, 1 missed'],
  [{ missed: 2 }, 'MISSED', '2 missed'],
  [{ warned: 1, succeeded: 1 }, 'WARNED', '1 succeeded, 1 with warnings'],
  [{ succeeded: 1 }, 'OK', '1 succeeded'],
  [{}, 'NONE', 'no run'],
  // Nobody counted what was missed.
  [{ missed: null }, 'NONE', 'no run'],
  [{ complete: false }, 'UNKNOWN', 'runs of this day were removed'],
  [{ complete: false, succeeded: 1 }, 'OK', '1 succeeded'],
])('is, of %j, the worst, and says all of it', (given, kind, words) => {
  expect([dayKind(day(given)), dayWords(day(given))]).toEqual([kind, words])
})

it('says many days in a sentence', () => {
  expect(daysWords([day({ succeeded: 2, warned: 1 }), day({ missed: 1, failed: 3 }), day({ missed: null })])).toBe(
    '3 days, 6 runs: 2 succeeded, 1 with warnings, 3 failed, 1 missed',
  )
  expect(daysWords([day()])).toBe('1 day, 0 runs: no run')
})
