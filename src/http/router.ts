// The way of every request through the server: it gets an id, it is found out who asks, a kept answer is looked for, its route
// answers, and what all answers have in common is added. Whatever fails on the way is an answer, too.

import { Response } from '@whatwg-node/fetch'
import type { Logger } from 'pino'
import { type Caller, grantKey } from '../domain/access.ts'
import { DomainError } from '../domain/errors.ts'
import { uploadOption } from '../domain/publicAddress.ts'
import type { AnswerNote } from '../graphql/builder.ts'
import type { Context } from '../services/context.ts'
import { noteLoss, noteRefusal } from '../services/reports/takeReport.ts'
import { createAccount, noRoute } from './door/account.ts'
import { createAdmission, type Visit } from './door/admission.ts'
import { createAnswerCache, type KeptAnswer } from './door/answerCache.ts'
import type { Connection } from './door/arrival.ts'
import { refuseNeedlessBody } from './door/body.ts'
import { type BodyMemory, createBodyMemory } from './door/bodyMemory.ts'
import { acceptsGzip, compress } from './door/compress.ts'
import type { Incoming } from './door/incoming.ts'
import type { Answerer } from './door/listener.ts'
import { uploadCommand } from './door/otherForms.ts'
import { requestIdOf } from './door/requestId.ts'
import { answerPreflight, isPreflight, makeSafe } from './door/safety.ts'
import { filesPath } from './graphql/graphiqlPage.ts'
import { failure, noReportsAt, nothingAt } from './respond.ts'
import { maxPostBytes } from './routes/progress.ts'
import { decode, meantBy, type Route, resolve, uploadMethods } from './routes/table.ts'
import { asksForPage, createStatusPage, pageFilesPath } from './statusPage.ts'

/** What goes with a request to /graphql. */
interface GraphqlArrival {
  pathname: string
  requestId: string
  log: Logger
  /** What is to be found out of the answer. */
  answer: AnswerNote
  /** On whose behalf it is, and throws if nobody's: to be called once. */
  enter(): Caller
  /** The same, looked at anew. */
  admit(): Caller
  /** Bounds the memory for bodies, together with those of uploads. */
  bodyMemory: BodyMemory
  /** Notes that it was a report, which is refused here. */
  lost(refusal: DomainError): void
}

export type GraphqlHandler = (request: Request, arrival: GraphqlArrival) => Promise<Response>

/** What is known of a request on its way. */
interface Passage {
  requestId: string
  /** Set once it is known. */
  route: string
  /** Who asks, if that had to be known before it was read. */
  visit: Visit | null
  /** Whether the answer holds until the next write. */
  answer: AnswerNote
}

/** @param graphql answers the requests to /graphql, and to the files of the page that is there */
export function createRouter(context: Context, graphql: GraphqlHandler): Answerer {
  const { config, log } = context
  const { uploads, waitingUploads, bodyBytes } = config.clientLimits
  const bodyMemory = createBodyMemory(
    { atOnce: uploads, maxWaiting: waitingUploads, bytes: bodyBytes, bytesOfOne: config.maxReportBytes },
    context.counters.uploads,
  )
  // A long post that finds no room is dropped: its sender is a backup, which is not to wait.
  const progressMemory = createBodyMemory(
    { atOnce: 16, maxWaiting: 0, bytes: 17 * maxPostBytes, bytesOfOne: maxPostBytes },
    { running: 0, waiting: 0, bytes: 0 },
  )
  const account = createAccount(context)
  const admission = createAdmission(context)
  const answers = createAnswerCache()
  const page = config.statusPage ? createStatusPage() : null

  return async (incoming) => {
    const began = performance.now()
    const requestId = requestIdOf(incoming.headers.get('x-request-id'))
    const passage: Passage = { requestId, route: noRoute, visit: null, answer: { holds: false } }
    const answered = isQuestion(incoming)
      ? await answerQuestion(incoming, passage)
      : await answerAnew(incoming, passage)
    const { method, url } = incoming
    account({ method, url, route: passage.route, status: answered.status, requestId, began })
    return answered
  }

  /** A question that was asked before, since which nothing was written, has its answer already. */
  async function answerQuestion(incoming: Incoming, passage: Passage): Promise<Response | KeptAnswer> {
    const visit = admission(incoming, incoming.connection, { needs: 'TOKEN' })
    passage.visit = visit
    if (!visit.caller) return answerAnew(incoming, passage)
    // What runs is shown, and not in the database.
    const version = visit.version === null ? null : `${visit.version} ${context.running.version()}`
    const { known, keep } = answers.ask(questionOf(grantKey(visit.caller), incoming), version)
    if (known) {
      passage.route = '/graphql'
      visit.enter(log)
      return { ...known, headers: { ...known.headers, 'x-request-id': passage.requestId } }
    }
    const response = await answerAnew(incoming, passage)
    if (!keep || !passage.answer.holds || response.status !== 200) return response
    const made = {
      status: response.status,
      headers: Object.fromEntries(response.headers),
      // Bytes are kept outside the heap, where the collector of garbage need not move them.
      body: new Uint8Array(await response.arrayBuffer()),
    }
    keep(made)
    return made
  }

  async function answerAnew(incoming: Incoming, passage: Passage): Promise<Response> {
    const { requestId } = passage
    const request = incoming.asRequest()
    const answered = await answer(request, incoming.connection, passage).catch((error) =>
      failure(error, context, requestId),
    )
    const response = await withoutBody(request, await compress(request, answered))
    makeSafe(request, response, config.corsOrigins)
    response.headers.set('x-request-id', requestId)
    return response
  }

  async function answer(request: Request, connection: Connection, passage: Passage): Promise<Response> {
    const { requestId } = passage
    const requestLog = log.child({ requestId })
    const requestContext = { ...context, log: requestLog }
    if (isPreflight(request)) return answerPreflight(request, config.corsOrigins)
    refuseNeedlessBody(request)
    const pathname = meantBy(pathOf(request, connection))
    const { method, url } = request
    const lost = (refusal: DomainError) =>
      noteLoss(requestContext, refusal, { method, url, address: connection.address })
    if (pathname === '/graphql' || pathname.startsWith(filesPath)) {
      passage.route = pathname === '/graphql' ? pathname : `${filesPath}:file`
      const admit = () => admission(request, connection, { needs: 'TOKEN' }).enter(requestLog)
      const enter = () => passage.visit?.enter(requestLog) ?? admit()
      const { answer } = passage
      return graphql(request, { pathname, requestId, log: requestLog, answer, enter, admit, bodyMemory, lost })
    }
    // The page is the same for everybody, and holds nothing.
    if (page && asksForPage(request, pathname)) {
      passage.route = pathname.startsWith(pageFilesPath) ? `${pageFilesPath}:file` : '/'
      return page(request, pathname)
    }
    const { methods, pattern, part } = resolve(pathname)
    passage.route = pattern
    // HEAD is GET without the body, which is left out of every answer to it.
    const route = methods[method === 'HEAD' ? 'GET' : method]
    if (route?.answerAnyway) {
      const { answerAnyway } = route
      const inPath = pattern.endsWith(':token') ? part : ''
      return takeQuietly(request, connection, route, inPath, requestContext).catch((error) =>
        answerAnyway(error, requestContext),
      )
    }
    if (route) {
      const enter = async () => {
        const decoded = decode(part)
        const inPath = pattern.endsWith(':token') ? decoded : undefined
        const caller = admission(request, connection, route, inPath).enter(requestLog)
        return bodyMemory.receive(request.signal, route.needs === 'REPORT', (allowance) =>
          route.handle(request, { ...requestContext, caller }, decoded, allowance),
        )
      }
      if (route.needs !== 'REPORT') return enter()
      return noteRefusal(requestContext, { address: connection.address }, enter)
    }
    const isNothing = pattern === noRoute
    const mayBeReport = isNothing ? Object.hasOwn(uploadMethods, method) : methods === uploadMethods
    const refusal = isNothing ? nothing(pathname, mayBeReport) : notPossible(method, mayBeReport)
    if (mayBeReport) lost(refusal)
    const response = failure(refusal, context, requestId)
    if (!isNothing) response.headers.set('allow', Object.keys(methods).join(', '))
    return response
  }

  /** The way of a request of which no refusal is told, nor a wrong token counted. */
  async function takeQuietly(
    request: Request,
    connection: Connection,
    route: Route,
    inPath: string,
    requestContext: Context,
  ): Promise<Response> {
    const visit = admission(request, connection, route, decode(inPath))
    // Whoever enters with a wrong token is counted.
    if (!visit.caller) throw new DomainError('UNAUTHENTICATED', 'This needs a token that may report.')
    const caller = visit.enter(requestContext.log)
    return progressMemory.receive(request.signal, false, (allowance) =>
      route.handle(request, { ...requestContext, caller }, inPath, allowance),
    )
  }

  function nothing(pathname: string, mayBeReport: boolean): DomainError {
    return mayBeReport ? noReportsAt(pathname, config.publicUrl) : nothingAt(pathname)
  }

  function notPossible(method: string, mayBeReport: boolean): DomainError {
    const message = mayBeReport
      ? `Duplicati posts its reports here, and ${method} does nothing. Give Duplicati the default option ${uploadOption(config.publicUrl)}, or post a report by hand: ${uploadCommand(config.publicUrl)}`
      : `${method} is not allowed here.`
    return new DomainError('METHOD_NOT_ALLOWED', message)
  }
}

/** Whether a request to /graphql is here as a whole: its answer may be kept. */
function isQuestion({ method, url, body }: Incoming): boolean {
  return body !== null && (method === 'GET' || method === 'POST') && /^http:\/\/[^/]*\/graphql(?:$|\?)/.test(url)
}

/** Everything that an answer depends on beside the database. The origin decides which headers go along. */
function questionOf(grants: string, { method, url, headers, body }: Incoming): string {
  const encoding = acceptsGzip(headers.get('accept-encoding') ?? '') ? 'gzip' : ''
  const given = ['accept', 'content-type', 'origin'].map((name) => headers.get(name))
  return JSON.stringify([grants, method, url, ...given, encoding]).concat(body?.toString('latin1') ?? '')
}

/** HEAD is answered with the headers of GET, and ends at once, also where GET would subscribe. */
async function withoutBody({ method }: Request, response: Response): Promise<Response> {
  if (method !== 'HEAD' || response.body === null) return response
  // A stream of events can be closed only once it has begun.
  for await (const _ of response.body) break
  const { status, statusText, headers } = response
  return new Response(null, { status, statusText, headers })
}

/**
 * A Host that names none is refused (RFC 9112, 3.2): it stands in the address of the request, and could hold another path.
 *
 * @throws DomainError BAD_USER_INPUT
 */
function pathOf({ url }: Request, { host }: Connection): string {
  if (/^[\w.:[\]-]*$/.test(host) && URL.canParse(url)) return new URL(url).pathname
  throw new DomainError('BAD_USER_INPUT', 'The header Host of the request names no host.')
}
