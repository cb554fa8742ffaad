// Whether something on the page could not be read again, so that it is older than it looks.

import { useEffect, useState } from 'preact/hooks'

let old = 0
const listeners = new Set<(isOld: boolean) => void>()

/** Counts an answer among the old ones, as long as it is one; what is returned ends that. */
export function noteOld(isOld: boolean): (() => void) | undefined {
  if (!isOld) return
  change(1)
  return () => change(-1)
}

export function useOld(): boolean {
  const [isOld, setIsOld] = useState(old > 0)
  useEffect(() => {
    listeners.add(setIsOld)
    setIsOld(old > 0)
    return () => void listeners.delete(setIsOld)
  }, [])
  return isOld
}

function change(by: 1 | -1): void {
  old += by
  for (const listener of listeners) listener(old > 0)
}
