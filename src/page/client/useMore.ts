// A list that is read a page at a time, as far as somebody wants to see.

import type { CombinedError } from '@urql/core'
import { useEffect, useState } from 'preact/hooks'
import type { TypedDocumentString } from '../generated/graphql.ts'
import { type Change, useReadAgain } from '../live/live.ts'
import { useReader } from './reader.ts'
import { useRetry } from './useRetry.ts'

export interface Connection<Item> {
  nodes: Item[]
  totalCount: number
  pageInfo: { hasNextPage: boolean; endCursor?: string | null }
}

export interface More<Item> {
  /** Null before the first answer. */
  items: Item[] | null
  totalCount: number
  error: CombinedError | undefined
  /** Reads the next page; null if there is none. */
  more: (() => void) | null
}

/**
 * @param listOf finds the list in an answer
 * @param matters which changes are a reason to read the shown pages again; none by default
 */
export function useMore<Data, Variables extends { after?: string | null }, Item>(
  document: TypedDocumentString<Data, Variables>,
  variables: Omit<Variables, 'after'>,
  listOf: (data: Data) => Connection<Item> | undefined,
  matters: (change: Change) => boolean = () => false,
): More<Item> {
  const client = useReader()
  const asked = JSON.stringify(variables)
  const [read, setRead] = useState<Read<Item>>({ of: asked, turn: 0, pages: null })
  const [wanted, setWanted] = useState({ of: asked, pages: 1 })
  const [error, setError] = useState<CombinedError>()
  const [turn, setTurn] = useState(0)
  // What was read of something else is nothing of this.
  const pages = read.of === asked ? read.pages : null
  const pagesWanted = wanted.of === asked ? wanted.pages : 1

  useEffect(() => {
    let stale = false
    void readOn()
    return () => {
      stale = true
    }

    async function readOn(): Promise<void> {
      const known = read.turn === turn ? (pages ?? []).slice(0, pagesWanted) : []
      while (known.length < pagesWanted) {
        const after = known.at(-1)?.pageInfo.endCursor ?? null
        const { data, error } = await client
          .query<Data>(document.toString(), { ...variables, after }, { requestPolicy: 'network-only' })
          .toPromise()
        if (stale) return
        setError(error)
        const list = data && listOf(data)
        if (!list) return
        known.push(list)
        if (!list.pageInfo.hasNextPage) break
      }
      setRead({ of: asked, turn, pages: known })
    }
  }, [client, asked, wanted, turn])
  const readAgain = () => setTurn((old) => old + 1)
  useReadAgain(readAgain, matters)
  useRetry(error, readAgain)

  const last = pages?.at(-1)
  return {
    items: pages?.flatMap(({ nodes }) => nodes) ?? null,
    totalCount: pages?.at(-1)?.totalCount ?? 0,
    error,
    more: last?.pageInfo.hasNextPage ? () => setWanted({ of: asked, pages: (pages?.length ?? 0) + 1 }) : null,
  }
}

interface Read<Item> {
  /** The variables, as text. */
  of: string
  /** Which time it was read. */
  turn: number
  /** Null before the first answer. */
  pages: Connection<Item>[] | null
}
