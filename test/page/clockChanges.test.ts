// Times in words on the days on which clocks are set: these have 23 and 25 hours.

import { afterAll, beforeAll, expect, it } from 'vitest'
import { age, fullMoment, moment, startOfDay } from '../../src/page/words/times.ts'

/** Formats are kept by language, in the zone of then: no other test says English like this. */
const english = 'en-GB-u-nu-latn'

const zone = process.env.TZ
beforeAll(() => {
  process.env.TZ = 'Europe/Berlin'
})
afterAll(() => {
  if (zone === undefined) delete process.env.TZ
  else process.env.TZ = zone
})

it.each([
  // 23 hours: the day before began 24 hours before its midnight, and this one has 23.
  ['2026-03-29T22:30:00Z', '2026-03-28T23:30:00Z', 'yesterday 00:30'],
  ['2026-03-29T22:30:00Z', '2026-03-28T22:59:00Z', 'Saturday 23:59'],
  ['2026-03-29T10:00:00Z', '2026-03-29T01:00:00Z', 'today 03:00'],
  // 25 hours: both are the same day, nearly 25 hours apart.
  ['2026-10-25T22:59:00Z', '2026-10-24T22:00:00Z', 'today 00:00'],
  ['2026-10-25T22:59:00Z', '2026-10-24T21:59:00Z', 'yesterday 23:59'],
  ['2026-10-26T11:00:00Z', '2026-10-19T22:00:00Z', 'Tuesday 00:00'],
  ['2026-10-26T11:00:00Z', '2026-10-19T21:59:00Z', '19 Oct 23:59'],
])('goes by the calendar: at %s, %s is %s', (now, time, words) => {
  expect(moment(new Date(time), new Date(now), english)).toBe(words)
})

it('tells the two half past two apart in full', () => {
  const both = ['2026-10-25T00:30:00Z', '2026-10-25T01:30:00Z'].map((time) => fullMoment(new Date(time), english))
  expect(both).toEqual(['Sunday, 25 October 2026 at 02:30:00 CEST', 'Sunday, 25 October 2026 at 02:30:00 CET'])
})

it('counts hours as they passed', () => {
  expect(age(new Date('2026-10-24T22:00:00Z'), new Date('2026-10-25T23:00:00Z'), english)).toBe('25 hr ago')
})

it('begins days at midnight before and after', () => {
  expect([0, 1, 2].map((before) => startOfDay(new Date('2026-03-30T10:00:00Z'), before).toISOString())).toEqual([
    '2026-03-29T22:00:00.000Z',
    '2026-03-28T23:00:00.000Z',
    '2026-03-27T23:00:00.000Z',
  ])
})
