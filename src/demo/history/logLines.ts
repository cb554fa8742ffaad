// A run's log, in the form of Duplicati's `LogLines`.

import { logTime } from './times.ts'

export interface Line {
  level: 'Error' | 'Warning' | 'Information' | 'DryRun'
  /** The tag and the id, without what they all begin with. */
  id: string
  text: string
}

/** A line and the moment it was written at. */
export type TimedLine = Line & { at: number }

/**
 * The lines as they are sent, the first `max` of them.
 *
 * @param lines in their order
 */
export function sentLines(lines: TimedLine[], timeZone: string, max: number): string[] {
  const texts = lines
    .slice(0, max)
    .map(({ at, level, id, text }) => `${logTime(at, timeZone)} - [${level}-Duplicati.Library.Main.${id}]: ${text}`)
  return lines.length > max ? [...texts, `... and ${lines.length - max} more`] : texts
}
