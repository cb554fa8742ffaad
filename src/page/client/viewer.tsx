// Who looks at the page, and what they may do: nothing is shown that their token does not allow.

import { useQuery } from '@urql/preact'
import { type ComponentChildren, createContext } from 'preact'
import { useContext } from 'preact/hooks'
import { type TokenScope, WhoAmIDocument, type WhoAmIQuery } from '../generated/graphql.ts'
import { Problem } from '../parts/Problem.tsx'
import { codeOf } from './client.ts'

const Scopes = createContext<TokenScope[]>([])

export function ViewerProvider({ children }: { children: ComponentChildren }) {
  const [{ data, error }] = useQuery<WhoAmIQuery>({ query: WhoAmIDocument.toString() })
  // A token that only posts reports cannot ask anything, not even this.
  if (error && codeOf(error) === 'FORBIDDEN') return <Problem error={error} />
  return <Scopes.Provider value={data?.viewer.scopes ?? []}>{children}</Scopes.Provider>
}

/** Tells whether whoever looks may do what needs a scope. */
export function useMay(): (scope: TokenScope) => boolean {
  const scopes = useContext(Scopes)
  return (scope) => scopes.includes(scope)
}
