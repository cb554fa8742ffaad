// The server's own log: JSON lines, or readable ones on a terminal.

import { hostname } from 'node:os'
import { type Logger, pino } from 'pino'
import { cleanLogLine } from './logLine.ts'
import { type LogOutput, logOutput } from './logOutput.ts'

interface Sink {
  write(line: string): unknown
}

/** @param sink where the lines go */
export function createLogger(level: string, sink: Sink): Logger {
  return pino({ level }, { write: (line) => void sink.write(cleanLogLine(line)) })
}

/** Standard output for a server, which waits for nobody who reads it. */
export async function serverOutput(): Promise<LogOutput> {
  const readable = process.stdout.isTTY ? (await import('pino-pretty')).prettyFactory(readably) : (line: string) => line
  const output = logOutput(process.stdout.fd, (lines) => {
    const msg = `${lines} lines of the log were dropped, because nobody read them`
    return readable(
      `${JSON.stringify({ level: 40, time: Date.now(), pid: process.pid, hostname: hostname(), dropped: lines, msg })}\n`,
    )
  })
  return { ...output, write: (line) => output.write(readable(line)) }
}

const readably = { ignore: 'pid,hostname' }

/** Standard output for a command. What makes the lines readable is loaded only for a terminal: the start waits for every module. */
export async function standardOutput(): Promise<Sink> {
  if (!process.stdout.isTTY) return pino.destination({ sync: true })
  const { default: pretty } = await import('pino-pretty')
  return pretty({ sync: true, ...readably })
}
