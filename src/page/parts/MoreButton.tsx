// Goes on with a list.

import { count } from '../words/sizes.ts'

/** @param more null if all of it is shown */
export function MoreButton({
  more,
  shown,
  total,
  noun,
}: {
  more: (() => void) | null
  shown: number
  total: number
  noun: string
}) {
  if (!more) return null
  return (
    <p>
      <button type="button" onClick={more}>
        Show more
      </button>{' '}
      {count(shown)} of {count(total)} {noun}
    </p>
  )
}
