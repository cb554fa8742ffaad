import { describe, expect, it } from 'vitest'
import { expectation, placeInTime } from '../../src/domain/schedule.ts'

const announced = new Date('2026-08-02T02:00:00.000Z')
const at = (shiftMs: number) => new Date(announced.getTime() + shiftMs)

describe('expectation', () => {
  it('is the announced run, and one hour of tolerance', () => {
    expect(expectation(announced, at(-86_400_000))).toEqual({
      dueAt: announced,
      overdueAt: new Date('2026-08-02T03:00:00.000Z'),
    })
  })

  it('stands while the runs in between come before the announced time', () => {
    expect(expectation(announced, at(-1)).dueAt).toEqual(announced)
  })

  it('is met by a run at the announced time that announces nothing itself', () => {
    expect(expectation(announced, at(0))).toEqual({ dueAt: null, overdueAt: null })
  })

  it('is nothing where nothing was announced', () => {
    expect(expectation(null, at(0))).toEqual({ dueAt: null, overdueAt: null })
  })
})

describe('placeInTime', () => {
  it.each([
    ['its begin', at(-1), at(-1)],
    ['the receipt, if it begins after it', at(1), at(0)],
    ['the receipt, if it does not say when it began', null, at(0)],
  ])('is %s', (_, beganAt, place) => {
    expect(placeInTime(beganAt, at(0))).toEqual(place)
  })
})
