// GraphQL over HTTP: Yoga serves the schema, and GraphiQL from the package's own files.

import { renderGraphiQL } from '@graphql-yoga/render-graphiql'
import { createYoga } from 'graphql-yoga'
import type { RequestContext } from '../graphql/builder.ts'
import { exampleOperations } from '../graphql/exampleOperations.ts'
import { errorMask } from '../graphql/maskError.ts'
import { schema } from '../graphql/schema.ts'
import type { Context } from '../services/context.ts'
import { json } from './respond.ts'

/** Answers the requests to /graphql. */
export function createGraphql(context: Context): (request: Request) => Promise<Response> | Response {
  const yoga = createYoga<object, RequestContext>({
    schema,
    context: () => ({ ...context, now: context.clock() }),
    maskedErrors: { maskError: errorMask(context.log) },
    renderGraphiQL,
    graphiql: { title: 'duplistatus', defaultQuery: exampleOperations },
    landingPage: false,
    multipart: false,
    cors: false,
    logging: false,
    maxRequestBodySize: context.config.maxReportBytes,
  })
  return (request) => (request.method === 'POST' && !isJson(request) ? notJson() : yoga.fetch(request))
}

/** A browser lets any site post forms, multipart bodies and plain text here without asking: only JSON is a way in. */
function isJson(request: Request): boolean {
  return /^application\/(?:[\w.-]+\+)?json\s*(?:;|$)/i.test(request.headers.get('content-type') ?? '')
}

function notJson(): Response {
  const message = 'A GraphQL request is posted as JSON: set the content-type to application/json.'
  return json({ errors: [{ message, extensions: { code: 'UNSUPPORTED_MEDIA_TYPE' } }] }, 415)
}
