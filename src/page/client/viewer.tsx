// Who looks at the page, and what they may do: nothing is shown that their token does not allow.

import { useQuery } from '@urql/preact'
import { type ComponentChildren, createContext } from 'preact'
import { useContext } from 'preact/hooks'
import { type TokenScope, WhoAmIDocument, type WhoAmIQuery } from '../generated/graphql.ts'
import { Problem } from '../parts/Problem.tsx'
import { codeOf } from './client.ts'

interface Rights {
  scopes: TokenScope[]
  /** Whether a token was needed: without one, whoever reaches the server may do everything. */
  byToken: boolean
}

const Viewer = createContext<Rights>({ scopes: [], byToken: false })

export function ViewerProvider({ children }: { children: ComponentChildren }) {
  const [{ data, error }] = useQuery<WhoAmIQuery>({ query: WhoAmIDocument.toString() })
  // A token that only posts reports cannot ask anything, not even this.
  if (error && codeOf(error) === 'FORBIDDEN') return <Problem error={error} />
  const rights = { scopes: data?.viewer.scopes ?? [], byToken: Boolean(data?.viewer.token) }
  return <Viewer.Provider value={rights}>{children}</Viewer.Provider>
}

/** Tells whether whoever looks may do what needs a scope. */
export function useMay(): (scope: TokenScope) => boolean {
  const { scopes } = useContext(Viewer)
  return (scope) => scopes.includes(scope)
}

/** Whether this server demands tokens of those who ask. */
export function useByToken(): boolean {
  return useContext(Viewer).byToken
}
