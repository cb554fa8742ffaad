// Does something by a mutation. What it changed is read again by whoever shows it: the server tells of every change.

import type { CombinedError } from '@urql/core'
import { useMutation } from '@urql/preact'
import type { TypedDocumentString } from '../generated/graphql.ts'

export interface Action<Data, Variables> {
  /** What was wrong the last time. */
  error: CombinedError | undefined
  busy: boolean
  /** The answer, or null if it failed. */
  run(variables: Variables): Promise<Data | null>
}

export function useAction<Data, Variables extends object>(
  document: TypedDocumentString<Data, Variables>,
): Action<Data, Variables> {
  const [{ error, fetching }, execute] = useMutation<Data, Variables>(document.toString())
  return {
    error,
    busy: fetching,
    run: async (variables) => {
      const answer = await execute(variables)
      return answer.error ? null : (answer.data ?? null)
    },
  }
}
