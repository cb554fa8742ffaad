// What commands need that do what the server does, beside it if it runs. Apart from the other commands, which need neither Prisma nor the
// services: whoever types one waits for every module.

import type { Logger } from 'pino'
import type { Config } from './config.ts'
import { secretKey } from './database/file/secretKey.ts'
import { openDatabase } from './database/open.ts'
import { theServer } from './domain/access.ts'
import { createEvents } from './events.ts'
import type { Context } from './services/context.ts'
import { createRunningBackups } from './services/running/runningBackups.ts'
import { createCounters } from './services/upkeep/counters.ts'

/**
 * The database is the caller's to close.
 *
 * @param changes where it is logged what is changed
 */
export async function openCommandContext(config: Config, log: Logger, changes: Logger): Promise<Context> {
  const clock = () => new Date()
  const database = await openDatabase(config.databaseFile, clock, log)
  return {
    ...{ config, database, events: createEvents(0), clock, log: changes },
    caller: { ...theServer, name: 'the command line' },
    secrets: secretKey(config.databaseFile, config.secretKey),
    counters: createCounters(),
    running: createRunningBackups(clock, () => {}),
  }
}
