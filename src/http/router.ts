// Which request goes where, and what all answers have in common.

import { randomUUID } from 'node:crypto'
import { DomainError } from '../domain/errors.ts'
import type { Context } from '../services/context.ts'
import { compress } from './compress.ts'
import { filesPath } from './graphiqlPage.ts'
import { getHealth } from './health.ts'
import { getLastBackup, getLastBackups } from './lastBackups.ts'
import { failure, nothingAt } from './respond.ts'
import { changeServer, getServer, listServers } from './servers.ts'
import { getSummary } from './summary.ts'
import { upload } from './upload.ts'

type Handler = (request: Request, context: Context, id: string) => Promise<Response>

/** `:id` stands for one part of the path and is handed to the handler, decoded. */
const routes: Record<string, Record<string, Handler>> = {
  '/api/upload': { POST: upload, PUT: upload },
  '/api/health': { GET: getHealth },
  '/api/summary': { GET: getSummary },
  '/api/servers': { GET: listServers },
  '/api/servers/:id': { GET: getServer, PUT: changeServer, PATCH: changeServer },
  '/api/lastbackup/:id': { GET: getLastBackup },
  '/api/lastbackups/:id': { GET: getLastBackups },
}

/**
 * Answers every request, its failures too, under an id of its own.
 *
 * @param graphql answers the requests to /graphql, and to the files of the page that is there
 */
export function createRouter(
  context: Context,
  graphql: (request: Request, requestId: string) => Promise<Response> | Response,
) {
  return async (request: Request): Promise<Response> => {
    const requestId = requestIdOf(request)
    const answered = await answer(request, requestId).catch((error) => failure(error, context.log, requestId))
    const response = await compress(request, answered)
    response.headers.set('x-request-id', requestId)
    return response
  }

  async function answer(request: Request, requestId: string): Promise<Response> {
    const { pathname } = new URL(request.url)
    if (pathname === '/graphql' || pathname.startsWith(filesPath)) return graphql(request, requestId)
    const { methods, id } = resolve(pathname)
    // HEAD is GET without the body, which the HTTP server leaves out.
    const handler = methods[request.method === 'HEAD' ? 'GET' : request.method]
    if (handler) return handler(request, context, id)
    const refusal = new DomainError('METHOD_NOT_ALLOWED', `${request.method} is not possible here.`)
    const response = failure(refusal, context.log, requestId)
    response.headers.set('allow', Object.keys(methods).join(', '))
    return response
  }
}

/** The id that a proxy gave the request, so that its log and ours agree, or else a new one. */
function requestIdOf({ headers }: Request): string {
  const given = headers.get('x-request-id') ?? ''
  return /^[\w.-]{8,64}$/.test(given) ? given : randomUUID()
}

function resolve(pathname: string): { methods: Record<string, Handler>; id: string } {
  const [pattern, id] = /^(\/api\/(?:servers|lastbackups?)\/)([^/]+)$/.exec(pathname)?.slice(1) ?? [pathname, '']
  const methods = routes[id ? `${pattern}:id` : (pattern ?? '')]
  if (!methods) throw nothingAt(pathname)
  return { methods, id: decode(id ?? '') }
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    throw new DomainError('BAD_USER_INPUT', `${part} is not properly encoded.`)
  }
}
