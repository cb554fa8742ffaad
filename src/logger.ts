// The server's own log: JSON lines, or readable ones on a terminal.

import { type Logger, pino } from 'pino'
import pretty from 'pino-pretty'

export function createLogger(level: string): Logger {
  const stream = process.stdout.isTTY
    ? pretty({ sync: true, ignore: 'pid,hostname' })
    : pino.destination({ sync: true })
  return pino({ level }, stream)
}
