// The GraphQL client of the page: answers are kept by document and variables, and read again when something changes.

import { Client, type CombinedError, cacheExchange, fetchExchange, mapExchange } from '@urql/core'
import { apiUrl } from '../base.ts'
import { authorization, currentToken } from './token.ts'

/**
 * @param keep whether answers are kept, to be shown again at once
 * @param refused is called when the server asks for a token, or does not take the present one
 */
export function createClient(keep: boolean, refused: () => void): Client {
  return new Client({
    url: apiUrl('graphql'),
    preferGetMethod: false,
    requestPolicy: 'cache-and-network',
    fetchOptions: () => ({ headers: authorization(currentToken()) }),
    exchanges: [
      ...(keep ? [cacheExchange] : []),
      mapExchange({
        onError: (error) => {
          if (codeOf(error) === 'UNAUTHENTICATED') refused()
        },
      }),
      fetchExchange,
    ],
  })
}

/** The code of the first error, from the closed list of the API; `NETWORK` if there was no answer. */
export function codeOf(error: CombinedError): string {
  return (error.graphQLErrors[0]?.extensions.code as string | undefined) ?? 'NETWORK'
}

/** What was wrong, in words: of wrong input each thing. */
export function messageOf(error: CombinedError): string {
  if (error.graphQLErrors.length === 0) return 'The server cannot be reached.'
  return error.graphQLErrors
    .flatMap(({ message, extensions }) => {
      const issues = extensions.issues as { path: string; message: string }[] | undefined
      return issues?.map((issue) => (issue.path ? `${issue.path}: ${issue.message}` : issue.message)) ?? [message]
    })
    .join('\n')
}
