import { expect, it } from 'vitest'
import { type DigestTime, nextDigest } from '../../src/domain/schedule/digestTime.ts'

const daily: DigestTime = { period: 'DAILY', timeOfDay: '08:00', weekday: null }

/** The next times, one after the other. */
function series(time: DigestTime, after: string, timeZone: string, count: number): string[] {
  const found: string[] = []
  for (let at = new Date(after); found.length < count; found.push(at.toISOString().slice(0, 16)))
    at = nextDigest(time, at, timeZone)
  return found
}

it.each([
  ['2026-08-01T05:59:59.999Z', '2026-08-01T06:00'],
  ['2026-08-01T06:00:00.000Z', '2026-08-02T06:00'],
])('is the first time after %s', (after, next) => {
  expect(series(daily, after, 'Europe/Berlin', 1)).toEqual([next])
})

it('keeps the hour when clocks are set', () => {
  expect(series(daily, '2026-10-24T00:00:00Z', 'Europe/Berlin', 3)).toEqual([
    '2026-10-24T06:00',
    '2026-10-25T07:00',
    '2026-10-26T07:00',
  ])
})

it('comes once where the hour comes twice, the first time', () => {
  const time = { ...daily, timeOfDay: '02:30' }
  expect(series(time, '2026-10-24T12:00:00Z', 'Europe/Berlin', 2)).toEqual(['2026-10-25T00:30', '2026-10-26T01:30'])
})

it('comes once where the hour is missing, later', () => {
  const time = { ...daily, timeOfDay: '02:30' }
  expect(series(time, '2026-03-28T12:00:00Z', 'Europe/Berlin', 2)).toEqual(['2026-03-29T01:30', '2026-03-30T00:30'])
})

it('comes once where midnight comes twice', () => {
  // On 2026-11-01 the clock of Havana goes from 01:00 back to 00:00.
  const time = { ...daily, timeOfDay: '00:30' }
  expect(series(time, '2026-10-31T12:00:00Z', 'America/Havana', 2)).toEqual(['2026-11-01T04:30', '2026-11-02T05:30'])
})

it('leaves out a day that a zone skipped', () => {
  // Apia had no 30 December 2011.
  expect(series(daily, '2011-12-28T20:00:00Z', 'Pacific/Apia', 3)).toEqual([
    '2011-12-29T18:00',
    '2011-12-30T18:00',
    '2011-12-31T18:00',
  ])
})

it('comes on its weekday, on Monday if none is given', () => {
  const weekly: DigestTime = { period: 'WEEKLY', timeOfDay: '23:59', weekday: null }
  expect(series(weekly, '2026-08-01T00:00:00Z', 'UTC', 2)).toEqual(['2026-08-03T23:59', '2026-08-10T23:59'])
  expect(series({ ...weekly, weekday: 'SUNDAY' }, '2026-08-02T23:59:00Z', 'UTC', 1)).toEqual(['2026-08-09T23:59'])
  expect(series({ ...weekly, weekday: 'SATURDAY' }, '2026-08-01T23:58:59Z', 'UTC', 1)).toEqual(['2026-08-01T23:59'])
})

it('comes on the first of each month', () => {
  const monthly: DigestTime = { period: 'MONTHLY', timeOfDay: '00:00', weekday: null }
  expect(series(monthly, '2026-12-31T22:59:59Z', 'Europe/Berlin', 3)).toEqual([
    '2026-12-31T23:00',
    '2027-01-31T23:00',
    '2027-02-28T23:00',
  ])
})
