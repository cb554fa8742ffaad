// The tokens of a database, for the commands.

import type { Logger } from 'pino'
import { openCommandContext } from './commandContext.ts'
import type { Config } from './config.ts'
import { createToken } from './services/access/createToken.ts'
import { revokeToken } from './services/access/revokeToken.ts'

export type Tokens = Awaited<ReturnType<typeof openTokens>>

/** @param changes where it is logged what is changed */
export async function openTokens(config: Config, log: Logger, changes: Logger) {
  const context = await openCommandContext(config, log, changes)
  const { database } = context
  return {
    create: (input: Parameters<typeof createToken>[1]) => createToken(context, input),
    list: () => database.reader.token.findMany({ omit: { hash: true }, orderBy: { id: 'asc' } }),
    revoke: (id: number) => revokeToken(context, id),
    close: () => database.close(),
  }
}
