// Whole buckets by the wall clock, in the zones and on the days where clocks do what nobody expects. Long for its tables.

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type BucketSize, isTimeZone, lastTimeBuckets, timeBuckets } from '../../src/domain/schedule/timeBuckets.ts'

/** The buckets between borders, which are written as the wall clock shows them. */
function between(borders: string): { from: Date; to: Date }[] {
  const moments = borders.split(' ').map((border) => new Date(border))
  return moments.slice(1).map((to, index) => ({ from: moments[index] as Date, to }))
}

const bucketsOf = (from: Date | string, to: Date | string, size: BucketSize, timeZone: string) => [
  ...timeBuckets(new Date(from), new Date(to), size, timeZone),
]

const shifted = (moment: Date | undefined, ms: number) => new Date((moment?.getTime() ?? Number.NaN) + ms)

/** The widest stretch of time that these buckets hold, and the narrowest that they are all needed for. */
function expectBuckets(size: BucketSize, timeZone: string, borders: string) {
  const buckets = between(borders)
  const [first, last] = [buckets[0], buckets.at(-1)]
  expect(bucketsOf(first?.from ?? '', last?.to ?? '', size, timeZone)).toEqual(buckets)
  expect(bucketsOf(shifted(first?.to, -1), shifted(last?.from, 1), size, timeZone)).toEqual(buckets)
}

describe('a day', () => {
  it.each([
    ['of a leap year', 'UTC', '2024-02-28T00:00Z 2024-02-29T00:00Z 2024-03-01T00:00Z'],
    ['of a common year', 'UTC', '2026-02-27T00:00Z 2026-02-28T00:00Z 2026-03-01T00:00Z'],
    ['before 1970', 'UTC', '1969-12-30T00:00Z 1969-12-31T00:00Z 1970-01-01T00:00Z'],
    [
      'at the end of a year',
      'America/New_York',
      '2025-12-31T00:00-05:00 2026-01-01T00:00-05:00 2026-01-02T00:00-05:00',
    ],
    ['at an odd offset', 'Asia/Kolkata', '2026-06-30T00:00+05:30 2026-07-01T00:00+05:30 2026-07-02T00:00+05:30'],
    ['of 23 hours', 'Europe/Berlin', '2026-03-28T00:00+01:00 2026-03-29T00:00+01:00 2026-03-30T00:00+02:00'],
    ['of 25 hours', 'Europe/Berlin', '2026-10-25T00:00+02:00 2026-10-26T00:00+01:00 2026-10-27T00:00+01:00'],
    ['of 23 hours', 'America/New_York', '2026-03-08T00:00-05:00 2026-03-09T00:00-04:00 2026-03-10T00:00-04:00'],
    ['of 25 hours', 'America/New_York', '2026-10-31T00:00-04:00 2026-11-01T00:00-04:00 2026-11-02T00:00-05:00'],
    ['of 23.5 hours', 'Australia/Lord_Howe', '2026-10-03T00:00+10:30 2026-10-04T00:00+10:30 2026-10-05T00:00+11:00'],
    ['of 24.5 hours', 'Australia/Lord_Howe', '2026-04-05T00:00+11:00 2026-04-06T00:00+10:30 2026-04-07T00:00+10:30'],
    ['without midnight', 'America/Sao_Paulo', '2018-11-03T00:00-03:00 2018-11-04T01:00-02:00 2018-11-05T00:00-02:00'],
    ['without midnight', 'Asia/Beirut', '2022-03-26T00:00+02:00 2022-03-27T01:00+03:00 2022-03-28T00:00+03:00'],
    ['with two midnights', 'America/Havana', '2026-10-31T00:00-04:00 2026-11-01T00:00-04:00 2026-11-02T00:00-05:00'],
    [
      'that ends with the same hour twice',
      'America/Sao_Paulo',
      '2018-02-17T00:00-02:00 2018-02-18T00:00-03:00 2018-02-19T00:00-03:00',
    ],
    [
      'that has begun when the clock goes back past midnight',
      'America/St_Johns',
      '2009-10-31T00:00-02:30 2009-11-01T00:00-02:30 2009-11-02T00:00-03:30',
    ],
    ['that was skipped', 'Pacific/Apia', '2011-12-29T00:00-10:00 2011-12-31T00:00+14:00 2012-01-01T00:00+14:00'],
  ])('%s: %s', (_, timeZone, borders) => expectBuckets('DAY', timeZone, borders))

  it('holds what the clock shows once more of the day before', () => {
    expect(bucketsOf('2009-10-31T23:30-03:30', '2009-10-31T23:31-03:30', 'DAY', 'America/St_Johns')).toEqual(
      between('2009-11-01T00:00-02:30 2009-11-02T00:00-03:30'),
    )
  })
})

describe('an hour', () => {
  it.each([
    ['of a day like any other', 'UTC', '2026-06-30T23:00Z 2026-07-01T00:00Z 2026-07-01T01:00Z'],
    ['before 1970', 'UTC', '1969-12-31T22:00Z 1969-12-31T23:00Z 1970-01-01T00:00Z'],
    ['at an odd offset', 'Asia/Kolkata', '2026-07-01T05:00+05:30 2026-07-01T06:00+05:30 2026-07-01T07:00+05:30'],
    ['at an offset with seconds', 'Africa/Monrovia', '1971-07-01T11:44:30Z 1971-07-01T12:44:30Z 1971-07-01T13:44:30Z'],
    [
      'that does not exist',
      'Europe/Berlin',
      '2026-03-29T01:00+01:00 2026-03-29T03:00+02:00 2026-03-29T04:00+02:00 2026-03-29T05:00+02:00',
    ],
    [
      'that comes twice',
      'Europe/Berlin',
      '2026-10-25T01:00+02:00 2026-10-25T02:00+02:00 2026-10-25T02:00+01:00 2026-10-25T03:00+01:00',
    ],
    ['that does not exist', 'America/New_York', '2026-03-08T01:00-05:00 2026-03-08T03:00-04:00 2026-03-08T04:00-04:00'],
    ['that comes twice', 'America/New_York', '2026-11-01T01:00-04:00 2026-11-01T01:00-05:00 2026-11-01T02:00-05:00'],
    [
      'of which half comes twice',
      'Australia/Lord_Howe',
      '2026-04-05T01:00+11:00 2026-04-05T01:30+10:30 2026-04-05T02:00+10:30 2026-04-05T03:00+10:30',
    ],
    [
      'of which half does not exist',
      'Australia/Lord_Howe',
      '2026-10-04T01:00+10:30 2026-10-04T02:30+11:00 2026-10-04T03:00+11:00 2026-10-04T04:00+11:00',
    ],
    [
      'of which a quarter does not exist',
      'Asia/Kathmandu',
      '1985-12-31T23:00+05:30 1986-01-01T00:15+05:45 1986-01-01T01:00+05:45',
    ],
    [
      'that breaks off after a minute, and the rest of the one before',
      'America/St_Johns',
      '2009-11-01T00:00-02:30 2009-10-31T23:01-03:30 2009-11-01T00:00-03:30 2009-11-01T01:00-03:30',
    ],
    ['without midnight', 'America/Sao_Paulo', '2018-11-03T23:00-03:00 2018-11-04T01:00-02:00 2018-11-04T02:00-02:00'],
    ['after a skipped day', 'Pacific/Apia', '2011-12-29T23:00-10:00 2011-12-31T00:00+14:00 2011-12-31T01:00+14:00'],
  ])('%s: %s', (_, timeZone, borders) => expectBuckets('HOUR', timeZone, borders))

  it.each([
    ['2026-10-25T02:00+02:00', 'Europe/Berlin', '2026-10-25T02:00+02:00 2026-10-25T02:00+01:00'],
    ['2026-10-25T02:00+01:00', 'Europe/Berlin', '2026-10-25T02:00+01:00 2026-10-25T03:00+01:00'],
    ['2026-04-05T01:45+11:00', 'Australia/Lord_Howe', '2026-04-05T01:00+11:00 2026-04-05T01:30+10:30'],
    ['2026-04-05T01:45+10:30', 'Australia/Lord_Howe', '2026-04-05T01:30+10:30 2026-04-05T02:00+10:30'],
    ['2026-10-04T02:30+11:00', 'Australia/Lord_Howe', '2026-10-04T02:30+11:00 2026-10-04T03:00+11:00'],
  ])('that holds %s: %s', (moment, timeZone, borders) => {
    expect(bucketsOf(moment, shifted(new Date(moment), 1), 'HOUR', timeZone)).toEqual(between(borders))
  })
})

describe('a week', () => {
  it.each([
    ['over the end of a year', 'UTC', '2025-12-22T00:00Z 2025-12-29T00:00Z 2026-01-05T00:00Z 2026-01-12T00:00Z'],
    ['over a leap day', 'UTC', '2024-02-19T00:00Z 2024-02-26T00:00Z 2024-03-04T00:00Z'],
    ['of 167 hours', 'Europe/Berlin', '2026-03-16T00:00+01:00 2026-03-23T00:00+01:00 2026-03-30T00:00+02:00'],
    ['of 169 hours', 'America/New_York', '2026-10-26T00:00-04:00 2026-11-02T00:00-05:00 2026-11-09T00:00-05:00'],
    ['of six days', 'Pacific/Apia', '2011-12-26T00:00-10:00 2012-01-02T00:00+14:00 2012-01-09T00:00+14:00'],
  ])('%s: %s', (_, timeZone, borders) => expectBuckets('WEEK', timeZone, borders))
})

describe('a month', () => {
  it.each([
    ['at the end of a year', 'UTC', '2025-11-01T00:00Z 2025-12-01T00:00Z 2026-01-01T00:00Z 2026-02-01T00:00Z'],
    ['of 29 days', 'UTC', '2024-02-01T00:00Z 2024-03-01T00:00Z 2024-04-01T00:00Z'],
    ['of 28 days', 'UTC', '2100-02-01T00:00Z 2100-03-01T00:00Z 2100-04-01T00:00Z'],
    [
      'in which clocks are set',
      'Europe/Berlin',
      '2026-03-01T00:00+01:00 2026-04-01T00:00+02:00 2026-05-01T00:00+02:00',
    ],
    ['at an odd offset', 'Asia/Kolkata', '2026-06-01T00:00+05:30 2026-07-01T00:00+05:30 2026-08-01T00:00+05:30'],
    [
      'that has begun when the clock goes back past midnight',
      'America/St_Johns',
      '2009-10-01T00:00-02:30 2009-11-01T00:00-02:30 2009-12-01T00:00-03:30',
    ],
    [
      'of 30 days that ends with the 31st',
      'Pacific/Apia',
      '2011-12-01T00:00-10:00 2012-01-01T00:00+14:00 2012-02-01T00:00+14:00',
    ],
  ])('%s: %s', (_, timeZone, borders) => expectBuckets('MONTH', timeZone, borders))
})

describe('the buckets', () => {
  it('are made one by one', () => {
    const all = timeBuckets(new Date('0001-01-01T00:00Z'), new Date('+275000-01-01T00:00Z'), 'HOUR', 'UTC')
    expect(all.next().value).toEqual({ from: new Date('0001-01-01T00:00Z'), to: new Date('0001-01-01T01:00Z') })
  })

  it('of no time zone are refused', () => {
    expect(() => bucketsOf('2026-01-01', '2026-01-02', 'DAY', 'Mars/Phobos')).toThrow(RangeError)
    expect(() => lastTimeBuckets(1, new Date('2026-01-02'), 'DAY', 'Mars/Phobos')).toThrow(RangeError)
  })

  it.each([
    ['UTC', true],
    ['Europe/Berlin', true],
    ['Etc/GMT+3', true],
    ['Mars/Phobos', false],
    ['BST', false],
    ['', false],
  ])('can be made by the clock of %j: %j', (name, expected) => {
    expect(isTimeZone(name)).toBe(expected)
  })
})

describe('the last buckets', () => {
  it.each<[BucketSize, string, string, string]>([
    ['DAY', 'UTC', '2026-03-01T00:00Z', '2026-02-27T00:00Z 2026-02-28T00:00Z 2026-03-01T00:00Z'],
    ['DAY', 'UTC', '2026-03-01T00:00:00.001Z', '2026-02-28T00:00Z 2026-03-01T00:00Z 2026-03-02T00:00Z'],
    [
      'DAY',
      'Pacific/Apia',
      '2011-12-31T00:00+14:00',
      '2011-12-28T00:00-10:00 2011-12-29T00:00-10:00 2011-12-31T00:00+14:00',
    ],
    [
      'DAY',
      'Pacific/Apia',
      '2011-12-31T01:00+14:00',
      '2011-12-29T00:00-10:00 2011-12-31T00:00+14:00 2012-01-01T00:00+14:00',
    ],
    [
      'HOUR',
      'Australia/Lord_Howe',
      '2026-04-05T02:00+10:30',
      '2026-04-05T01:00+11:00 2026-04-05T01:30+10:30 2026-04-05T02:00+10:30',
    ],
    ['WEEK', 'UTC', '2026-01-01T00:00Z', '2025-12-22T00:00Z 2025-12-29T00:00Z 2026-01-05T00:00Z'],
    ['MONTH', 'UTC', '2026-03-31T00:00Z', '2026-02-01T00:00Z 2026-03-01T00:00Z 2026-04-01T00:00Z'],
  ])('are as many as are asked for: %s, %s, %s', (size, timeZone, to, borders) => {
    expect(lastTimeBuckets(2, new Date(to), size, timeZone)).toEqual(between(borders))
  })
})

const hourMs = 3_600_000
const dayMs = 24 * hourMs
const longest = { HOUR: hourMs, DAY: dayMs, WEEK: 7 * dayMs, MONTH: 31 * dayMs }

/** What the wall clock shows, as if it were UTC. Asked of Intl, which knows nothing of buckets. */
function wallClock(moment: number, timeZone: string): number {
  const format = formats.get(timeZone) ?? new Intl.DateTimeFormat('en-US', { ...everyPart, timeZone })
  formats.set(timeZone, format)
  const part = Object.fromEntries(format.formatToParts(moment).map(({ type, value }) => [type, Number(value)]))
  const { year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0 } = part
  return Date.UTC(year, month - 1, day, hour, minute, second) + (((moment % 1000) + 1000) % 1000)
}

const formats = new Map<string, Intl.DateTimeFormat>()
const everyPart = {
  hourCycle: 'h23',
  year: 'numeric',
  month: 'numeric',
  day: 'numeric',
  hour: 'numeric',
  minute: 'numeric',
  second: 'numeric',
} as const

/** The number of the day, week or month that the wall clock shows. */
function dateShown(moment: number, size: BucketSize, timeZone: string): number {
  const shown = wallClock(moment, timeZone)
  const date = new Date(shown)
  if (size === 'MONTH') return date.getUTCFullYear() * 12 + date.getUTCMonth()
  const day = Math.floor(shown / dayMs)
  // Day 0, 1970-01-01, was a Thursday.
  return size === 'WEEK' ? Math.floor((day + 3) / 7) : day
}

/** The hour that the wall clock shows, and its offset: both stay as they are within a bucket. */
function hourShown(moment: number, timeZone: string): string {
  const shown = wallClock(moment, timeZone)
  return `${Math.floor(shown / hourMs)} ${shown - moment}`
}

describe('any buckets', () => {
  const stretch = fc.record({
    timeZone: fc.constantFrom(...Intl.supportedValuesOf('timeZone')),
    size: fc.constantFrom<BucketSize>('HOUR', 'DAY', 'WEEK', 'MONTH'),
    from: fc.integer({ min: Date.UTC(1900, 0), max: Date.UTC(2100, 0) }),
    // In parts of a thousandth of the longest bucket.
    length: fc.integer({ min: 1, max: 40_000 }),
  })

  it('cover the time, leave no gap, and begin and end where the wall clock says', () => {
    fc.assert(
      fc.property(stretch, ({ timeZone, size, from, length }) => {
        const to = from + Math.ceil((length / 1000) * longest[size])
        const buckets = [...timeBuckets(new Date(from), new Date(to), size, timeZone)].map(
          (bucket) => [bucket.from.getTime(), bucket.to.getTime()] as const,
        )
        const [first, last] = [buckets[0] ?? [0, 0], buckets.at(-1) ?? [0, 0]]
        expect(first[0] <= from && from < first[1]).toBe(true)
        expect(last[0] < to && to <= last[1]).toBe(true)
        expect(buckets.slice(1).map(([begin]) => begin)).toEqual(buckets.slice(0, -1).map(([, end]) => end))
        for (const [begin, end] of buckets) {
          if (size === 'HOUR') {
            expect(end - begin).toBeLessThanOrEqual(hourMs)
            expect(hourShown(end - 1, timeZone)).toBe(hourShown(begin, timeZone))
            expect(hourShown(end, timeZone)).not.toBe(hourShown(begin, timeZone))
          } else {
            const date = dateShown(begin, size, timeZone)
            expect(dateShown(begin - 1, size, timeZone)).toBeLessThan(date)
            expect(dateShown(end - 1, size, timeZone)).toBeLessThanOrEqual(date)
            expect(dateShown(end, size, timeZone)).toBeGreaterThan(date)
          }
        }
        const lasts = lastTimeBuckets(30, new Date(to), size, timeZone)
        expect(lasts.length).toBe(30)
        expect(lasts.at(-1)?.to.getTime()).toBe(last[1])
      }),
      { numRuns: process.env.SOAK ? 20_000 : 200, seed: 7 },
    )
  }, 600_000)
})
