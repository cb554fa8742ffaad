// The invented history: that it repeats itself, and ends as it is to end, whatever the moment and the seed.

import { createHash } from 'node:crypto'
import { expect, it } from 'vitest'
import { demoHistory } from '../../src/demo/history/demoHistory.ts'
import { fleet } from '../../src/demo/history/fleet.ts'
import { jobRuns } from '../../src/demo/history/jobRuns.ts'
import { outdated } from '../../src/demo/history/retention.ts'
import { type Schedule, scheduledTimes } from '../../src/demo/history/schedule.ts'
import { start } from '../support/app.ts'

const dayMs = 24 * 60 * 60 * 1000

/** When the reports were received, and the hash of everything. */
function told(seed: number) {
  const sum = createHash('sha256')
  const received = [...demoHistory(seed, start)].map((sent) => {
    sum.update(JSON.stringify(sent))
    return sent.receivedAt.getTime()
  })
  return { received, hash: sum.digest('hex') }
}
const first = told(1)

it('is the same for the same seed and moment, byte for byte', () => {
  expect(told(1)).toEqual(first)
})

it('is another for another seed', () => {
  const times = new Set(first.received)
  const { received } = told(2)
  expect(received.filter((time) => times.has(time)).length).toBeLessThan(received.length / 100)
})

it('comes in the order of receipt, over a year, and ends before its present', () => {
  const { received } = first
  expect(received.toSorted((a, b) => a - b)).toEqual(received)
  expect(received.length).toBe(demoHistory(1, start).size)
  expect(received[0]).toBeGreaterThan(start.getTime() - 366 * dayMs)
  expect(received[0]).toBeLessThan(start.getTime() - 363 * dayMs)
  expect(received.at(-1)).toBeLessThan(start.getTime())
})

const moments: [what: string, now: string, seed: number][] = [
  ['in the middle of a day', '2026-08-01T12:00:00.000Z', 2],
  ['the moment after a run was due', '2026-02-27T17:30:00.001Z', 1],
  ['while a run would be under way', '2026-08-02T02:00:20.000Z', 3],
  ['in the hour that comes twice', '2026-10-25T01:15:00.000Z', 4],
  ['right after the hour that is left out', '2026-03-29T01:00:05.000Z', 5],
  ['at the turn of the year', '2027-01-01T00:00:00.000Z', 6],
]
it.each(moments)('leaves the same jobs late, failed and warned %s', (_, now, seed) => {
  const time = Date.parse(now)
  const ends = fleet.flatMap((machine) =>
    machine.jobs.flatMap((job) => {
      const last = [...jobRuns(machine, job, seed, time)].findLast(({ dryRun }) => !dryRun)
      if (!last) return [`${machine.name}/${job.name} never ran`]
      expect(last.receivedAt).toBeLessThanOrEqual(time)
      const minutesLate = last.nextAt === null ? 0 : Math.floor((time - last.nextAt) / 60_000)
      if (minutesLate > 60) return [`${machine.name}/${job.name} is overdue`]
      if (minutesLate > 0) return [`${machine.name}/${job.name} is late by ${minutesLate} minutes`]
      const result = last.trouble?.result ?? 'Success'
      return result === 'Success' ? [] : [`${machine.name}/${job.name} ended as ${result}`]
    }),
  )
  expect(ends).toEqual([
    'nas/Cold storage (trial) never ran',
    'web-01/Postgres dumps is late by 30 minutes',
    'laptop-anna/Home is overdue',
    'laptop-anna/Photo library is overdue',
    'OFFICE-PC/Documents ended as Warning',
    'OFFICE-PC/Outlook archive ended as Fatal',
    'paperless/Scanned documents is overdue',
    'paperless/Database is overdue',
  ])
})

it('keeps local time when the clocks change, and weekdays', () => {
  const times = (schedule: Schedule, from: string, until: string) =>
    scheduledTimes(schedule, 'Europe/Berlin', Date.parse(until), Date.parse(from), Date.parse(until)).map((at) =>
      new Date(at).toISOString(),
    )
  expect(times({ at: '02:30' }, '2026-03-28T00:00Z', '2026-03-31T00:30Z')).toEqual([
    '2026-03-28T01:30:00.000Z',
    '2026-03-29T01:30:00.000Z',
    '2026-03-30T00:30:00.000Z',
  ])
  expect(times({ at: '20:15', days: [5, 6] }, '2026-10-23T18:15Z', '2026-10-31T19:15Z')).toEqual([
    '2026-10-23T18:15:00.000Z',
    '2026-10-24T18:15:00.000Z',
    '2026-10-30T19:15:00.000Z',
  ])
  expect(times({ everyHours: 4, dueMinutesAgo: 30 }, '2026-08-01T03:30Z', '2026-08-01T12:00:59Z')).toEqual([
    '2026-08-01T03:30:00.000Z',
    '2026-08-01T07:30:00.000Z',
    '2026-08-01T11:30:00.000Z',
  ])
})

it('deletes the versions that are too many, too old, or too close', () => {
  const ago = (...days: number[]) => days.map((day) => start.getTime() - day * dayMs)
  const versions = ago(0, 1, 2, 3, 4, 5, 6, 7)
  const now = start.getTime()
  expect(outdated({ versions: 7 }, versions, now)).toEqual(ago(7))
  expect(outdated({ versions: 8 }, versions, now)).toEqual([])
  expect(outdated({ days: 5 }, versions, now)).toEqual(ago(6, 7))
  const policy = [
    { days: 2, every: 1 },
    { days: 6, every: 2 },
  ]
  expect(outdated({ policy }, versions, now)).toEqual(ago(3, 5, 7))
  // A run that began a second late, before one that did not, is a day old all the same.
  expect(outdated({ policy: [{ days: 7, every: 1 }] }, [now, ...ago(1, 2).map((at, i) => at + i * 1000)], now)).toEqual(
    [],
  )
})
