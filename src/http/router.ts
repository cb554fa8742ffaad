// Which request goes where and what it needs, and what all answers have in common.

import { Response } from '@whatwg-node/fetch'
import type { Logger } from 'pino'
import type { Caller, Way } from '../domain/access.ts'
import { DomainError } from '../domain/errors.ts'
import { uploadOption } from '../domain/publicAddress.ts'
import type { AnswerNote } from '../graphql/builder.ts'
import type { Context } from '../services/context.ts'
import { noteLoss, noteRefusal } from '../services/reports/takeReport.ts'
import { createAccount, noRoute } from './door/account.ts'
import type { Admission } from './door/admission.ts'
import type { Connection } from './door/arrival.ts'
import { refuseNeedlessBody } from './door/body.ts'
import { compress } from './door/compress.ts'
import type { Fetch, Foreseen } from './door/listener.ts'
import { uploadCommand } from './door/otherForms.ts'
import { requestIdOf } from './door/requestId.ts'
import { createRooms, type Room, type Rooms } from './door/rooms.ts'
import { answerPreflight, isPreflight, makeSafe } from './door/safety.ts'
import { filesPath } from './graphql/graphiqlPage.ts'
import { failure, noReportsAt, nothingAt } from './respond.ts'
import { getHealth } from './routes/health.ts'
import { getLastBackup, getLastBackups } from './routes/lastBackups.ts'
import { getMetrics } from './routes/metrics.ts'
import { getReady } from './routes/ready.ts'
import { changeServer, getServer, listServers } from './routes/servers.ts'
import { getSummary } from './routes/summary.ts'
import { upload } from './routes/upload.ts'

interface Route extends Way {
  /** @param room for the body of the request */
  handle(request: Request, context: Context, part: string, room: Room): Promise<Response>
}

const uploadMethods: Record<string, Route> = {
  POST: { needs: 'REPORT', ofOldReleases: true, handle: upload },
  PUT: { needs: 'REPORT', ofOldReleases: true, handle: upload },
}

/** What is known of a request on its way. */
interface Asked {
  requestId: string
  /** Every line of it has the id of the request. */
  log: Logger
  /** Set once it is known. */
  route: string
}

/** `:id` and `:token` stand for one part of the path, which is handed on, decoded. */
export const routes: Record<string, Record<string, Route>> = {
  '/api/upload': uploadMethods,
  '/api/upload/:token': uploadMethods,
  '/api/health': { GET: { needs: 'NOTHING', ofOldReleases: true, handle: getHealth } },
  '/api/ready': { GET: { needs: 'NOTHING', handle: getReady } },
  '/metrics': { GET: { needs: 'READ', handle: getMetrics } },
  '/api/summary': { GET: { needs: 'READ', ofOldReleases: true, handle: getSummary } },
  '/api/servers': { GET: { needs: 'READ', ofOldReleases: true, handle: listServers } },
  '/api/servers/:id': {
    GET: { needs: 'READ', ofOldReleases: true, handle: getServer },
    PUT: { needs: 'ADMIN', handle: changeServer },
    PATCH: { needs: 'ADMIN', handle: changeServer },
  },
  '/api/lastbackup/:id': { GET: { needs: 'READ', ofOldReleases: true, handle: getLastBackup } },
  '/api/lastbackups/:id': { GET: { needs: 'READ', ofOldReleases: true, handle: getLastBackups } },
}

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
  rooms: Rooms
  /** Notes that it was a report, which is refused here. */
  lost(refusal: DomainError): void
}

export type GraphqlHandler = (request: Request, arrival: GraphqlArrival) => Promise<Response>

/**
 * Answers every request, its failures too, under an id of its own.
 *
 * @param graphql answers the requests to /graphql, and to the files of the page that is there
 */
export function createRouter(context: Context, graphql: GraphqlHandler, { admit }: Admission): Fetch {
  const { config, log } = context
  const { uploads, waitingUploads, bodyBytes } = config.clientLimits
  const rooms = createRooms(
    { atOnce: uploads, maxWaiting: waitingUploads, bytes: bodyBytes, bytesOfOne: config.maxReportBytes },
    context.counters.uploads,
  )
  const account = createAccount(context)

  return async (request, connection, foreseen) => {
    const began = performance.now()
    const requestId = requestIdOf(request.headers.get('x-request-id'))
    const asked: Asked = { requestId, log: log.child({ requestId }), route: noRoute }
    const answered = await answer(request, connection, asked, foreseen).catch((error) =>
      failure(error, context, requestId),
    )
    const response = await withoutBody(request, await compress(request, answered))
    makeSafe(request, response, config.corsOrigins)
    response.headers.set('x-request-id', requestId)
    const { method, url } = request
    account({ method, url, route: asked.route, status: response.status, requestId, began })
    return response
  }

  async function answer(request: Request, connection: Connection, asked: Asked, foreseen?: Foreseen) {
    const { requestId, log } = asked
    if (isPreflight(request)) return answerPreflight(request, config.corsOrigins)
    refuseNeedlessBody(request)
    const pathname = meantBy(pathOf(request, connection))
    const { method, url } = request
    const lost = (refusal: DomainError) =>
      noteLoss({ ...context, log }, refusal, { method, url, address: connection.address })
    if (pathname === '/graphql' || pathname.startsWith(filesPath)) {
      asked.route = pathname === '/graphql' ? pathname : `${filesPath}:file`
      const anew = () => admit(request, connection, { needs: 'TOKEN' }, log)
      const { enter, answer } = foreseen ? arrived(foreseen) : { enter: anew, answer: { holds: false } }
      return graphql(request, { pathname, requestId, log, answer, enter, admit: anew, rooms, lost })
    }
    const { methods, pattern, part } = resolve(pathname)
    asked.route = pattern
    // HEAD is GET without the body, which is left out of every answer to it.
    const route = methods[method === 'HEAD' ? 'GET' : method]
    if (route) {
      const enter = async () => {
        const decoded = decode(part)
        const caller = admit(request, connection, route, log, pattern.endsWith(':token') ? decoded : undefined)
        return rooms.enter(request.signal, route.needs === 'REPORT', (room) =>
          route.handle(request, { ...context, log, caller }, decoded, room),
        )
      }
      if (route.needs !== 'REPORT') return enter()
      return noteRefusal({ ...context, log }, { address: connection.address }, enter)
    }
    const isNothing = pattern === noRoute
    const mayBeReport = isNothing ? Object.hasOwn(uploadMethods, method) : methods === uploadMethods
    const refusal = isNothing ? nothing(pathname, mayBeReport) : notPossible(method, mayBeReport)
    if (mayBeReport) lost(refusal)
    const response = failure(refusal, context, requestId)
    if (!isNothing) response.headers.set('allow', Object.keys(methods).join(', '))
    return response
  }

  function nothing(pathname: string, mayBeReport: boolean): DomainError {
    return mayBeReport ? noReportsAt(pathname, config.publicUrl) : nothingAt(pathname)
  }

  function notPossible(method: string, mayBeReport: boolean): DomainError {
    const message = mayBeReport
      ? `Duplicati posts its reports here, and ${method} does nothing. Give Duplicati the default option ${uploadOption(config.publicUrl)}, or post a report by hand: ${uploadCommand(config.publicUrl)}`
      : `${method} is not possible here.`
    return new DomainError('METHOD_NOT_ALLOWED', message)
  }
}

function arrived({ guest, answer }: Foreseen) {
  const enter = () => {
    guest.count()
    return guest.caller
  }
  return { enter, answer }
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

/**
 * The address of an upload is typed by hand: neither its case nor a slash too many matters, as where `/api/upload` follows an address
 * that ends in one. Nor does a slash after /graphql.
 */
function meantBy(pathname: string): string {
  if (pathname === '/graphql/') return '/graphql'
  return pathname.replace(
    /^\/+api\/+upload(?:\/+([^/]+))?\/*$/i,
    (_, token) => `/api/upload${token ? `/${token}` : ''}`,
  )
}

/** For a path at which there is nothing, no methods and `noRoute`; `part` is as it stands in the path. */
function resolve(pathname: string): { methods: Record<string, Route>; pattern: string; part: string } {
  const [parent, part] = /^(\/api\/\w+\/)([^/]+)$/.exec(pathname)?.slice(1) ?? []
  const pattern = [`${parent}:id`, `${parent}:token`].find((one) => Object.hasOwn(routes, one)) ?? pathname
  const methods = Object.hasOwn(routes, pattern) ? routes[pattern] : undefined
  if (!methods) return { methods: {}, pattern: noRoute, part: '' }
  return { methods, pattern, part: part ?? '' }
}

/** @throws DomainError BAD_USER_INPUT */
function decode(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    throw new DomainError('BAD_USER_INPUT', `${part} is not properly encoded.`)
  }
}
