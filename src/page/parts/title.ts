// The title and the icon of the tab: where one is, and the worst that is true now.

import { useEffect } from 'preact/hooks'
import type { Verdict } from '../words/verdict.ts'
import { iconUrl } from './State.tsx'

let place = ''
let worst: Verdict | undefined

/** Names the place in the title, for as long as it is shown. */
export function usePlace(name: string | undefined): void {
  useEffect(() => {
    place = name ?? ''
    write()
  }, [name])
}

export function showVerdict(verdict: Verdict): void {
  worst = verdict
  write()
}

function write(): void {
  document.title = [worst?.short, place, 'duplistatus'].filter(Boolean).join(' – ')
  const icon = document.querySelector<HTMLLinkElement>('link[rel=icon]')
  if (icon && worst) icon.href = iconUrl(worst.tone)
}
