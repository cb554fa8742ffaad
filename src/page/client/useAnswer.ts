// Asks the API, and asks again when what was asked about may have changed.

import { type CombinedError, useQuery } from '@urql/preact'
import { useEffect, useRef } from 'preact/hooks'
import type { TypedDocumentString } from '../generated/graphql.ts'
import { type Change, useReadAgain } from '../live/live.ts'
import { noteOld } from './old.ts'
import { useRetry } from './useRetry.ts'

export interface Answer<Data> {
  /** Undefined before the first answer. */
  data: Data | undefined
  error: CombinedError | undefined
  /** Whether it is the answer of before, and a new one is on its way. */
  stale: boolean
}

/** @param matters which changes are a reason to ask again; all by default */
export function useAnswer<Data, Variables extends object>(
  document: TypedDocumentString<Data, Variables>,
  variables: Variables,
  matters?: (change: Change) => boolean,
): Answer<Data> {
  const [{ data, error, stale }, ask] = useQuery<Data, Variables>({ query: document.toString(), variables })
  const readAgain = () => ask({ requestPolicy: 'network-only' })
  useReadAgain(readAgain, matters)
  useRetry(error, readAgain)
  // What was read before stays when it cannot be read again, with the error beside it: a dialog may be open.
  const asked = JSON.stringify(variables)
  const kept = useRef<{ asked: string; data: Data } | undefined>(undefined)
  if (data) kept.current = { asked, data }
  const known = data ?? (kept.current?.asked === asked ? kept.current.data : undefined)
  useEffect(() => noteOld(error !== undefined && known !== undefined), [error, known])
  return { data: known, error, stale }
}
