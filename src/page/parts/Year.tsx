// A year as a map of days: a column a week, a row a weekday. Arrow keys go from day to day, and the line below says what one was.

import { useState } from 'preact/hooks'
import { type Day, type DayKind, dayKind, daysWords, dayWords } from '../words/days.ts'
import { fullDate, shortMonth } from '../words/times.ts'
import type { Forms } from './Legend.tsx'

const cell = 12
const top = 14

export function Year({ days, label }: { days: Day[]; label: string }) {
  const [chosen, setChosen] = useState<number | null>(null)
  const [first] = days
  if (!first) return null
  // Weeks begin on Monday.
  const offset = (new Date(first.from).getDay() + 6) % 7
  const place = (index: number) => ({
    x: Math.floor((index + offset) / 7) * cell,
    y: top + ((index + offset) % 7) * cell,
  })
  const paths: Partial<Record<DayKind, string>> = {}
  days.forEach((day, index) => {
    const kind = dayKind(day)
    const { x, y } = place(index)
    paths[kind] = (paths[kind] ?? '') + yearForms[kind](x, y)
  })
  const steps: Record<string, number> = {
    ArrowLeft: -7,
    ArrowRight: 7,
    ArrowUp: -1,
    ArrowDown: 1,
    Home: -days.length,
    End: days.length,
  }
  const day = chosen === null ? undefined : days[chosen]
  const mark = chosen === null ? undefined : place(chosen)
  return (
    <figure class="year">
      <div
        role="slider"
        aria-label={`${label}: ${daysWords(days)}`}
        aria-valuemin={0}
        aria-valuemax={days.length - 1}
        aria-valuenow={chosen ?? days.length - 1}
        aria-valuetext={words(day ?? (days.at(-1) as Day))}
        tabIndex={0}
        class="scroll"
        onKeyDown={(event) => {
          const step = steps[event.key]
          if (step === undefined) return
          event.preventDefault()
          setChosen((old) =>
            Math.min(days.length - 1, Math.max(0, (old ?? days.length - 1) + (old === null ? 0 : step))),
          )
        }}
        onPointerMove={(event) => {
          const box = (event.currentTarget.firstElementChild as Element).getBoundingClientRect()
          const index =
            Math.floor((event.clientX - box.left) / cell) * 7 +
            Math.floor((event.clientY - box.top - top) / cell) -
            offset
          if (days[index]) setChosen(index)
        }}
      >
        <svg width={Math.ceil((days.length + offset) / 7) * cell} height={top + 7 * cell} aria-hidden="true">
          {monthsOf(days).map(({ index, name }) => (
            <text key={index} x={place(index).x} y={10}>
              {name}
            </text>
          ))}
          {Object.entries(paths).map(([kind, path]) => (
            <path key={kind} class={`day ${kind.toLowerCase()}`} d={path} />
          ))}
          {mark && <rect class="chosen" x={mark.x - 1} y={mark.y - 1} width={cell} height={cell} />}
        </svg>
      </div>
      <figcaption>{day ? words(day) : 'Point at a day, or use the arrow keys.'}</figcaption>
    </figure>
  )
}

function words(day: Day): string {
  return `${fullDate(new Date(day.from))}: ${dayWords(day)}`
}

/** Each kind has a form of its own: nothing depends on telling colours apart. */
export const yearForms: Forms = {
  OK: (x, y) => `M${x} ${y}h10v10h-10z`,
  WARNED: (x, y) => `M${x} ${y}h10l-10 10z`,
  FAILED: (x, y) => `M${x} ${y}h3l2 2 2-2h3v3l-2 2 2 2v3h-3l-2-2-2 2h-3v-3l2-2-2-2z`,
  MISSED: (x, y) => `M${x + 0.75} ${y + 0.75}h8.5v8.5h-8.5z`,
  NONE: (x, y) => `M${x + 4} ${y + 4}h2v2h-2z`,
  UNKNOWN: (x, y) => `M${x + 2} ${y + 4.5}h6v1h-6z`,
}

/** Where each month begins; not where its name would run into the next. */
function monthsOf(days: Day[]): { index: number; name: string }[] {
  return days.flatMap(({ from }, index) => {
    const at = new Date(from)
    return at.getDate() === 1 && index < days.length - 14 ? { index, name: shortMonth(at) } : []
  })
}
