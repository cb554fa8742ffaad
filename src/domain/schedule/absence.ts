// When this server itself was away: what was due meanwhile may have run, and its report was lost.

export interface Absence {
  from: Date
  until: Date
}

/** The server notes about once a minute that it runs: a gap of up to this is none. */
const noticedMs = 2 * 60 * 1000

/** For how long a long absence is remembered although a shorter one followed. */
const rememberedMs = 24 * 60 * 60 * 1000

/** The absence that a start ends; null if there was none, as at the first start and after a clock was set back. */
export function absenceBefore(start: Date, aliveAt: Date | null): Absence | null {
  return aliveAt && start.getTime() - aliveAt.getTime() > noticedMs ? { from: aliveAt, until: start } : null
}

/**
 * The one to remember: the latest, unless a longer one ended less than a day before, as when a start is soon repeated. If the server
 * ran between the two for less time than each of them took, they are one. One that starts again and again is not away all the time.
 */
export function memorableAbsence(known: Absence | null, latest: Absence): Absence {
  if (!known || known.from.getTime() === latest.from.getTime()) return latest
  const ranMs = latest.from.getTime() - known.until.getTime()
  if (ranMs >= 0 && ranMs < lengthOf(known) && ranMs < lengthOf(latest))
    return { from: known.from, until: latest.until }
  const isRecent = latest.until.getTime() - known.until.getTime() < rememberedMs
  return isRecent && lengthOf(known) > lengthOf(latest) ? known : latest
}

/** In milliseconds. */
export function lengthOf({ from, until }: Absence): number {
  return until.getTime() - from.getTime()
}

/** Whether the server was away at some moment at which the job was due and not yet overdue. */
export function isAwayDuring({ from, until }: Absence, dueAt: Date, overdueAt: Date): boolean {
  return from < overdueAt && until > dueAt
}
