// Whether the file that is open still stands at its name. By its numbers alone: to open it would drop SQLite's locks on it.

import { statSync } from 'node:fs'

/**
 * Remembers the file that stands at the name now.
 *
 * @returns whether it still does
 */
export function samePlace(file: string): () => boolean {
  const opened = numbersOf(file)
  return () => {
    const found = numbersOf(file)
    return found !== null && found.dev === opened?.dev && found.ino === opened.ino
  }
}

function numbersOf(file: string): { dev: bigint; ino: bigint } | null {
  return statSync(file, { bigint: true, throwIfNoEntry: false }) ?? null
}
