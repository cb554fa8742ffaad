// The server's own log: JSON lines, or readable ones on a terminal.

import { type Logger, pino } from 'pino'
import { cleanLogLine } from './logLine.ts'

interface Sink {
  write(line: string): unknown
}

/** @param sink where the lines go */
export function createLogger(level: string, sink: Sink): Logger {
  return pino({ level }, { write: (line) => void sink.write(cleanLogLine(line)) })
}

/** What makes the lines readable is loaded only for a terminal: the start waits for every module. */
export async function standardOutput(): Promise<Sink> {
  if (!process.stdout.isTTY) return pino.destination({ sync: true })
  const { default: pretty } = await import('pino-pretty')
  return pretty({ sync: true, ignore: 'pid,hostname' })
}
