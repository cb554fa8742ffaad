// GraphQL over HTTP: Yoga serves the schema.

import { createYoga } from 'graphql-yoga'
import type { RequestContext } from '../graphql/builder.ts'
import { errorMask } from '../graphql/maskError.ts'
import { schema } from '../graphql/schema.ts'
import type { Context } from '../services/context.ts'
import { asksForGraphiql, createGraphiql } from './graphiql.ts'
import { json } from './respond.ts'

/** Answers the requests to /graphql. */
export function createGraphql(context: Context): (request: Request) => Promise<Response> | Response {
  const yoga = createYoga<object, RequestContext>({
    schema,
    context: () => ({ ...context, now: context.clock() }),
    maskedErrors: { maskError: errorMask(context.log) },
    graphiql: false,
    landingPage: false,
    multipart: false,
    cors: false,
    logging: false,
    maxRequestBodySize: context.config.maxReportBytes,
  })
  const graphiql = createGraphiql()
  return (request) => {
    if (asksForGraphiql(request)) return graphiql(request)
    return request.method === 'POST' && !isJson(request) ? notJson() : yoga.fetch(request)
  }
}

/** A browser lets any site post forms, multipart bodies and plain text here without asking: only JSON is a way in. */
function isJson(request: Request): boolean {
  return /^application\/(?:[\w.-]+\+)?json\s*(?:;|$)/i.test(request.headers.get('content-type') ?? '')
}

function notJson(): Response {
  const message = 'A GraphQL request is posted as JSON: set the content-type to application/json.'
  return json({ errors: [{ message, extensions: { code: 'UNSUPPORTED_MEDIA_TYPE' } }] }, 415)
}
