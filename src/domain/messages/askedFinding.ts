// What a message says of a job that is overdue, by what its Duplicati answered.

import { shortened } from '../shortened.ts'
import { formatTime } from './humanFormats.ts'

/** What was found of a job in its Duplicati. */
export interface AskedFacts {
  /** Why it could not be asked, in a sentence; null if it could. */
  problem: string | null
  /** Whether it has the job. */
  hasJob: boolean
  paused: boolean
  /** Null: until somebody resumes it. */
  pausedUntil: Date | null
  /** How many runs a script prevented since the last one, and when the first of these was to begin. */
  prevented: number
  preventedSince: Date | null
  /** An error that is later than the last run. */
  lastErrorAt: Date | null
  lastError: string | null
  /** When it was due next, as Duplicati says. */
  next: Date | null
  /** Since when a run is under way that takes too long; null: none is. */
  runningSince: Date | null
}

/** In bytes. */
const maxErrorBytes = 500

/** Everything that may explain why no run came, in sentences. */
export function askedFinding(facts: AskedFacts, timeZone: string): string {
  const time = (at: Date) => formatTime(at, timeZone)
  if (facts.problem !== null) return `Its Duplicati was asked for the run, without success: ${facts.problem}`
  if (!facts.hasJob) return 'Its Duplicati was asked: there is no such backup any more.'
  const said: string[] = []
  const { paused, pausedUntil, prevented, preventedSince, lastError, lastErrorAt, next, runningSince } = facts
  if (runningSince) said.push(`A run that began at ${time(runningSince)} is still under way.`)
  if (paused) said.push(pausedUntil ? `Duplicati is paused until ${time(pausedUntil)}.` : 'Duplicati is paused.')
  if (prevented > 0 && preventedSince) {
    const often = prevented === 1 ? 'once' : prevented === 2 ? 'twice' : `${prevented} times`
    said.push(`A script prevented it ${often} since ${time(preventedSince)}.`)
  }
  if (lastError && lastErrorAt) {
    said.push(`An error at ${time(lastErrorAt)}: ${shortened(lastError.replace(/\s+/g, ' ').trim(), maxErrorBytes)}`)
  }
  if (said.length > 0) return said.join(' ')
  return `Its Duplicati was asked, and knows of no run either.${next ? ` It expects the next one at ${time(next)}.` : ''}`
}
