// What becomes of a job as time passes, as its reports come in, and as people act: its state, the changes of its state, and
// what of them is worth telling. It decides and writes nothing.
//
// Time alone only moves a job forward, to LATE and to OVERDUE; a report or a person alone moves it back. A clock that is set
// back therefore does no harm. What time changes is dated to the moment it was due, however late that is noticed: after a
// sleep the same changes are recorded as without one.
//
// Long because one state machine is better read in one place.

import type { JobMemory } from './jobMemory.ts'
import { type JobState, jobState } from './jobState.ts'
import { isKnownReason, withReason } from './messages/failureReason.ts'
import type { NotificationEvent } from './messages/notification.ts'
import { failureReminder, lastReminder, nextReminder, type Reminder } from './messages/reminder.ts'
import { isFailure, type RunStatus, worse } from './runStatus.ts'
import { type Absence, isAwayDuring } from './schedule/absence.ts'
import { announcedInterval } from './schedule/announcement.ts'
import type { AskedSchedule } from './schedule/asked.ts'
import { elapsedMs, type Interval } from './schedule/interval.ts'
import { firstMissable, type MissedRun, missed, missedAt, nextMissable } from './schedule/missed.ts'
import {
  expectation,
  type LegacySchedule,
  patienceMs,
  type Schedule,
  type ScheduleSource,
} from './schedule/schedule.ts'

export type TransitionReason = 'REPORT' | 'TIME' | 'PAUSE' | 'SCHEDULE' | 'RUNS'

/** What somebody can say to know of. */
export type Trouble = 'OVERDUE' | 'FAILED' | 'WARNING'

/** How a job is watched. */
export interface JobWatch {
  paused: boolean
  latenessWatched: boolean
  schedule: Schedule | null
  legacySchedule: LegacySchedule | null
  /** What Duplicati answered of its schedule, and when. */
  askedSchedule: AskedSchedule | null
  askedAt: Date | null
  /** Its Duplicati is asked before it is told that this due time was missed: since when, and until when nothing is told. */
  heldFor: Date | null
  heldAt: Date | null
  heldUntil: Date | null
  /** Since when a run of it is under way, as its Duplicati says; null if none is. */
  runningSince: Date | null
  /** What else asking found, for the message: a sentence or several. */
  finding: string | null
  /** Null: the one of the settings. */
  toleranceSeconds: number | null
  /** Nothing that was due before this is expected. */
  watchFrom: Date | null
  scheduleSource: ScheduleSource | null
  interval: Interval | null
  dueAt: Date | null
  overdueAt: Date | null
  /** The due time that is missed next, unless a run meets it: while the job is overdue, a later one than `dueAt`. */
  missDueAt: Date | null
  state: JobState
  /** Null until it was judged for the first time. */
  stateSince: Date | null
  snoozedUntil: Date | null
  acknowledged: Trouble | null
  acknowledgedAt: Date | null
  /** When its being overdue was told, and up to when reminders of it were thought of. */
  toldAt: Date | null
  remindedAt: Date | null
  /** The trouble of which somebody was told, and whose end was not told yet. */
  openTrouble: 'OVERDUE' | 'FAILED' | null
  /** Whether that trouble is over, and only a snooze or a pause keeps its end from being told. */
  troubleEnded: boolean
  /** When it was first told that the job goes on failing, when last, and for what reasons. */
  failedToldAt: Date | null
  failedRemindedAt: Date | null
  failedReason: string | null
  /** A run is owed since then: the job was overdue when it was paused, and this is when it was resumed. */
  owedAt: Date | null
  /** The next moment after which time alone changes something. */
  nextEventAt: Date | null
}

/** What of its runs matters here. */
export type Memory = Pick<
  JobMemory,
  | 'latestBackupId'
  | 'latestAt'
  | 'lastStatus'
  | 'lastStopped'
  | 'conclusiveAt'
  | 'conclusiveStatus'
  | 'scheduledAt'
  | 'announcedRun'
  | 'recentRuns'
>

/** What holds for all jobs. */
export interface WatchSettings {
  /** How long after its due time a job is only late, where nothing else is said of it. */
  toleranceSeconds: number
  /** When this server was last away for a while. */
  away: Absence | null
}

export interface RecordedRun {
  id: number
  status: RunStatus
  /** Why it failed, in one line; null if it did not, or does not tell. */
  reason: string | null
  /** Whether it is remarked that something about it is unusual. */
  unusual: boolean
}

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
  /** What else it is to channels that are not told of `event`, the first that they want. */
  otherwise: NotificationEvent[]
  backupId: number | null
  /** Of what was told before. */
  reminder: Reminder | null
}

export interface Step {
  watch: JobWatch
  transitions: Transition[]
  occurrences: Occurrence[]
  /** The due times that passed without a run. */
  missed: MissedRun[]
}

type Change = Omit<Step, 'missed'>

/** The columns that the schedule and the runs give: when the next report is expected. */
export function expected(watch: JobWatch, memory: Memory, settings: WatchSettings) {
  return expectation({
    watched: watch.latenessWatched,
    set: watch.schedule,
    asked: watch.askedSchedule,
    askedAt: watch.askedAt,
    heldFor: watch.heldFor,
    heldUntil: watch.heldUntil,
    announcedRun: memory.announcedRun,
    scheduledAt: memory.scheduledAt,
    legacy: watch.legacySchedule,
    latestAt: memory.latestAt,
    recentRuns: memory.recentRuns,
    watchFrom: watch.watchFrom,
    owedAt: watch.owedAt,
    away: settings.away,
    toleranceSeconds: watch.toleranceSeconds ?? settings.toleranceSeconds,
  })
}

/** Lets time pass up to `now`, which does not count itself. Of what fell due in a long sleep, the latest is told. */
export function passTime(before: JobWatch, memory: Memory, settings: WatchSettings, now: Date): Step {
  return noted(passed(before, memory, settings, now), now)
}

/** The same, before it is certain that what is worth telling is told. */
function passed(before: JobWatch, memory: Memory, settings: WatchSettings, now: Date): Step {
  let watch = before
  const patience = patienceOf(before, memory, settings)
  const transitions: Transition[] = []
  const missedRuns: MissedRun[] = []
  let occurrence: Occurrence | null = null
  for (let at = nextEvent(watch, patience); at !== null && at < now; at = nextEvent(watch, patience)) {
    if (at.getTime() === missedAt(watch, patience)?.getTime()) {
      const due = missed(watch, at, intervalMs(watch, memory), settings.away)
      watch = { ...watch, missDueAt: due.next }
      if (due.missed) missedRuns.push(due.missed)
      continue
    }
    const step = happenAt(watch, memory, at, now)
    watch = step.watch
    transitions.push(...step.transitions)
    for (const told of step.occurrences) if (!told.reminder || !occurrence) occurrence = told
  }
  const occurrences = occurrence ? [occurrence] : []
  return { watch: scheduled(watch, patience), transitions, occurrences, missed: missedRuns }
}

/** How long asking may hold back that a job is overdue, in milliseconds. */
const askingMs = 60_000

/**
 * The job held back at a moment in which it would become overdue, for as long as asking its Duplicati may take: once for each due time,
 * and again while a run is under way there, up to twice its usual time. Null if it is not to be held.
 */
export function heldBack(before: JobWatch, memory: Memory, settings: WatchSettings, now: Date): JobWatch | null {
  const { paused, state, dueAt, overdueAt, heldFor, runningSince } = before
  if (paused || state === 'OVERDUE' || !dueAt || !overdueAt || overdueAt >= now) return null
  const isAsked = heldFor?.getTime() === dueAt.getTime()
  // Twice the usual run, or the tolerance where nobody knows how long one takes.
  const longestMs = patienceMs({ ...memory, toleranceSeconds: 0 }) || patienceOf(before, memory, settings)
  if (isAsked && (!runningSince || now.getTime() - runningSince.getTime() > longestMs)) return null
  const heldUntil = new Date(now.getTime() + askingMs)
  // A run under way is no alarm yet: the time to ask counts from its end.
  const held = { ...before, heldFor: dueAt, heldAt: now, heldUntil, finding: isAsked ? before.finding : null }
  const holding = isAsked ? held : { ...held, runningSince: null }
  return scheduled({ ...holding, ...expected(holding, memory, settings) }, patienceOf(before, memory, settings))
}

/**
 * What asking found of a job that is held back.
 *
 * @param runningSince since when a run is under way: it stays held back until it is asked again
 */
export function asked(
  watch: JobWatch,
  runningSince: Date | null,
  finding: string | null,
  now: Date,
): Partial<JobWatch> {
  const isHeld =
    watch.heldFor !== null && watch.heldFor.getTime() === watch.dueAt?.getTime() && watch.state !== 'OVERDUE'
  if (!isHeld) return {}
  return { finding, runningSince, ...(runningSince ? {} : { heldUntil: now }) }
}

/** How far the due times lie apart that an announcement or a rhythm tells of, in milliseconds; null if nobody knows. */
function intervalMs({ scheduleSource, interval }: JobWatch, { announcedRun, scheduledAt, recentRuns }: Memory) {
  if (scheduleSource === 'INFERRED') return interval && elapsedMs(interval)
  return announcedRun && announcedInterval({ announcedRun, scheduledAt, recentRuns })
}

/** The step with the job remembering what is told of it: whoever hears of a trouble is to hear of its end. */
function noted(step: Step, now: Date, reason: string | null = null): Step {
  return {
    ...step,
    watch: step.occurrences.reduce((watch, told) => afterTelling(watch, told, now, reason), step.watch),
  }
}

function afterTelling(watch: JobWatch, { event }: Occurrence, now: Date, reason: string | null): JobWatch {
  switch (event) {
    case 'OVERDUE':
      return { ...watch, openTrouble: 'OVERDUE', troubleEnded: false }
    case 'FAILED': {
      const told = { openTrouble: 'FAILED', troubleEnded: false, failedRemindedAt: now } as const
      const failedReason = withReason(watch.failedReason, reason)
      return { ...watch, ...told, failedToldAt: watch.failedToldAt ?? now, failedReason }
    }
    case 'RECOVERED':
      return { ...watch, openTrouble: null, troubleEnded: false }
    default:
      return watch
  }
}

/** Judges a job whose runs or schedule changed. A change of its state is dated `now`. */
function judge(
  before: JobWatch,
  memory: Memory,
  settings: WatchSettings,
  now: Date,
  why: TransitionReason,
  backupId: number | null = null,
): Change {
  const expectant = { ...before, ...expected(before, memory, settings) }
  const missDueAt =
    isSameDue(before, expectant) && why !== 'SCHEDULE'
      ? before.missDueAt
      : nextMissable(expectant, before.missDueAt, now, why === 'REPORT')
  const due: JobWatch = { ...expectant, missDueAt }
  const state = stateOf(before, due, memory, now)
  const { watch, transitions, occurrences } = entered(due, memory, state, now, why, backupId)
  const kept = hasFailed(memory) ? watch : { ...watch, ...noStreak }
  return { watch: scheduled(kept, patienceOf(kept, memory, settings)), transitions, occurrences }
}

function isSameDue(a: Pick<JobWatch, 'dueAt'>, b: Pick<JobWatch, 'dueAt'>): boolean {
  return a.dueAt?.getTime() === b.dueAt?.getTime()
}

const noStreak = { failedToldAt: null, failedRemindedAt: null, failedReason: null }

/** What was noticed stays so, should the clock have been set back since: for as long as nothing else is expected. */
function stateOf(before: JobWatch, due: JobWatch, memory: Memory, now: Date): JobState {
  const state = stateAt(due, memory, now)
  const isSame =
    before.dueAt?.getTime() === due.dueAt?.getTime() && before.overdueAt?.getTime() === due.overdueAt?.getTime()
  const isNoticed = before.state === 'OVERDUE' || (before.state === 'LATE' && state !== 'OVERDUE')
  return isSame && isNoticed && !due.paused ? before.state : state
}

function stateAt({ paused, dueAt, overdueAt }: JobWatch, memory: Memory, now: Date): JobState {
  const { lastStatus, lastStopped, conclusiveStatus } = memory
  return jobState({ paused, dueAt, overdueAt, lastStatus, lastStopped, conclusiveStatus }, now)
}

/**
 * A run was recorded. `memory` and `after` are what the job remembered before it and remembers now. A run that is not the latest
 * now, as one that was prevented, is told to nobody and ends nothing.
 */
export function runRecorded(
  before: JobWatch,
  memory: Memory,
  after: Memory,
  run: RecordedRun,
  settings: WatchSettings,
  now: Date,
): Step {
  const time = passed(before, memory, settings, now)
  const judged = judge(time.watch, after, settings, now, 'REPORT', run.id)
  const isLatest = after.latestBackupId === run.id
  const isHeard = isLatest && !isSilent(judged.watch, now)
  const ended = isHeard ? occurrenceOf(run, memory, after, judged.watch, now) : null
  const own = isHeard && run.unusual ? alsoUnusual(ended, run.id) : ended
  // A run that leaves the job overdue tells of that, and of itself to those who do not want to know.
  const [overdue] = judged.occurrences
  const told = overdue && own ? { ...overdue, otherwise: newIn(own), backupId: run.id } : (overdue ?? own)
  const earlier = stillTold(time, judged, after).filter(({ event }) => event !== told?.event)
  const silenced = isLatest ? endedInSilence(judged.watch, after, now) : judged.watch
  const watch = isHeard ? withUnknownReason(silenced, run) : silenced
  const occurrences = told ? [...earlier, told] : earlier
  const transitions = [...time.transitions, ...judged.transitions]
  return noted({ watch, transitions, occurrences, missed: time.missed }, now, run.reason)
}

/**
 * A run that is known is told anew, with more than was known: only what is worse than before is worth telling.
 *
 * @param before the job as it is judged by what is known now
 * @param was how the run was known
 */
export function runRetold(
  before: JobWatch,
  memory: Memory,
  run: RecordedRun,
  was: Pick<RecordedRun, 'status' | 'unusual'>,
  now: Date,
): Step {
  const step: Step = { watch: before, transitions: [], occurrences: [], missed: [] }
  if (memory.latestBackupId !== run.id || isSilent(before, now)) return step
  const ended = worse(was.status, run.status) === was.status ? null : occurrenceOf(run, memory, memory, before, now)
  const own = run.unusual && !was.unusual ? alsoUnusual(ended, run.id) : ended
  return own ? noted({ ...step, occurrences: [own] }, now, run.reason) : step
}

/**
 * What a run is that is unusual as well. How it ended is told first if that is a trouble or the end of one: those messages name
 * what is unusual, too.
 */
function alsoUnusual(ended: Occurrence | null, backupId: number): Occurrence {
  if (ended?.event === 'FAILED' || ended?.event === 'RECOVERED') {
    return { ...ended, otherwise: ['UNUSUAL', ...ended.otherwise] }
  }
  return { event: 'UNUSUAL', otherwise: ended ? newIn(ended) : [], backupId, reminder: null }
}

/** As what something new is told. */
function newIn({ event, otherwise, reminder }: Occurrence): NotificationEvent[] {
  return reminder ? otherwise : [event, ...otherwise]
}

/** What time has just made of the job is not told if what is done in the same moment puts an end to it. */
function stillTold(time: Step, { watch }: Change, memory: Memory): Occurrence[] {
  return time.occurrences.filter(({ event }) => {
    if (event === 'OVERDUE') return watch.state === 'OVERDUE'
    if (watch.paused) return false
    return event === 'FAILED' ? hasFailed(memory) : !hasFailed(memory) && watch.state !== 'OVERDUE'
  })
}

/** Where a failure was told whose reason was not known, as when a snooze ended, the next one's is taken for it. */
function withUnknownReason(watch: JobWatch, { reason }: RecordedRun): JobWatch {
  const isUnknown = watch.failedToldAt !== null && watch.failedReason === null
  return isUnknown ? { ...watch, failedReason: withReason(null, reason) } : watch
}

/** A trouble that is over while nothing can be told waits for the moment at which its end can be. */
function endedInSilence(watch: JobWatch, after: Memory, now: Date): JobWatch {
  if (isFailure(after.lastStatus)) return { ...watch, troubleEnded: false }
  const ends = watch.openTrouble !== null && isConclusive(after) && !isOverdue(watch, now)
  return ends && isSilent(watch, now) ? { ...watch, troubleEnded: true } : watch
}

/**
 * A person changed how the job is watched, or its runs or the settings changed. Ending a snooze early has the same effect as
 * letting it expire.
 */
export function watchChanged(
  before: JobWatch,
  memory: Memory,
  change: Partial<JobWatch>,
  settings: WatchSettings,
  now: Date,
  why: TransitionReason,
): Step {
  const time = passed(before, memory, settings, now)
  const isSilenceEnded = time.watch.snoozedUntil !== null && change.snoozedUntil === null
  const spoken = isSilenceEnded ? snoozeEnded(time.watch, memory, now) : { watch: time.watch, occurrences: [] }
  const judged = judge({ ...spoken.watch, ...change }, memory, settings, now, why)
  const isResumed = time.watch.paused && !judged.watch.paused
  const heldBack = isResumed ? heldBackByPause(judged.watch, memory, now) : []
  const occurrences = [...stillTold(time, judged, memory), ...spoken.occurrences, ...heldBack, ...judged.occurrences]
  return noted(
    {
      watch: judged.watch,
      transitions: [...time.transitions, ...judged.transitions],
      occurrences: occurrences.slice(-1),
      missed: time.missed,
    },
    now,
  )
}

/**
 * What changes when a paused job is resumed: it counts from now, so that nothing is missed that was due in the pause. A run that
 * was overdue already when the pause began, and did not take place since, is due at once.
 */
export function resumption(watch: JobWatch, now: Date): Partial<JobWatch> {
  if (!watch.paused) return {}
  const { dueAt, overdueAt, owedAt, stateSince } = watch
  const wasOverdue = overdueAt !== null && stateSince !== null && overdueAt < stateSince
  const isOwed = owedAt !== null && owedAt.getTime() === dueAt?.getTime()
  return { paused: false, watchFrom: now, owedAt: wasOverdue || isOwed ? now : null }
}

/** The job with what is expected of it after this server was away. Nothing is told, and its state is left to time. */
export function absenceNoted(before: JobWatch, memory: Memory, settings: WatchSettings): JobWatch {
  const due = expected(before, memory, settings)
  const missDueAt = isSameDue(before, due) ? before.missDueAt : due.dueAt
  return scheduled({ ...before, ...due, missDueAt }, patienceOf(before, memory, settings))
}

/** The job after an absence of this server that is not remembered: whether runs met what was due meanwhile is unknown. */
export function absencePassed(before: JobWatch, memory: Memory, settings: WatchSettings, away: Absence): JobWatch {
  const patience = patienceOf(before, memory, settings)
  let watch = before
  for (let at = missedAt(watch, patience); at && watch.missDueAt; at = missedAt(watch, patience)) {
    if (!isAwayDuring(away, watch.missDueAt, at)) break
    watch = { ...watch, missDueAt: missed(watch, at, intervalMs(watch, memory), away).next }
  }
  return scheduled(watch, patience)
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
  settings: WatchSettings,
  now: Date,
  lastToldAt: Date | null,
): JobWatch {
  const expectant = { ...before, ...expected(before, memory, settings) }
  const due: JobWatch = { ...expectant, missDueAt: firstMissable(expectant, now) }
  const patience = patienceOf(before, memory, settings)
  const state = stateAt(due, memory, now)
  const openTrouble = hasFailed(memory) ? 'FAILED' : null
  const known: JobWatch = { ...due, state, stateSince: memory.latestAt ?? now, openTrouble }
  if (state === 'LATE') return scheduled({ ...known, stateSince: due.dueAt }, patience)
  if (state !== 'OVERDUE') return scheduled(known, patience)
  const isTold = lastToldAt !== null && (memory.latestAt === null || lastToldAt > memory.latestAt)
  if (due.scheduleSource === 'LEGACY' && !isTold)
    return scheduled({ ...known, state: 'LATE', stateSince: due.dueAt }, patience)
  return scheduled(
    {
      ...known,
      stateSince: due.overdueAt,
      toldAt: isTold ? lastToldAt : due.overdueAt,
      remindedAt: now,
      openTrouble: 'OVERDUE',
    },
    patience,
  )
}

/** The job whose missed due times are counted from now on. */
export function missesCounted(before: JobWatch, memory: Memory, settings: WatchSettings, now: Date): JobWatch {
  return scheduled({ ...before, missDueAt: firstMissable(before, now) }, patienceOf(before, memory, settings))
}

/** The trouble that somebody could acknowledge; null if there is none. */
export function troubleOf({ state }: Pick<JobWatch, 'state'>, memory: Memory): Trouble | null {
  return state === 'OVERDUE' ? 'OVERDUE' : failureOf(memory)
}

/** FAILED until a run is conclusive and good: stopped and unknown ones show nothing. */
function failureOf(memory: Memory): 'FAILED' | 'WARNING' | null {
  if (hasFailed(memory)) return 'FAILED'
  return memory.lastStatus === 'WARNING' || memory.lastStatus === 'UNKNOWN' ? 'WARNING' : null
}

function hasFailed({ lastStatus, conclusiveStatus }: Memory): boolean {
  return isFailure(lastStatus) || isFailure(conclusiveStatus)
}

/** Whether the latest run shows that the job works. */
function isConclusive({ latestAt, lastStatus, lastStopped, conclusiveAt, conclusiveStatus }: Memory): boolean {
  const isLatest = conclusiveAt?.getTime() === latestAt?.getTime() && conclusiveStatus === lastStatus
  return isLatest && !lastStopped && !isFailure(lastStatus)
}

/** The moment at which a snooze ends belongs to it: what holds then is told by its end. */
function isSilent({ paused, snoozedUntil }: JobWatch, now: Date): boolean {
  return paused || (snoozedUntil !== null && snoozedUntil >= now)
}

/** Of a paused job: whether it would be. */
function isOverdue({ state, paused, overdueAt }: JobWatch, now: Date): boolean {
  return state === 'OVERDUE' || (paused && overdueAt !== null && overdueAt < now)
}

/** What happens at a moment that {@link nextEvent} named. */
function happenAt(watch: JobWatch, memory: Memory, at: Date, now: Date): Change {
  if (watch.snoozedUntil?.getTime() === at.getTime()) return snoozeEnded(watch, memory, at)
  if (watch.state === 'OVERDUE' && watch.toldAt && watch.remindedAt) {
    const reminder = { toldAt: watch.toldAt, after: watch.remindedAt, until: lastReminder(watch.toldAt, now) }
    const occurrences: Occurrence[] = [{ event: 'OVERDUE', otherwise: [], backupId: null, reminder }]
    return { watch: { ...watch, remindedAt: reminder.until }, transitions: [], occurrences }
  }
  const state = stateAt(watch, memory, new Date(at.getTime() + 1))
  return entered(watch, memory, state, at, 'TIME', null)
}

function snoozeEnded(before: JobWatch, memory: Memory, at: Date): Change {
  const watch = { ...before, snoozedUntil: null }
  const trouble = troubleOf(watch, memory)
  if (trouble === 'OVERDUE' && !watch.paused && watch.acknowledged !== 'OVERDUE') {
    return { ...tellsOverdue(watch, at), transitions: [] }
  }
  const failure: Occurrence = { event: 'FAILED', otherwise: [], backupId: memory.latestBackupId, reminder: null }
  // As with a delay, it is told anew, and reminders count from here.
  return trouble === 'FAILED' && !watch.paused && watch.acknowledged !== 'FAILED'
    ? { watch: { ...watch, ...noStreak }, transitions: [], occurrences: [failure] }
    : { watch, transitions: [], occurrences: endHeldBack(watch, memory) }
}

/** What a pause held back: a failure that nobody was told of, or else the end of a trouble. Overdue, it is told anyway. */
function heldBackByPause(watch: JobWatch, memory: Memory, now: Date): Occurrence[] {
  if (isSilent(watch, now)) return []
  const isNew = watch.failedToldAt === null && watch.acknowledged !== 'FAILED'
  return troubleOf(watch, memory) === 'FAILED' && isNew
    ? [{ event: 'FAILED', otherwise: [], backupId: memory.latestBackupId, reminder: null }]
    : endHeldBack(watch, memory)
}

/** The end of a trouble that could not be told until now, if no other holds. */
function endHeldBack(watch: JobWatch, memory: Memory): Occurrence[] {
  const trouble = troubleOf(watch, memory)
  if (!watch.troubleEnded || watch.paused || trouble === 'OVERDUE' || trouble === 'FAILED') return []
  return [{ event: 'RECOVERED', otherwise: [], backupId: memory.latestBackupId, reminder: null }]
}

/** The job in the given state from `at` on. */
function entered(
  before: JobWatch,
  memory: Memory,
  state: JobState,
  at: Date,
  why: TransitionReason,
  backupId: number | null,
): Change {
  const watch = acknowledgedStill({ ...before, state }, memory)
  if (state === before.state) return { watch, transitions: [], occurrences: [] }
  const transitions = [{ from: before.state, to: state, at, why, backupId }]
  const since = { ...watch, stateSince: at, toldAt: null, remindedAt: null }
  return state === 'OVERDUE'
    ? { ...tellsOverdue(since, at), transitions }
    : { watch: since, transitions, occurrences: [] }
}

function tellsOverdue(watch: JobWatch, at: Date): Pick<Change, 'watch' | 'occurrences'> {
  const silent = watch.snoozedUntil !== null && watch.snoozedUntil >= at
  return {
    watch: { ...watch, toldAt: at, remindedAt: at, troubleEnded: false },
    occurrences: silent ? [] : [{ event: 'OVERDUE', otherwise: [], backupId: null, reminder: null }],
  }
}

/** What is acknowledged stays so for as long as that trouble lasts. */
function acknowledgedStill(watch: JobWatch, memory: Memory): JobWatch {
  if (watch.acknowledged === null) return watch
  const lasts = watch.acknowledged === 'OVERDUE' ? watch.state === 'OVERDUE' : failureOf(memory) === watch.acknowledged
  return lasts ? watch : { ...watch, acknowledged: null, acknowledgedAt: null }
}

/** What the run that is the latest now is to whoever is told. Only one that is conclusive is the end of a trouble. */
function occurrenceOf(
  { id, status, reason }: RecordedRun,
  memory: Memory,
  after: Memory,
  watch: JobWatch,
  now: Date,
): Occurrence | null {
  const occurrence = { otherwise: [], backupId: id, reminder: null }
  if (isFailure(status)) {
    if (watch.acknowledged === 'FAILED') return null
    const { failedToldAt, failedRemindedAt, failedReason } = watch
    if (!failedToldAt || !failedRemindedAt || !isKnownReason(failedReason, reason)) {
      return { ...occurrence, event: 'FAILED' }
    }
    const sinceLastRun = (after.latestAt?.getTime() ?? 0) - (memory.latestAt?.getTime() ?? 0)
    const reminder = failureReminder(failedToldAt, failedRemindedAt, sinceLastRun, now)
    return reminder && { ...occurrence, event: 'FAILED', reminder }
  }
  const event = status === 'SUCCESS' && !after.lastStopped ? 'SUCCESS' : 'WARNING'
  const isKnown = watch.acknowledged === event
  const isRecovered = watch.openTrouble !== null && isConclusive(after) && watch.state !== 'OVERDUE'
  if (isRecovered) return { ...occurrence, event: 'RECOVERED', otherwise: isKnown ? [] : [event] }
  return isKnown ? null : { ...occurrence, event }
}

function patienceOf(watch: JobWatch, { recentRuns }: Memory, settings: WatchSettings): number {
  return patienceMs({ toleranceSeconds: watch.toleranceSeconds ?? settings.toleranceSeconds, recentRuns })
}

function scheduled(watch: JobWatch, patience: number): JobWatch {
  return { ...watch, nextEventAt: nextEvent(watch, patience) }
}

/** The next moment after which time alone changes something; null if it never does. */
function nextEvent(watch: JobWatch, patience: number): Date | null {
  const { paused, state, dueAt, overdueAt, snoozedUntil, acknowledged, toldAt, remindedAt } = watch
  const moments = [snoozedUntil, paused ? null : missedAt(watch, patience)]
  if (!paused && state !== 'OVERDUE') moments.push(state === 'LATE' ? overdueAt : dueAt)
  if (state === 'OVERDUE' && toldAt && remindedAt && !snoozedUntil && acknowledged !== 'OVERDUE') {
    moments.push(nextReminder(toldAt, remindedAt))
  }
  return moments.reduce(
    (first, moment) => (first === null || (moment !== null && moment < first) ? moment : first),
    null,
  )
}
