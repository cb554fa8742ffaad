// What every service is given.

import type { Logger } from 'pino'
import type { Config } from '../config.ts'
import type { OpenDatabase } from '../database/open.ts'

export interface Context {
  config: Config
  database: OpenDatabase
  clock: () => Date
  log: Logger
}
