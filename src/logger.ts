// The server's own log: JSON lines, or readable ones on a terminal.

import { type Logger, pino } from 'pino'
import pretty from 'pino-pretty'
import { cleanLogLine } from './logLine.ts'

interface Sink {
  write(line: string): unknown
}

/** @param sink where the lines go, standard output if left out */
export function createLogger(level: string, sink: Sink = standardOutput()): Logger {
  return pino({ level }, { write: (line) => void sink.write(cleanLogLine(line)) })
}

function standardOutput(): Sink {
  return process.stdout.isTTY ? pretty({ sync: true, ignore: 'pid,hostname' }) : pino.destination({ sync: true })
}
