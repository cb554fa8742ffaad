// When the runs of a job are to take place, and what is to go wrong in them.

import type { Job, Machine, TroubleName } from './machine.ts'
import type { Random } from './random.ts'
import { scheduledTimes } from './schedule.ts'

export interface Occasion {
  /** Milliseconds since 1970. */
  at: number
  kind: 'scheduled' | 'byHand' | 'dryRun'
}

export const dayMs = 24 * 60 * 60 * 1000

/** All occasions before `now`, ascending. */
export function occasionsOf(machine: Machine, job: Job, now: number): Occasion[] {
  const from = now - (job.sinceDaysAgo ?? machine.sinceDaysAgo) * dayMs
  const until = now - machine.untilDaysAgo * dayMs
  const times = job.schedule ? scheduledTimes(job.schedule, machine.timeZone, now, from, until) : []
  const ago = (days: number[] = [], kind: Occasion['kind']) => days.map((day) => ({ at: now - day * dayMs, kind }))
  return [
    ...times.slice(0, job.late ? -1 : undefined).map((at): Occasion => ({ at, kind: 'scheduled' })),
    ...ago(job.byHandDaysAgo, 'byHand'),
    ...ago(job.dryRunsDaysAgo, 'dryRun'),
  ].sort((a, b) => a.at - b.at)
}

/** What goes wrong, or null. Toward the end nothing is left to chance: every job comes to the state it is to have. */
export function troubleOf(
  job: Job,
  { at, kind }: Occasion,
  occasions: Occasion[],
  now: number,
  random: Random,
): TroubleName | null {
  const endingAt = job.ending ? now - job.ending.days * dayMs : now
  if (job.ending && at >= endingAt) return job.ending.trouble
  const calmSince = Math.min(endingAt - 2 * dayMs, occasions.at(-2)?.at ?? now)
  if (kind === 'dryRun' || at >= calmSince) return null
  const names = Object.keys(job.troubles) as TroubleName[]
  return names.find((name) => random.chance(job.troubles[name] ?? 0)) ?? null
}
