// The next run by the calendar, in time zones that do what calendars do not foresee. Long for its tables: the moments are
// written as the wall clock shows them, with the offset that it has then.

import { describe, expect, it } from 'vitest'
import { expectation, type Schedule } from '../../src/domain/schedule/schedule.ts'
import { factsWith, schedule, secondsAfter } from '../support/schedule.ts'

const dueAfter = (latestAt: string | null, set: Schedule, watchFrom: string | null = null) =>
  expectation(
    factsWith({
      set,
      latestAt: latestAt ? new Date(latestAt) : null,
      watchFrom: watchFrom ? new Date(watchFrom) : null,
    }),
  ).dueAt

const workdays: Schedule['weekdays'] = ['MONDAY', 'TUESDAY', 'WEDNESDAY', 'THURSDAY', 'FRIDAY']

describe('without a time of day, the next run', () => {
  it.each([
    ['after minutes', '30m', 'UTC', '2026-12-31T23:45:10Z', '2027-01-01T00:15:10Z'],
    ['after hours', '12h', 'UTC', '2024-02-28T18:00Z', '2024-02-29T06:00Z'],
    [
      'after elapsed hours, over a change to summer',
      '12h',
      'Europe/Berlin',
      '2026-03-28T20:00+01:00',
      '2026-03-29T09:00+02:00',
    ],
    [
      'after elapsed hours, over a change to winter',
      '12h',
      'Europe/Berlin',
      '2026-10-24T20:00+02:00',
      '2026-10-25T07:00+01:00',
    ],
    ['after a day', '1D', 'Asia/Kolkata', '2026-06-30T23:59:59+05:30', '2026-07-01T23:59:59+05:30'],
    ['after a leap day', '1D', 'UTC', '2024-02-28T02:00Z', '2024-02-29T02:00Z'],
    ['after a day that is no leap day', '1D', 'UTC', '2026-02-28T02:00Z', '2026-03-01T02:00Z'],
    ['after the end of a year', '1D', 'America/New_York', '2026-12-31T22:00-05:00', '2027-01-01T22:00-05:00'],
    ['after a week', '1W', 'UTC', '2026-12-28T02:00Z', '2027-01-04T02:00Z'],
    ['after a month', '1M', 'UTC', '2026-06-15T02:00Z', '2026-07-15T02:00Z'],
    ['at the end of a short month', '1M', 'UTC', '2026-01-31T02:00Z', '2026-02-28T02:00Z'],
    ['on a leap day', '1M', 'UTC', '2024-01-31T02:00Z', '2024-02-29T02:00Z'],
    ['at the end of a month of 30 days', '3M', 'Asia/Kolkata', '2026-08-31T02:00+05:30', '2026-11-30T02:00+05:30'],
    ['after a year', '1Y', 'UTC', '2024-02-29T02:00Z', '2025-02-28T02:00Z'],
    ['after ten years', '10Y', 'UTC', '2026-08-01T02:00Z', '2036-08-01T02:00Z'],
    ['at the same hour in summer', '1D', 'Europe/Berlin', '2026-03-28T12:00+01:00', '2026-03-29T12:00+02:00'],
    ['at the same hour in winter', '1D', 'Europe/Berlin', '2026-10-24T12:00+02:00', '2026-10-25T12:00+01:00'],
    ['at the same hour in summer', '1W', 'America/New_York', '2026-03-05T03:00-05:00', '2026-03-12T03:00-04:00'],
    ['at the same hour in winter', '1M', 'America/New_York', '2026-10-15T03:00-04:00', '2026-11-15T03:00-05:00'],
    ['at the same hour in summer', '1D', 'Australia/Lord_Howe', '2026-10-03T12:00+10:30', '2026-10-04T12:00+11:00'],
    ['at the same hour in winter', '1D', 'Australia/Lord_Howe', '2026-04-04T12:00+11:00', '2026-04-05T12:00+10:30'],
    [
      'an hour later, where its own is skipped',
      '1D',
      'Europe/Berlin',
      '2026-03-28T02:30+01:00',
      '2026-03-29T03:30+02:00',
    ],
    [
      'an hour later, where its own is skipped',
      '1D',
      'America/New_York',
      '2026-03-07T02:30-05:00',
      '2026-03-08T03:30-04:00',
    ],
    [
      'half an hour later, where its own is skipped',
      '1D',
      'Australia/Lord_Howe',
      '2026-10-03T02:15+10:30',
      '2026-10-04T02:45+11:00',
    ],
    [
      'the first time, where its hour comes twice',
      '1D',
      'Europe/Berlin',
      '2026-10-24T02:30+02:00',
      '2026-10-25T02:30+02:00',
    ],
    [
      'the first time, where its hour comes twice',
      '1D',
      'America/New_York',
      '2026-10-31T01:30-04:00',
      '2026-11-01T01:30-04:00',
    ],
    ['a day after the second of two hours', '1D', 'Europe/Berlin', '2026-10-25T02:30+01:00', '2026-10-26T02:30+01:00'],
    ['a day later, where a day is skipped', '1D', 'Pacific/Apia', '2011-12-29T12:00-10:00', '2011-12-31T12:00+14:00'],
    [
      '24 hours later at the same hour: that is a day',
      '24h',
      'Europe/Berlin',
      '2026-10-24T12:00+02:00',
      '2026-10-25T12:00+01:00',
    ],
    [
      '1,440 minutes later: that is a day',
      '1440m',
      'Europe/Berlin',
      '2026-03-28T12:00+01:00',
      '2026-03-29T12:00+02:00',
    ],
    ['36 hours later by the wall clock', '36h', 'Europe/Berlin', '2026-10-24T12:00+02:00', '2026-10-26T00:00+01:00'],
  ])('is %s: %s, %s', (_, interval, timeZone, latest, due) => {
    expect(dueAfter(latest, schedule(interval, { timeZone }))).toEqual(new Date(due))
  })

  it.each([
    ['on the next day', '1D', 'Europe/Berlin', '2026-07-30T02:00+02:00', '2026-07-31T02:00+02:00'],
    ['after the weekend', '1D', 'Europe/Berlin', '2026-07-31T02:00+02:00', '2026-08-03T02:00+02:00'],
    [
      'after a weekend with a change to summer',
      '1D',
      'Europe/Berlin',
      '2026-03-27T02:30+01:00',
      '2026-03-30T02:30+02:00',
    ],
    ['on Friday there, though it is Thursday here', '1D', 'Asia/Kolkata', '2026-07-29T20:00Z', '2026-07-30T20:00Z'],
    ['on Monday there, though it is Sunday here', '1D', 'Asia/Kolkata', '2026-07-30T20:00Z', '2026-08-02T20:00Z'],
    [
      'on Monday here, though it is Friday at home',
      '1D',
      'Pacific/Apia',
      '2026-07-30T13:00+13:00',
      '2026-07-31T13:00+13:00',
    ],
    ['two days later, on the day after the weekend', '2D', 'UTC', '2026-07-30T02:00Z', '2026-08-03T02:00Z'],
    ['two days later, not one', '2D', 'UTC', '2026-07-27T02:00Z', '2026-07-29T02:00Z'],
    ['after a month, on the next allowed day', '1M', 'UTC', '2026-07-01T02:00Z', '2026-08-03T02:00Z'],
    ['hours later, while the day lasts', '5h', 'UTC', '2026-07-31T18:59:59Z', '2026-07-31T23:59:59Z'],
    ['hours later, and then as many hours as it takes', '5h', 'UTC', '2026-07-31T19:00Z', '2026-08-03T02:00Z'],
    ['20 hours later, again and again', '20h', 'UTC', '2026-07-31T10:00Z', '2026-08-03T18:00Z'],
    ['a minute later, on Monday', '1m', 'America/New_York', '2026-07-31T23:59:30-04:00', '2026-08-03T00:00:30-04:00'],
    ['36 hours later, and then days', '36h', 'UTC', '2026-07-30T12:00Z', '2026-08-03T00:00Z'],
  ])('on workdays is %s: %s, %s', (_, interval, timeZone, latest, due) => {
    expect(dueAfter(latest, schedule(interval, { timeZone, weekdays: workdays }))).toEqual(new Date(due))
  })

  it('moves with a run by hand in between', () => {
    expect(dueAfter('2026-08-01T14:00Z', schedule('1D'))).toEqual(new Date('2026-08-02T14:00Z'))
  })
})

describe('with a time of day, the next run', () => {
  it.each([
    ['on the next day', '1D', '02:00', 'Europe/Berlin', '2026-08-01T02:00:05+02:00', '2026-08-02T02:00+02:00'],
    ['at the exact time', '1D', '02:00', 'Europe/Berlin', '2026-08-01T02:00+02:00', '2026-08-02T02:00+02:00'],
    ['not moved by a run by hand', '1D', '02:00', 'Europe/Berlin', '2026-08-01T14:00+02:00', '2026-08-02T02:00+02:00'],
    [
      'not moved by a run that was late',
      '1D',
      '23:00',
      'Europe/Berlin',
      '2026-08-02T00:30+02:00',
      '2026-08-02T23:00+02:00',
    ],
    ['a week later', '1W', '02:00', 'UTC', '2026-08-01T05:00Z', '2026-08-08T02:00Z'],
    ['at the end of a short month', '1M', '02:00', 'UTC', '2026-01-31T02:00Z', '2026-02-28T02:00Z'],
    ['on a leap day', '1Y', '02:00', 'UTC', '2027-02-28T02:00Z', '2028-02-28T02:00Z'],
    ['after the end of a year', '1D', '00:00', 'America/New_York', '2026-12-31T00:00-05:00', '2027-01-01T00:00-05:00'],
    [
      'at half past, in a zone of half hours',
      '1D',
      '00:30',
      'Asia/Kolkata',
      '2026-08-01T00:30+05:30',
      '2026-08-02T00:30+05:30',
    ],
    ['at its hour in summer', '1D', '05:00', 'Europe/Berlin', '2026-03-28T05:00+01:00', '2026-03-29T05:00+02:00'],
    ['at its hour in winter', '1D', '05:00', 'Europe/Berlin', '2026-10-24T05:00+02:00', '2026-10-25T05:00+01:00'],
    ['at its hour in summer', '1D', '05:00', 'America/New_York', '2026-03-07T05:00-05:00', '2026-03-08T05:00-04:00'],
    ['at its hour in winter', '1D', '05:00', 'Australia/Lord_Howe', '2026-04-04T05:00+11:00', '2026-04-05T05:00+10:30'],
    [
      'later, where its time is skipped',
      '1D',
      '02:30',
      'Europe/Berlin',
      '2026-03-28T02:30+01:00',
      '2026-03-29T03:30+02:00',
    ],
    [
      'at its own time again, the day after',
      '1D',
      '02:30',
      'Europe/Berlin',
      '2026-03-29T03:30+02:00',
      '2026-03-30T02:30+02:00',
    ],
    ['the first of two', '1D', '02:30', 'Europe/Berlin', '2026-10-24T02:30+02:00', '2026-10-25T02:30+02:00'],
    [
      'the day after, when it ran the first time',
      '1D',
      '02:30',
      'Europe/Berlin',
      '2026-10-25T02:30+02:00',
      '2026-10-26T02:30+01:00',
    ],
    [
      'the day after, when it ran the second time',
      '1D',
      '02:30',
      'Europe/Berlin',
      '2026-10-25T02:30+01:00',
      '2026-10-26T02:30+01:00',
    ],
    ['the first of two', '1D', '01:45', 'Australia/Lord_Howe', '2026-04-04T01:45+11:00', '2026-04-05T01:45+11:00'],
    [
      'later, where its day is skipped',
      '1D',
      '02:00',
      'Pacific/Apia',
      '2011-12-29T02:00-10:00',
      '2011-12-31T02:00+14:00',
    ],
    ['the day after a skipped one', '1D', '02:00', 'Pacific/Apia', '2011-12-31T02:00+14:00', '2012-01-01T02:00+14:00'],
    ['at a time of day, every 48 hours', '48h', '02:00', 'UTC', '2026-08-01T05:00Z', '2026-08-03T02:00Z'],
    ['at no time of day, every 12 hours', '12h', '02:00', 'UTC', '2026-08-01T05:00Z', '2026-08-01T17:00Z'],
    ['at no time of day, every 36 hours', '36h', '02:00', 'UTC', '2026-08-01T05:00Z', '2026-08-02T17:00Z'],
  ])('is %s: %s at %s, %s', (_, interval, timeOfDay, timeZone, latest, due) => {
    expect(dueAfter(latest, schedule(interval, { timeOfDay, timeZone }))).toEqual(new Date(due))
  })

  it.each([
    ['the next day', '1D', workdays, '2026-07-30T02:00Z', '2026-07-31T02:00Z'],
    ['after the weekend', '1D', workdays, '2026-07-31T02:00Z', '2026-08-03T02:00Z'],
    [
      'after the weekend, when Friday’s run began on Saturday',
      '1D',
      workdays,
      '2026-08-01T05:00Z',
      '2026-08-03T02:00Z',
    ],
    ['after the weekend, when it was run by hand on Sunday', '1D', workdays, '2026-08-02T14:00Z', '2026-08-03T02:00Z'],
    ['on Monday, after a run by hand on Wednesday', '1W', ['MONDAY'], '2026-07-29T14:00Z', '2026-08-03T02:00Z'],
    ['on Monday, after a run on Monday', '1W', ['MONDAY'], '2026-07-27T02:00Z', '2026-08-03T02:00Z'],
    [
      'a week later, not on the other day that is allowed',
      '1W',
      ['MONDAY', 'THURSDAY'],
      '2026-07-27T02:00Z',
      '2026-08-03T02:00Z',
    ],
    [
      'a week later, after a run by hand in between',
      '1W',
      ['MONDAY', 'THURSDAY'],
      '2026-07-29T14:00Z',
      '2026-08-03T02:00Z',
    ],
    ['two days later, not one', '2D', workdays, '2026-07-27T02:00Z', '2026-07-29T02:00Z'],
    ['two days later, or else on Monday', '2D', workdays, '2026-07-30T02:00Z', '2026-08-03T02:00Z'],
    ['a month later, on the next Monday', '1M', ['MONDAY'], '2026-07-06T02:00Z', '2026-08-10T02:00Z'],
    [
      'a month later, on the next Monday, after a run by hand',
      '1M',
      ['MONDAY'],
      '2026-07-08T14:00Z',
      '2026-08-10T02:00Z',
    ],
    ['on any day, if none is named', '1D', [], '2026-07-31T02:00Z', '2026-08-01T02:00Z'],
  ] as [string, string, Schedule['weekdays'], string, string][])(
    'on allowed days is %s',
    (_, interval, weekdays, latest, due) => {
      expect(dueAfter(latest, schedule(interval, { timeOfDay: '02:00', weekdays }))).toEqual(new Date(due))
    },
  )

  it('skips a Friday that its time zone skips', () => {
    const fridays = schedule('1D', { timeOfDay: '02:00', weekdays: ['FRIDAY'], timeZone: 'Pacific/Apia' })
    expect(dueAfter('2011-12-23T02:00-10:00', fridays)).toEqual(new Date('2012-01-06T02:00+14:00'))
  })
})

describe('a run that is early', () => {
  const time = '2026-08-02T02:00:00'

  it.each([
    ['by an hour and a second is not that run', 'Europe/Berlin', '+02:00', -3601, '2026-08-02'],
    ['by an hour is that run', 'Europe/Berlin', '+02:00', -3600, '2026-08-03'],
    ['by a second less is that run', 'Europe/Berlin', '+02:00', -3599, '2026-08-03'],
    ['by a second is that run', 'Asia/Kolkata', '+05:30', -1, '2026-08-03'],
    ['by an hour and a second is not that run', 'America/New_York', '-04:00', -3601, '2026-08-02'],
    ['by an hour is that run', 'America/New_York', '-04:00', -3600, '2026-08-03'],
    ['by nothing is that run', 'Australia/Lord_Howe', '+10:30', 0, '2026-08-03'],
    ['by less than nothing is late, and that run', 'Australia/Lord_Howe', '+10:30', 1, '2026-08-03'],
  ])('%s: %s', (_, timeZone, offset, seconds, day) => {
    const latest = secondsAfter(new Date(`${time}${offset}`), seconds)
    expect(dueAfter(latest.toISOString(), schedule('1D', { timeOfDay: '02:00', timeZone }))).toEqual(
      new Date(`${day}T02:00:00${offset}`),
    )
  })

  it('begins on the day before, and is that of a Monday', () => {
    const set = schedule('1D', { timeOfDay: '00:00', weekdays: workdays })
    expect(dueAfter('2026-08-02T22:59:59Z', set)).toEqual(new Date('2026-08-03T00:00Z'))
    expect(dueAfter('2026-08-02T23:00:00Z', set)).toEqual(new Date('2026-08-04T00:00Z'))
  })

  it('by the hour that a clock skipped is that run', () => {
    const set = schedule('1D', { timeOfDay: '02:30', timeZone: 'Europe/Berlin' })
    expect(dueAfter('2026-03-29T01:30+01:00', set)).toEqual(new Date('2026-03-30T02:30+02:00'))
    expect(dueAfter('2026-03-29T01:29:59+01:00', set)).toEqual(new Date('2026-03-29T03:30+02:00'))
  })
})

describe('after a pause, the next run', () => {
  it.each([
    ['counts from its end', '1D', null, '2026-07-01T02:00Z', '2026-08-01T14:00Z', '2026-08-02T14:00Z'],
    ['counts from a run after it', '1D', null, '2026-08-01T15:00Z', '2026-08-01T14:00Z', '2026-08-02T15:00Z'],
    [
      'is tonight’s, if it ends a second before',
      '1D',
      '02:00',
      '2026-07-01T02:00Z',
      '2026-08-02T01:59:59Z',
      '2026-08-02T02:00Z',
    ],
    [
      'is tomorrow’s, if it ends at the time',
      '1D',
      '02:00',
      '2026-07-01T02:00Z',
      '2026-08-02T02:00:00Z',
      '2026-08-03T02:00Z',
    ],
    [
      'is tomorrow’s, if it ends a second after',
      '1D',
      '02:00',
      '2026-07-01T02:00Z',
      '2026-08-02T02:00:01Z',
      '2026-08-03T02:00Z',
    ],
    [
      'is tomorrow’s, if tonight’s came early',
      '1D',
      '02:00',
      '2026-08-02T01:20Z',
      '2026-08-02T01:30Z',
      '2026-08-03T02:00Z',
    ],
    ['is due though there never was one', '1D', '02:00', null, '2026-08-01T14:00Z', '2026-08-02T02:00Z'],
    ['is tonight’s, though there never was one', '1D', '02:00', null, '2026-08-02T01:30Z', '2026-08-02T02:00Z'],
    ['is hours after', '12h', null, '2026-07-01T02:00Z', '2026-08-01T14:00Z', '2026-08-02T02:00Z'],
  ])('%s', (_, interval, timeOfDay, latest, watchFrom, due) => {
    expect(dueAfter(latest, schedule(interval, { timeOfDay }), watchFrom)).toEqual(new Date(due))
  })
})

it('is refused in no time zone', () => {
  expect(() => dueAfter('2026-08-01T02:00Z', schedule('1D', { timeZone: 'Mars/Phobos' }))).toThrow(RangeError)
})
