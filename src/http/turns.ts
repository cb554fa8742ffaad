// Lets so many at a time, and the others wait for their turn: what is not read meanwhile stays with its sender.

/**
 * Makes what runs work when it is its turn, in the order in which it was asked.
 *
 * @param atOnce how many run at the same time
 */
export function createTurns(atOnce: number): <T>(work: () => Promise<T>) => Promise<T> {
  const waiting: (() => void)[] = []
  let running = 0
  return async (work) => {
    if (running >= atOnce) await new Promise<void>((resolve) => waiting.push(resolve))
    else running += 1
    try {
      return await work()
    } finally {
      const next = waiting.shift()
      if (next) next()
      else running -= 1
    }
  }
}
