// The one sentence for everything, and how bad it is.

import type { JobState } from '../generated/graphql.ts'
import { counted } from './sizes.ts'
import { states, stateTones, stateWords, type Tone } from './states.ts'
import { moment } from './times.ts'

export type Counts = Partial<Record<JobState, number>>

/** Counts as the API gives them. */
export function countsOf(jobsByState: { state: JobState; count: number }[]): Counts {
  return Object.fromEntries(jobsByState.map(({ state, count }) => [state, count]))
}

export interface Verdict {
  tone: Tone
  /** Such as `2 jobs are overdue, 1 failed and 1 is late.` */
  sentence: string
  /** The same in a few words, for the title of the tab; empty when all is well. */
  short: string
}

/**
 * What can be said now. While the server cannot be reached, nobody knows whether what was true still holds.
 *
 * @param offlineSince null if the server can be reached
 */
export function currentVerdict(counts: Counts, offlineSince: Date | null, now: Date, language?: string): Verdict {
  const known = verdict(counts)
  if (!offlineSince) return known
  const sentence = `Last known ${moment(offlineSince, now, language)}: ${known.sentence}`
  return { tone: 'quiet', sentence, short: 'offline' }
}

/** @param counts how many jobs are in which state */
export function verdict(counts: Counts): Verdict {
  const of = (state: JobState) => counts[state] ?? 0
  const total = states.reduce((sum, state) => sum + of(state), 0)
  const troubles = states.filter(
    (state) => of(state) > 0 && (stateTones[state] === 'bad' || stateTones[state] === 'warning'),
  )
  const [worst] = troubles
  if (worst) {
    const clauses = troubles.map((state, index) => clause(state, of(state), index === 0))
    const short = troubles.map((state) => `${of(state)} ${shortWords[state] ?? stateWords[state]}`).join(', ')
    return { tone: stateTones[worst], sentence: `${listed(clauses)}.`, short }
  }
  const well = of('OK')
  if (well === 0) {
    const sentence =
      total === 0 ? 'Nothing has reported yet.' : of('NEW') > 0 ? 'No backup has run yet.' : 'No job is watched.'
    return { tone: 'quiet', sentence, short: '' }
  }
  const rest = (['NEW', 'PAUSED'] as const).filter((state) => of(state) > 0)
  const besides = rest.map((state) => `${of(state)} ${of(state) === 1 ? 'is' : 'are'} ${stateWords[state]}`)
  const sentence = well === 1 ? 'The backup is fine' : `All ${well} backups are fine`
  return { tone: 'good', sentence: `${[sentence, ...besides].join('; ')}.`, short: '' }
}

const shortWords: Partial<Record<JobState, string>> = { WARNING: 'with warnings' }

function clause(state: JobState, count: number, first: boolean): string {
  const subject = first ? counted(count, 'job') : String(count)
  const be = count === 1 ? 'is' : 'are'
  switch (state) {
    case 'FAILED':
      return `${subject} failed`
    case 'WARNING':
      return `${subject} ${count === 1 ? 'has' : 'have'} warnings`
    default:
      return `${subject} ${be} ${stateWords[state]}`
  }
}

function listed(clauses: string[]): string {
  if (clauses.length < 2) return clauses.join('')
  return `${clauses.slice(0, -1).join(', ')} and ${clauses.at(-1)}`
}
