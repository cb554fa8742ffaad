// Reads the environment. No other module does.

import { z } from 'zod'

export interface Config {
  host: string
  port: number
  /** Path of the SQLite file. */
  databaseFile: string
  logLevel: string
  /** The largest report taken, in bytes. */
  maxReportBytes: number
  /** How many log lines of a report are kept. */
  maxLogLines: number
}

const wholeNumber = (min: number, max: number, fallback: number) =>
  z.coerce
    .number('must be a whole number')
    .int('must be a whole number')
    .min(min, `must be ${min} or more`)
    .max(max, `must be ${max} or less`)
    .default(fallback)

const environment = z.object({
  HOST: z.string().default('127.0.0.1'),
  PORT: wholeNumber(0, 65535, 9666),
  DATABASE_URL: z
    .string()
    .regex(/^file:./, 'must be a file, like file:./data/backups.db')
    .default('file:./data/backups.db'),
  LOG_LEVEL: z
    .enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'], {
      error: 'must be trace, debug, info, warn, error, fatal or silent',
    })
    .default('info'),
  MAX_REPORT_BYTES: wholeNumber(1024, 2 ** 30, 64 * 2 ** 20),
  MAX_LOG_LINES: wholeNumber(0, 1_000_000, 1000),
})

/**
 * The configuration that the environment describes. An empty variable counts as absent.
 *
 * @throws Error with every problem at once, a line each
 */
export function readConfig(variables: NodeJS.ProcessEnv): Config {
  const given = Object.fromEntries(Object.entries(variables).filter(([, value]) => value !== ''))
  const result = environment.safeParse(given)
  if (!result.success) {
    const problems = result.error.issues.map(({ path, message }) => `  ${path.join('.')} ${message}`)
    throw new Error(`The environment is not right:\n${problems.join('\n')}`)
  }
  const { HOST, PORT, DATABASE_URL, LOG_LEVEL, MAX_REPORT_BYTES, MAX_LOG_LINES } = result.data
  return {
    host: HOST,
    port: PORT,
    databaseFile: DATABASE_URL.replace(/^file:/, ''),
    logLevel: LOG_LEVEL,
    maxReportBytes: MAX_REPORT_BYTES,
    maxLogLines: MAX_LOG_LINES,
  }
}
