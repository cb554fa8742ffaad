// Rings when it is time: at the next moment after which something is to be done, as the database tells it, or after a minute,
// whichever comes first. A timer stands still while a machine sleeps, and a clock can be set: a ring is only a reason to look,
// and what is done is decided by the clock.

import type { Logger } from 'pino'

/** In milliseconds. */
const patience = 60_000

export interface Alarm {
  /** Looks again: what is to be done may have changed. */
  recheck(): void
  /** Rings no more; resolves when the last ring is over. */
  stop(): Promise<void>
}

/**
 * Starts an alarm, which rings at once.
 *
 * @param what does it, for the log
 * @param nextAt the next moment after which something is to be done; null if none is known
 * @param ring does it; a failure is logged, and it is tried again after a minute
 */
export function startAlarm(
  what: string,
  nextAt: () => Date | null,
  ring: () => Promise<void>,
  clock: () => Date,
  log: Logger,
): Alarm {
  let timer: NodeJS.Timeout | undefined
  let ringing: Promise<void> | null = null
  let stopped = false

  function wait(delay: number) {
    clearTimeout(timer)
    if (!stopped) timer = setTimeout(start, delay)
  }

  function look() {
    const at = nextAt()
    const delay = at === null ? patience : at.getTime() + 1 - clock().getTime()
    wait(Math.max(0, Math.min(delay, patience)))
  }

  function start() {
    ringing = ring()
      .then(look)
      .catch((error) => {
        log.error({ err: error }, `${what} failed; it is tried again in a minute`)
        wait(patience)
      })
      .finally(() => {
        ringing = null
      })
  }

  wait(0)
  return {
    // Not at once: whoever wrote is to be answered first. A ring looks again by itself when it is over.
    recheck: () => {
      if (!ringing) wait(0)
    },
    stop: async () => {
      stopped = true
      clearTimeout(timer)
      await ringing
    },
  }
}
