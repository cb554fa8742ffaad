// The title and the icon of the tab: where one is, and the worst that is true now.

import { useEffect } from 'preact/hooks'
import type { Verdict } from '../words/verdict.ts'
import { iconUrl } from './State.tsx'

let place = ''
let worst: Verdict | null = null
let isOffline = false

/** Names the place in the title, for as long as it is shown. */
export function usePlace(name: string | undefined): void {
  useEffect(() => {
    place = name ?? ''
    write()
  }, [name])
}

/** @param verdict null if it is not known */
export function showVerdict(verdict: Verdict | null): void {
  worst = verdict
  write()
}

/** Offline, nobody knows how things are: the tab says so in place of how they were. */
export function showOffline(offline: boolean): void {
  isOffline = offline
  write()
}

function write(): void {
  document.title = [isOffline ? 'Offline' : worst?.short, place, 'duplistatus'].filter(Boolean).join(' – ')
  const icon = document.querySelector<HTMLLinkElement>('link[rel=icon]')
  if (icon) icon.href = worst ? iconUrl(isOffline ? 'quiet' : worst.tone) : 'data:,'
}
