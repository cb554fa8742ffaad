// Chance that repeats itself: the same seed and names give the same numbers, whatever else was drawn before.

import { createHash } from 'node:crypto'

export interface Random {
  /** From `low` up to, and not including, `high`. */
  between(low: number, high: number): number
  /** From `low` to `high`, both included. */
  whole(low: number, high: number): number
  chance(probability: number): boolean
  pick<T>(from: readonly T[]): T
  /** A factor around 1, never negative: two of three lie within `spread` of it, a few far above. */
  noise(spread: number): number
  /** 32 hexadecimal digits. */
  id(): string
}

export function randomOf(seed: number, ...names: (string | number)[]): Random {
  const share = mulberry32(
    createHash('sha256')
      .update([seed, ...names].join('/'))
      .digest()
      .readUInt32LE(),
  )
  const between = (low: number, high: number) => low + share() * (high - low)
  const whole = (low: number, high: number) => Math.floor(between(low, high + 1))
  return {
    between,
    whole,
    chance: (probability) => share() < probability,
    pick: <T>(from: readonly T[]) => from[whole(0, from.length - 1)] as T,
    noise: (spread) => Math.exp(spread * Math.sqrt(-2 * Math.log(1 - share())) * Math.cos(2 * Math.PI * share())),
    id: () =>
      [1, 2, 3, 4]
        .map(() =>
          whole(0, 2 ** 32 - 1)
            .toString(16)
            .padStart(8, '0'),
        )
        .join(''),
  }
}

/** Tommy Ettinger's generator: numbers from 0 up to 1. */
function mulberry32(state: number): () => number {
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}
