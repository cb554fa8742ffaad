// What becomes of a job as time passes, as its reports come in, and as people act: its state, the changes of its state, and
// what of them is worth telling. It decides and writes nothing.
//
// Time alone only moves a job forward, to LATE and to OVERDUE; a report or a person alone moves it back. A clock that is set
// back therefore does no harm. What time changes is dated to the moment it was due, however late that is noticed: after a
// sleep the same changes are recorded as without one.
//
// Long because one state machine is better read in one place.

import type { Interval } from './interval.ts'
import type { JobHistory } from './jobHistory.ts'
import { type JobState, jobState } from './jobState.ts'
import type { NotificationEvent } from './notification.ts'
import { lastReminder, nextReminder, type Reminder } from './reminder.ts'
import type { RunStatus } from './runStatus.ts'
import { expectation, type Schedule, type ScheduleSource } from './schedule.ts'

export type TransitionReason = 'REPORT' | 'TIME' | 'PAUSE' | 'SCHEDULE' | 'RUNS'

/** What somebody can say to know of. */
export type Trouble = 'OVERDUE' | 'FAILED' | 'WARNING'

/** How a job is watched. */
export interface JobWatch {
  paused: boolean
  latenessWatched: boolean
  schedule: Schedule | null
  legacySchedule: Schedule | null
  /** Null: the one of the settings. */
  toleranceSeconds: number | null
  /** Nothing that was due before this is expected. */
  watchFrom: Date | null
  scheduleSource: ScheduleSource | null
  interval: Interval | null
  dueAt: Date | null
  overdueAt: Date | null
  state: JobState
  /** Null until it was judged for the first time. */
  stateSince: Date | null
  snoozedUntil: Date | null
  acknowledged: Trouble | null
  acknowledgedAt: Date | null
  /** When its being overdue was told, and up to when reminders of it were thought of. */
  toldAt: Date | null
  remindedAt: Date | null
  /** The next moment after which time alone changes something. */
  nextEventAt: Date | null
}

/** What of its runs matters here. */
export type Memory = Pick<JobHistory, 'latestBackupId' | 'latestAt' | 'lastStatus' | 'announcedRun' | 'recentRuns'>

export interface Transition {
  from: JobState
  to: JobState
  at: Date
  why: TransitionReason
  /** The run whose report changed it. */
  backupId: number | null
}

/** Something worth telling. */
export interface Occurrence {
  event: NotificationEvent
  /** What it is to channels that do not want to be told of `event`. */
  otherwise: NotificationEvent | null
  backupId: number | null
  /** Of what was told before. */
  reminder: Reminder | null
}

export interface Step {
  watch: JobWatch
  transitions: Transition[]
  occurrences: Occurrence[]
}

/** The columns that the schedule and the runs give: when the next report is expected. */
export function expected(watch: JobWatch, memory: Memory, defaultTolerance: number) {
  return expectation({
    watched: watch.latenessWatched,
    set: watch.schedule,
    announcedRun: memory.announcedRun,
    legacy: watch.legacySchedule,
    latestAt: memory.latestAt,
    recentRuns: memory.recentRuns,
    watchFrom: watch.watchFrom,
    toleranceSeconds: watch.toleranceSeconds ?? defaultTolerance,
  })
}

/** Lets time pass up to `now`, which does not count itself. Of what fell due in a long sleep, the latest is told. */
export function passTime(before: JobWatch, memory: Memory, now: Date): Step {
  let watch = before
  const transitions: Transition[] = []
  let occurrence: Occurrence | null = null
  for (let at = nextEvent(watch); at !== null && at < now; at = nextEvent(watch)) {
    const step = happenAt(watch, memory, at, now)
    watch = step.watch
    transitions.push(...step.transitions)
    for (const told of step.occurrences) if (!told.reminder || !occurrence) occurrence = told
  }
  return { watch: scheduled(watch), transitions, occurrences: occurrence ? [occurrence] : [] }
}

/** Judges a job whose runs or schedule changed. A change of its state is dated `now`. */
function judge(
  before: JobWatch,
  memory: Memory,
  defaultTolerance: number,
  now: Date,
  why: TransitionReason,
  backupId: number | null = null,
): Step {
  const due = { ...before, ...expected(before, memory, defaultTolerance) }
  const state = stateOf(before, due, memory, now)
  const { watch, transitions, occurrences } = entered(due, memory, state, now, why, backupId)
  return { watch: scheduled(watch), transitions, occurrences }
}

/** What was noticed stays so, should the clock have been set back since: for as long as nothing else is expected. */
function stateOf(before: JobWatch, due: JobWatch, { lastStatus }: Memory, now: Date): JobState {
  const state = jobState({ ...due, lastStatus }, now)
  const isSame =
    before.dueAt?.getTime() === due.dueAt?.getTime() && before.overdueAt?.getTime() === due.overdueAt?.getTime()
  const isNoticed = before.state === 'OVERDUE' || (before.state === 'LATE' && state !== 'OVERDUE')
  return isSame && isNoticed && !due.paused ? before.state : state
}

/** A run was recorded. `memory` and `after` are what the job remembered before it and remembers now. */
export function runRecorded(
  before: JobWatch,
  memory: Memory,
  after: JobHistory,
  run: { id: number; status: RunStatus },
  defaultTolerance: number,
  now: Date,
): Step {
  const passed = passTime(before, memory, now)
  const judged = judge(passed.watch, after, defaultTolerance, now, 'REPORT', run.id)
  const step = { watch: judged.watch, transitions: [...passed.transitions, ...judged.transitions] }
  const known = passed.occurrences.length > 0 ? before : passed.watch
  const own = after.latestBackupId === run.id ? occurrenceOf(run, known, memory, judged.watch, now) : null
  // A run that leaves the job overdue tells of that, and of itself to those who do not want to know.
  const [overdue] = judged.occurrences
  const told = overdue && own ? { ...overdue, otherwise: own.event, backupId: run.id } : (overdue ?? own)
  const missed = stillTold(passed, judged, after).filter(({ event }) => event !== told?.event)
  return { ...step, occurrences: told ? [...missed, told] : missed }
}

/** What time has just made of the job is not told if what is done in the same moment puts an end to it. */
function stillTold(passed: Step, { watch }: Step, { lastStatus }: Memory): Occurrence[] {
  const isFailed = !watch.paused && failureOf(lastStatus) === 'FAILED'
  return passed.occurrences.filter(({ event }) => (event === 'OVERDUE' ? watch.state === 'OVERDUE' : isFailed))
}

/** A person changed how the job is watched, or its runs or the settings changed. Who ends a silence ends it as time does. */
export function watchChanged(
  before: JobWatch,
  memory: Memory,
  change: Partial<JobWatch>,
  defaultTolerance: number,
  now: Date,
  why: TransitionReason,
): Step {
  const passed = passTime(before, memory, now)
  const isSilenceEnded = passed.watch.snoozedUntil !== null && change.snoozedUntil === null
  const spoken = isSilenceEnded ? snoozeEnded(passed.watch, memory, now) : { watch: passed.watch, occurrences: [] }
  const judged = judge({ ...spoken.watch, ...change }, memory, defaultTolerance, now, why)
  return {
    watch: judged.watch,
    transitions: [...passed.transitions, ...judged.transitions],
    occurrences: [...stillTold(passed, judged, memory), ...spoken.occurrences, ...judged.occurrences].slice(-1),
  }
}

/**
 * The job judged for the first time, of which an earlier release knew: nothing is told of how it stands already. What the old
 * server watched and had not told yet is left for time to notice, and is told.
 *
 * @param lastToldAt when the old server last said that the job is overdue
 */
export function firstJudged(
  before: JobWatch,
  memory: Memory,
  defaultTolerance: number,
  now: Date,
  lastToldAt: Date | null,
): JobWatch {
  const due = { ...before, ...expected(before, memory, defaultTolerance) }
  const state = jobState({ ...due, lastStatus: memory.lastStatus }, now)
  const known = { ...due, state, stateSince: memory.latestAt ?? now }
  if (state === 'LATE') return scheduled({ ...known, stateSince: due.dueAt })
  if (state !== 'OVERDUE') return scheduled(known)
  const isTold = lastToldAt !== null && (memory.latestAt === null || lastToldAt > memory.latestAt)
  if (due.scheduleSource === 'LEGACY' && !isTold) return scheduled({ ...known, state: 'LATE', stateSince: due.dueAt })
  return scheduled({
    ...known,
    stateSince: due.overdueAt,
    toldAt: isTold ? lastToldAt : due.overdueAt,
    remindedAt: now,
  })
}

/** The trouble that somebody could acknowledge; null if there is none. */
export function troubleOf({ state }: Pick<JobWatch, 'state'>, lastStatus: RunStatus | null): Trouble | null {
  return state === 'OVERDUE' ? 'OVERDUE' : failureOf(lastStatus)
}

function failureOf(status: RunStatus | null): 'FAILED' | 'WARNING' | null {
  if (status === 'ERROR' || status === 'FATAL') return 'FAILED'
  return status === 'WARNING' || status === 'UNKNOWN' ? 'WARNING' : null
}

/** What happens at a moment that {@link nextEvent} named. */
function happenAt(watch: JobWatch, memory: Memory, at: Date, now: Date): Step {
  if (watch.snoozedUntil?.getTime() === at.getTime()) return snoozeEnded(watch, memory, at)
  if (watch.state === 'OVERDUE' && watch.toldAt && watch.remindedAt) {
    const reminder = { toldAt: watch.toldAt, after: watch.remindedAt, until: lastReminder(watch.toldAt, now) }
    const occurrences: Occurrence[] = [{ event: 'OVERDUE', otherwise: null, backupId: null, reminder }]
    return { watch: { ...watch, remindedAt: reminder.until }, transitions: [], occurrences }
  }
  const state = jobState({ ...watch, lastStatus: memory.lastStatus }, new Date(at.getTime() + 1))
  return entered(watch, memory, state, at, 'TIME', null)
}

function snoozeEnded(before: JobWatch, memory: Memory, at: Date): Step {
  const watch = { ...before, snoozedUntil: null }
  const trouble = troubleOf(watch, memory.lastStatus)
  if (watch.paused || trouble === null || trouble === 'WARNING' || trouble === watch.acknowledged) {
    return { watch, transitions: [], occurrences: [] }
  }
  const occurrence = { event: trouble, otherwise: null, reminder: null }
  return trouble === 'OVERDUE'
    ? { ...tellsOverdue(watch, at), transitions: [] }
    : { watch, transitions: [], occurrences: [{ ...occurrence, backupId: memory.latestBackupId }] }
}

/** The job in the given state from `at` on. */
function entered(
  before: JobWatch,
  memory: Memory,
  state: JobState,
  at: Date,
  why: TransitionReason,
  backupId: number | null,
): Step {
  const watch = acknowledgedStill({ ...before, state }, memory)
  if (state === before.state) return { watch, transitions: [], occurrences: [] }
  const transitions = [{ from: before.state, to: state, at, why, backupId }]
  const since = { ...watch, stateSince: at, toldAt: null, remindedAt: null }
  return state === 'OVERDUE'
    ? { ...tellsOverdue(since, at), transitions }
    : { watch: since, transitions, occurrences: [] }
}

function tellsOverdue(watch: JobWatch, at: Date): Pick<Step, 'watch' | 'occurrences'> {
  const silent = watch.snoozedUntil !== null && watch.snoozedUntil >= at
  return {
    watch: { ...watch, toldAt: at, remindedAt: at },
    occurrences: silent ? [] : [{ event: 'OVERDUE', otherwise: null, backupId: null, reminder: null }],
  }
}

/** What is acknowledged stays so for as long as that trouble lasts. */
function acknowledgedStill(watch: JobWatch, { lastStatus }: Memory): JobWatch {
  if (watch.acknowledged === null) return watch
  const lasts =
    watch.acknowledged === 'OVERDUE' ? watch.state === 'OVERDUE' : failureOf(lastStatus) === watch.acknowledged
  return lasts ? watch : { ...watch, acknowledged: null, acknowledgedAt: null }
}

/** What the run that is the latest now is to whoever is told. */
function occurrenceOf(
  { id, status }: { id: number; status: RunStatus },
  known: JobWatch,
  { lastStatus }: Memory,
  watch: JobWatch,
  now: Date,
): Occurrence | null {
  const event = failureOf(status) ?? 'SUCCESS'
  // The moment at which a silence ends belongs to it: what holds then is told by its end.
  if (watch.paused || (watch.snoozedUntil && watch.snoozedUntil >= now)) return null
  const isKnown = watch.acknowledged === event
  const wasTrouble = known.state === 'OVERDUE' || failureOf(lastStatus) === 'FAILED'
  const isRecovered = wasTrouble && event !== 'FAILED' && watch.state !== 'OVERDUE'
  if (isKnown && !isRecovered) return null
  return {
    event: isRecovered ? 'RECOVERED' : event,
    otherwise: isRecovered && !isKnown ? event : null,
    backupId: id,
    reminder: null,
  }
}

function scheduled(watch: JobWatch): JobWatch {
  return { ...watch, nextEventAt: nextEvent(watch) }
}

/** The next moment after which time alone changes something; null if it never does. */
function nextEvent(watch: JobWatch): Date | null {
  const { paused, state, dueAt, overdueAt, snoozedUntil, acknowledged, toldAt, remindedAt } = watch
  const moments = [snoozedUntil]
  if (!paused && state !== 'OVERDUE') moments.push(state === 'LATE' ? overdueAt : dueAt)
  if (state === 'OVERDUE' && toldAt && remindedAt && !snoozedUntil && acknowledged !== 'OVERDUE') {
    moments.push(nextReminder(toldAt, remindedAt))
  }
  return moments.reduce(
    (first, moment) => (first === null || (moment !== null && moment < first) ? moment : first),
    null,
  )
}
