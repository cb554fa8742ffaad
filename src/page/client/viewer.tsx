// Who looks at the page, and what they may do: nothing is shown that their token does not allow.

import { type ComponentChildren, createContext } from 'preact'
import { useContext, useRef } from 'preact/hooks'
import { type TokenScope, WhoAmIDocument } from '../generated/graphql.ts'
import { Problem } from '../parts/Problem.tsx'
import { codeOf } from './client.ts'
import { useAnswer } from './useAnswer.ts'

interface Rights {
  scopes: TokenScope[]
  /** Whether a token was needed: without one, whoever reaches the server may do everything. */
  byToken: boolean
}

const nothing: Rights = { scopes: [], byToken: false }

const Viewer = createContext(nothing)

export function ViewerProvider({ children }: { children: ComponentChildren }) {
  const { data, error } = useAnswer(WhoAmIDocument, {}, ({ kind }) => kind === 'SETTINGS')
  const known = useRef(nothing)
  // A token that only posts reports cannot ask anything, not even this.
  if (error && codeOf(error) === 'FORBIDDEN') return <Problem error={error} />
  // Whoever is offline may do what they might before, once they are back.
  if (data) known.current = { scopes: data.viewer.scopes, byToken: Boolean(data.viewer.token) }
  return <Viewer.Provider value={known.current}>{children}</Viewer.Provider>
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
