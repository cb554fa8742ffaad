// What a field declares of itself, beside its type and its resolver, in its `extensions`.

import type { Scope } from '../domain/access.ts'
import type { RequestContext } from './builder.ts'

declare module 'graphql' {
  interface GraphQLFieldExtensions<_TSource, _TContext, _TArgs> {
    /**
     * The scope that a caller needs for it. A field of Query, Mutation or Subscription that declares none is refused to everybody;
     * every other field that declares none needs READ.
     */
    needs?: Scope
    /**
     * How many items a list without pages is taken to hold when the cost of a query is counted, if not 10.
     *
     * @param args as they came: whether they are of the right types is found later
     */
    listSize?: (args: Readonly<Record<string, unknown>>) => number
    /**
     * That its value can change without a write: it is read from something else than the database, always or with such
     * arguments. An answer that holds it is not kept.
     */
    uncacheable?: true | ((args: object, context: RequestContext) => boolean)
  }
}
