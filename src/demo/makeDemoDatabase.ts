// Makes a database file with the invented history in it.

import type { Logger } from 'pino'
import type { Config } from '../config.ts'
import { secretKey } from '../database/file/secretKey.ts'
import { openDatabase } from '../database/open.ts'
import { theServer } from '../domain/access.ts'
import { createEvents } from '../events.ts'
import type { Context } from '../services/context.ts'
import { passTimeOfJobs } from '../services/jobs/watchJobs.ts'
import { createRunningBackups } from '../services/running/runningBackups.ts'
import { createCounters } from '../services/upkeep/counters.ts'
import { type Summary, summarize } from '../services/upkeep/summary.ts'
import { type Filling, fillDemo } from './fillDemo.ts'

/**
 * Makes the database file of `config`, which must not exist, fills it, and closes it.
 *
 * @returns the figures over everything that is in it
 */
export async function makeDemoDatabase(config: Config, filling: Filling, log: Logger): Promise<Summary> {
  const clock = () => filling.now
  const database = await openDatabase(config.databaseFile, clock, log)
  try {
    const context: Context = {
      config,
      database,
      events: createEvents(0),
      secrets: secretKey(config.databaseFile, null),
      clock,
      log,
      caller: theServer,
      counters: createCounters(),
      running: createRunningBackups(clock, () => {}),
    }
    await fillDemo(context, filling)
    await passTimeOfJobs(context)
    return summarize(context)
  } finally {
    await database.close()
  }
}
