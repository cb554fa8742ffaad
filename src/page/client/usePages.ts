// Reads a whole list, page by page, into rows that changes then keep up to date.

import type { CombinedError } from '@urql/core'
import { useClient } from '@urql/preact'
import { useEffect, useRef, useState } from 'preact/hooks'
import type { TypedDocumentString } from '../generated/graphql.ts'

interface Page<Row> {
  nodes: Row[]
  totalCount: number
  pageInfo: { hasNextPage: boolean; endCursor?: string | null }
}

export interface Pages<Row> {
  rows: Row[]
  /** How many there are in all; null before the first answer. */
  totalCount: number | null
  /** Whether all that will be read have been. */
  complete: boolean
  error: CombinedError | undefined
  /** Puts a row in the place of the one with its id, or beside the others. */
  put(row: Row): void
  remove(id: string): void
  readAgain(): void
}

/**
 * @param most how many rows are read at most
 * @param pageOf finds the list in an answer
 */
export function usePages<Data, Variables extends { after?: string | null }, Row extends { id: string }>(
  document: TypedDocumentString<Data, Variables>,
  variables: Omit<Variables, 'after'>,
  pageOf: (data: Data) => Page<Row>,
  most: number,
): Pages<Row> {
  const client = useClient()
  const [state, setState] = useState<Omit<Pages<Row>, 'put' | 'remove' | 'readAgain'>>(nothingYet)
  const [turn, setTurn] = useState(0)
  const asked = JSON.stringify(variables)
  const askedBefore = useRef(asked)
  // What was told while the list was being read is newer than what was read; null for what is gone.
  const told = useRef(new Map<string, Row | null>())

  useEffect(() => {
    let stale = false
    // What is shown stays until all of it has been read anew, unless something else is asked.
    const isNew = askedBefore.current !== asked
    askedBefore.current = asked
    told.current.clear()
    if (isNew) setState(nothingYet)
    void read()
    return () => {
      stale = true
    }

    async function read(): Promise<void> {
      const rows = new Map<string, Row>()
      let after: string | null = null
      for (;;) {
        const { data, error } = await client
          .query<Data>(document.toString(), { ...variables, after }, { requestPolicy: 'network-only' })
          .toPromise()
        if (stale) return
        if (error || !data) return setState((old) => ({ ...old, error }))
        const { nodes, totalCount, pageInfo } = pageOf(data)
        for (const row of nodes) rows.set(row.id, row)
        const complete = !pageInfo.hasNextPage || rows.size >= most
        const newest = [...new Map<string, Row | null>([...rows, ...told.current]).values()]
        const read = { rows: newest.filter((row) => row !== null), totalCount, complete, error: undefined }
        // Each time there are twice as many: showing all of a long list anew for each page would take longer than reading it.
        setState((old) => (complete || 2 * old.rows.length <= read.rows.length ? read : old))
        if (complete) return
        after = pageInfo.endCursor ?? null
      }
    }
  }, [client, asked, turn])

  function hear(id: string, row: Row | null): void {
    told.current.set(id, row)
    setState((old) => {
      const rows = new Map<string, Row | null>(old.rows.map((one) => [one.id, one])).set(id, row)
      return { ...old, rows: [...rows.values()].filter((one) => one !== null) }
    })
  }
  return {
    ...state,
    put: (row) => hear(row.id, row),
    remove: (id) => hear(id, null),
    readAgain: () => setTurn((old) => old + 1),
  }
}

const nothingYet = { rows: [], totalCount: null, complete: false, error: undefined }
