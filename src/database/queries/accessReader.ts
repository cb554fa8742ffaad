// Reads, for every request, who may come in. What was read is taken again only as long as nothing was written by anybody, so that
// a token that the command line revokes is worth nothing at once.

import { timingSafeEqual } from 'node:crypto'
import type { Database } from 'better-sqlite3'
import { LRUCache } from 'lru-cache'
import type { Token } from '../../domain/access.ts'
import type { StorageFaults } from '../file/storageFaults.ts'
import type { Stored } from '../rows/values.ts'
import { tokenRow } from '../tables/tokenRow.ts'

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

/** Without a token of the prefix there is no hash, and nothing after it. */
type Row = [anyToken: number, requireToken: number, hash: string | null, ...token: Stored[]]

/** How many prefixes are remembered; somebody may make them up. */
const maxKnown = 100

const noHash = Buffer.alloc(32).toString('base64url')

export function accessReader(database: Database, faults: StorageFaults): AccessReader {
  const select = database
    .prepare<[string], Row>(`
      SELECT EXISTS (SELECT 1 FROM tokens), coalesce((SELECT require_token FROM access), 1), hash, ${tokenRow.columnsOf('t')}
      FROM (SELECT 1) LEFT JOIN tokens t ON t.prefix = ?`)
    .raw()

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
      const [anyToken, requireToken, stored, ...token] = rowOf(prefix, version)
      const same = timingSafeEqual(Buffer.from(stored ?? noHash), Buffer.from(hash))
      return {
        anyToken: anyToken === 1,
        requireToken: requireToken === 1,
        token: stored !== null && same ? tokenRow.read(token) : null,
      }
    },
  }
}
