// A row of tokens, as statements read it.

import type { Scope, Token } from '../../domain/access.ts'

export interface TokenRow {
  id: number
  name: string
  scope: Scope
  serverId: number | null
  prefix: string
  expiresAt: number | null
  lastUsedAt: number | null
  revokedAt: number | null
}

/** Of the table `tokens t`. */
export const tokenColumns =
  't.id, name, scope, server_id AS serverId, prefix, expires_at AS expiresAt, last_used_at AS lastUsedAt, revoked_at AS revokedAt'

export function asToken({ id, name, scope, serverId, prefix, ...times }: TokenRow): Token {
  const { expiresAt, lastUsedAt, revokedAt } = times
  return {
    ...{ id, name, scope, serverId, prefix },
    expiresAt: asDate(expiresAt),
    lastUsedAt: asDate(lastUsedAt),
    revokedAt: asDate(revokedAt),
  }
}

function asDate(milliseconds: number | null): Date | null {
  return milliseconds === null ? null : new Date(milliseconds)
}
