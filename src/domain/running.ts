// What is known of a run while it runs, from what Duplicati tells meanwhile. One post after another changes it, and its report ends it.

/** What a status post tells of a run. */
export interface StatusPost {
  /** When the run began, by the clock of its machine: that tells one run of a job from another. */
  startedAt: Date
  /** Whether it tells that the run is over, however it ended. */
  ended: boolean
  /** Whether a report of the run will follow. */
  reports: boolean
  /** As Duplicati calls it, like `Backup_ProcessingFiles`. */
  phase: string
  /** From 0 to 1; null, as all figures, if it does not say. */
  progress: number | null
  /** What was processed so far. */
  bytes: number | bigint | null
  files: number | bigint | null
}

/** RUNNING, until it is told that it ENDED, and then REPORTED; a run without a report is REPORTED at once. */
type Stage = 'RUNNING' | 'ENDED' | 'REPORTED'

export interface LiveRun {
  stage: Stage
  startedAt: Date
  /** When it began, but not later than when it was first heard of: the clock of its machine may be ahead. */
  since: Date
  phase: string
  progress: number | null
  bytes: number | bigint | null
  files: number | bigint | null
  /** When something was last heard of it. */
  heardAt: Date
  /** When it was last told to whoever listens. */
  toldAt: Date
}

/** A run that nothing is heard of for so long is not shown any more, in milliseconds. Duplicati posts every 30 seconds. */
const silenceMs = 5 * 60_000
/** So long after its end a report is waited for, in milliseconds: two of Duplicati's intervals. */
const reportMs = 60_000
/** While nothing but figures change, they are told at most this often, in milliseconds. */
const pauseMs = 3_000
/** A report may tell times to the second alone, in milliseconds. */
const roundingMs = 1_000

/** What a post makes of what is known, and whether that is to be told now. A post of an earlier run, or one that comes late, changes nothing. */
export function heard(known: LiveRun | null, post: StatusPost, now: Date): { run: LiveRun; isToTell: boolean } | null {
  const { startedAt, ended, reports } = post
  const isSame = known?.startedAt.getTime() === startedAt.getTime()
  if (known && (startedAt < known.startedAt || (isSame && known.stage !== 'RUNNING'))) return null
  const before = isSame ? known : null
  const wasShown = known?.stage === 'RUNNING'
  const turns = ended ? wasShown : !before
  const sinceTold = before ? now.getTime() - before.toldAt.getTime() : 0
  const isToTell = turns || (!ended && (sinceTold >= pauseMs || sinceTold < 0))
  const run: LiveRun = {
    stage: !ended ? 'RUNNING' : reports ? 'ENDED' : 'REPORTED',
    startedAt,
    since: before?.since ?? (startedAt < now ? startedAt : now),
    phase: post.phase,
    progress: post.progress ?? before?.progress ?? null,
    bytes: post.bytes ?? before?.bytes ?? null,
    files: post.files ?? before?.files ?? null,
    heardAt: now,
    toldAt: isToTell || !before ? now : before.toldAt,
  }
  return { run, isToTell }
}

/** When a run began and ended, as its report tells. */
export interface ReportedTimes {
  beganAt: Date | null
  endedAt: Date | null
}

/**
 * The run, now that a report of its job came: over, if it is its own. A run is told to have started shortly after the time at which its
 * report says that it began. A report of a later run shows that this one is over too, but not that its report came.
 */
export function reported(run: LiveRun, { beganAt, endedAt }: ReportedTimes): LiveRun {
  if (beganAt && run.startedAt < beganAt) return run.stage === 'RUNNING' ? { ...run, stage: 'REPORTED' } : run
  const isEarlier = endedAt !== null && endedAt.getTime() + roundingMs < run.startedAt.getTime()
  return isEarlier ? run : { ...run, stage: 'REPORTED' }
}

/** When the run is given up: RUNNING and REPORTED are forgotten then, of one that ENDED the report was lost. */
export function givenUpAt({ stage, heardAt }: LiveRun): Date {
  return new Date(heardAt.getTime() + (stage === 'ENDED' ? reportMs : silenceMs))
}
