// The state of a job or the status of a run: a shape, a colour and a word.

import type { BackupStatus, JobState } from '../generated/graphql.ts'
import { stateTones, stateWords, statusTones, statusWords, type Tone } from '../words/states.ts'

export function State({ state }: { state: JobState }) {
  return <Mark tone={stateTones[state]} word={stateWords[state]} />
}

export function Status({ status }: { status: BackupStatus }) {
  return <Mark tone={statusTones[status]} word={statusWords[status]} />
}

function Mark({ tone, word }: { tone: Tone; word: string }) {
  return (
    <span class={`mark ${tone}`}>
      <Shape tone={tone} />
      {word}
    </span>
  )
}

/** A shape for each tone, so that nothing depends on telling colours apart. */
export function Shape({ tone }: { tone: Tone }) {
  return (
    <svg class={`shape ${tone}`} viewBox="0 0 16 16" aria-hidden="true">
      <path d={outlines[tone]} />
      <path class="sign" d={signs[tone]} />
    </svg>
  )
}

const outlines: Record<Tone, string> = {
  good: 'M8 0a8 8 0 1 1 0 16A8 8 0 1 1 8 0z',
  warning: 'M8 1 16 15H0z',
  bad: 'M5 0h6l5 5v6l-5 5H5l-5-5V5z',
  quiet: 'M2 0h12a2 2 0 0 1 2 2v12a2 2 0 0 1-2 2H2a2 2 0 0 1-2-2V2a2 2 0 0 1 2-2z',
}

const signs: Record<Tone, string> = {
  good: 'm4.5 8.5 2.5 2.5 4.5-5',
  warning: 'M8 6v4m0 2v1',
  bad: 'm5 5 6 6m0-6-6 6',
  quiet: 'M4.5 8h7',
}

/** The same shape as an address, for the icon of the tab. */
export function iconUrl(tone: Tone): string {
  const colors: Record<Tone, string> = { good: '#15803d', warning: '#b45309', bad: '#c81e1e', quiet: '#64748b' }
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="-1 -1 18 18"><path fill="${colors[tone]}" d="${outlines[tone]}"/><path fill="none" stroke="#fff" stroke-width="2" d="${signs[tone]}"/></svg>`
  return `data:image/svg+xml,${encodeURIComponent(svg)}`
}
