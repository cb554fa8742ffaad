// From which due time on a schedule holds that Duplicati answered.

import { describe, expect, it } from 'vitest'
import { askedSchedule } from '../../src/domain/schedule/asked.ts'
import { expectation, type Schedule } from '../../src/domain/schedule/schedule.ts'
import { factsWith, schedule } from '../support/schedule.ts'

const at = (text: string) => new Date(`2026-08-${text}:00Z`)
const berlin = { timeZone: 'Europe/Berlin' }

describe('a run that is waited for', () => {
  it.each<[string, string, Partial<Schedule>, string, string | null, string]>([
    ['stays so where its time is one of the schedule', '1D', {}, '07T02:00', '06T02:00', '06T02:00'],
    ['stays so over several times', '1D', {}, '09T02:00', '06T02:00', '06T02:00'],
    ['stays so where it was guessed', '1D', {}, '07T02:00', '06T02:40', '06T02:40'],
    ['is given up where the hour was changed', '1D', {}, '07T08:00', '06T02:00', '07T08:00'],
    ['is given up where the days were changed', '1D', { weekdays: ['MONDAY'] }, '10T02:00', '06T02:00', '10T02:00'],
    ['stays so on an allowed day', '1D', { weekdays: ['THURSDAY'] }, '13T02:00', '06T02:00', '06T02:00'],
    ['stays so every few hours', '6h', {}, '07T02:00', '06T14:00', '06T14:00'],
    ['is given up where hours were changed', '6h', {}, '07T02:00', '06T11:00', '07T02:00'],
    ['stays so every week', '1W', {}, '13T02:00', '06T02:00', '06T02:00'],
    ['is given up where days became weeks', '1W', {}, '13T02:00', '08T02:00', '13T02:00'],
    ['stays so when clocks change', '1D', berlin, '31T02:00', '30T02:00', '30T02:00'],
    ['is the next one where none is waited for', '1D', {}, '07T02:00', null, '07T02:00'],
    ['is the one that has passed, as while Duplicati is paused', '1D', {}, '05T02:00', '06T02:00', '05T02:00'],
  ])('%s', (_, interval, more, next, due, from) => {
    const answered = schedule(interval, more)
    expect(askedSchedule(answered, at(next), due === null ? null : at(due))).toEqual({
      schedule: answered,
      from: at(from).getTime(),
    })
  })
})

describe('what is expected by it', () => {
  const daily = schedule('1D', { timeOfDay: '02:00' })
  const asked = { asked: askedSchedule(daily, at('07T02:00'), null), askedAt: at('06T12:00') }

  it('is its first time, and then the next ones', () => {
    const due = (latest: string) => expectation(factsWith({ ...asked, latestAt: at(latest) })).dueAt
    expect(due('06T02:00')).toEqual(at('07T02:00'))
    // By hand, before it.
    expect(due('06T20:00')).toEqual(at('07T02:00'))
    expect(due('07T02:00')).toEqual(at('08T02:00'))
    expect(due('09T02:01')).toEqual(at('10T02:00'))
  })

  it('is nothing where Duplicati runs the job by hand alone', () => {
    const manual = { asked: askedSchedule(null, null, at('06T02:00')), askedAt: at('06T12:00') }
    expect(
      expectation(factsWith({ ...manual, runs: [at('04T02:00'), at('05T02:00')], latestAt: at('05T02:00') })),
    ).toEqual({
      ...{ dueAt: null, overdueAt: null, interval: null },
      scheduleSource: 'ASKED',
    })
  })

  it('gives way to what a later run announces, and to what a person sets', () => {
    const facts = factsWith({
      ...asked,
      latestAt: at('06T13:00'),
      announcedRun: at('06T19:00'),
      scheduledAt: at('06T13:00'),
    })
    expect(expectation(facts)).toMatchObject({ scheduleSource: 'REPORTED', dueAt: at('06T19:00') })
    expect(expectation({ ...facts, scheduledAt: at('06T11:00') })).toMatchObject({ scheduleSource: 'ASKED' })
    expect(expectation({ ...facts, set: schedule('2h') })).toMatchObject({ scheduleSource: 'SET' })
  })

  it('is held back while Duplicati is asked, for that due time alone', () => {
    const facts = factsWith({ ...asked, latestAt: at('06T02:00'), heldFor: at('07T02:00'), heldUntil: at('07T03:01') })
    expect(expectation(facts).overdueAt).toEqual(at('07T03:01'))
    expect(expectation({ ...facts, heldUntil: at('07T02:30') }).overdueAt).toEqual(at('07T03:00'))
    expect(expectation({ ...facts, heldFor: at('06T02:00') }).overdueAt).toEqual(at('07T03:00'))
  })
})
