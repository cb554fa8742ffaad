// Makes tokens.

import { z } from 'zod'
import { badInput, DomainError } from '../../domain/errors.ts'
import type { Context } from '../context.ts'
import { checked } from '../input.ts'
import { logChange } from './logChange.ts'
import { newToken, proofOf } from './tokenSecret.ts'

export interface TokenInput {
  name: string
  scope: 'REPORT' | 'READ' | 'ADMIN'
  /** The only server whose reports it may post; null: of any. */
  serverId: number | null
  /** Null: it is good until it is revoked. */
  expiresAt: Date | null
}

export interface CreatedToken {
  tokenId: number
  /** The token, which nobody can ask for again. */
  secret: string
}

const nameRule = z
  .string('must be text')
  .trim()
  .min(1, 'must say who holds the token')
  .max(200, 'must not exceed 200 characters')

/**
 * Makes a token. The first one closes the server to everybody who has none, so that it must be one that lets its maker in.
 *
 * @throws DomainError BAD_USER_INPUT with everything that is wrong, NOT_FOUND if there is no such server
 */
export async function createToken(context: Context, input: TokenInput): Promise<CreatedToken> {
  const { database, clock } = context
  const now = clock()
  const given = {
    ...input,
    name: checked(z.object({ name: nameRule }), { name: input.name }, 'The token cannot be made').name,
  }
  const problems = [
    ...(given.serverId !== null && given.scope !== 'REPORT'
      ? [{ path: 'server', message: 'only a token of the scope REPORT can be bound to a server' }]
      : []),
    ...(given.expiresAt && given.expiresAt <= now ? [{ path: 'expiresAt', message: 'must be in the future' }] : []),
  ]
  if (problems.length > 0) throw badInput('The token cannot be made', problems)

  const secret = newToken()
  const tokenId = await database.writer.write(({ tokens, servers }) => {
    if (given.scope !== 'ADMIN' && !tokens.hasAdminBut(0, now)) {
      const message = 'must be ADMIN: there is no such token yet, and without one nobody could manage this server'
      throw badInput('The token cannot be made', [{ path: 'scope', message }])
    }
    if (given.serverId !== null && servers.findEditable(given.serverId) === undefined) {
      throw new DomainError('NOT_FOUND', `There is no Server:${given.serverId}.`)
    }
    return tokens.insert({ ...given, ...proofOf(secret), createdAt: now })
  })
  const { name, scope, serverId, expiresAt } = given
  const after = { name, scope, serverId, expiresAt, prefix: proofOf(secret).prefix }
  logChange(context, { action: 'createToken', target: `Token:${tokenId}`, before: null, after })
  context.events.publish('changed', { kind: 'SETTINGS', type: 'Token', key: tokenId })
  return { tokenId, secret }
}
