// The facts about a job of which nothing is known, for tests that know one thing, and schedules in one line.

import { type Interval, parseInterval } from '../../src/domain/schedule/interval.ts'
import type { Schedule, ScheduleFacts } from '../../src/domain/schedule/schedule.ts'

const unknown: ScheduleFacts = {
  watched: true,
  set: null,
  asked: null,
  askedAt: null,
  heldFor: null,
  heldUntil: null,
  announcedRun: null,
  scheduledAt: null,
  legacy: null,
  latestAt: null,
  recentRuns: [],
  watchFrom: null,
  owedAt: null,
  away: null,
  toleranceSeconds: 3600,
}

export interface Known extends Partial<Omit<ScheduleFacts, 'recentRuns'>> {
  /** When the last runs began, ascending; the latest alone if left out. */
  runs?: Date[]
  /** How long the last of them took, in seconds. */
  durations?: number[]
}

export function factsWith({ runs, durations = [], ...facts }: Known): ScheduleFacts {
  const latest = facts.latestAt ? [facts.latestAt] : []
  const moments = runs ?? (durations.length > 0 ? durations.flatMap(() => latest) : latest)
  const first = moments.length - durations.length
  const recentRuns = moments.map((at, index) => ({ at, seconds: durations[index - first] ?? null }))
  return { ...unknown, ...facts, recentRuns }
}

/** A schedule of every day, at any time, by UTC, if nothing else is said. */
export function schedule(interval: string, more: Partial<Schedule> = {}): Schedule {
  return { interval: parseInterval(interval) as Interval, weekdays: null, timeOfDay: null, timeZone: 'UTC', ...more }
}

export function secondsAfter(moment: Date, seconds: number): Date {
  return new Date(moment.getTime() + seconds * 1000)
}
