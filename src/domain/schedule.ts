// When the next report of a job is expected, and the place of a run in time.

import type { Interval } from './interval.ts'

export const weekdays = ['MONDAY', 'TUESDAY', 'WEDNESDAY', 'THURSDAY', 'FRIDAY', 'SATURDAY', 'SUNDAY'] as const

export type Weekday = (typeof weekdays)[number]

export interface Schedule {
  interval: Interval
  /** The days on which a run is expected; null: on all. */
  weekdays: Weekday[] | null
  /** `HH:MM` by the clock of the time zone; null: whenever the interval ends. */
  timeOfDay: string | null
  /** IANA. */
  timeZone: string
}

/** How long after its due time a job is only late, in milliseconds. */
const toleranceMs = 60 * 60 * 1000

export interface Expectation {
  dueAt: Date | null
  overdueAt: Date | null
}

/**
 * The expectation that a job's history leaves.
 *
 * Duplicati announces the next scheduled run in the reports of scheduled runs only; a run started by hand says nothing.
 * An announcement therefore stands until a run takes place at or after the announced time.
 *
 * @param nextScheduledRun the announcement of the latest run that made one
 * @param latestAt the place in time of the latest run
 */
export function expectation(nextScheduledRun: Date | null, latestAt: Date | null): Expectation {
  if (!nextScheduledRun || !latestAt || latestAt >= nextScheduledRun) return { dueAt: null, overdueAt: null }
  return { dueAt: nextScheduledRun, overdueAt: new Date(nextScheduledRun.getTime() + toleranceMs) }
}

/**
 * The run's place in time: when it began, but not later than when its report was received. A machine whose clock is ahead
 * would otherwise stay the latest for as long as it is ahead.
 */
export function placeInTime(beganAt: Date | null, receivedAt: Date): Date {
  return beganAt && beganAt < receivedAt ? beganAt : receivedAt
}
