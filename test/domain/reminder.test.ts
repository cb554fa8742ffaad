import { describe, expect, it } from 'vitest'
import { repeats } from '../../src/domain/messages/notification.ts'
import { failureReminder, isReminded, lastReminder, nextReminder } from '../../src/domain/messages/reminder.ts'

const told = new Date('2026-01-31T22:30:00.000Z')

describe('nextReminder', () => {
  it.each([
    ['2026-01-31T22:30:00.000Z', '2026-02-01T22:30:00.000Z'],
    ['2026-02-01T22:29:59.000Z', '2026-02-01T22:30:00.000Z'],
    ['2026-02-01T22:30:00.000Z', '2026-02-02T22:30:00.000Z'],
    ['2026-02-01T22:30:01.000Z', '2026-02-02T22:30:00.000Z'],
  ])('after %s is %s', (reminded, next) => {
    expect(nextReminder(told, new Date(reminded)).toISOString()).toBe(next)
  })
})

describe('lastReminder', () => {
  it.each([
    // A clock that was set back.
    ['2026-01-01T00:00:00.000Z', '2026-01-31T22:30:00.000Z'],
    ['2026-01-31T22:30:00.000Z', '2026-01-31T22:30:00.000Z'],
    ['2026-02-01T22:30:00.000Z', '2026-01-31T22:30:00.000Z'],
    ['2026-02-01T22:30:01.000Z', '2026-02-01T22:30:00.000Z'],
    ['2026-02-08T22:30:00.000Z', '2026-02-07T22:30:00.000Z'],
    ['2026-02-08T22:30:01.000Z', '2026-02-08T22:30:00.000Z'],
  ])('before %s is %s', (now, last) => {
    expect(lastReminder(told, new Date(now)).toISOString()).toBe(last)
  })
})

describe('isReminded', () => {
  it.each([
    ['of nothing when no day has passed', '2026-01-31', '2026-01-31', '2026-01-31', []],
    ['after a day', '2026-01-31', '2026-01-31', '2026-02-01', ['DAILY']],
    ['not after the sixth day', '2026-01-01', '2026-01-06', '2026-01-07', ['DAILY']],
    ['after the seventh day', '2026-01-01', '2026-01-07', '2026-01-08', ['DAILY', 'WEEKLY']],
    ['not again after the eighth day', '2026-01-01', '2026-01-08', '2026-01-09', ['DAILY']],
    ['after the fourteenth day', '2026-01-01', '2026-01-14', '2026-01-15', ['DAILY', 'WEEKLY']],
    ['not a day before the month has passed', '2026-01-15', '2026-02-13', '2026-02-14', ['DAILY']],
    ['when the month has passed', '2026-01-15', '2026-02-14', '2026-02-15', ['DAILY', 'MONTHLY']],
    ['not a day after that', '2026-01-15', '2026-02-15', '2026-02-16', ['DAILY']],
    [
      'on the last day of a month that is too short',
      '2026-01-31',
      '2026-02-27',
      '2026-02-28',
      ['DAILY', 'WEEKLY', 'MONTHLY'],
    ],
    ['and not on the day after it', '2026-01-31', '2026-02-28', '2026-03-01', ['DAILY']],
    ['on the leap day of a leap year', '2028-01-31', '2028-02-28', '2028-02-29', ['DAILY', 'MONTHLY']],
    ['not a day before that', '2028-01-31', '2028-02-27', '2028-02-28', ['DAILY', 'WEEKLY']],
    ['on its own day again in the month after', '2026-01-31', '2026-03-30', '2026-03-31', ['DAILY', 'MONTHLY']],
    ['on the thirtieth of a month that ends with it', '2026-03-31', '2026-04-29', '2026-04-30', ['DAILY', 'MONTHLY']],
    ['over the end of a year', '2025-12-31', '2026-01-30', '2026-01-31', ['DAILY', 'MONTHLY']],
    ['once after a sleep of years', '2024-02-29', '2024-02-29', '2026-02-28', ['DAILY', 'WEEKLY', 'MONTHLY']],
  ])('%s', (_, toldOn, after, until, expected) => {
    const at = (day: string) => new Date(`${day}T22:30:00.000Z`)
    const stretch = { toldAt: at(toldOn), after: at(after), until: at(until) }
    expect(repeats.filter((repeat) => isReminded(repeat, 'OVERDUE', stretch))).toEqual(expected)
  })
})

describe('a failure that goes on', () => {
  const hour = 3_600_000
  const later = (hours: number, seconds = 0) => new Date(told.getTime() + hours * hour + seconds * 1000)

  it.each([
    ['a quarter of an hour later', 0.25, later(0.25), false],
    ['seven minutes before a day has passed, every quarter of an hour', 0.25, later(24, -451), false],
    ['a day later, every quarter of an hour', 0.25, later(24), true],
    ['an hour before a day has passed, every night', 23, later(23), false],
    ['a second after that, every night', 23, later(23, 1), true],
    ['a day later, every night', 24, later(24), true],
    ['where the clock was set back', -5, later(-5), false],
  ])('is told again or not: %s', (_, sinceLast, now, isTold) => {
    expect(failureReminder(told, told, sinceLast * hour, now) !== null).toBe(isTold)
  })

  it('is told every night although nights are not of the same length, and once a week to those who want that', () => {
    const nights = Array.from({ length: 22 }, (_, night) => later(24 * night, [0, -40, 25, -90][night % 4]))
    const heard = repeats.map((repeat) => {
      let remindedAt = told
      return nights.slice(1).flatMap((now, index) => {
        const reminder = failureReminder(told, remindedAt, now.getTime() - (nights[index] as Date).getTime(), now)
        if (reminder) remindedAt = now
        return reminder && isReminded(repeat, 'FAILED', reminder) ? [index + 1] : []
      })
    })
    const every = nights.slice(1).map((_, index) => index + 1)
    expect(Object.fromEntries(repeats.map((repeat, index) => [repeat, heard[index]]))).toEqual({
      ONCE: every,
      DAILY: every,
      WEEKLY: [7, 14, 21],
      MONTHLY: [],
    })
  })
})
