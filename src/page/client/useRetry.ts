// Asks once more after a failure that may pass by itself: what is on the page would stay old until something happens.

import type { CombinedError } from '@urql/core'
import { useEffect } from 'preact/hooks'
import { codeOf } from './client.ts'

const passing = ['NETWORK', 'UNAVAILABLE', 'RATE_LIMITED', 'INTERNAL_SERVER_ERROR']

/** Calls `ask` 5 to 10 s after each such error. */
export function useRetry(error: CombinedError | undefined, ask: () => void): void {
  useEffect(() => {
    if (!error || !passing.includes(codeOf(error))) return
    const timer = setTimeout(ask, 5_000 + Math.random() * 5_000)
    return () => clearTimeout(timer)
  }, [error])
}
