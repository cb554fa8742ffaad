// Lets a job live through what a test says, by the pure rules alone, and writes down what they made of it.

import { emptyMemory, type JobMemory, withRun } from '../../src/domain/jobMemory.ts'
import {
  firstJudged,
  type JobWatch,
  passTime,
  resumption,
  runRecorded,
  type Step,
  type WatchSettings,
  watchChanged,
} from '../../src/domain/jobWatch.ts'
import type { RunStatus } from '../../src/domain/runStatus.ts'

export const unwatched: JobWatch = {
  paused: false,
  latenessWatched: true,
  schedule: null,
  legacySchedule: null,
  askedSchedule: null,
  askedAt: null,
  heldFor: null,
  heldAt: null,
  heldUntil: null,
  runningSince: null,
  finding: null,
  toleranceSeconds: 3600,
  watchFrom: null,
  scheduleSource: null,
  interval: null,
  dueAt: null,
  overdueAt: null,
  missDueAt: null,
  state: 'NEW',
  stateSince: null,
  snoozedUntil: null,
  acknowledged: null,
  acknowledgedAt: null,
  toldAt: null,
  remindedAt: null,
  openTrouble: null,
  troubleEnded: false,
  failedToldAt: null,
  failedRemindedAt: null,
  failedReason: null,
  owedAt: null,
  nextEventAt: null,
}

const settings: WatchSettings = { toleranceSeconds: 3600, away: null }

/** Something that happens to a job at a moment. */
export type Happening = (life: Life, now: Date) => Step

interface Life {
  watch: JobWatch
  memory: JobMemory
}

export interface Run {
  /** When the next one is announced for. */
  next?: string
  /** When it began, if not just now. */
  beganAt?: string
  /** How long it took. */
  hours?: number
  dryRun?: boolean
  /** A person stopped it. */
  stopped?: boolean
  /** Why it failed. */
  reason?: string
  unusual?: boolean
}

/** 2 03:00 is three o'clock on the second of August; seconds may follow. */
function at(text: string): Date {
  const [day = '', time = ''] = text.split(' ')
  return new Date(`2026-08-${day.padStart(2, '0')}T${time}Z`)
}

export const timePasses: Happening = ({ watch, memory }, now) => passTime(watch, memory, settings, now)

export function reports(
  status: RunStatus,
  { next, beganAt, hours, dryRun = false, stopped = false, reason, unusual = false }: Run = {},
): Happening {
  return (life, now) => {
    const before = life.memory
    const id = before.runs + before.dryRuns + 1
    life.memory = withRun(before, {
      id,
      orderedAt: beganAt ? at(beganAt) : now,
      origin: 'REPORTED',
      receivedAt: now,
      beganAt: beganAt ? at(beganAt) : now,
      endedAt: null,
      durationSeconds: hours === undefined ? null : hours * 3600,
      dryRun,
      partial: false,
      interrupted: stopped,
      status,
      prevented: false,
      savedNothing: false,
      acknowledged: false,
      examinedFiles: 1000,
      uploadedSize: 0,
      sourceSize: null,
      storedSize: null,
      versions: null,
      nextScheduledRun: next ? at(next) : null,
    })
    return runRecorded(life.watch, before, life.memory, { id, status, reason: reason ?? null, unusual }, settings, now)
  }
}

export function changes(change: Partial<JobWatch>): Happening {
  return ({ watch, memory }, now) => watchChanged(watch, memory, change, settings, now, 'SCHEDULE')
}

export const pauses: Happening = ({ watch, memory }, now) =>
  watchChanged(watch, memory, { paused: true }, settings, now, 'PAUSE')

export const resumes: Happening = ({ watch, memory }, now) =>
  watchChanged(watch, memory, resumption(passTime(watch, memory, settings, now).watch, now), settings, now, 'PAUSE')

export function snoozes(until: string | null): Happening {
  return ({ watch, memory }, now) =>
    watchChanged(watch, memory, { snoozedUntil: until === null ? null : at(until) }, settings, now, 'PAUSE')
}

export function acknowledges(acknowledged: JobWatch['acknowledged']): Happening {
  return ({ watch, memory }, now) =>
    watchChanged(watch, memory, { acknowledged, acknowledgedAt: now }, settings, now, 'PAUSE')
}

/** The latest run is deleted, and with it everything the job remembered. */
export const losesItsRuns: Happening = (life, now) => {
  life.memory = emptyMemory
  return watchChanged(life.watch, life.memory, {}, settings, now, 'RUNS')
}

/** A run that an earlier release recorded. */
export function remembers(status: RunStatus, run: Run = {}): Happening {
  return (life, now) => {
    reports(status, run)(life, now)
    return { watch: life.watch, transitions: [], occurrences: [], missed: [] }
  }
}

/** How the first start of this release finds it. */
export function upgrades(lastToldAt: string | null): Happening {
  return ({ watch, memory }, now) => ({
    watch: firstJudged(watch, memory, settings, now, lastToldAt === null ? null : at(lastToldAt)),
    transitions: [],
    occurrences: [],
    missed: [],
  })
}

/** What became of the job, a line for each change and each thing to tell, and at the end how it stands. */
export function live(story: readonly (readonly [string, Happening])[], before: Partial<JobWatch> = {}): string[] {
  const life: Life = { watch: { ...unwatched, ...before }, memory: emptyMemory }
  const lines = story.flatMap(([moment, happening]) => {
    const step = happening(life, at(moment))
    life.watch = step.watch
    return linesOf(step, moment)
  })
  return [...lines, life.watch.state]
}

function linesOf({ transitions, occurrences }: Step, moment: string): string[] {
  return [
    ...transitions.map(
      (one) =>
        `${written(one.at)} ${one.from} → ${one.to} (${one.why}${one.backupId ? ` of run ${one.backupId}` : ''})`,
    ),
    ...occurrences.map(
      ({ event, otherwise, backupId, reminder }) =>
        `${moment} tells ${event}${otherwise.length > 0 ? `, or else ${otherwise.join(' or ')}` : ''}${backupId ? ` of run ${backupId}` : ''}${
          reminder ? `, again: ${written(reminder.after)} to ${written(reminder.until)}` : ''
        }`,
    ),
  ]
}

function written(moment: Date): string {
  const text = moment.toISOString()
  const [, day = '', time = ''] = /^2026-08-(\d\d)T(.*?)(?:\.000)?Z$/.exec(text) ?? ['', '', '']
  return day === '' ? text : `${Number(day)} ${time.replace(/:00$/, '')}`
}
