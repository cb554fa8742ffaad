// Ends a subscription whose token is worth nothing any more.

import { type ExecutionResult, GraphQLError } from 'graphql'
import { isAsyncIterable, type Plugin } from 'graphql-yoga'

/**
 * The plugin for Yoga. Every event is sent only if its listener would still be let in; a listener who would not is told so, and
 * the subscription ends.
 */
export function endWhenRefused(): Plugin<object, { call: { admit: () => unknown } }> {
  return {
    onSubscribe: ({ args }) => ({
      onSubscribeResult: ({ result, setResult }) => {
        const { call } = args.contextValue as unknown as { call: { admit: () => unknown } }
        if (isAsyncIterable(result)) setResult(whileAdmitted(result, call.admit))
      },
    }),
  }
}

/** No generator: it could not be ended while it waits. */
function whileAdmitted(
  results: AsyncIterable<ExecutionResult>,
  admit: () => unknown,
): AsyncIterableIterator<ExecutionResult> {
  const source = results[Symbol.asyncIterator]()
  const end = async () => {
    await source.return?.()
    return { value: undefined, done: true } as const
  }
  let refused = false
  const iterator: AsyncIterableIterator<ExecutionResult> = {
    next: async () => {
      if (refused) return end()
      const next = await source.next()
      if (next.done) return next
      try {
        admit()
        return next
      } catch (error) {
        refused = true
        const message = (error as Error).message
        return { value: { errors: [new GraphQLError(message, { originalError: error as Error })] }, done: false }
      }
    },
    return: end,
    [Symbol.asyncIterator]: () => iterator,
  }
  return iterator
}
