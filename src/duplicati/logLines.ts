// The `LogLines` part of a report: which level each line has, which lines are kept, and how much of each.

import type { LogLevel, LogLine } from '../domain/report.ts'
import { maxLineBytes, shortened } from '../domain/shortened.ts'
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

/** As much as is kept of the log of one run, in bytes of UTF-8. */
const maxLogBytes = 1024 * 1024

interface KeptLog {
  /** Each with its level and its place in the whole log. */
  logLines: LogLine[]
  /** How many lines were left out. */
  dropped: number
  /** How many of the kept ones were shortened. */
  cut: number
}

interface Line {
  text: string
  bytes: number
  isCut: boolean
}

/**
 * The first and the last lines of a log that has more than `max`, or more than 1 MiB: where it began and how it ended. A line of
 * more than 8 KiB is shortened. The lines are read one by one, and no more of them is held than is kept.
 */
export function keptLogLines(lines: Iterable<string>, max: number): KeptLog {
  const headLength = Math.ceil(max / 2)
  const head: Line[] = []
  let headBytes = 0
  let isHeadFull = false
  let tail: LastLines | null = null
  let count = 0
  for (const whole of lines) {
    count += 1
    const line = shortLine(whole)
    isHeadFull ||= head.length >= headLength || headBytes + line.bytes > maxLogBytes / 2
    if (!isHeadFull) {
      head.push(line)
      headBytes += line.bytes
      continue
    }
    tail ??= new LastLines(max - headLength, maxLogBytes - headBytes)
    tail.push(line)
  }
  const kept = [...head, ...(tail?.lines() ?? [])]
  const dropped = count - kept.length
  const logLines = kept.map(({ text }, place) => ({
    level: levelOf(text),
    sequence: place < head.length ? place : place + dropped,
    text: wellFormed(text),
  }))
  return { logLines, dropped, cut: kept.filter(({ isCut }) => isCut).length }
}

function shortLine(whole: string): Line {
  const bytes = Buffer.byteLength(whole)
  if (bytes <= maxLineBytes) return { text: whole, bytes, isCut: false }
  return { text: shortened(whole, maxLineBytes, bytes), bytes: maxLineBytes, isCut: true }
}

/** Keeps the last of the lines that it is given, within a number and a sum of bytes. */
class LastLines {
  readonly #max: number
  readonly #maxBytes: number
  #lines: Line[] = []
  /** Those before this place have been left out. They are removed many at a time, because that moves all others. */
  #begin = 0
  #bytes = 0

  constructor(max: number, maxBytes: number) {
    this.#max = max
    this.#maxBytes = maxBytes
  }

  push(line: Line): void {
    this.#lines.push(line)
    this.#bytes += line.bytes
    while (this.#lines.length - this.#begin > this.#max || this.#bytes > this.#maxBytes) {
      this.#bytes -= this.#lines[this.#begin]?.bytes ?? 0
      this.#begin += 1
    }
    if (this.#begin > 100 && this.#begin > this.#lines.length / 2) {
      this.#lines = this.lines()
      this.#begin = 0
    }
  }

  lines(): Line[] {
    return this.#lines.slice(this.#begin)
  }
}

/**
 * The level in a line's prefix, `2026-02-04 15:55:25 -05 - [Error-…]: …`. The time before it is written in the client's
 * own culture. A line without prefix, such as Duplicati's own `... and 17 more`, is information.
 */
function levelOf(line: string): LogLevel {
  return levels.get(/^[^[\n]{0,60}\[(\w+)-/.exec(line)?.[1] ?? '') ?? 'INFORMATION'
}
