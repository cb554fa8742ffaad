// Tells a monitor elsewhere that this server does its work, for as long as it does: a server that is down, or that cannot warn, says
// nothing, and the silence is what the monitor raises its alarm for.

import { ping } from '../../notify/ping.ts'
import type { Context } from '../context.ts'
import { proveWritable, requireRoom } from './readiness.ts'

/** In milliseconds. A heartbeat is tried once a minute, so a slow disk or monitor may cost some before five minutes are over. */
const writeMs = 10_000
const callMs = 10_000
/** The jobs are watched at least once a minute. */
const watchedMs = 3 * 60_000
/** How long a channel may have messages waiting and deliver none. */
const stuckMs = 60 * 60_000
/** Until the jobs were watched for the first time. */
const firstMs = 1000

/** What was logged last, so that it is said once: all is well, the call failed, or why it was withheld. */
type Logged = { kind: 'SENT' | 'FAILED' } | { kind: 'WITHHELD'; reason: string }

export interface Heartbeat {
  /** Notes that time was let pass for all jobs. */
  jobsWatched(): void
  /** Calls the monitor, once, if all is well; what keeps it from that is logged once, and so is its end. It throws nothing. */
  beat(): Promise<void>
  /** When to try next; null: in a minute. */
  nextAt(): Date | null
  /** Cuts a call short. */
  stop(): void
}

/** @param url called exactly as it is */
export function createHeartbeat(context: Context, url: string): Heartbeat {
  const { clock, log } = context
  const startedAt = clock()
  const stopping = new AbortController()
  let watchedAt: Date | null = null
  let logged: Logged = { kind: 'SENT' }

  async function beat() {
    // The first look at the jobs after a start may still be going on: that is no reason to say anything.
    if (!watchedAt && isWithin(startedAt, watchedMs)) return
    const reason = await whyNot()
    if (stopping.signal.aborted) return
    if (reason !== null) return withhold(reason)
    try {
      await ping(url, AbortSignal.any([stopping.signal, AbortSignal.timeout(callMs)]))
    } catch (error) {
      if (stopping.signal.aborted) return
      if (logged.kind !== 'FAILED')
        log.warn(
          { reason: (error as Error).message },
          'The heartbeat could not be sent; it is tried again every minute',
        )
      logged = { kind: 'FAILED' }
      return
    }
    if (logged.kind !== 'SENT') log.info('The heartbeat is sent again')
    logged = { kind: 'SENT' }
  }

  function withhold(reason: string) {
    if (logged.kind !== 'WITHHELD' || logged.reason !== reason) log.error({ reason }, 'The heartbeat is withheld')
    logged = { kind: 'WITHHELD', reason }
  }

  /** What is wrong; null if nothing is. */
  async function whyNot(): Promise<string | null> {
    try {
      requireRoom(context)
      await proveWritable(context.database.writer, writeMs)
      if (!watchedAt || !isWithin(watchedAt, watchedMs)) return 'Nobody looks for late jobs: that was not done in time.'
      const since = new Date(clock().getTime() - stuckMs)
      const stuck = context.database.writer.read(({ notifications }) => notifications.stuckChannels(since))
      if (stuck.length === 0) return null
      return `Messages wait, and none was delivered for an hour, to the channel ${stuck.join(', ')}.`
    } catch (error) {
      return (error as Error).message
    }
  }

  function isWithin(from: Date, spanMs: number) {
    return clock().getTime() - from.getTime() < spanMs
  }

  return {
    jobsWatched: () => {
      watchedAt = clock()
    },
    beat,
    nextAt: () => (watchedAt ? null : new Date(clock().getTime() + firstMs)),
    stop: () => stopping.abort(),
  }
}
