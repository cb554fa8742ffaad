// Counts the wrong tokens that come from an address. Whoever holds a right one is never held up: behind one address there may
// be many, and what Duplicati reports it does not send again.

import { LRUCache } from 'lru-cache'
import { DomainError } from '../../domain/errors.ts'

const windowMs = 60_000
/** Whoever has more addresses than this to try from finds one forgotten from which nothing came for long. */
const maxAddresses = 10_000

/**
 * Makes what counts a wrong token from an address.
 *
 * @param limit how many of them in a minute are answered as such
 * @returns a function that throws DomainError RATE_LIMITED from then on, until the minute is over
 */
export function createFailureLimit(limit: number, clock: () => Date): (address: string) => void {
  const counts = new LRUCache<string, number>({
    max: maxAddresses,
    // The minute begins with the first of them. An entry is still known when it is as old as this.
    ttl: windowMs - 1,
    noUpdateTTL: true,
    ttlResolution: 0,
    perf: { now: () => clock().getTime() },
  })
  return (address) => {
    const count = (counts.get(address) ?? 0) + 1
    counts.set(address, count)
    if (count <= limit) return
    throw new DomainError(
      'RATE_LIMITED',
      `More than ${limit} wrong tokens came from ${address}; try again in a minute.`,
    )
  }
}
