// Which lines of the logs of several runs fit into one answer.

import type { LogLevel } from '../../domain/report.ts'
import type { Context } from '../context.ts'

/** How much of logs one answer holds, in bytes of JSON. The whole log of a run that was received by this release fits in. */
const maxAnswerBytes = 4 * 1024 * 1024

/** In the order in which they are given room. */
const levels = ['ERROR', 'WARNING', 'INFORMATION'] as const

export type SharedLog = Record<(typeof levels)[number], string[]>

/**
 * The errors, warnings and messages of each run, in the order of the runs. The runs share the room for them evenly, and what one
 * leaves is shared by those after it. In the place of lines for which there is no room stands `... and 17 more`, as Duplicati
 * itself writes it.
 */
export function shareLogs({ database: { logLines } }: Context, runs: number[]): SharedLog[] {
  let left = maxAnswerBytes
  return runs.map((id, index) => {
    let room = left / (runs.length - index)
    left -= room
    const log: SharedLog = { ERROR: [], WARNING: [], INFORMATION: [] }
    for (const level of levels) room -= fill(log[level], id, level, room)
    left += room
    return log
  })

  /** @returns how many bytes it took */
  function fill(into: string[], id: number, level: LogLevel, room: number): number {
    let taken = 0
    for (const text of logLines.ofLevel(id, level)) {
      const bytes = Buffer.byteLength(JSON.stringify(text)) + 1
      if (taken + bytes > room) {
        into.push(`... and ${logLines.countOfLevel(id, level) - into.length} more`)
        break
      }
      into.push(text)
      taken += bytes
    }
    return taken
  }
}
