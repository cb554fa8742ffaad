// The one sentence, for every mix of states.

import { expect, it } from 'vitest'
import { states, stateTones } from '../../src/page/words/states.ts'
import { type Counts, currentVerdict, verdict } from '../../src/page/words/verdict.ts'

it.each<[Counts, string, string, string]>([
  [{}, 'quiet', 'Nothing has reported yet.', ''],
  [{ PAUSED: 2 }, 'quiet', 'No job is watched.', ''],
  [{ NEW: 1, PAUSED: 2 }, 'quiet', 'No backup has run yet.', ''],
  [{ OK: 1 }, 'good', 'The backup is fine.', ''],
  [{ OK: 31 }, 'good', 'All 31 backups are fine.', ''],
  [{ OK: 31, NEW: 1, PAUSED: 2 }, 'good', 'All 31 backups are fine; 1 is new; 2 are paused.', ''],
  [{ WARNING: 1, OK: 30 }, 'warning', '1 job has warnings.', '1 with warnings'],
  [{ WARNING: 2 }, 'warning', '2 jobs have warnings.', '2 with warnings'],
  [{ LATE: 1, WARNING: 1 }, 'warning', '1 job is late and 1 has warnings.', '1 late, 1 with warnings'],
  [{ FAILED: 1 }, 'bad', '1 job failed.', '1 failed'],
  [
    { OVERDUE: 2, FAILED: 1, LATE: 1, WARNING: 3, OK: 9 },
    'bad',
    '2 jobs are overdue, 1 failed, 1 is late and 3 have warnings.',
    '2 overdue, 1 failed, 1 late, 3 with warnings',
  ],
])('says of %j', (counts, tone, sentence, short) => {
  expect(verdict(counts)).toEqual({ tone, sentence, short })
})

it('is never better than the worst, and good only if there is something that is well', () => {
  for (let mix = 0; mix < 2 ** states.length; mix += 1) {
    const present = states.filter((_, index) => mix & (2 ** index))
    const { tone, short } = verdict(Object.fromEntries(present.map((state) => [state, 1])))
    const tones = present.map((state) => stateTones[state])
    const worst = (['bad', 'warning', 'good'] as const).find((one) => tones.includes(one)) ?? 'quiet'
    expect([present, tone, short !== '']).toEqual([present, worst, worst === 'bad' || worst === 'warning'])
  }
})

it('calls nothing fine while the server cannot be reached', () => {
  const now = new Date(2026, 10, 30, 21, 20)
  const away = currentVerdict({ OK: 3 }, new Date(2026, 10, 30, 21, 15), now, 'en-GB')
  expect(away).toEqual({
    tone: 'quiet',
    sentence: 'Last known today 21:15: All 3 backups are fine.',
    short: 'offline',
  })
  expect(currentVerdict({ OK: 3 }, null, now).tone).toBe('good')
})
