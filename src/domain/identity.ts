// Whose report this is. Duplicati marks a report with up to four things: machine-id, machine name, backup-id, backup name. None
// is reliable alone: ids change when a container is recreated or a job is imported anew, they are cloned with a disk, and names
// are shared. These are the rules; services/identity/identify.ts follows them. What cannot be told is listed, never guessed.

/** A server of the reported name. */
export interface Namesake {
  id: number
  /** Whether an id of its own leads to it already. */
  identified: boolean
}

/** A machine name that was reported under a machine-id. */
export interface MachineName {
  name: string
  /** The places in time of its first and its last run. */
  firstAt: Date
  lastAt: Date
}

/**
 * The server that an unknown machine-id belongs to, or undefined if a new one begins with it: the single namesake without an id
 * of its own. That one was taken over from an old database, only ever reported by a release that sends no ids, or has an id
 * that it shared with a clone and was given a new one.
 */
export function adopterOf(namesakes: Namesake[]): number | undefined {
  const unidentified = namesakes.filter(({ identified }) => !identified)
  return unidentified.length === 1 ? unidentified[0]?.id : undefined
}

/**
 * The server that a report without a machine-id belongs to, or undefined if a new one begins with it: the one that has this
 * job from such reports, or else one without an id, or else the only one.
 *
 * @param namesakes everything of the reported name, by ascending id
 * @param withThisJob those that have the job from reports without a machine-id
 */
export function nameBearerOf(namesakes: Namesake[], withThisJob: number[]): number | undefined {
  if (withThisJob.length === 1) return withThisJob[0]
  const unidentified = namesakes.filter(({ identified }) => !identified)
  return (unidentified[0] ?? (namesakes.length === 1 ? namesakes[0] : undefined))?.id
}

/**
 * The two names under one machine-id that prove to be two machines, the older first; null while there is one machine.
 *
 * Names that alternate (A, B, A) are two machines whose disks were cloned. A name that changes once and does not come back is a
 * rename. Only a new run that did not begin before the change counts as coming back: a report that is tried again, or comes late,
 * does not.
 *
 * @param known the names that were reported under the id before
 * @param at the run's place in time
 */
export function clonesOf(known: MachineName[], name: string, at: Date): [older: string, younger: string] | null {
  const mine = known.find((one) => one.name === name)
  const other = known
    .filter((one) => one !== mine)
    .reduce<MachineName | null>((last, one) => (last && last.lastAt >= one.lastAt ? last : one), null)
  if (!mine || !other || mine.lastAt > other.lastAt || at <= mine.lastAt || at < other.lastAt) return null
  return mine.firstAt <= other.firstAt ? [mine.name, other.name] : [other.name, mine.name]
}

/**
 * Whether the id tells a job also without a machine-id. The numbers of a Duplicati server (`DB-3`) do not: every machine has them.
 * The command line makes its ids of the destination.
 */
export function tellsAlone(backupId: string): boolean {
  return !/^DB-\d+$/i.test(backupId)
}

/** Whether the name proves nothing: the command line calls every job after itself, unless it is told a name. */
export function isDefaultName(name: string): boolean {
  return /^Duplicati\.(CommandLine|Server)(\.exe)?$/i.test(name)
}

/** An id of a job, as far as it matters for whether the job has two owners. */
interface Succession {
  succeededAt: Date | null
  /** The place in time of its latest run. */
  lastAt: Date | null
}

/**
 * The ids that took over the job of `reported` by its name and, as `reported` shows by reporting again, did so wrongly. Only a new
 * run that did not begin before they took over shows it.
 *
 * @param others the other ids of the job
 * @param at the place in time of the run that is reported
 */
export function wrongSuccessors<Mark extends Succession>(reported: Succession, others: Mark[], at: Date): Mark[] {
  const { succeededAt: since, lastAt } = reported
  if (lastAt && at <= lastAt) return []
  return others.filter(({ succeededAt }) => succeededAt && succeededAt <= at && (!since || succeededAt > since))
}

/** A job as Duplicati names it. */
export interface IdentifiedJob {
  backupId: string | null
  name: string
}

/**
 * The job of another server that is the same as this one, when the two servers prove to be one; undefined if none is. It is
 * the one of the same id and name, or else the one of its name, if both servers have only one like that: Duplicati numbers
 * its jobs anew when it is set up anew, so that a number alone says nothing.
 *
 * @param siblings the jobs of this one's server, itself among them
 */
export function twinOf<Job extends IdentifiedJob>(
  job: IdentifiedJob,
  siblings: IdentifiedJob[],
  others: Job[],
): Job | undefined {
  const only = (isLike: (other: IdentifiedJob) => boolean) => {
    const alike = others.filter(isLike)
    return alike.length === 1 && siblings.filter(isLike).length === 1 ? alike[0] : undefined
  }
  return (
    only(({ backupId, name }) => backupId === job.backupId && name === job.name) ??
    only(({ name }) => name === job.name)
  )
}

/** The marks of a run. */
export interface Marks {
  machineId: string | null
  backupId: string | null
  backupName: string | null
}

/**
 * Tells, of the runs of a job, which belong to the part that is split off, which stay, and of which nobody can say it: those stay,
 * too. A run that lacks the mark by which the job is split follows its backup-id and name, if all runs that have the mark agree.
 *
 * @param isSplitOff whether a run with the mark belongs to the part; null if the run lacks the mark
 */
export function partsOf<Run extends Marks>(runs: Run[], isSplitOff: (run: Run) => boolean | null) {
  const sides = new Map<string, Set<boolean>>()
  for (const run of runs) {
    const side = isSplitOff(run)
    for (const key of side === null ? [] : trails(run))
      sides.set(key, (sides.get(key) ?? new Set()).add(side as boolean))
  }
  const parts = { splitOff: [] as Run[], staying: [] as Run[], untold: [] as Run[] }
  for (const run of runs) {
    const side = isSplitOff(run) ?? agreed(trails(run).map((key) => sides.get(key)))
    if (side === null) parts.untold.push(run)
    else parts[side ? 'splitOff' : 'staying'].push(run)
  }
  return parts
}

/** By what a run without the mark is followed, the surest first. */
function trails({ backupId, backupName }: Marks): string[] {
  const keys = [JSON.stringify([backupId, backupName])]
  if (backupName !== null) keys.push(JSON.stringify([backupName]))
  return keys
}

function agreed(found: (Set<boolean> | undefined)[]): boolean | null {
  const [first] = found.filter((sides) => sides !== undefined)
  return first?.size === 1 ? ([...first][0] as boolean) : null
}
