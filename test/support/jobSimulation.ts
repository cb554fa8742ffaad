// What becomes of a job, worked out the slow way: minute by minute, with nothing of the implementation's. Every minute has two
// halves: what is done in it comes first, and then the rest of it passes, after which something due at its start is late.
//
// Long because all the rules of a job's life stand here a second time.

export type Run = 'SUCCESS' | 'WARNING' | 'FAILED' | 'STOPPED' | 'UNKNOWN' | 'PREVENTED'

/** What is done to the job in a minute. Minutes count from the start. */
export type Deed =
  | {
      do: 'report'
      run: Run
      beganAgo: number
      /** How long it took. */
      took: number
      announcedIn: number | null
      /** Why it failed. */
      reason: string | null
      /** Whether something about it is unusual. */
      unusual: boolean
    }
  | { do: 'pause' | 'resume' | 'acknowledge' | 'unsnooze' }
  | { do: 'snooze'; minutes: number }
  | { do: 'tolerance'; minutes: number }
  /** Every so many minutes; null: it is not set any more. */
  | { do: 'schedule'; minutes: number | null }
  /** From now on, so many minutes without a success are unusual. */
  | { do: 'watchSuccess'; minutes: number }
  /** The watcher wakes up and looks. */
  | { do: 'look' }

/** Who is told what: by what they want to be told, and how often they want to be reminded. */
export const listeners = [
  { events: ['OVERDUE', 'FAILED', 'WARNING', 'SUCCESS', 'RECOVERED', 'UNUSUAL'], repeat: 'DAILY' },
  { events: ['OVERDUE', 'FAILED'], repeat: 'ONCE' },
  { events: ['OVERDUE', 'FAILED', 'RECOVERED'], repeat: 'WEEKLY' },
  { events: ['OVERDUE', 'WARNING', 'SUCCESS', 'UNUSUAL'], repeat: 'MONTHLY' },
] as const

export interface Lived {
  /** `minute FROM TO why`. */
  transitions: string[]
  /** For each listener `minute EVENT`, with `again` where it is a reminder. */
  told: string[][]
  state: string
}

interface News {
  event: string
  /** What else it is, the first that somebody wants to hear, new to everybody. */
  otherwise: string[]
  /** Whom it reminds; null: it is new. */
  reminds: Set<string> | null
}

interface Told {
  began: number
  run: Exclude<Run, 'PREVENTED'>
  took: number
}

const hour = 60
const day = 24 * hour

/**
 * @param absences in which minutes the server started, and how many minutes before it was last up; nothing is done in between
 * @param remembers how many of its last runs the job remembers
 */
export function simulate(
  startAt: Date,
  minutes: number,
  deeds: Map<number, Deed>,
  absences: Map<number, number>,
  remembers = 10,
): Lived {
  const transitions: string[] = []
  const told: string[][] = listeners.map(() => [])
  let state = 'NEW'
  let pausedSince: number | null = null
  let tolerance = 60
  let every: number | null = null
  let countFrom: number | null = null
  let owedAt: number | null = null
  let away: { from: number; until: number } | null = null
  let snoozedUntil: number | null = null
  let acknowledged: string | null = null
  let runs: Told[] = []
  let latest: Told | null = null
  let conclusive: Told | null = null
  let announcement: { by: number; at: number } | null = null
  let overdueTold: number | null = null
  // What somebody heard of and has not heard the end of, and whether it is over.
  let open: string | null = null
  let ended = false
  // The failures that were told: when first, when last, and why; null: nobody knows.
  let streak: { first: number; last: number; reasons: string[] | null } | null = null
  let waiting: { due: number; overdue: number } | null = null
  // What happened while nobody looked.
  let unseen: News[] = []
  // When the job was first heard of, when its last success began, and when it was told that it has had none for too long.
  let knownSince: number | null = null
  let lastSuccess: number | null = null
  let successWatched: number | null = null
  let noSuccessTold: number | null = null

  function patience(): number {
    const took = runs.map((run) => run.took).sort((a, b) => a - b)
    const usual = took.length < 3 ? (took.at(-1) ?? 0) : (took[Math.floor(took.length / 2)] ?? 0)
    return Math.max(tolerance, 2 * usual)
  }

  function dueMinute(): number | null {
    const end = Math.max(...runs.map((run) => run.began + run.took), Number.NEGATIVE_INFINITY)
    if (owedAt !== null && end < owedAt) return owedAt
    if (every !== null) {
      const base = Math.max(runs.at(-1)?.began ?? Number.NEGATIVE_INFINITY, countFrom ?? Number.NEGATIVE_INFINITY)
      if (Number.isFinite(base)) {
        let due = base + every
        while (due < end) due += every
        return due
      }
    }
    if (!announcement) return null
    const { at, by } = announcement
    const isMet = (due: number) => (latest && latest.began >= due) || end > due || (countFrom ?? due) > due
    const isAbsurd = at <= by || at - by >= 366 * day
    const interval = isAbsurd ? day : naturalInterval(at - by)
    let due = at
    while (isMet(due)) due += interval
    if (isAbsurd) while (!isMet(due - interval) && (latest || end > 0)) due -= interval
    return due
  }

  /** From when a run began to when the next one is announced, as a person would read it. */
  function naturalInterval(minutes: number): number {
    const rest = minutes % day
    if (minutes >= day - 90 && rest >= day - 90) return minutes - rest + day
    if (minutes >= day && rest <= 90) return minutes - rest
    if (minutes % hour === 0 || (minutes < hour && minutes % 5 === 0)) return minutes
    return Math.ceil(minutes / day) * day
  }

  function expect() {
    const due = dueMinute()
    waiting = due === null ? null : { due, overdue: due + patience() }
    if (!waiting || !away || away.until - away.from <= patience()) return
    if (away.from < waiting.overdue && away.until > waiting.due) {
      waiting.overdue = Math.max(waiting.overdue, away.until + patience())
    }
  }

  function isFailing(): boolean {
    return latest?.run === 'FAILED' || conclusive?.run === 'FAILED'
  }

  /** Half a minute stands for anything above nothing. */
  function stateNow(moment: number): string {
    if (pausedSince !== null) return 'PAUSED'
    if (waiting && waiting.overdue < moment) return 'OVERDUE'
    if (waiting && waiting.due < moment) return 'LATE'
    if (latest === null) return 'NEW'
    if (latest.run === 'FAILED' || (latest.run === 'STOPPED' && conclusive?.run === 'FAILED')) return 'FAILED'
    return latest.run === 'SUCCESS' ? 'OK' : 'WARNING'
  }

  function trouble(): string | null {
    if (state === 'OVERDUE') return 'OVERDUE'
    if (isFailing()) return 'FAILED'
    return latest === null || latest.run === 'SUCCESS' ? null : 'WARNING'
  }

  function become(next: string, minute: number, why: string): boolean {
    if (next === state) return false
    transitions.push(`${minute} ${state} ${next} ${why}`)
    if (state === 'OVERDUE') overdueTold = null
    state = next
    if (acknowledged === 'OVERDUE' && state !== 'OVERDUE') acknowledged = null
    if (state === 'OVERDUE') {
      overdueTold = minute
      ended = false
    }
    return state === 'OVERDUE'
  }

  function news(event: string, otherwise: string[] = []): News {
    return { event, otherwise, reminds: null }
  }

  function tell(minute: number, { event, otherwise, reminds }: News, reason: string | null) {
    if (event === 'RECOVERED') open = null
    if (event === 'OVERDUE' || event === 'FAILED') open = event
    if (event === 'OVERDUE' || event === 'FAILED' || event === 'RECOVERED') ended = false
    if (event === 'FAILED') {
      const known: string[] | null = streak?.reasons ?? null
      const reasons = reason === null || known?.includes(reason) ? known : [...(known ?? []), reason]
      streak = { first: streak?.first ?? minute, last: minute, reasons }
    }
    for (const [index, listener] of listeners.entries()) {
      const isTurn = !reminds || reminds.has(listener.repeat)
      const events: readonly string[] = listener.events
      const heard = [...(isTurn ? [event] : []), ...otherwise].find((one) => events.includes(one))
      if (heard) told[index]?.push(`${minute} ${heard}${reminds ? ' again' : ''}`)
    }
  }

  /** Of what nobody saw, the last thing that was new is told; or else everybody is reminded whose turn came meanwhile. */
  function summary(): News | null {
    const fresh = unseen.filter(({ reminds }) => reminds === null)
    const last = fresh.at(-1)
    if (last) return last
    if (unseen.length === 0) return null
    return {
      event: 'OVERDUE',
      otherwise: [],
      reminds: new Set(unseen.flatMap(({ reminds }) => [...(reminds ?? [])])),
    }
  }

  function isSilent(minute: number): boolean {
    return pausedSince !== null || (snoozedUntil !== null && snoozedUntil >= minute)
  }

  function endHeldBack(): News[] {
    const holds = trouble()
    return ended && pausedSince === null && holds !== 'OVERDUE' && holds !== 'FAILED' ? [news('RECOVERED')] : []
  }

  function unsilenced(minute: number): News[] {
    snoozedUntil = null
    const holds = trouble()
    if (pausedSince !== null || holds === null || holds === 'WARNING' || holds === acknowledged) return endHeldBack()
    if (holds === 'OVERDUE') {
      overdueTold = minute
      ended = false
    } else streak = null
    return [news(holds)]
  }

  /** The news of a run that failed: at once where it is new, or else as often as everybody wants. */
  function failure(minute: number, reason: string | null, sinceLast: number): News | null {
    if (acknowledged === 'FAILED') return null
    if (!streak || (streak.reasons !== null && reason !== null && !streak.reasons.includes(reason))) {
      return news('FAILED')
    }
    // Less than an hour, by a millisecond.
    const early = Math.max(0, Math.min(hour - 1 / 60_000, sinceLast / 2))
    const { first, last } = streak
    if (minute - last < day - early) return null
    const reminds = new Set(['ONCE'])
    for (let turn = first + day; turn <= minute + early; turn += day) {
      if (turn > last + early) for (const one of turns(first, turn)) reminds.add(one)
    }
    return { event: 'FAILED', otherwise: [], reminds }
  }

  function report(minute: number, deed: Deed & { do: 'report' }): News | null {
    const before = latest
    const { run, took } = deed
    knownSince ??= minute
    if (run !== 'PREVENTED') {
      const began = minute - deed.beganAgo
      if (run === 'SUCCESS') lastSuccess = Math.max(began, lastSuccess ?? began)
      const one = { began, run, took }
      runs = [...runs, one].sort((a, b) => a.began - b.began).slice(-remembers)
      if (deed.announcedIn !== null && (announcement === null || began >= announcement.by)) {
        announcement = { by: began, at: minute + deed.announcedIn }
      }
      if (run !== 'STOPPED' && run !== 'UNKNOWN' && (conclusive === null || began >= conclusive.began)) conclusive = one
      if (latest === null || began >= latest.began) latest = one
    }
    const isLatest = latest !== before
    if (!isFailing()) streak = null
    expect()
    const becameOverdue = become(stateNow(minute), minute, 'REPORT')
    if (acknowledged !== null && acknowledged !== 'OVERDUE') {
      const lasts = isFailing() ? 'FAILED' : latest?.run === 'SUCCESS' ? null : 'WARNING'
      if (lasts !== acknowledged) acknowledged = null
    }
    const isGood = isLatest && (run === 'SUCCESS' || run === 'WARNING') && !isFailing()
    let own: News | null = null
    if (isLatest && run === 'FAILED') ended = false
    if (isLatest && isSilent(minute) && open !== null && isGood) {
      const wouldBeOverdue = pausedSince !== null && waiting !== null && waiting.overdue < minute
      if (state !== 'OVERDUE' && !wouldBeOverdue) ended = true
    }
    if (isLatest && !isSilent(minute)) {
      if (run === 'FAILED') own = failure(minute, deed.reason, minute - deed.beganAgo - (before?.began ?? -1e9))
      else {
        const event = run === 'SUCCESS' ? 'SUCCESS' : 'WARNING'
        const isKnown = acknowledged === event
        if (open !== null && isGood && state !== 'OVERDUE') own = news('RECOVERED', isKnown ? [] : [event])
        else if (!isKnown) own = news(event)
      }
      if (deed.unusual) own = withUnusual(own)
      if (run === 'FAILED' && streak && streak.reasons === null && deed.reason !== null) streak.reasons = [deed.reason]
    }
    if (becameOverdue && !isSilent(minute))
      return news('OVERDUE', own ? [...(own.reminds ? [] : [own.event]), ...own.otherwise] : [])
    return own
  }

  /** That a trouble is there or over is said first, and then that the run is unusual. */
  function withUnusual(own: News | null): News {
    if (!own) return news('UNUSUAL')
    if (own.event !== 'FAILED' && own.event !== 'RECOVERED') return news('UNUSUAL', [own.event])
    return { ...own, otherwise: ['UNUSUAL', ...own.otherwise] }
  }

  function act(minute: number, deed: Deed) {
    const missed = summary()
    unseen = []
    let own: News | null = null
    const others: News[] = []
    if (deed.do === 'report') own = report(minute, deed)
    else if (deed.do !== 'look') {
      if (deed.do === 'unsnooze' && snoozedUntil !== null) others.push(...unsilenced(minute))
      if (deed.do === 'pause') pausedSince ??= minute
      const resumes = deed.do === 'resume' && pausedSince !== null
      if (resumes) {
        const wasOverdue = waiting !== null && waiting.overdue < (pausedSince as unknown as number)
        const isOwed = owedAt !== null && waiting?.due === owedAt
        owedAt = wasOverdue || isOwed ? minute : null
        pausedSince = null
        countFrom = minute
      }
      if (deed.do === 'snooze') snoozedUntil = minute + deed.minutes
      if (deed.do === 'tolerance') tolerance = deed.minutes
      if (deed.do === 'schedule') every = deed.minutes
      if (deed.do === 'watchSuccess') successWatched = deed.minutes
      if (deed.do === 'acknowledge') acknowledged = trouble() ?? acknowledged
      expect()
      const becameOverdue = become(stateNow(minute), minute, 'SCHEDULE')
      if (resumes && !isSilent(minute)) {
        const isNew = trouble() === 'FAILED' && !streak && acknowledged !== 'FAILED'
        others.push(...(isNew ? [news('FAILED')] : endHeldBack()))
      }
      if (becameOverdue && !isSilent(minute)) others.push(news('OVERDUE'))
    }
    // A report in the same moment tells the same thing once.
    const isTold = missed !== null && stillHolds(missed.event) && missed.event !== own?.event
    const all = [...(isTold ? [missed] : []), ...others, ...(own ? [own] : [])]
    const reason = deed.do === 'report' && deed.run === 'FAILED' ? deed.reason : null
    for (const one of deed.do === 'report' ? all : all.slice(-1)) tell(minute, one, reason)
    if (deed.do === 'look' && hasNoSuccess(minute)) {
      noSuccessTold = minute
      tell(minute, news('UNUSUAL'), null)
    }
  }

  /** Whether that has not been told since it had one. */
  function hasNoSuccess(minute: number): boolean {
    if (successWatched === null || knownSince === null || isSilent(minute)) return false
    const since = Math.max(lastSuccess ?? knownSince, countFrom ?? 0)
    const isTold = noSuccessTold !== null && noSuccessTold >= (lastSuccess ?? 0)
    return since + successWatched < minute && !isTold
  }

  function stillHolds(event: string): boolean {
    if (event === 'OVERDUE') return state === 'OVERDUE'
    if (pausedSince !== null) return false
    return event === 'FAILED' ? isFailing() : !isFailing() && state !== 'OVERDUE'
  }

  function pass(minute: number) {
    const happened: News[] = []
    if (snoozedUntil === minute) happened.push(...unsilenced(minute))
    if (become(stateNow(minute + 0.5), minute, 'TIME') && !isSilent(minute)) happened.push(news('OVERDUE'))
    if (state === 'OVERDUE' && overdueTold !== null && snoozedUntil === null && acknowledged !== 'OVERDUE') {
      const reminds = turns(overdueTold, minute)
      if (reminds.size > 0) happened.push({ event: 'OVERDUE', otherwise: [], reminds })
    }
    unseen.push(...happened)
  }

  /** Whose turn it is to be reminded in this minute of what was told in that one, by the calendar on the wall. */
  function turns(toldAt: number, minute: number): Set<string> {
    const turn = new Set<string>()
    if (minute <= toldAt || (minute - toldAt) % day !== 0) return turn
    turn.add('DAILY')
    if ((minute - toldAt) % (7 * day) === 0) turn.add('WEEKLY')
    const first = new Date(startAt.getTime() + toldAt * 60_000)
    const today = new Date(startAt.getTime() + minute * 60_000)
    const tomorrow = new Date(today.getTime() + day * 60_000)
    const isLastOfMonth = tomorrow.getUTCDate() === 1
    const wanted = first.getUTCDate()
    if (today.getUTCDate() === wanted || (isLastOfMonth && today.getUTCDate() < wanted)) turn.add('MONTHLY')
    return turn
  }

  /** The server comes back: what passed meanwhile passes now. A long absence is not forgotten for a short one of the same day. */
  function comeBack(from: number, until: number) {
    const isOutweighed = away !== null && until - away.until < day && away.until - away.from > until - from
    if (until - from > 2 && !isOutweighed) {
      away = { from, until }
      expect()
    }
    for (let minute = from; minute < until; minute++) pass(minute)
  }

  const isAway = new Set<number>()
  for (const [until, length] of absences) for (let minute = until - length; minute < until; minute++) isAway.add(minute)
  for (let minute = 0; minute <= minutes; minute++) {
    const length = absences.get(minute)
    if (length !== undefined) comeBack(minute - length, minute)
    const deed = deeds.get(minute)
    if (deed) act(minute, deed)
    if (minute < minutes && !isAway.has(minute)) pass(minute)
  }
  return { transitions, told, state }
}
