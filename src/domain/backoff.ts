// When a message that could not be delivered is tried again.

const minute = 60_000
const hour = 60 * minute

/** How long to wait after each try, in milliseconds: twelve tries over a day and a bit. */
const waits = [0.5, 1, 2, 5, 10, 30, 60, 120, 240, 480, 720].map((minutes) => minutes * minute)

export const longestWaitMs = 24 * hour

/**
 * @param attempts how often it was tried
 * @param retryAfterMs how long the far end asks to wait, in milliseconds, if it does; a day at most is granted
 * @returns when to try again; null: it is given up
 */
export function nextAttempt(attempts: number, now: Date, retryAfterMs: number | null): Date | null {
  const wait = waits[attempts - 1]
  if (wait === undefined) return null
  return new Date(now.getTime() + Math.max(wait, Math.min(retryAfterMs ?? 0, longestWaitMs)))
}
