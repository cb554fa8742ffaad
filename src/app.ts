// The composition root: puts the parts together and hands out what answers requests. Nothing here listens.

import type { Logger } from 'pino'
import type { Config } from './config.ts'
import { openDatabase } from './database/open.ts'
import { createGraphql } from './http/graphql.ts'
import { createRouter } from './http/router.ts'
import type { Context } from './services/context.ts'

export interface App {
  /** Answers a request; it never throws. */
  fetch(request: Request): Promise<Response>
  /** Finishes what was accepted and closes the database, leaving a single file. */
  close(): Promise<void>
}

/** @throws Refusal if the database cannot be used */
export async function createApp(config: Config, log: Logger, clock: () => Date = () => new Date()): Promise<App> {
  const database = await openDatabase(config.databaseFile, clock, log)
  const context: Context = { config, database, clock, log }
  return { fetch: createRouter(context, createGraphql(context)), close: () => database.close() }
}
