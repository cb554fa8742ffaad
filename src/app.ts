// The composition root: puts the parts together and hands out what answers requests. Nothing here listens.

import type { Logger } from 'pino'
import type { Config } from './config.ts'
import { openDatabase } from './database/open.ts'
import { createEvents } from './events.ts'
import { createGraphql } from './http/graphql.ts'
import { createRouter } from './http/router.ts'
import type { Context } from './services/context.ts'

export interface App {
  /** Answers a request; it never throws. */
  fetch(request: Request): Promise<Response>
  /** Ends the answers that never end by themselves: those to subscriptions. */
  endSubscriptions(): void
  /** Finishes what was accepted and closes the database, leaving a single file. */
  close(): Promise<void>
}

/** @throws Refusal if the database cannot be used */
export async function createApp(config: Config, log: Logger, clock: () => Date = () => new Date()): Promise<App> {
  const database = await openDatabase(config.databaseFile, clock, log)
  const events = createEvents()
  const context: Context = { config, database, events, clock, log }
  return {
    fetch: createRouter(context, createGraphql(context)),
    endSubscriptions: () => events.close(),
    close: async () => {
      events.close()
      await database.close()
    },
  }
}
