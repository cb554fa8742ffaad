// What every service is given.

import type { Logger } from 'pino'
import type { Config } from '../config.ts'
import type { SecretKey } from '../database/file/secretKey.ts'
import type { OpenDatabase } from '../database/open.ts'
import type { Caller } from '../domain/access.ts'
import type { EventBus } from '../events.ts'
import type { RunningBackups } from './running/runningBackups.ts'
import type { Counters } from './upkeep/counters.ts'

export interface Context {
  config: Config
  database: OpenDatabase
  /** Services tell here what they wrote. */
  events: EventBus
  /** Encrypts what the database keeps of secrets. */
  secrets: SecretKey
  clock: () => Date
  log: Logger
  /** On whose behalf it is done. */
  caller: Caller
  counters: Counters
  /** The runs that are under way, in memory. */
  running: RunningBackups
}
