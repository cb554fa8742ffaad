// The last days of a job, a cell a day. Each kind of day has its own height and form: a run that is missing is hollow, a day on which
// none was due only a dot.

import { type Day, type DayKind, dayKind, daysWords } from '../words/days.ts'
import type { Forms } from './Legend.tsx'

const cell = 6
const height = 18

/** Each kind is one path, however many days there are: a page may have a thousand strips. */
export function Strip({ days }: { days: Day[] }) {
  const paths: Partial<Record<DayKind, string>> = {}
  days.forEach((day, index) => {
    const kind = dayKind(day)
    paths[kind] = (paths[kind] ?? '') + stripForms[kind](index * cell, 0)
  })
  return (
    <svg class="strip" width={days.length * cell} height={height} role="img" aria-label={daysWords(days)}>
      {Object.entries(paths).map(([kind, path]) => (
        <path key={kind} class={`day ${kind.toLowerCase()}`} d={path} />
      ))}
    </svg>
  )
}

export const stripForms: Forms = {
  OK: (x) => `M${x} 7h4v11h-4z`,
  WARNED: (x) => `M${x} 3h4v6h-4zM${x} 11h4v7h-4z`,
  FAILED: (x) => `M${x} 0h5v18h-5z`,
  MISSED: (x) => `M${x + 0.75} 0.75h3.5v16.5h-3.5z`,
  NONE: (x) => `M${x + 1} 16h2v2h-2z`,
  UNKNOWN: (x) => `M${x} 15.5h4v1h-4z`,
}
