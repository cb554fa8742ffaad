// What every service is given.

import type { Logger } from 'pino'
import type { Config } from '../config.ts'
import type { OpenDatabase } from '../database/open.ts'
import type { SecretKey } from '../database/secretKey.ts'
import type { Caller } from '../domain/access.ts'
import type { EventBus } from '../events.ts'

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
}

/** What was counted since the start. */
interface Counters {
  /** Requests that were let in without a token, and will be refused once requireToken is on. */
  requestsWithoutToken: number
}
