// Whether a file is a mount of its own, as where a single file is mounted into a container: nothing can be put in its place then.

import { readFileSync, realpathSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { Refusal } from './refusal.ts'

/**
 * What would come out only when all work is done. Nothing is touched for it, not even by a trial.
 *
 * @throws Refusal if the system would let no other file take the place of this one
 */
export function checkReplaceable(file: string): void {
  // A link is replaced itself, wherever it leads.
  const place = join(realpathSync(dirname(file)), basename(file))
  if (!mountPoints().includes(place)) return
  throw new Refusal(
    `${file} is mounted as a single file, so that no new file can take its place; mount its folder instead.`,
  )
}

/** As Linux lists them; none where there is no such list. */
function mountPoints(): string[] {
  try {
    const lines = readFileSync('/proc/self/mountinfo', 'utf8').split('\n')
    return lines.map((line) => unescaped(line.split(' ')[4] ?? ''))
  } catch {
    return []
  }
}

/** Spaces and the like stand there as `\040`. */
function unescaped(path: string): string {
  return path.replaceAll(/\\([0-7]{3})/g, (_, octal) => String.fromCharCode(Number.parseInt(octal, 8)))
}
