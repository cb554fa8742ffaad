// Lets so many at a time, and the others wait for their turn: what is not read meanwhile stays with its sender.

import { DomainError } from '../domain/errors.ts'

export type Turns = <T>(work: () => Promise<T>) => Promise<T>

/**
 * Makes what runs work when it is its turn, in the order in which it was asked. It throws DomainError UNAVAILABLE, and runs
 * nothing, if as many wait as may.
 *
 * @param atOnce how many run at the same time
 * @param maxWaiting how many may wait for their turn
 * @param figures kept true: how many run now, and how many wait
 */
export function createTurns(atOnce: number, maxWaiting: number, figures: { running: number; waiting: number }): Turns {
  const waiting: (() => void)[] = []
  return async (work) => {
    if (figures.running < atOnce) figures.running += 1
    else {
      if (waiting.length >= maxWaiting) {
        throw new DomainError('UNAVAILABLE', `${maxWaiting} large bodies wait to be received; try again in a moment.`)
      }
      figures.waiting += 1
      await new Promise<void>((resolve) => waiting.push(resolve))
      figures.waiting -= 1
    }
    try {
      return await work()
    } finally {
      const next = waiting.shift()
      if (next) next()
      else figures.running -= 1
    }
  }
}
