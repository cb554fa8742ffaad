// Times in words. What is given as year, month and day is meant where the test runs, so that its zone does not matter.

import { expect, it } from 'vitest'
import {
  age,
  date,
  daysOfYear,
  duration,
  fullDate,
  fullMoment,
  moment,
  shortMonth,
  startOfDay,
} from '../../src/page/words/times.ts'

/** A Monday. */
const now = new Date(2026, 10, 30, 12, 0)

it.each([
  [new Date(2026, 10, 30, 0, 0), 'today 00:00', 'heute 00:00'],
  [new Date(2026, 10, 30, 23, 59, 59), 'today 23:59', 'heute 23:59'],
  [new Date(2026, 11, 1, 0, 0), 'tomorrow 00:00', 'morgen 00:00'],
  [new Date(2026, 10, 29, 23, 59, 59), 'yesterday 23:59', 'gestern 23:59'],
  [new Date(2026, 10, 29, 0, 0), 'yesterday 00:00', 'gestern 00:00'],
  [new Date(2026, 10, 28, 23, 59), 'Saturday 23:59', 'Samstag 23:59'],
  [new Date(2026, 10, 24, 0, 0), 'Tuesday 00:00', 'Dienstag 00:00'],
  // A week ago is no weekday any more: it would be taken for today's.
  [new Date(2026, 10, 23, 23, 59), '23 Nov 23:59', '23. Nov. 23:59'],
  [new Date(2026, 11, 2, 2, 0), '2 Dec 02:00', '2. Dez. 02:00'],
  [new Date(2027, 0, 1, 0, 0), '1 Jan 2027 00:00', '1. Jan. 2027 00:00'],
  [new Date(2025, 10, 30, 12, 0), '30 Nov 2025 12:00', '30. Nov. 2025 12:00'],
])('names the moment %s as a person would', (time, english, german) => {
  expect([moment(time, now, 'en-GB'), moment(time, now, 'de')]).toEqual([english, german])
})

it('says yesterday on the first of January, without the other year', () => {
  expect(moment(new Date(2025, 11, 31, 23, 59), new Date(2026, 0, 1, 0, 0), 'en-GB')).toBe('yesterday 23:59')
  expect(moment(new Date(2025, 11, 30, 2, 0), new Date(2026, 0, 1, 0, 0), 'en-GB')).toBe('Tuesday 02:00')
  expect(date(new Date(2025, 11, 31), new Date(2026, 0, 1), 'en-GB')).toBe('31 Dec 2025')
})

it('uses the clock of the language', () => {
  expect(moment(new Date(2026, 10, 30, 14, 5), now, 'en-US').replaceAll(/\s/g, ' ')).toBe('today 02:05 PM')
  expect(moment(new Date(2026, 10, 30, 0, 5), now, 'en-GB')).toBe('today 00:05')
})

it('says a moment in full with its zone', () => {
  expect(fullMoment(new Date(2026, 10, 30, 2, 0), 'en-GB')).toMatch(/^Monday,? 30 November 2026 at 02:00:00 \S+$/)
  expect(fullMoment(new Date(2026, 10, 30, 2, 0), 'de')).toMatch(/^Montag, 30. November 2026 um 02:00:00 \S+$/)
  expect(fullDate(new Date(2026, 10, 30), 'de')).toBe('Montag, 30. November 2026')
  expect(shortMonth(new Date(2026, 11, 1), 'en-GB')).toBe('Dec')
})

const second = 1000
const minute = 60 * second
const hour = 60 * minute
const day = 24 * hour

it.each([
  [0, 'now', 'jetzt'],
  [minute - 1, 'now', 'jetzt'],
  [minute, '1 min ago', 'vor 1 Min.'],
  [hour - 1, '59 min ago', 'vor 59 Min.'],
  [hour, '1 hr ago', 'vor 1 Std.'],
  [2 * day - 1, '47 hr ago', 'vor 47 Std.'],
  [2 * day, '2 days ago', 'vor 2 Tagen'],
  [60 * day - 1, '59 days ago', 'vor 59 Tagen'],
  [61 * day, '2 mo ago', 'vor 2 Monaten'],
  [731 * day, '2 yr ago', 'vor 2 Jahren'],
  [-minute, 'in 1 min', 'in 1 Min.'],
  [-3 * hour, 'in 3 hr', 'in 3 Std.'],
])('says how long ago %i ms are, in the largest unit that fits', (ms, english, german) => {
  const time = new Date(now.getTime() - ms)
  const words = ['en-GB', 'de'].map((language) => age(time, now, language).replaceAll(/\s/g, ' '))
  expect(words).toEqual([english, german])
})

it.each([
  [0, '0 secs', '0 Sek.'],
  [0.4, '0 secs', '0 Sek.'],
  [41, '41 secs', '41 Sek.'],
  [59.6, '1 min', '1 Min.'],
  [3599.4, '59 mins 59 secs', '59 Min. 59 Sek.'],
  [3600, '1 hr', '1 Std.'],
  [7500, '2 hrs 5 mins', '2 Std. 5 Min.'],
  // Of the two largest units only: the seconds do not matter any more.
  [7501, '2 hrs 5 mins', '2 Std. 5 Min.'],
  [86_400 + 59, '1 day', '1 Tg.'],
  [90 * 86_400, '90 days', '90 Tg.'],
])('says a length of %d s', (seconds, english, german) => {
  expect([duration(seconds, 2, 'en-GB'), duration(seconds, 2, 'de')]).toEqual([english, german])
})

it('says a length of time with as few units as are wished', () => {
  expect([duration(7500, 1, 'en-GB'), duration(93_784, 4, 'en-GB')]).toEqual(['2 hrs', '1 day 2 hrs 3 mins 4 secs'])
})

it.each([
  [new Date(2026, 10, 30), 365],
  [new Date(2026, 11, 5, 23, 59), 370],
  [new Date(2026, 11, 6), 371],
  [new Date(2026, 11, 7), 365],
])('begins the year of %s on a Monday', (today, days) => {
  expect(daysOfYear(today)).toBe(days)
  expect(startOfDay(today, days - 1).getDay()).toBe(1)
})

it('goes back by days over months and years', () => {
  expect(startOfDay(new Date(2026, 2, 1, 23, 59), 1)).toEqual(new Date(2026, 1, 28))
  expect(startOfDay(new Date(2024, 2, 1), 1)).toEqual(new Date(2024, 1, 29))
  expect(startOfDay(new Date(2026, 0, 1), 1)).toEqual(new Date(2025, 11, 31))
  expect(startOfDay(now, 0)).toEqual(new Date(2026, 10, 30))
})
