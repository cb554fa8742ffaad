// What an announced run says of those after it: duplicati #2904 and duplicati_dashboard #8 are jobs that were never due again.

import { describe, expect, it } from 'vitest'
import type { RecentRun } from '../../src/domain/recentRun.ts'
import { announcedInterval } from '../../src/domain/schedule/announcement.ts'
import { expectation } from '../../src/domain/schedule/schedule.ts'
import { factsWith, type Known, schedule } from '../support/schedule.ts'

const at = (text: string) => new Date(`2026-08-${text.replace(' ', 'T')}Z`)
const run = (text: string, seconds: number | null = null): RecentRun => ({ at: at(text), seconds })

/** A job whose runs began then, and whose first one announced the next. */
function due(runs: RecentRun[], announced: string | Date, more: Known = {}) {
  const facts = factsWith({
    scheduledAt: runs[0]?.at ?? null,
    announcedRun: announced instanceof Date ? announced : at(announced),
    latestAt: runs.at(-1)?.at ?? null,
    ...more,
  })
  const { dueAt, scheduleSource } = expectation({ ...facts, recentRuns: runs })
  return dueAt && `${dueAt.toISOString().slice(8, 16).replace('T', ' ')} ${scheduleSource}`
}

describe('the interval that an announcement tells', () => {
  const hours = (count: number) => count * 3_600_000
  it.each([
    ['a day', '02 02:00:00', 24],
    ['a day, of a run that began an hour and a half late', '02 00:30:00', 24],
    ['a day, where it is an unusual time', '01 19:17:00', 24],
    ['a day, where clocks changed', '02 01:00:00', 24],
    ['two days, of a run that began late', '03 00:10:00', 48],
    ['two days, of one that began much later', '02 20:10:00', 48],
    ['a week', '08 02:00:00', 168],
    ['twelve hours', '01 14:00:00', 12],
    ['twelve hours, of a run that began some seconds late', '01 13:59:40', 12],
    ['a quarter of an hour', '01 02:15:00', 0.25],
  ])('is %s', (_, announced, length) => {
    const announcement = { announcedRun: at(announced), scheduledAt: at('01 02:00:00'), recentRuns: [] }
    expect(announcedInterval(announcement)).toBe(hours(length))
  })

  it.each([
    ['its own begin', 0],
    ['a time before it', -hours(7)],
    ['366 days later, by a clock that is a year ahead', hours(366 * 24)],
  ])('is none if it announces %s', (_, ms) => {
    const scheduledAt = at('01 02:00:00')
    const announcedRun = new Date(scheduledAt.getTime() + ms)
    expect(announcedInterval({ announcedRun, scheduledAt, recentRuns: [] })).toBe(null)
  })
})

describe('a young job is due', () => {
  const first = run('01 02:00:00')
  it.each([
    ['as announced', [first], '02 02:00 REPORTED'],
    ['as announced, after a run by hand before that', [first, run('01 20:00:00')], '02 02:00 REPORTED'],
    ['as announced, after a run by hand a second before', [first, run('02 01:59:59')], '02 02:00 REPORTED'],
    ['a day later, after a run by hand at that time', [first, run('02 02:00:00')], '03 02:00 REPORTED'],
    ['a day later, after a run by hand that day', [first, run('02 09:00:00')], '03 02:00 REPORTED'],
    ['after the last of some runs by hand', [first, run('02 09:00:00'), run('04 21:00:00')], '05 02:00 REPORTED'],
  ])('%s', (_, runs, expected) => {
    expect(due(runs, '02 02:00:00')).toBe(expected)
  })

  it.each([
    ['of a pause that ends when it was announced', '02 02:00:00', '02 02:00 REPORTED'],
    ['of a pause that ends a second later', '02 02:00:01', '03 02:00 REPORTED'],
    ['of a vacation', '20 12:00:00', '21 02:00 REPORTED'],
  ])('%s', (_, watchFrom, expected) => {
    expect(due([first], '02 02:00:00', { watchFrom: at(watchFrom) })).toBe(expected)
  })

  it.each([
    ['within its long run, which met it: duplicati #1628', [run('01 02:00:00', 40 * 3600)], '03 02:00 REPORTED'],
    ['for when its run ends', [run('01 02:00:00', 24 * 3600)], '02 02:00 REPORTED'],
    ['for a second before its run ends', [run('01 02:00:00', 24 * 3600 + 1)], '03 02:00 REPORTED'],
  ])('that is announced %s', (_, runs, expected) => {
    expect(due(runs, '02 02:00:00')).toBe(expected)
  })

  it('that is announced before its own run, as if it ran every day', () => {
    expect(due([run('02 09:00:00')], '02 02:00:00')).toBe('03 02:00 REPORTED')
    expect(due([run('02 09:00:00'), run('09 11:00:00')], '02 02:00:00')).toBe('16 02:00 REPORTED')
  })

  it('that a clock a year ahead announced, by the hour of it', () => {
    expect(due([first], new Date('2027-08-02T02:00:00Z'))).toBe('02 02:00 REPORTED')
    expect(due([first, run('02 09:00:00')], new Date('2027-08-02T02:00:00Z'))).toBe('03 02:00 REPORTED')
  })

  it('by an old schedule before an absurd announcement', () => {
    expect(due([run('02 09:00:00')], '02 02:00:00', { legacy: schedule('2D') })).toBe('04 09:00 LEGACY')
  })
})

describe('a schedule that was given up', () => {
  const first = run('01 02:00:00')
  const daily = (count: number) =>
    Array.from({ length: count }, (_, day) => run(`${String(day + 2).padStart(2, '0')} 14:00:00`))

  it.each([
    ['is not known of after two runs of another rhythm', 2, '04 02:00 REPORTED'],
    ['gives way to the rhythm of three', 3, '05 14:00 INFERRED'],
  ])('%s', (_, count, expected) => {
    expect(due([first, ...daily(count)], '02 02:00:00')).toBe(expected)
  })

  it('does not give way to three runs by hand on one day', () => {
    const busy = ['02 09:00:00', '02 11:00:00', '02 13:00:00'].map((text) => run(text))
    expect(due([first, ...busy], '02 02:00:00')).toBe('03 02:00 REPORTED')
  })

  it('is forgotten after ten runs without an announcement', () => {
    const days = [2, 3, 5, 9, 10, 13, 14, 19, 20, 25]
    const runs = days.map((day) => run(`${String(day).padStart(2, '0')} 14:00:00`))
    expect(due([first, ...runs.slice(0, 9)], '02 02:00:00')).toBe('21 02:00 REPORTED')
    expect(due(runs, '02 02:00:00', { scheduledAt: first.at })).toBe(null)
  })
})
