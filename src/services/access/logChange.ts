// Writes into the log what somebody changed: who, what, what it was before and what it is now.

import type { Context } from '../context.ts'

export interface Change {
  /** What was done, by the name it has in the schema. */
  action: string
  /** To what, like `Server:1`. */
  target: string
  /** Null: it was not there. */
  before: object | null
  /** Null: it is not there any more. */
  after: object | null
}

/** To be called by every service that changes something on somebody's behalf, once the change is safely on disk. */
export function logChange({ log, caller }: Pick<Context, 'log' | 'caller'>, change: Change): void {
  log.info({ caller: caller.name, ...change }, `${change.action} of ${change.target}`)
}
