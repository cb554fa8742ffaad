// What the cells of strips and of the year mean.

import type { DayKind } from '../words/days.ts'

/** Draws a day of each kind, as a path from its upper left corner. */
export type Forms = Record<DayKind, (x: number, y: number) => string>

const meanings: [DayKind, string][] = [
  ['OK', 'succeeded'],
  ['WARNED', 'with warnings'],
  ['FAILED', 'failed'],
  ['MISSED', 'missed'],
  ['NONE', 'no run was due'],
]

export function Legend({ forms }: { forms: Forms }) {
  return (
    <p class="legend">
      {meanings.map(([kind, word]) => (
        <span key={kind}>
          <svg width="11" height="18" aria-hidden="true">
            <path class={`day ${kind.toLowerCase()}`} d={forms[kind](0, 0)} />
          </svg>
          {word}
        </span>
      ))}
    </p>
  )
}
