// What becomes of a job, worked out the slow way: minute by minute, with nothing of the implementation's. Every minute has two
// halves: what is done in it comes first, and then the rest of it passes, after which something due at its start is late.

export type Run = 'SUCCESS' | 'WARNING' | 'FAILED'

/** What is done to the job in a minute. Minutes count from the start. */
export type Deed =
  | { do: 'report'; run: Run; beganAgo: number; announcedIn: number | null }
  | { do: 'pause' | 'resume' | 'acknowledge' | 'unsnooze' }
  | { do: 'snooze'; minutes: number }
  | { do: 'tolerance'; minutes: number }
  /** Every so many minutes; null: it is not set any more. */
  | { do: 'schedule'; minutes: number | null }
  /** The watcher wakes up and looks. */
  | { do: 'look' }

/** Who is told what: by what they want to be told, and how often they want to be reminded. */
export const listeners = [
  { events: ['OVERDUE', 'FAILED', 'WARNING', 'SUCCESS', 'RECOVERED'], repeat: 'DAILY' },
  { events: ['OVERDUE', 'FAILED'], repeat: 'ONCE' },
  { events: ['OVERDUE', 'RECOVERED'], repeat: 'WEEKLY' },
  { events: ['OVERDUE', 'WARNING', 'SUCCESS'], repeat: 'MONTHLY' },
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
  otherwise: string | null
  /** Whom it reminds; null: it is new. */
  reminds: Set<string> | null
}

const day = 24 * 60

export function simulate(startAt: Date, minutes: number, deeds: Map<number, Deed>): Lived {
  const transitions: string[] = []
  const told: string[][] = listeners.map(() => [])
  let state = 'NEW'
  let paused = false
  let tolerance = 60
  let every: number | null = null
  let countFrom: number | null = null
  let snoozedUntil: number | null = null
  let acknowledged: string | null = null
  let latest: { began: number; run: Run } | null = null
  let announcement: { by: number; at: number } | null = null
  let overdueTold: number | null = null
  // What happened while nobody looked, and what was told of when it began.
  let unseen: News[] = []
  let seenState = state

  function dueMinute(): number | null {
    if (every !== null) {
      const bases = [latest?.began, countFrom].filter((base) => base !== undefined && base !== null)
      if (bases.length > 0) return Math.max(...bases) + every
    }
    if (!announcement) return null
    if (latest && latest.began >= announcement.at) return null
    if (countFrom !== null && announcement.at < countFrom) return null
    return announcement.at
  }

  /** Half a minute stands for anything above nothing. */
  function stateNow(moment: number): string {
    if (paused) return 'PAUSED'
    const due = dueMinute()
    if (due !== null && due + tolerance < moment) return 'OVERDUE'
    if (due !== null && due < moment) return 'LATE'
    if (latest === null) return 'NEW'
    return { SUCCESS: 'OK', WARNING: 'WARNING', FAILED: 'FAILED' }[latest.run]
  }

  function become(next: string, minute: number, why: string): boolean {
    if (next === state) return false
    transitions.push(`${minute} ${state} ${next} ${why}`)
    if (state === 'OVERDUE') overdueTold = null
    state = next
    if (acknowledged === 'OVERDUE' && state !== 'OVERDUE') acknowledged = null
    if (state === 'OVERDUE') overdueTold = minute
    return state === 'OVERDUE'
  }

  function news(event: string, otherwise: string | null = null): News {
    return { event, otherwise, reminds: null }
  }

  function tell(minute: number, { event, otherwise, reminds }: News) {
    for (const [index, listener] of listeners.entries()) {
      if (reminds && !reminds.has(listener.repeat)) continue
      const events: readonly string[] = listener.events
      const heard = events.includes(event) ? event : otherwise !== null && events.includes(otherwise) ? otherwise : null
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
      otherwise: null,
      reminds: new Set(unseen.flatMap(({ reminds }) => [...(reminds ?? [])])),
    }
  }

  function isSilent(minute: number): boolean {
    return snoozedUntil !== null && snoozedUntil >= minute
  }

  function endOfSilence() {
    snoozedUntil = null
    return paused ? null : state === 'OVERDUE' ? 'OVERDUE' : latest?.run === 'FAILED' ? 'FAILED' : null
  }

  function unsilenced(minute: number): News[] {
    const trouble = endOfSilence()
    if (trouble === null || trouble === acknowledged) return []
    if (trouble === 'OVERDUE') overdueTold = minute
    return [news(trouble)]
  }

  function act(minute: number, deed: Deed) {
    // Nobody is told that something is over that nobody was told of.
    const wasState = unseen.length > 0 ? seenState : state
    const missed = summary()
    unseen = []
    let own: News | null = null
    let others: News[] = []
    if (deed.do === 'report') {
      const before = latest?.run ?? null
      const began = minute - deed.beganAgo
      const isLatest = latest === null || began >= latest.began
      if (deed.announcedIn !== null && (announcement === null || began >= announcement.by)) {
        announcement = { by: began, at: minute + deed.announcedIn }
      }
      if (isLatest) latest = { began, run: deed.run }
      if (acknowledged !== null && acknowledged !== 'OVERDUE' && latest?.run !== acknowledged) acknowledged = null
      const becameOverdue = become(stateNow(minute), minute, 'REPORT')
      if (isLatest && !paused && !isSilent(minute)) {
        const recovers = (wasState === 'OVERDUE' || before === 'FAILED') && deed.run !== 'FAILED' && state !== 'OVERDUE'
        const isKnown = acknowledged === deed.run
        if (recovers) own = news('RECOVERED', isKnown ? null : deed.run)
        else if (!isKnown) own = news(deed.run)
      }
      if (becameOverdue && !isSilent(minute)) own = news('OVERDUE', own ? own.event : null)
    } else if (deed.do !== 'look') {
      if (deed.do === 'unsnooze' && snoozedUntil !== null) others = unsilenced(minute)
      if (deed.do === 'pause') paused = true
      if (deed.do === 'resume' && paused) {
        paused = false
        countFrom = minute
      }
      if (deed.do === 'snooze') snoozedUntil = minute + deed.minutes
      if (deed.do === 'tolerance') tolerance = deed.minutes
      if (deed.do === 'schedule') every = deed.minutes
      if (deed.do === 'acknowledge') {
        const run = latest?.run
        const trouble = state === 'OVERDUE' ? 'OVERDUE' : run === undefined || run === 'SUCCESS' ? null : run
        if (trouble) acknowledged = trouble
      }
      if (become(stateNow(minute), minute, 'SCHEDULE') && !isSilent(minute)) others.push(news('OVERDUE'))
    }
    const holds =
      missed !== null && (missed.event === 'OVERDUE' ? state === 'OVERDUE' : !paused && latest?.run === 'FAILED')
    // A report in the same moment tells the same thing once.
    const all = [...(holds && missed.event !== own?.event ? [missed] : []), ...others, ...(own ? [own] : [])]
    for (const one of deed.do === 'report' ? all : all.slice(-1)) tell(minute, one)
    seenState = state
  }

  function pass(minute: number) {
    const happened: News[] = []
    if (snoozedUntil === minute) happened.push(...unsilenced(minute))
    if (become(stateNow(minute + 0.5), minute, 'TIME') && !isSilent(minute)) happened.push(news('OVERDUE'))
    if (state === 'OVERDUE' && overdueTold !== null && snoozedUntil === null && acknowledged !== 'OVERDUE') {
      const reminds = turns(overdueTold, minute)
      if (reminds.size > 0) happened.push({ event: 'OVERDUE', otherwise: null, reminds })
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

  for (let minute = 0; minute <= minutes; minute++) {
    const deed = deeds.get(minute)
    if (deed) act(minute, deed)
    if (minute < minutes) pass(minute)
  }
  return { transitions, told, state }
}
