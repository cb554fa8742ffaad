import { describe, expect, it } from 'vitest'
import { formatInterval, type Interval, parseInterval } from '../../src/domain/schedule/interval.ts'

describe('an interval', () => {
  it.each<[string, Interval]>([
    ['30m', { count: 30, unit: 'MINUTE' }],
    ['12h', { count: 12, unit: 'HOUR' }],
    ['24h', { count: 24, unit: 'HOUR' }],
    ['1D', { count: 1, unit: 'DAY' }],
    ['1W', { count: 1, unit: 'WEEK' }],
    ['3M', { count: 3, unit: 'MONTH' }],
    ['1Y', { count: 1, unit: 'YEAR' }],
    ['10Y', { count: 10, unit: 'YEAR' }],
    ['120M', { count: 120, unit: 'MONTH' }],
    ['3653D', { count: 3653, unit: 'DAY' }],
    ['87672h', { count: 87_672, unit: 'HOUR' }],
    ['5260320m', { count: 5_260_320, unit: 'MINUTE' }],
  ])('is read from %s, and written as it was', (text, interval) => {
    expect(parseInterval(text)).toEqual(interval)
    expect(formatInterval(interval)).toBe(text)
  })

  it.each<[string, Interval]>([
    ['1D12h', { count: 36, unit: 'HOUR' }],
    ['12h1D', { count: 36, unit: 'HOUR' }],
    ['1h30m', { count: 90, unit: 'MINUTE' }],
    ['1W2D', { count: 9, unit: 'DAY' }],
    ['1Y6M', { count: 18, unit: 'MONTH' }],
    ['1D1D', { count: 2, unit: 'DAY' }],
    ['01D', { count: 1, unit: 'DAY' }],
    ['0W1D', { count: 1, unit: 'DAY' }],
  ])('of several parts, %s, is read in the shortest unit', (text, interval) => {
    expect(parseInterval(text)).toEqual(interval)
  })

  it.each([
    ['nothing', ''],
    ['no unit', '1'],
    ['no number', 'D'],
    ['an unknown unit', '1d'],
    ['an hour in capitals', '1H'],
    ['zero', '0D'],
    ['a sign', '-1D'],
    ['a fraction', '1.5D'],
    ['a blank', '1 D'],
    ['a line more', '1D\n'],
    ['months and days', '1M1D'],
    ['years and hours', '1Y1h'],
    ['more than ten years of days', '3654D'],
    ['more than ten years of hours', '87673h'],
    ['more than ten years of minutes', '5260321m'],
    ['more than ten years of weeks', '522W'],
    ['more than ten years of months', '121M'],
    ['more than ten years', '11Y'],
    ['no number that a computer knows', `${'9'.repeat(400)}D`],
  ])('is not read from %s', (_, text) => {
    expect(parseInterval(text)).toBeNull()
  })
})
