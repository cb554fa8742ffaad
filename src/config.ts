// Reads the environment. No other module does.

import { existsSync, readFileSync } from 'node:fs'
import { isIP } from 'node:net'
import { dirname, join } from 'node:path'
import { z } from 'zod'
import {
  databasePath,
  hostOf,
  problemInDatabaseUrl,
  problemInHeartbeatUrl,
  problemInHost,
  problemInPath,
  problemInPublicUrl,
  publicUrlOf,
} from './addresses.ts'
import { fileAbove } from './database/file/disk.ts'
import { machineTimeZone } from './domain/schedule/machineTimeZone.ts'
import { isTimeZone } from './domain/schedule/timeBuckets.ts'

export interface Config {
  host: string
  port: number
  /** The address under which people and Duplicati reach the server, without a slash at its end; null: nobody said. */
  publicUrl: string | null
  /** Path of the SQLite file. */
  databaseFile: string
  logLevel: string
  /** False: nobody needs a token for anything. */
  auth: boolean
  /** Addresses, and networks like `10.0.0.0/8`, of proxies whose word on the client's address is taken. */
  trustedProxies: string[]
  /** The sites whose pages may use the server, like `https://dash.example`. */
  corsOrigins: string[]
  /** What clients may take up. */
  clientLimits: {
    connections: number
    /** Bodies of reports that are received at the same time. */
    uploads: number
    /** Those that wait until others have been received. */
    waitingUploads: number
    /** The memory for all bodies together, in bytes. */
    bodyBytes: number
    subscriptions: number
    /** Wrong tokens from one address in a minute. */
    tokenFailures: number
    /** How long a request may take to come, in milliseconds. */
    headersMs: number
    requestMs: number
  }
  /** The copies of the database that are made on schedule; null: none are. */
  copies: {
    everyMs: number
    /** How many of the latest are kept. */
    kept: number
    folder: string
  } | null
  /** The largest report taken, in bytes. */
  maxReportBytes: number
  /** How many log lines of a report are kept. */
  maxLogLines: number
  /** The most that one GraphQL request may hold. */
  queryLimits: {
    tokens: number
    /** Fields within fields. */
    depth: number
    aliases: number
    directives: number
    /** Objects in an answer. */
    cost: number
  }
  /** Whether the schema can be asked for. */
  introspection: boolean
  /** Whether browsers are shown GraphiQL. */
  graphiql: boolean
  /** Whether browsers are shown the page. */
  statusPage: boolean
  /** Whether queries are answered in our own, faster ways. Without them they are answered alike, by Prisma and by graphql-js alone. */
  shortcuts: {
    /** Reads of the Prisma client by prepared statements, see database/reads. */
    preparedReads: boolean
    /** Queries by plans, see graphql/plan. */
    queryPlans: boolean
  }
  /** What is called while all is well; null: nothing is. It is a secret. */
  heartbeatUrl: string | null
  /** What the secrets in the database are encrypted with; null: a key in a file beside it. */
  secretKey: string | null
}

/** Three of the largest reports that are taken by default, and the one that always goes on. */
const bodyBytes = 256 * 2 ** 20

const wholeNumber = (min: number, max: number, fallback: number) =>
  z.coerce
    .number('must be a whole number')
    .int('must be a whole number')
    .min(min, `must be ${min} or more`)
    .max(max, `must be ${max} or less`)
    .default(fallback)

const onOrOff = z.enum(['on', 'off'], { error: 'must be on or off' }).default('on')

/** A text in which `problemIn` finds nothing wrong. */
const textWithout = (problemIn: (text: string) => string | null) =>
  z
    .string()
    .refine((text) => problemIn(text) === null, { error: ({ input }) => problemIn(input as string) ?? undefined })

/** Entries with commas between them. */
const list = (isEntry: (entry: string) => boolean, problem: string) =>
  z
    .string()
    .default('')
    .transform((text) => text.split(',').flatMap((entry) => entry.trim() || []))
    .refine((entries) => entries.every(isEntry), problem)

const environment = z
  .object({
    HOST: textWithout(problemInHost).default('127.0.0.1'),
    PORT: wholeNumber(0, 65535, 9666),
    PUBLIC_URL: textWithout(problemInPublicUrl).optional(),
    // Node.js reads it too, and where it knows no such zone it counts in UTC without a word.
    TZ: textWithout(problemInTimeZone).optional(),
    DATABASE_URL: textWithout(problemInDatabaseUrl).default('file:./data/backups.db'),
    LOG_LEVEL: z
      .enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'], {
        error: 'must be trace, debug, info, warn, error, fatal or silent',
      })
      .default('info'),
    DUPLISTATUS_AUTH: onOrOff,
    TRUSTED_PROXIES: list(isNetwork, 'must be addresses or networks, like 172.17.0.1,10.0.0.0/8'),
    CORS_ORIGINS: list(isOrigin, 'must be origins, like https://dash.example'),
    MAX_CONNECTIONS: wholeNumber(1, 1_000_000, 1000),
    // Each may hold a report in memory; the others wait.
    MAX_UPLOADS: wholeNumber(1, 100_000, 32),
    // As many as there can be connections: Duplicati does not send again what was refused for long.
    MAX_WAITING_UPLOADS: wholeNumber(0, 1_000_000, 1000),
    MAX_SUBSCRIPTIONS: wholeNumber(0, 1_000_000, 200),
    MAX_TOKEN_FAILURES: wholeNumber(0, 1_000_000, 10),
    HEADERS_TIMEOUT_SECONDS: wholeNumber(1, 3600, 20),
    // A report of 64 MiB over a line of 2 Mbit/s.
    REQUEST_TIMEOUT_SECONDS: wholeNumber(1, 86_400, 300),
    BACKUP_EVERY_HOURS: wholeNumber(0, 8760, 24),
    BACKUPS_KEPT: wholeNumber(1, 1000, 7),
    BACKUP_FOLDER: textWithout(problemInFolder).optional(),
    MAX_REPORT_BYTES: wholeNumber(1024, 2 ** 30, 64 * 2 ** 20),
    MAX_LOG_LINES: wholeNumber(0, 1_000_000, 1000),
    // A script that renames 100 servers at once sends 2,600 tokens, the introspection of GraphiQL 200.
    MAX_QUERY_TOKENS: wholeNumber(1, 1_000_000, 10_000),
    // From the servers over their jobs and runs down to a line of the log it is 11 levels, with `edges` and `node` throughout.
    MAX_QUERY_DEPTH: wholeNumber(1, 1000, 12),
    // Clients hardly use any; scripts change as many things in one request as they have aliases.
    MAX_QUERY_ALIASES: wholeNumber(0, 1_000_000, 100),
    // Clients write one for every part of a page that can be left out.
    MAX_QUERY_DIRECTIVES: wholeNumber(0, 1_000_000, 50),
    // The 20 latest runs of 10 jobs on each of 100 servers are 22,000 objects, and take a second.
    MAX_QUERY_COST: wholeNumber(0, 1_000_000_000, 100_000),
    INTROSPECTION: onOrOff,
    GRAPHIQL: onOrOff,
    STATUS_PAGE: onOrOff,
    PREPARED_READS: onOrOff,
    QUERY_PLANS: onOrOff,
    HEARTBEAT_URL: textWithout(problemInHeartbeatUrl).optional(),
    SECRET_KEY: z.string().min(32, 'must have 32 characters or more, all of them random').optional(),
  })
  .refine((data) => data.HEADERS_TIMEOUT_SECONDS <= data.REQUEST_TIMEOUT_SECONDS, {
    path: ['HEADERS_TIMEOUT_SECONDS'],
    error: 'must not exceed REQUEST_TIMEOUT_SECONDS',
  })

/** Variables that can also be given as the path of a file, in NAME_FILE: that is how containers are handed secrets. */
const secrets = ['HEARTBEAT_URL', 'SECRET_KEY']

/** The environment, with what a file `.env` in the working folder adds to it: what is set already stays. */
export function readEnvironment(): NodeJS.ProcessEnv {
  if (existsSync('.env')) process.loadEnvFile()
  // An empty one would be no zone at all to Node.js, and not that of the machine.
  if (process.env.TZ?.trim() === '') delete process.env.TZ
  return process.env
}

/**
 * The configuration that the environment describes. An empty or blank variable counts as absent.
 *
 * @throws Error with every problem at once, a line each
 */
export function readConfig(variables: NodeJS.ProcessEnv): Config {
  const given = Object.fromEntries(Object.entries(variables).filter(([, value]) => value?.trim() !== ''))
  const problems = secrets.flatMap((name) => readSecretFile(name, given) ?? [])
  const result = environment.safeParse(given)
  if (!result.success) problems.push(...result.error.issues.map(({ path, message }) => `${path.join('.')} ${message}`))
  if (!result.success || problems.length > 0) {
    throw new Error(`The settings are wrong:\n${problems.map((problem) => `  ${problem}`).join('\n')}`)
  }
  const { data } = result
  const databaseFile = databasePath(data.DATABASE_URL)
  return {
    host: hostOf(data.HOST),
    port: data.PORT,
    publicUrl: data.PUBLIC_URL === undefined ? null : publicUrlOf(data.PUBLIC_URL),
    databaseFile,
    logLevel: data.LOG_LEVEL,
    auth: data.DUPLISTATUS_AUTH === 'on',
    trustedProxies: data.TRUSTED_PROXIES,
    corsOrigins: data.CORS_ORIGINS,
    clientLimits: {
      connections: data.MAX_CONNECTIONS,
      uploads: data.MAX_UPLOADS,
      waitingUploads: data.MAX_WAITING_UPLOADS,
      bodyBytes: Math.max(bodyBytes, 2 * data.MAX_REPORT_BYTES),
      subscriptions: data.MAX_SUBSCRIPTIONS,
      tokenFailures: data.MAX_TOKEN_FAILURES,
      headersMs: data.HEADERS_TIMEOUT_SECONDS * 1000,
      requestMs: data.REQUEST_TIMEOUT_SECONDS * 1000,
    },
    copies:
      data.BACKUP_EVERY_HOURS === 0
        ? null
        : {
            everyMs: data.BACKUP_EVERY_HOURS * 3_600_000,
            kept: data.BACKUPS_KEPT,
            folder: data.BACKUP_FOLDER ?? join(dirname(databaseFile), 'backups'),
          },
    maxReportBytes: data.MAX_REPORT_BYTES,
    maxLogLines: data.MAX_LOG_LINES,
    queryLimits: {
      tokens: data.MAX_QUERY_TOKENS,
      depth: data.MAX_QUERY_DEPTH,
      aliases: data.MAX_QUERY_ALIASES,
      directives: data.MAX_QUERY_DIRECTIVES,
      cost: data.MAX_QUERY_COST,
    },
    introspection: data.INTROSPECTION === 'on',
    graphiql: data.GRAPHIQL === 'on',
    statusPage: data.STATUS_PAGE === 'on',
    shortcuts: { preparedReads: data.PREPARED_READS === 'on', queryPlans: data.QUERY_PLANS === 'on' },
    heartbeatUrl: data.HEARTBEAT_URL ?? null,
    secretKey: data.SECRET_KEY ?? null,
  }
}

/** Puts what the file of NAME_FILE holds in the place of NAME; what is wrong with it, or null. */
function readSecretFile(name: string, given: NodeJS.ProcessEnv): string | null {
  const file = given[`${name}_FILE`]
  if (file === undefined) return null
  if (given[name] !== undefined) return `${name} and ${name}_FILE are both set; set only one of them`
  try {
    given[name] = readFileSync(file, 'utf8').trim()
    return null
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    if (code === 'EISDIR') return `${name}_FILE names a folder, ${file}: name the file in it`
    if (code === 'ENOENT') return `${name}_FILE names ${file}, and there is no such file`
    return `${name}_FILE cannot be read: ${message}`
  }
}

/** A copy that cannot be made is noticed only when one is needed, so what is wrong for certain is said at the start. */
function problemInFolder(folder: string): string | null {
  const file = fileAbove(join(folder, 'copy'))
  if (file === null) return problemInPath(folder)
  return file === folder ? 'is a file, and must be a folder' : `cannot be a folder, because ${file} is a file`
}

/** Node.js knows neither offsets like `+01:00` nor rules like `CET-1CEST` here, and names only as they are usually written. */
function problemInTimeZone(name: string): string | null {
  const plain = name.replace(/^:/, '')
  if (/^[A-Z]/.test(plain) && isTimeZone(plain) && isTimeZone(machineTimeZone())) return null
  return 'must be a time zone by its name, like Europe/London'
}

function isNetwork(entry: string): boolean {
  const [address = '', bits, ...more] = entry.split('/')
  const version = isIP(address)
  if (version === 0 || more.length > 0) return false
  return bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= (version === 4 ? 32 : 128))
}

function isOrigin(entry: string): boolean {
  return URL.canParse(entry) && /^https?:/.test(entry) && new URL(entry).origin === entry
}
