// A digest: how all jobs stand, what ran since the last one, and what to look after. It is bounded, however many jobs there are.

import type { JobState } from '../jobState.ts'
import { isFailure, type RunStatus } from '../runStatus.ts'
import type { DigestPeriod } from '../schedule/digestTime.ts'
import { shortened } from '../shortened.ts'
import { formatElapsed, formatSize, formatTime } from './humanFormats.ts'
import type { Message } from './notification.ts'
import { type digestPlaceholders, render, type Template } from './template.ts'

/** How many jobs are named at most: in trouble, as the ones that grew most, and with a destination that is almost full. */
const atMost = { troubles: 20, growth: 3, almostFull: 5 }
/** In bytes: names may have 1,000 characters. */
const maxNameBytes = 200
const maxTitleBytes = 4 * 1024
const maxMessageBytes = 64 * 1024

/** What is wrong with a job; the worst first. */
const troubleNames = { OVERDUE: 'Overdue', FAILED: 'Failed', WARNING: 'Warning' } as const

type Trouble = keyof typeof troubleNames

/** A job as a digest looks at it. Sizes are bytes; null is what is not known. */
export interface DigestJob {
  server: string
  name: string
  state: JobState
  stateSince: Date | null
  lastStatus: RunStatus | null
  latestAt: Date | null
  isSnoozed: boolean
  acknowledged: JobState | null
  storedSize: number | null
  /** The stored size when the last digest was written. */
  storedBefore: number | null
  totalQuota: number | null
  freeQuota: number | null
  /** Whether Duplicati warns of the quota, or reports that it is used up. */
  quotaWarning: boolean
}

export interface DigestRuns {
  succeeded: number
  warned: number
  failed: number
  missed: number
}

export interface DigestScope {
  period: DigestPeriod
  /** Null: all jobs. */
  tag: string | null
  /** When the last digest was written, or this one was set. */
  since: Date
}

interface Noted {
  text: string
  rank: number
}

/** Adds up jobs, one by one, and writes the message. */
export function createDigest(scope: DigestScope, now: Date, timeZone: string) {
  let jobs = 0
  const states = new Map<JobState, number>()
  const troubles: Record<Trouble, { since: Date | null; text: string }[]> = { OVERDUE: [], FAILED: [], WARNING: [] }
  const growth: Noted[] = []
  const almostFull: Noted[] = []

  function add(job: DigestJob) {
    jobs += 1
    states.set(job.state, (states.get(job.state) ?? 0) + 1)
    const named = () => `${shortened(job.name, maxNameBytes)} on ${shortened(job.server, maxNameBytes)}`
    const trouble = troubleOf(job)
    if (trouble)
      troubles[trouble].push({
        since: job.state === trouble ? job.stateSince : job.latestAt,
        text: named() + marks(job),
      })
    const grown = job.storedSize !== null && job.storedBefore !== null ? job.storedSize - job.storedBefore : 0
    if (grown > 0)
      growth.push({
        rank: grown,
        text: `${named()}: ${formatSize(grown)} more, ${formatSize(job.storedSize ?? 0)} now`,
      })
    const full = fullness(job)
    if (full) almostFull.push({ rank: full.rank, text: `${named()}: ${full.text}` })
  }

  function values(runs: DigestRuns): Record<string, string> {
    const counts = {
      OVERDUE: troubles.OVERDUE.length,
      FAILED: troubles.FAILED.length,
      WARNING: troubles.WARNING.length,
    }
    return {
      event: 'Digest',
      summary: summary(counts),
      troubles: listed(
        Object.entries(troubles).flatMap(([kind, ones]) =>
          ones
            .sort((one, other) => (one.since?.getTime() ?? 0) - (other.since?.getTime() ?? 0))
            .slice(0, atMost.troubles)
            .map(({ since, text }) => `${troubleNames[kind as Trouble]}: ${text}${sinceText(since)}`),
        ),
        atMost.troubles,
        counts.OVERDUE + counts.FAILED + counts.WARNING,
      ).join('\n'),
      runs: `Since ${formatTime(scope.since, timeZone)}: ${runs.succeeded} succeeded, ${runs.warned} with warnings, ${runs.failed} failed, ${runs.missed} missed.`,
      growth: titled('Grew most:', growth, atMost.growth, false),
      almost_full: titled('Almost full:', almostFull, atMost.almostFull, true),
      period: scope.period.toLowerCase(),
      tag: scope.tag ?? '',
      since_date: formatTime(scope.since, timeZone),
      jobs_count: String(jobs),
      overdue_count: String(counts.OVERDUE),
      failed_count: String(counts.FAILED),
      warning_count: String(counts.WARNING),
      succeeded_runs: String(runs.succeeded),
      warned_runs: String(runs.warned),
      failed_runs: String(runs.failed),
      missed_runs: String(runs.missed),
    } satisfies Record<keyof typeof digestPlaceholders, string>
  }

  /** The line that says it all. */
  function summary(counts: Record<Trouble, number>): string {
    const ofTag = scope.tag === null ? '' : ` tagged ${scope.tag}`
    const bad = counts.OVERDUE + counts.FAILED + counts.WARNING
    const watched = jobs - (states.get('PAUSED') ?? 0)
    if (jobs === 0) return `There are no backups${ofTag}`
    const others = [
      ...(almostFull.length > 0 ? [`${almostFull.length} almost full`] : []),
      ...someOf(states, { LATE: 'late', NEW: 'never ran', PAUSED: 'paused' }),
    ]
    const more = others.length > 0 ? ` (${others.join(', ')})` : ''
    if (watched === 0)
      return jobs === 1 ? `The only backup${ofTag} is paused` : `All ${jobs} backups${ofTag} are paused`
    if (bad === 0)
      return (watched === 1 ? `The backup${ofTag} is fine` : `All ${watched} backups${ofTag} are fine`) + more
    const kinds = someOf(new Map(Object.entries(counts)), {
      OVERDUE: 'overdue',
      FAILED: 'failed',
      WARNING: 'with warnings',
    })
    const need = bad === 1 ? 'needs' : 'need'
    return `${bad} of ${watched} ${watched === 1 ? 'backup' : 'backups'}${ofTag} ${need} attention: ${kinds.join(', ')}${more}`
  }

  function sinceText(since: Date | null): string {
    return since ? `, since ${formatTime(since, timeZone)} (${formatElapsed(since, now)})` : ''
  }

  return {
    add,
    /** The message, once all jobs were added. */
    compose: (template: Template, runs: DigestRuns): Message => {
      const { title, message, ...rest } = render(template, values(runs))
      return { ...rest, title: shortened(title, maxTitleBytes), message: shortened(message, maxMessageBytes) }
    },
  }
}

export type DigestBuilder = ReturnType<typeof createDigest>

/** Lateness is no trouble yet, but hides none: of a job that is late, the latest run counts. */
function troubleOf({ state, lastStatus }: DigestJob): Trouble | null {
  if (state === 'OVERDUE' || state === 'FAILED' || state === 'WARNING') return state
  if (state !== 'LATE' || lastStatus === null) return null
  return isFailure(lastStatus) ? 'FAILED' : lastStatus === 'SUCCESS' ? null : 'WARNING'
}

function marks({ isSnoozed, acknowledged, state }: DigestJob): string {
  const known = [...(acknowledged === state ? ['acknowledged'] : []), ...(isSnoozed ? ['snoozed'] : [])]
  return known.length > 0 ? ` (${known.join(', ')})` : ''
}

/** Less than a tenth is free, or Duplicati says so; null if neither. The fuller, the higher the rank. */
function fullness({ totalQuota, freeQuota, quotaWarning }: DigestJob): Noted | null {
  const isKnown = totalQuota !== null && freeQuota !== null && totalQuota > 0 && freeQuota >= 0
  if (isKnown && (quotaWarning || freeQuota * 10 < totalQuota)) {
    return { rank: 1 - freeQuota / totalQuota, text: `${formatSize(freeQuota)} of ${formatSize(totalQuota)} free` }
  }
  return quotaWarning ? { rank: 1, text: 'Duplicati warns of the quota' } : null
}

function titled(title: string, noted: Noted[], limit: number, counted: boolean): string {
  if (noted.length === 0) return ''
  const texts = [...noted]
    .sort((one, other) => other.rank - one.rank)
    .slice(0, limit)
    .map(({ text }) => text)
  return [title, ...listed(texts, limit, counted ? noted.length : texts.length)].join('\n')
}

/** So many of them, and how many there are beyond. */
function listed(texts: string[], limit: number, all: number): string[] {
  const shown = texts.slice(0, limit)
  return all > shown.length ? [...shown, `and ${all - shown.length} more`] : shown
}

function someOf(counts: ReadonlyMap<string, number>, words: Record<string, string>): string[] {
  return Object.entries(words).flatMap(([name, word]) => {
    const count = counts.get(name) ?? 0
    return count > 0 ? [`${count} ${word}`] : []
  })
}
