// Copies the database file every so often, so that there is something to restore when its disk, or a person, destroys it.

import { type Copy, copiesIn, copyInto } from '../../database/file/copyFolder.ts'
import type { Context } from '../context.ts'

/** A start has other things to do, and one that is followed by the next needs no copy: in milliseconds. */
const firstAfterMs = 10 * 60 * 1000
const retryAfterMs = 60 * 60 * 1000

export interface Copying {
  /** When to make the next copy; null if none are made. */
  nextAt(): Date | null
  /** Makes one, if it is time. A failure is logged, and it is tried again in an hour. */
  copy(): Promise<void>
  /** Cuts short what is being made. */
  stop(): void
}

export function createCopying(context: Context): Copying {
  const { config, clock, log } = context
  const stopping = new AbortController()
  const startedAt = clock()
  let last = lastCopy(context)
  let notBefore = new Date(startedAt.getTime() + firstAfterMs)

  function nextAt(): Date | null {
    if (config.copies === null) return null
    const due = last === null ? startedAt : new Date(last.madeAt.getTime() + config.copies.everyMs)
    return due > notBefore ? due : notBefore
  }

  return {
    nextAt,
    copy: async () => {
      const now = clock()
      const at = nextAt()
      if (config.copies === null || at === null || at > now) return
      const { folder, kept } = config.copies
      try {
        const path = await copyInto(folder, config.databaseFile, now, kept, stopping.signal)
        log.info(`Copied the database to ${path}`)
        last = { path, madeAt: now }
      } catch (error) {
        if (stopping.signal.aborted) return
        notBefore = new Date(now.getTime() + retryAfterMs)
        log.error({ err: error }, `The database could not be copied into ${folder}; it is tried again in an hour`)
      }
    },
    stop: () => stopping.abort(),
  }
}

/**
 * The latest copy that was made on schedule, as its folder tells; null if there is none. One of the future has a wrong clock. Of a
 * folder that cannot be read nothing is known: the log says why, as soon as the next copy is to be made.
 */
export function lastCopy({ config, clock }: Pick<Context, 'config' | 'clock'>): Copy | null {
  if (config.copies === null) return null
  const now = clock()
  try {
    return copiesIn(config.copies.folder).find(({ madeAt }) => madeAt <= now) ?? null
  } catch {
    return null
  }
}
