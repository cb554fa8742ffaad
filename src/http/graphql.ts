// GraphQL over HTTP: Yoga serves the schema, and GraphiQL from the package's own files.

import { renderGraphiQL } from '@graphql-yoga/render-graphiql'
import { createYoga } from 'graphql-yoga'
import type { RequestContext } from '../graphql/builder.ts'
import { exampleOperations } from '../graphql/exampleOperations.ts'
import { errorMask } from '../graphql/maskError.ts'
import { schema } from '../graphql/schema.ts'
import type { Context } from '../services/context.ts'

/** Answers the requests to /graphql. */
export function createGraphql(context: Context): (request: Request) => Promise<Response> | Response {
  const yoga = createYoga<object, RequestContext>({
    schema,
    context: () => ({ ...context, now: context.clock() }),
    maskedErrors: { maskError: errorMask(context.log) },
    renderGraphiQL,
    graphiql: { title: 'duplistatus', defaultQuery: exampleOperations },
    landingPage: false,
    // A browser may post forms and multipart bodies to any site without asking it: they are no way in.
    multipart: false,
    cors: false,
    logging: false,
    maxRequestBodySize: context.config.maxReportBytes,
  })
  return (request) => yoga.fetch(request)
}
