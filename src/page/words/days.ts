// What happened to a job on a day, from a bucket of its history.

import { counted } from './sizes.ts'

/** MISSED is a run that was expected and did not come; NONE a day on which nothing was; UNKNOWN one whose runs are gone. */
export type DayKind = 'FAILED' | 'MISSED' | 'WARNED' | 'OK' | 'NONE' | 'UNKNOWN'

export interface Day {
  from: string
  succeeded: number
  warned: number
  failed: number
  missed?: number | null
  complete: boolean
}

/** The worst of the day. */
export function dayKind(day: Day): DayKind {
  if (day.failed > 0) return 'FAILED'
  if ((day.missed ?? 0) > 0) return 'MISSED'
  if (day.warned > 0) return 'WARNED'
  if (day.succeeded > 0) return 'OK'
  return day.complete ? 'NONE' : 'UNKNOWN'
}

/** All of the day, such as `2 succeeded, 1 missed`. */
export function dayWords(day: Day): string {
  const parts = [
    day.succeeded > 0 && `${day.succeeded} succeeded`,
    day.warned > 0 && `${day.warned} with warnings`,
    day.failed > 0 && `${day.failed} failed`,
    (day.missed ?? 0) > 0 && `${day.missed} missed`,
  ].filter(Boolean)
  if (parts.length > 0) return parts.join(', ')
  return day.complete ? 'no run' : 'runs of this day were removed'
}

/** Many days in a sentence, for whoever does not see the strip. */
export function daysWords(days: Day[]): string {
  const sum = (key: 'succeeded' | 'warned' | 'failed' | 'missed') => days.reduce((all, day) => all + (day[key] ?? 0), 0)
  const runs = sum('succeeded') + sum('warned') + sum('failed')
  const total = {
    from: '',
    succeeded: sum('succeeded'),
    warned: sum('warned'),
    failed: sum('failed'),
    missed: sum('missed'),
  }
  const details = dayWords({ ...total, complete: true })
  return `${counted(days.length, 'day')}, ${counted(runs, 'run')}: ${details}`
}
