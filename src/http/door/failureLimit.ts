// Counts the wrong tokens that come from an address. Whoever holds a right one is never held up: behind one address there may
// be many, and what Duplicati reports it does not send again.

import { DomainError } from '../../domain/errors.ts'

const windowMs = 60_000
/** Whoever has more addresses than this to try from finds the oldest forgotten. */
const maxAddresses = 10_000

/**
 * Makes what counts a wrong token from an address.
 *
 * @param limit how many of them in a minute are answered as such
 * @returns a function that throws DomainError RATE_LIMITED from then on, until the minute is over
 */
export function createFailureLimit(limit: number): (address: string, now: Date) => void {
  const windows = new Map<string, { since: number; count: number }>()
  return (address, now) => {
    const known = windows.get(address)
    const window = known && now.getTime() - known.since < windowMs ? known : { since: now.getTime(), count: 0 }
    if (window !== known) {
      windows.delete(address)
      windows.set(address, window)
      for (const oldest of windows.keys()) {
        if (windows.size <= maxAddresses) break
        windows.delete(oldest)
      }
    }
    window.count += 1
    if (window.count <= limit) return
    throw new DomainError(
      'RATE_LIMITED',
      `More than ${limit} wrong tokens came from ${address}; try again in a minute.`,
    )
  }
}
