// Reads a whole list, page by page, into rows that changes then keep up to date.

import type { CombinedError } from '@urql/core'
import { useEffect, useRef, useState } from 'preact/hooks'
import type { TypedDocumentString } from '../generated/graphql.ts'
import { useReader } from './reader.ts'
import { sameOr } from './same.ts'
import { useRetry } from './useRetry.ts'

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
  /** Puts a row in the place of the one with its id, or beside the others; it is shown soon. */
  put(row: Row): void
  /** Changes every row, or removes those of which null is made. */
  change(to: (row: Row) => Row | null): void
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
  const client = useReader()
  const [state, setState] = useState<Shown<Row>>(nothingYet)
  const [turn, setTurn] = useState(0)
  const asked = JSON.stringify(variables)
  const askedBefore = useRef(asked)
  // What was told while the list was being read is newer than what was read; null for what is gone.
  const told = useRef(new Map<string, Row | null>())
  // Many changes at once are shown together.
  const waiting = useRef<number | undefined>(undefined)
  useEffect(() => () => clearTimeout(waiting.current), [])

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
        setState((old) => {
          const known = new Map(old.rows.map((row) => [row.id, row]))
          const newest = [...rows.values()].map((row) => sameOr(known.get(row.id), row))
          const read = withTold({ rows: newest, totalCount, complete, error: undefined }, told.current)
          // Each time there are twice as many: showing all of a long list anew for each page would take longer than reading it.
          return complete || 2 * old.rows.length <= read.rows.length ? read : old
        })
        if (complete) return
        after = pageInfo.endCursor ?? null
      }
    }
  }, [client, asked, turn])

  const readAgain = () => setTurn((old) => old + 1)
  useRetry(state.error, readAgain)

  function hear(id: string, row: Row | null): void {
    told.current.set(id, row)
    waiting.current ??= window.setTimeout(() => {
      waiting.current = undefined
      setState((old) => withTold(old, told.current))
    }, 50)
  }
  return {
    ...state,
    put: (row) => hear(row.id, row),
    change: (to) => {
      for (const row of withTold(state, told.current).rows) {
        const changed = to(row)
        if (changed !== row) hear(row.id, changed)
      }
    },
    readAgain,
  }
}

type Shown<Row> = Omit<Pages<Row>, 'put' | 'change' | 'readAgain'>

function withTold<Row extends { id: string }>(shown: Shown<Row>, told: Map<string, Row | null>): Shown<Row> {
  const known = shown.rows.map((row): [string, Row | null] => [row.id, row])
  const rows = [...new Map([...known, ...told]).values()].filter((row) => row !== null)
  const isAll = shown.complete && shown.totalCount === shown.rows.length
  return { ...shown, rows, totalCount: isAll ? rows.length : shown.totalCount }
}

const nothingYet = { rows: [], totalCount: null, complete: false, error: undefined }
