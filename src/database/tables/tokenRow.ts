// A row of tokens, without the hash of the token.

import type { Token } from '../../domain/access.ts'
import { rowCodec } from '../rows/rowCodec.ts'

export const tokenRow = rowCodec<Token>('Token', {
  id: 'plain',
  name: 'plain',
  scope: 'plain',
  serverId: 'plain',
  prefix: 'plain',
  expiresAt: 'plain',
  lastUsedAt: 'plain',
  revokedAt: 'plain',
})
