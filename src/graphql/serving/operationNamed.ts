// Names the operation that a request asks for and its document does not have: graphql and Yoga only say that they found none.

import { GraphQLError, getOperationAST, Kind } from 'graphql'
import type { Plugin } from 'graphql-yoga'

/** The plugin for Yoga. It comes before what looks into the operation. */
export function requireOperationNamed(): Plugin {
  return {
    onParse:
      () =>
      ({ result, context: { params } }) => {
        const name = params?.operationName
        if (typeof name !== 'string' || result?.kind !== Kind.DOCUMENT || getOperationAST(result, name)) return
        const extensions = { code: 'BAD_USER_INPUT', http: { status: 400 } }
        throw new GraphQLError(`The document has no operation named ${JSON.stringify(name)}.`, { extensions })
      },
  }
}
