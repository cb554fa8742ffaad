// The lines of a run's log, of all levels or of one, a page at a time.

import { useState } from 'preact/hooks'
import { useMore } from '../client/useMore.ts'
import { type LogLevel, LogLinesDocument } from '../generated/graphql.ts'
import { MoreButton } from '../parts/MoreButton.tsx'
import { Problem } from '../parts/Problem.tsx'
import { count } from '../words/sizes.ts'

const choices: { word: string; level: LogLevel[] | null }[] = [
  { word: 'all lines', level: null },
  { word: 'errors and warnings', level: ['ERROR', 'WARNING'] },
  { word: 'errors', level: ['ERROR'] },
]

interface Props {
  run: { id: string; logLinesDropped: number; logLinesCut: number }
}

export function Log({ run: { id, logLinesDropped, logLinesCut } }: Props) {
  const [chosen, setChosen] = useState(0)
  const { items, totalCount, error, more } = useMore(
    LogLinesDocument,
    { id, level: choices[chosen]?.level ?? null },
    ({ backup }) => backup?.logLines,
  )
  return (
    <>
      <label>
        Show{' '}
        <select value={chosen} onChange={({ currentTarget }) => setChosen(Number(currentTarget.value))}>
          {choices.map(({ word }, index) => (
            <option key={word} value={index}>
              {word}
            </option>
          ))}
        </select>
      </label>
      <Problem error={error} />
      {items?.length === 0 && <p>No such line was reported.</p>}
      {items && items.length > 0 && (
        <ol class="log">
          {items.map(({ level, sequence, text }) => (
            <li key={`${level} ${sequence}`} class={level.toLowerCase()}>
              <span class="level">{level.toLowerCase().replace('_', ' ')}</span>
              <span>{text}</span>
            </li>
          ))}
        </ol>
      )}
      <MoreButton more={more} shown={items?.length ?? 0} total={totalCount} noun="lines" />
      {logLinesDropped > 0 && <p class="quiet">{count(logLinesDropped)} more lines were not kept.</p>}
      {logLinesCut > 0 && <p class="quiet">{count(logLinesCut)} long lines were cut.</p>}
    </>
  )
}
