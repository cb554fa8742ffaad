// GraphQL over HTTP: Yoga serves the schema.

import { Request } from '@whatwg-node/fetch'
import { createYoga, type GraphQLParams, type Plugin } from 'graphql-yoga'
import type { Logger } from 'pino'
import type { Caller } from '../../domain/access.ts'
import { DomainError, type ErrorCode } from '../../domain/errors.ts'
import type { AnswerNote, RequestContext } from '../../graphql/builder.ts'
import { planQueries } from '../../graphql/plan/planQueries.ts'
import { schema } from '../../graphql/schema.ts'
import { noteAnswers } from '../../graphql/serving/answerNote.ts'
import { checkNeeds } from '../../graphql/serving/checkNeeds.ts'
import { createDocumentCache } from '../../graphql/serving/documentCache.ts'
import { hideSchema } from '../../graphql/serving/hideSchema.ts'
import { limitQueries } from '../../graphql/serving/limits.ts'
import { limitLists } from '../../graphql/serving/listLimits.ts'
import { maskErrors } from '../../graphql/serving/maskError.ts'
import { requireOperationNamed } from '../../graphql/serving/operationNamed.ts'
import { subscribeToOne } from '../../graphql/serving/subscribeToOne.ts'
import { endWhenRefused } from '../../graphql/serving/whileAdmitted.ts'
import type { Collector } from '../../services/asking/collector.ts'
import type { Context } from '../../services/context.ts'
import { readingOf } from '../../services/requestReading.ts'
import { beginsAsReport, isReport, misdirected } from '../door/misdirectedReport.ts'
import { graphqlFailure, json, nothingAt } from '../respond.ts'
import type { GraphqlHandler } from '../router.ts'
import { asksForGraphiql, createGraphiql } from './graphiql.ts'
import { maxBodyBytes, mayBeLong, readParams } from './graphqlParams.ts'

/** Answers the requests to /graphql, and below it those for the files of GraphiQL. */
export function createGraphql(context: Context, collector: Collector): GraphqlHandler {
  const { config } = context
  const yoga = createYoga<ServerContext, RequestContext>({
    schema,
    context: ({ call: { log, caller, answer } }) => ({
      ...context,
      collector,
      ...{ log, caller, answer, now: context.clock() },
      ...readingOf(context),
    }),
    plugins: [
      paramsAsRead,
      requireOperationNamed(),
      checkNeeds(),
      limitQueries(config.queryLimits),
      limitLists(),
      subscribeToOne(),
      ...(config.introspection ? [] : [hideSchema()]),
      maskErrors(context),
      eventsHappenNow(context),
      endWhenRefused(),
      noteAnswers(),
      ...(config.shortcuts.queryPlans ? [planQueries()] : []),
    ],
    parserAndValidationCache: { documentCache: createDocumentCache(), errorCache: createDocumentCache() },
    maskedErrors: false,
    graphiql: false,
    landingPage: false,
    multipart: false,
    cors: false,
    logging: false,
    maxRequestBodySize: false,
  })
  // Given a second part, Yoga copies the first into a plain object. One alone becomes the prototype of an object, and V8 keeps, until
  // it collects all garbage, a shape for each prototype and with it all that the prototype holds.
  const handle = yoga.handleRequest as (request: Request, ...parts: Partial<ServerContext>[]) => Promise<Response>
  const graphiql = config.graphiql ? createGraphiql() : null
  const maxBytes = Math.min(config.maxReportBytes, maxBodyBytes)
  return async (request, { pathname, requestId, log, answer, enter, admit, bodyMemory, lost }) => {
    // The page is the same for everybody, and holds nothing.
    if (graphiql && asksForGraphiql(request)) return graphiql(request)
    if (pathname !== '/graphql') throw nothingAt(pathname)
    try {
      const caller = enter()
      if (request.method === 'POST' && !isJson(request)) throw notJson()
      const response = await bodyMemory.receive(request.signal, mayBeLong(request), async (allowance) => {
        const params = await readParams(request, maxBytes, allowance)
        if (isReport(params)) return refuseReport('BAD_USER_INPUT')
        return handle(asGet(request), { call: { requestId, log, answer, caller, admit, params } }, {})
      })
      return response.status === 406 ? notAcceptable(response) : unbuffered(response)
    } catch (error) {
      if (!(error instanceof DomainError)) throw error
      return (await beginsAsReport(request)) ? refuseReport(error.code) : graphqlFailure(error)
    }

    function refuseReport(code: ErrorCode): Response {
      const refusal = misdirected(code, config.publicUrl)
      lost(refusal)
      return graphqlFailure(refusal)
    }
  }
}

/** What goes with a request, as one thing: Yoga copies each part of it with great care. */
interface ServerContext {
  call: {
    /** What it asks. */
    params: GraphQLParams
    /** On whose behalf it is. */
    caller: Caller
    /** Whether it would still be let in. */
    admit: () => Caller
    /** What is found of its answer. */
    answer: AnswerNote
    requestId: string
    log: Logger
  }
}

/** Yoga knows no HEAD. The router leaves the body out. */
function asGet(request: Request): Request {
  const { method, url, headers, signal } = request
  return method === 'HEAD' ? new Request(url, { headers, signal }) : request
}

/** Takes what was read of the request for what it asks, in place of Yoga's own reading of it. */
const paramsAsRead: Plugin<object, ServerContext> = {
  onRequestParse: ({ serverContext, setRequestParser }) => setRequestParser(() => serverContext.call.params),
}

/** Judges each event at its own moment, and not at that of the subscription, and lets it read as much as a request. */
function eventsHappenNow(context: Context): Plugin {
  return {
    onSubscribe: ({ args: { contextValue } }) =>
      void Object.defineProperties(contextValue, {
        now: { get: context.clock },
        beginEvent: { value: () => Object.assign(contextValue, readingOf(context)) },
      }),
  }
}

/** A browser lets any site post forms, multipart bodies and plain text here without asking: only JSON is a way in. */
function isJson(request: Request): boolean {
  return /^application\/(?:[\w.-]+\+)?json\s*(?:;|$)/i.test(request.headers.get('content-type') ?? '')
}

function notJson(): DomainError {
  const message = 'A GraphQL request is posted as JSON: set the content-type to application/json.'
  return new DomainError('UNSUPPORTED_MEDIA_TYPE', message)
}

/** Yoga's own answer has no body: it only names, in a header, what it could have answered with. */
function notAcceptable({ headers }: Response): Response {
  const types = headers.get('accept') ?? ''
  const message = `This operation is answered as ${types}: the header accept must allow it.`
  return json({ errors: [{ message, extensions: { code: 'UNSUPPORTED_MEDIA_TYPE' } }] }, 406, { accept: types })
}

/** Keeps proxies from collecting the events of a stream. Yoga says `content-encoding: none`, which is no encoding. */
function unbuffered(response: Response): Response {
  const { headers } = response
  if (!headers.get('content-type')?.startsWith('text/event-stream')) return response
  headers.set('cache-control', 'no-cache, no-transform')
  headers.set('x-accel-buffering', 'no')
  headers.delete('content-encoding')
  headers.delete('connection')
  return response
}
