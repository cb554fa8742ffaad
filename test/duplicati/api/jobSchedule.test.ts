// From the schedules of Duplicati's jobs to ours.

import { expect, it } from 'vitest'
import { formatInterval } from '../../../src/domain/schedule/interval.ts'
import { scheduleOf } from '../../../src/duplicati/api/jobSchedule.ts'
import type { JobSchedule } from '../../../src/duplicati/api/jobs.ts'

const time = new Date('2026-12-01T02:00:00Z')

function read(given: Partial<JobSchedule>, timeZone = 'Europe/Berlin') {
  return scheduleOf({ time, repeat: '1D', allowedDays: [], lastRun: null, ...given }, timeZone)
}

it.each<[string | null, string | null]>([
  ['1D', '1D'],
  ['12h', '12h'],
  ['24h', '1D'],
  ['1440m', '1D'],
  ['36h', '36h'],
  ['1W', '1W'],
  ['1M', '1M'],
  ['1Y', '1Y'],
  ['15m', '15m'],
  ['1D12h', '36h'],
  ['1D 12h', '36h'],
  [' 2 W 1 D ', '15D'],
  ['1Y6M', '18M'],
  ['0D12h', '12h'],
  ['3600s', '60m'],
  ['1h1800s', '90m'],
  ['86400', '1D'],
  ['90s', null],
  ['1M1D', null],
  ['11Y', null],
  ['1d', null],
  ['0D', null],
  ['-1D', null],
  ['now', null],
  ['1D2', null],
  ['', null],
  [null, null],
])('a repeat of %s is %s', (repeat, expected) => {
  const schedule = read({ repeat })
  expect(schedule && formatInterval(schedule.interval)).toBe(expected)
})

it.each<[string[], string[] | null]>([
  [[], null],
  [
    ['mon', 'fri'],
    ['MONDAY', 'FRIDAY'],
  ],
  [
    ['mon', 'Monday', 'tue', 'Tuesday'],
    ['MONDAY', 'TUESDAY'],
  ],
  [
    ['sun', 'sat'],
    ['SATURDAY', 'SUNDAY'],
  ],
  [['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'], null],
  [['someday'], null],
])('the days %j are %j', (allowedDays, expected) => {
  expect(read({ allowedDays })?.weekdays).toEqual(expected)
})

it.each<[string, string, Date | null, string | null]>([
  ['1D', 'Europe/Berlin', time, '03:00'],
  ['1D', 'UTC', time, '02:00'],
  ['1D', 'Europe/Berlin', new Date('2026-07-01T02:00:00Z'), '04:00'],
  ['1W', 'America/New_York', new Date('2026-12-01T02:30:59Z'), '21:30'],
  ['24h', 'UTC', time, '02:00'],
  ['12h', 'UTC', time, null],
  ['1D', 'UTC', null, null],
])('every %s in %s from %s is at %s', (repeat, timeZone, due, timeOfDay) => {
  expect(read({ repeat, time: due }, timeZone)).toMatchObject({ timeOfDay, timeZone })
})

it('needs a time zone', () => {
  expect(() => read({}, 'Nowhere/Else')).toThrow(RangeError)
})
