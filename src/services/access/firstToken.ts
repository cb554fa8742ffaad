// What is said at every start of who may come in, and the token that is made at the first one. Both once the server can be asked: a
// token that a start shows which then fails is never shown again.

import { howToMake, isLoopback } from '../../domain/access.ts'
import type { Context } from '../context.ts'
import { createToken } from './createToken.ts'

/**
 * Makes a token of the scope ADMIN if tokens are demanded and there never was one.
 *
 * @returns the token, which has to be shown now: it cannot be asked for again; null if none was made
 */
export async function firstToken(context: Context): Promise<string | null> {
  const { config, database, log } = context
  if (!config.auth) {
    log.warn('DUPLISTATUS_AUTH is off: everybody who can reach this server can read and change everything')
    return null
  }
  const { anyToken, requireToken } = await database.writer.write(({ tokens }) => ({
    anyToken: tokens.any(),
    requireToken: tokens.requiresToken(),
  }))
  if (!requireToken) {
    log.warn(
      'Uploads, and GET requests to the REST routes of older releases, are accepted without a token, because this database was used without tokens. When every client has one, require it: mutation { updateAccess(input: { requireToken: true }) { access { requireToken } } }',
    )
  }
  if (anyToken) {
    log.info(`This server requires a token. If you lost yours: ${howToMake('ADMIN')}`)
    return null
  }
  if (isLoopback(config.host)) {
    log.info('There is no token: everybody on this machine can read and change everything through localhost')
    return null
  }
  const name = `first start, ${context.clock().toISOString().slice(0, 10)}`
  const { secret } = await createToken(context, { name, scope: 'ADMIN', serverId: null, expiresAt: null })
  return secret
}
