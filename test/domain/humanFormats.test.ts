import { describe, expect, it } from 'vitest'
import {
  clockTime,
  formatElapsed,
  formatSize,
  formatTime,
  formatTolerance,
  timeOfDay,
} from '../../src/domain/messages/humanFormats.ts'

describe('formatSize', () => {
  it.each([
    [0, '0 Bytes'],
    [1, '1 Bytes'],
    [1023, '1023 Bytes'],
    [1024, '1 KB'],
    [1_234_567, '1.18 MB'],
    // Not 1024 KB: what is rounded up to the next unit is written in it.
    [1_048_570, '1023.99 KB'],
    [1_048_571, '1 MB'],
    [21_474_836_480, '20 GB'],
    [9_007_199_254_740_993n, '8 PB'],
    [2n ** 63n - 1n, '8 EB'],
    [-5, '-5 Bytes'],
  ])('writes %s bytes as %s', (bytes, text) => {
    expect(formatSize(bytes)).toBe(text)
  })
})

describe('clockTime', () => {
  it.each([
    [0, '00:00:00'],
    [59.999, '00:00:59'],
    [60, '00:01:00'],
    [2271.8524657, '00:37:51'],
    [86_400, '24:00:00'],
    [360_000, '100:00:00'],
    [-1, '00:00:00'],
  ])('writes %s seconds as %s', (seconds, text) => {
    expect(clockTime(seconds)).toBe(text)
  })
})

describe('formatElapsed', () => {
  const now = new Date('2026-08-01T12:00:00.000Z')

  it.each([
    [0, 'just now'],
    [59.999, 'just now'],
    [60, '1 minute ago'],
    [119.999, '1 minute ago'],
    [120, '2 minutes ago'],
    [3599, '59 minutes ago'],
    [3600, '1 hour ago'],
    [86_399, '23 hours ago'],
    [86_400, '1 day ago'],
    [604_799, '6 days ago'],
    [604_800, '1 week ago'],
    [2_591_999, '4 weeks ago'],
    [2_592_000, '1 month ago'],
    [31_535_999, '12 months ago'],
    [31_536_000, '1 year ago'],
    [63_072_000, '2 years ago'],
    [-59, 'just now'],
    [-60, 'in 1 minute'],
    [-86_400, 'in 1 day'],
  ])('writes %s seconds as %s', (seconds, text) => {
    expect(formatElapsed(new Date(now.getTime() - seconds * 1000), now)).toBe(text)
  })
})

describe('formatTolerance', () => {
  it.each([
    [0, 'No tolerance'],
    [59, 'No tolerance'],
    [300, '5 min'],
    [900, '15 min'],
    [1800, '30 min'],
    [3600, '1 hour'],
    [7200, '2 hours'],
    [43_200, '12 hours'],
    [86_400, '1 day'],
    [5400, '1 hour 30 min'],
    [176_400, '2 days 1 hour'],
  ])('writes %s seconds as %s', (seconds, text) => {
    expect(formatTolerance(seconds)).toBe(text)
  })
})

describe('formatTime', () => {
  it.each([
    ['2025-05-06T00:00:59.999Z', 'UTC', '2025-05-06 00:00 UTC'],
    ['2025-12-31T23:30:00.000Z', 'Europe/Berlin', '2026-01-01 00:30 CET'],
    ['2026-03-29T00:59:00.000Z', 'Europe/Berlin', '2026-03-29 01:59 CET'],
    ['2026-03-29T01:00:00.000Z', 'Europe/Berlin', '2026-03-29 03:00 CEST'],
    ['2026-10-25T00:30:00.000Z', 'Europe/Berlin', '2026-10-25 02:30 CEST'],
    ['2026-10-25T01:30:00.000Z', 'Europe/Berlin', '2026-10-25 02:30 CET'],
    ['2024-02-29T20:00:00.000Z', 'Asia/Kathmandu', '2024-03-01 01:45 GMT+5:45'],
    ['2026-01-01T05:00:00.000Z', 'America/New_York', '2026-01-01 00:00 GMT-5'],
  ])('writes %s in %s as %s', (moment, zone, text) => {
    expect(formatTime(new Date(moment), zone)).toBe(text)
    expect(timeOfDay(new Date(moment), zone)).toBe(text.slice(11, 16))
  })

  it('refuses a time zone that is none', () => {
    expect(() => formatTime(new Date(0), 'Mars/Olympus')).toThrow(RangeError)
  })
})
