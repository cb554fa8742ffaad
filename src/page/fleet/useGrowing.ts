// Shows a long list a piece at a time, so that a key that is pressed meanwhile is not kept waiting.

import { useEffect, useState } from 'preact/hooks'

const piece = 100

/**
 * How many of the items to show now: a hundred at first, and all after some moments.
 *
 * @param of what the list is of; with another one it begins anew
 */
export function useGrowing(total: number, of: string): number {
  const [shown, setShown] = useState({ of, count: piece })
  const count = shown.of === of ? shown.count : piece
  useEffect(() => {
    if (count >= total) return
    const timer = setTimeout(() => setShown({ of, count: count + piece }), 0)
    return () => clearTimeout(timer)
  }, [count, total, of])
  return count
}
