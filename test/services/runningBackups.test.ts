// What is kept in memory of runs that are under way: bounded, whatever is posted.

import { expect, it } from 'vitest'
import { createRunningBackups } from '../../src/services/running/runningBackups.ts'

const start = Date.UTC(2026, 7, 1, 12)

function startRunning() {
  let now = start
  const told: number[] = []
  const running = createRunningBackups(
    () => new Date(now),
    (jobId) => told.push(jobId),
  )
  return {
    running,
    told,
    pass: (seconds: number) => {
      now += seconds * 1000
    },
    hear: (jobId: number, more = {}) =>
      running.hear(
        { jobId, serverId: 1000 + (jobId % 3) },
        {
          startedAt: new Date(start),
          ...{ ended: false, reports: true, phase: 'Backup_ProcessingFiles' },
          ...{ progress: 0.5, bytes: 2n ** 60n, files: 7, ...more },
        },
      ),
  }
}

it('holds the 10,000 jobs that were heard of last, of 100,000', () => {
  const { running, told, hear } = startRunning()
  for (let jobId = 1; jobId <= 100_000; jobId += 1) {
    hear(jobId)
    // One that is heard of again and again is kept.
    if (jobId % 5_000 === 0) hear(1)
  }
  const held = Array.from({ length: 100_000 }, (_, index) => index + 1).filter((jobId) => running.of(jobId))
  expect(held.length).toBe(10_000)
  expect([held[0], held[1], held.at(-1)]).toEqual([1, 90_002, 100_000])
  // Of those that went, too: they are not shown any more.
  expect(told.length).toBe(190_000)
})

it('holds one run of a job, whatever 100,000 posts of it tell', () => {
  const { running, told, pass, hear } = startRunning()
  for (let post = 1; post <= 100_000; post += 1) {
    hear(1, { files: post })
    if (post % 1000 === 0) pass(1)
  }
  expect(running.of(1)).toMatchObject({ files: 100_000, since: new Date(start) })
  expect(told.length).toBe(1 + 33)
})

it('names each server once that reports were lost of, and not those of runs that fell silent', () => {
  const { running, pass, hear } = startRunning()
  for (const jobId of [1, 4, 7]) hear(jobId, { ended: true })
  hear(2, { ended: true, reports: false })
  hear(3)
  hear(5, { ended: true })
  running.report(5, { beganAt: new Date(start - 2000), endedAt: new Date(start + 1000) })
  expect(running.nextAt()).toEqual(new Date(start + 60_000))
  pass(59.999)
  expect(running.giveUp()).toEqual([])
  pass(0.001)
  expect(running.giveUp()).toEqual([1001])
  pass(240)
  expect(running.giveUp()).toEqual([])
  expect(running.nextAt()).toBeNull()
})

it('is told of no begin in the future', () => {
  const { running, hear } = startRunning()
  hear(1, { startedAt: new Date(start + 3_600_000) })
  expect(running.of(1)?.since).toEqual(new Date(start))
})

it.each<[string, number | null, number | null, boolean]>([
  ['of the run', -3, 30, true],
  ['to the second', -3, -0.9, true],
  ['without times', null, null, true],
  ['without an end', -3, null, true],
  ['of an earlier run', -3600, -60, false],
  ['of a later run', 60, 90, true],
])('ends with a report %s, or not', (_, beganAt, endedAt, ends) => {
  const { running, hear } = startRunning()
  const from = (seconds: number | null) => (seconds === null ? null : new Date(start + seconds * 1000))
  hear(1)
  running.report(1, { beganAt: from(beganAt), endedAt: from(endedAt) })
  expect(running.of(1) === null).toBe(ends)
})

it('still looks for a lost report when a later one comes', () => {
  const { running, pass, hear } = startRunning()
  hear(1, { ended: true })
  running.report(1, { beganAt: new Date(start + 30_000), endedAt: null })
  pass(60)
  expect(running.giveUp()).toEqual([1001])
})
