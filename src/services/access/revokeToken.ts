// Takes a token back.

import { DomainError } from '../../domain/errors.ts'
import type { Context } from '../context.ts'
import { logChange } from './logChange.ts'

/**
 * Afterwards the token lets nobody in. One that was revoked before stays as it is.
 *
 * @throws DomainError NOT_FOUND, or CONFLICT if nobody else could do everything
 */
export async function revokeToken(context: Context, id: number): Promise<void> {
  const now = context.clock()
  const revoked = await context.database.writer.write(({ tokens }) => {
    const token = tokens.find(id)
    if (!token) throw new DomainError('NOT_FOUND', `There is no Token:${id}.`)
    if (token.revokedAt) return null
    if (token.scope === 'ADMIN' && !tokens.hasAdminBut(id, now)) {
      throw new DomainError('CONFLICT', `Token:${id} is the only one of the scope ADMIN: create another one first.`)
    }
    tokens.revoke(id, now)
    return token
  })
  if (!revoked) return
  const { name, scope, serverId, prefix } = revoked
  const before = { name, scope, serverId, prefix, revokedAt: null }
  logChange(context, { action: 'revokeToken', target: `Token:${id}`, before, after: { ...before, revokedAt: now } })
  context.events.publish('changed', { kind: 'SETTINGS', type: 'Token', key: id })
}
