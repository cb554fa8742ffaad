// The facts about a job of which nothing is known, for tests that know one thing, and schedules in one line.

import { type Interval, parseInterval } from '../../src/domain/interval.ts'
import type { Schedule, ScheduleFacts } from '../../src/domain/schedule.ts'

const unknown: ScheduleFacts = {
  watched: true,
  set: null,
  announcedRun: null,
  legacy: null,
  latestAt: null,
  recentRuns: [],
  recentDurations: [],
  watchFrom: null,
  toleranceSeconds: 3600,
}

export function factsWith(facts: Partial<ScheduleFacts>): ScheduleFacts {
  return { ...unknown, ...facts }
}

/** A schedule of every day, at any time, by UTC, if nothing else is said. */
export function schedule(interval: string, more: Partial<Schedule> = {}): Schedule {
  return { interval: parseInterval(interval) as Interval, weekdays: null, timeOfDay: null, timeZone: 'UTC', ...more }
}

export function secondsAfter(moment: Date, seconds: number): Date {
  return new Date(moment.getTime() + seconds * 1000)
}
