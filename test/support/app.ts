// Starts an app for a test, on a migrated file of its own and with a clock that stands still until it is told.

import { copyFile, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { createApp } from '../../src/app.ts'
import { readConfig } from '../../src/config.ts'
import type { Connection } from '../../src/http/door/arrival.ts'
import { createLogger } from '../../src/logger.ts'
import type { TypedDocumentString } from '../generated/graphql.ts'
import { emptyDatabase } from './compiled.ts'

/** When a test begins, unless it says otherwise. */
export const start = new Date('2026-08-01T12:00:00.000Z')

export interface TestApp {
  /** The database file. */
  file: string
  /** The token that was made because there was none; null if none was needed. */
  firstToken: string | null
  /** Sets the clock. */
  setTime(now: Date | string): void
  /** From this machine, unless the connection says otherwise. */
  fetch(path: string, init?: RequestInit, connection?: Partial<Connection>): Promise<Response>
  /** The JSON of an answer, with its status. */
  rest(method: string, path: string, body?: unknown): Promise<{ status: number; body: unknown }>
  /** Posts a report to /api/upload. */
  post(report: unknown): Promise<{ status: number; body: unknown }>
  /** The data of a query; an error fails the test and shows the query. */
  query<Data, Variables>(document: TypedDocumentString<Data, Variables>, variables?: Variables): Promise<Data>
  /** The whole answer to a query that is not typed. */
  graphql(query: string, variables?: Record<string, unknown>): Promise<{ data?: unknown; errors?: unknown[] }>
  /** Writes the digests that are due. */
  writeDigests(): Promise<void>
  /** Asks the Duplicatis whose time has come. */
  collect(): Promise<void>
  /** Gives up the runs that nothing more is heard of, and asks the Duplicatis of those whose reports did not come. */
  settleRunning(): Promise<void>
  /** Sends what waits for the channels, until nothing is ready. */
  deliver(): Promise<void>
  /** Removes what the settings say is too old to be kept. */
  keepHouse(): Promise<void>
  /** Copies the database file, if it is time. */
  copyDatabase(): Promise<void>
  /** Lets time pass for the jobs. */
  catchUp(): Promise<void>
  /** Sends the heartbeat, if all is well. */
  beat(): Promise<void>
  /** Stops the app before the test ends. */
  close(): Promise<void>
}

/** Whether this is the project of Vitest that runs the tests of GraphQL without our own ways of answering queries. */
export const plain = process.env.QUERY_PLANS === 'off'

/** Whether our own ways of answering queries are switched off: a project of Vitest runs the tests of GraphQL without them. */
function shortcuts() {
  const { PREPARED_READS, QUERY_PLANS } = process.env
  return { PREPARED_READS, QUERY_PLANS }
}

export async function startApp(
  options: {
    file?: string
    environment?: Record<string, string>
    now?: string
    /** Where the lines of the log go; nowhere if left out. */
    logged?: string[]
  } = {},
): Promise<TestApp> {
  const folder = await mkdtemp(join(tmpdir(), 'duplistatus-'))
  const file = options.file ?? join(folder, 'backups.db')
  if (options.file === undefined) await copyFile(emptyDatabase(), file)
  let now = options.now ? new Date(options.now) : start
  const config = readConfig({ DATABASE_URL: `file:${file}`, ...shortcuts(), ...options.environment })
  const { logged } = options
  const log = createLogger(logged ? 'trace' : 'silent', { write: (line) => logged?.push(line) })
  const app = await createApp(config, log, () => now)
  const firstToken = await app.firstToken()
  let closed: Promise<void> | undefined
  const close = () => {
    closed ??= app.close()
    return closed
  }
  onTestFinished(async () => {
    await close()
    await rm(folder, { recursive: true })
  })

  // What time brings is there before anything is asked, as when the server watches the clock.
  const fetch: TestApp['fetch'] = async (path, init, connection) => {
    await app.catchUp()
    const request = new Request(new URL(path, 'http://localhost'), init)
    return app.fetch(request, { address: '127.0.0.1', host: new URL(request.url).host, ...connection })
  }
  const rest: TestApp['rest'] = async (method, path, body) => {
    const text = body === undefined || typeof body === 'string' ? body : JSON.stringify(body)
    const response = await fetch(path, { method, ...(text === undefined ? {} : { body: text }) })
    return { status: response.status, body: await response.json() }
  }
  const graphql: TestApp['graphql'] = async (query, variables = {}) => {
    const headers = { 'content-type': 'application/json', accept: 'application/json' }
    const response = await fetch('/graphql', { method: 'POST', headers, body: JSON.stringify({ query, variables }) })
    return (await response.json()) as { data?: unknown; errors?: unknown[] }
  }
  return {
    file,
    firstToken,
    setTime: (time) => {
      now = new Date(time)
    },
    fetch,
    rest,
    post: (report) => rest('POST', '/api/upload', report),
    query: async (document, variables) => {
      const answer = await graphql(document.toString(), variables as Record<string, unknown>)
      if (answer.errors) throw new Error(`${document}\n${JSON.stringify(answer, null, 2)}`)
      return answer.data as never
    },
    graphql,
    writeDigests: app.writeDigests,
    collect: app.collect,
    settleRunning: app.settleRunning,
    deliver: app.deliver,
    keepHouse: app.keepHouse,
    copyDatabase: app.copyDatabase,
    catchUp: app.catchUp,
    beat: app.beat,
    close,
  }
}

/** The text of a file under test/fixtures. */
export function fixture(name: string): Promise<string> {
  return readFile(new URL(`../fixtures/${name}`, import.meta.url), 'utf8')
}
