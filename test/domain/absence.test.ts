// For how long the server itself was away, and of which absence it thinks.

import { expect, it } from 'vitest'
import { absenceBefore, isAwayDuring, memorableAbsence } from '../../src/domain/schedule/absence.ts'
import { secondsAfter } from '../support/schedule.ts'

const noon = new Date('2026-08-01T12:00:00Z')
const minutes = (from: number, until: number) => ({
  from: secondsAfter(noon, from * 60),
  until: secondsAfter(noon, until * 60),
})

it.each([
  ['none at the first start', null, null],
  ['none after two minutes', -120, null],
  ['one after a second more', -121, { from: secondsAfter(noon, -121), until: noon }],
  ['none where the clock was set back', 60, null],
])('is %s', (_, seconds, absence) => {
  expect(absenceBefore(noon, seconds === null ? null : secondsAfter(noon, seconds))).toEqual(absence)
})

const day = 24 * 60
it.each([
  ['the first', null, minutes(0, 5), 'latest'],
  ['a longer one', minutes(0, 60), minutes(120, 200), 'latest'],
  ['both, if it ran less between them than it was away', minutes(0, 60), minutes(119, 200), 'both'],
  ['both, also if the second is the shorter', minutes(0, 60), minutes(90, 121), 'both'],
  ['the longer, if it ran as long as the second took', minutes(0, 60), minutes(90, 120), 'known'],
  ['a shorter one, which is not: the longer still counts', minutes(0, 60), minutes(90, 93), 'known'],
  ['a shorter one a minute less than a day later, which is not', minutes(0, 60), minutes(day + 55, day + 59), 'known'],
  ['a shorter one a day later', minutes(0, 60), minutes(day + 55, day + 60), 'latest'],
  ['the same that goes on, as after a start that died', minutes(0, 60), minutes(0, 65), 'latest'],
])('is remembered: %s', (_, known, latest, which) => {
  expect(memorableAbsence(known, latest)).toEqual(
    { known, latest, both: { from: known?.from, until: latest.until } }[which],
  )
})

it.each([
  ['that ends when the job is due does not matter', minutes(-30, 0), false],
  ['that ends a minute later does', minutes(-30, 1), true],
  ['that begins a minute before the job is overdue does', minutes(59, 90), true],
  ['that begins when it is overdue does not', minutes(60, 90), false],
])('an absence %s', (_, absence, matters) => {
  expect(isAwayDuring(absence, noon, secondsAfter(noon, 3600))).toBe(matters)
})
