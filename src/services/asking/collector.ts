// Asks each Duplicati that is connected once an hour, and whenever somebody wants it: each by one asker at a time, several at once.

import type { Context } from '../context.ts'
import { type Collected, type CollectOptions, collect } from './collect.ts'

/** How often each is asked, in milliseconds. */
const intervalMs = 60 * 60 * 1000
/** How long one is left alone where not even the failure could be noted, in milliseconds. */
const pauseMs = 60_000
/** How many are asked at the same time. */
const atOnce = 8

export interface Collector {
  /**
   * Asks the Duplicati of a server; whoever wants that meanwhile gets the same answer.
   *
   * @throws DomainError as collect
   */
  collect(serverId: number): Promise<Collected>
  /** Begins to ask those that were not asked for an hour, and does not wait for them. */
  beginDue(): Promise<void>
  /** The same, and waits until all were asked. */
  collectDue(): Promise<void>
  /** When the next one is to be asked; null if none is, or as many are being asked as may be. */
  nextAt(): Date | null
  /** Ends what is under way; the next start asks again. */
  stop(): Promise<void>
}

export function createCollector(context: Context): Collector {
  const { database, clock, log } = context
  const underWay = new Map<number, Promise<Collected>>()
  const pausedUntil = new Map<number, number>()
  const stopping = new AbortController()

  function ask(serverId: number): Promise<Collected> {
    const options: CollectOptions = { signal: stopping.signal }
    const work = underWay.get(serverId) ?? collect(context, serverId, options).finally(() => underWay.delete(serverId))
    underWay.set(serverId, work)
    return work
  }

  /** Those to be asked now, the one that was not asked for longest first. */
  function due(): number[] {
    const now = clock().getTime()
    const old = database.writer.read(({ connections }) => connections.notAskedSince(new Date(now - intervalMs)))
    return old.filter((serverId) => !underWay.has(serverId) && (pausedUntil.get(serverId) ?? 0) <= now)
  }

  async function beginDue() {
    for (const serverId of due().slice(0, atOnce - underWay.size)) {
      if (stopping.signal.aborted) return
      ask(serverId).catch((err) => {
        pausedUntil.set(serverId, clock().getTime() + pauseMs)
        if (!stopping.signal.aborted) log.error({ err, server: `Server:${serverId}` }, 'A Duplicati could not be asked')
      })
    }
  }

  async function settled() {
    await Promise.allSettled(underWay.values())
  }

  return {
    collect: ask,
    beginDue,
    collectDue: async () => {
      while (due().length > 0) {
        await beginDue()
        await settled()
      }
    },
    nextAt: () => {
      if (underWay.size >= atOnce) return null
      if (due().length > 0) return new Date(0)
      const oldest = database.writer.read(({ connections }) => connections.oldestCheck())
      return oldest && oldest.getTime() > 0 ? new Date(oldest.getTime() + intervalMs) : null
    },
    stop: async () => {
      stopping.abort()
      await settled()
    },
  }
}
