// Reads, for every request, who may come in. What was read is taken again only as long as nothing was written by anybody, so that
// a token that the command line revokes is worth nothing at once.

import { timingSafeEqual } from 'node:crypto'
import type { Database } from 'better-sqlite3'
import { LRUCache } from 'lru-cache'
import type { Token } from '../../domain/access.ts'
import type { StorageFaults } from '../file/storageFaults.ts'
import { asToken, type TokenRow, tokenColumns } from '../tables/tokenRow.ts'

/** What is known of a token that a request holds. */
export interface TokenProof {
  prefix: string
  /** SHA-256 in base64url. */
  hash: string
}

interface AccessState {
  /** Whether there ever was a token. */
  anyToken: boolean
  requireToken: boolean
  /** Null if there is none like that. */
  token: Token | null
}

export interface AccessReader {
  /**
   * Who may come in, and the token. It is found by its prefix, which is no secret; all else is compared in constant time, and
   * whether there is such a prefix or not.
   *
   * @param version of the database, looked for no earlier than the request came; null if it cannot be told
   * @throws DomainError UNAVAILABLE if the database cannot be read now
   */
  read(proof: TokenProof, version: number | null): AccessState
}

type Row = { anyToken: number; requireToken: number } & ((TokenRow & { hash: string }) | { id: null })

/** How many prefixes are remembered; somebody may make them up. */
const maxKnown = 100

const noHash = Buffer.alloc(32).toString('base64url')

export function accessReader(database: Database, faults: StorageFaults): AccessReader {
  const select = database.prepare<[string], Row>(`
    SELECT EXISTS (SELECT 1 FROM tokens) AS anyToken, coalesce((SELECT require_token FROM access), 1) AS requireToken,
      ${tokenColumns}, hash
    FROM (SELECT 1) LEFT JOIN tokens t ON t.prefix = ?`)

  const known = new LRUCache<string, Row>({ max: maxKnown, memoMethod: readRow })
  let current: number | null = null

  function rowOf(prefix: string, version: number | null): Row {
    if (version === null || version !== current) known.clear()
    current = version
    return known.memo(prefix)
  }

  /** The one row on the left of the outer join is always there. */
  function readRow(prefix: string): Row {
    try {
      return select.get(prefix) as Row
    } catch (error) {
      throw faults.explain(error)
    }
  }

  return {
    read: ({ prefix, hash }, version) => {
      const row = rowOf(prefix, version)
      const same = timingSafeEqual(Buffer.from(row.id === null ? noHash : row.hash), Buffer.from(hash))
      return {
        anyToken: row.anyToken === 1,
        requireToken: row.requireToken === 1,
        token: row.id !== null && same ? asToken(row) : null,
      }
    },
  }
}
