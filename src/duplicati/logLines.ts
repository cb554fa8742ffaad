// The `LogLines` part of a report: which level each line has, and which lines are kept.

import type { LogLevel, LogLine } from '../domain/report.ts'
import { wellFormed } from './fields.ts'

const levels = new Map<string, LogLevel>([
  ['Error', 'ERROR'],
  ['Warning', 'WARNING'],
  ['Information', 'INFORMATION'],
  ['DryRun', 'DRY_RUN'],
  ['Retry', 'RETRY'],
  ['Verbose', 'VERBOSE'],
  ['Profiling', 'PROFILING'],
])

/**
 * The first and the last lines of a log that is longer than `max`: where it began and how it ended.
 *
 * @returns the kept lines, each with its level and its place in the whole log, and how many were dropped
 */
export function keptLogLines(lines: Iterable<string>, max: number): { logLines: LogLine[]; dropped: number } {
  const headLength = Math.ceil(max / 2)
  const tailLength = max - headLength
  const head: string[] = []
  const tail: string[] = []
  let count = 0
  for (const line of lines) {
    count += 1
    if (count <= headLength) head.push(line)
    else if (tail.push(line) > 2 * tailLength) tail.splice(0, tail.length - tailLength)
  }
  const kept = [...head, ...tail.slice(Math.max(0, tail.length - tailLength))]
  const dropped = count - kept.length
  const logLines = kept.map((line, place) => ({
    level: levelOf(line),
    sequence: place < headLength ? place : place + dropped,
    text: wellFormed(line),
  }))
  return { logLines, dropped }
}

/**
 * The level in a line's prefix, `2026-02-04 15:55:25 -05 - [Error-…]: …`. The time before it is written in the client's
 * own culture. A line without prefix, such as Duplicati's own `... and 17 more`, is information.
 */
function levelOf(line: string): LogLevel {
  return levels.get(/^[^[\n]{0,60}\[(\w+)-/.exec(line)?.[1] ?? '') ?? 'INFORMATION'
}
