// Tokens as their holders have them. The server keeps their hash alone.

import { createHash, randomBytes } from 'node:crypto'
import type { TokenProof } from '../../database/queries/accessReader.ts'

/** A new token: `dst_` and 256 random bits in base64url. */
export function newToken(): string {
  return `dst_${randomBytes(32).toString('base64url')}`
}

/** What is kept of a token, or compared of one that is held. */
export function proofOf(token: string): TokenProof {
  return { prefix: token.slice(0, 10), hash: createHash('sha256').update(token).digest('base64url') }
}
