// The tokens of a database, for the commands: apart from these, because the other commands need neither Prisma nor the services, and
// whoever types one waits for every module.

import type { Logger } from 'pino'
import type { Config } from './config.ts'
import { secretKey } from './database/file/secretKey.ts'
import { openDatabase } from './database/open.ts'
import { theServer } from './domain/access.ts'
import { createEvents } from './events.ts'
import { createToken } from './services/access/createToken.ts'
import { revokeToken } from './services/access/revokeToken.ts'
import type { Context } from './services/context.ts'
import { createRunningBackups } from './services/running/runningBackups.ts'
import { createCounters } from './services/upkeep/counters.ts'

export type Tokens = Awaited<ReturnType<typeof openTokens>>

/** @param changes where it is logged what is changed */
export async function openTokens(config: Config, log: Logger, changes: Logger) {
  const clock = () => new Date()
  const database = await openDatabase(config.databaseFile, clock, log)
  const context: Context = {
    ...{ config, database, events: createEvents(0), clock, log: changes },
    caller: { ...theServer, name: 'the command line' },
    secrets: secretKey(config.databaseFile, config.secretKey),
    counters: createCounters(),
    running: createRunningBackups(clock, () => {}),
  }
  return {
    create: (input: Parameters<typeof createToken>[1]) => createToken(context, input),
    list: () => database.reader.token.findMany({ omit: { hash: true }, orderBy: { id: 'asc' } }),
    revoke: (id: number) => revokeToken(context, id),
    close: () => database.close(),
  }
}
