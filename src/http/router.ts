// Which request goes where.

import { DomainError } from '../domain/errors.ts'
import type { Context } from '../services/context.ts'
import { getHealth } from './health.ts'
import { getLastBackup, getLastBackups } from './lastBackups.ts'
import { failure } from './respond.ts'
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
 * Answers every REST request, its failures too.
 *
 * @param graphql answers the requests to /graphql
 */
export function createRouter(context: Context, graphql: (request: Request) => Promise<Response> | Response) {
  return async (request: Request): Promise<Response> => {
    const { pathname } = new URL(request.url)
    if (pathname === '/graphql') return graphql(request)
    try {
      const { methods, id } = resolve(pathname)
      // HEAD is GET without the body, which the HTTP server leaves out.
      const handler = methods[request.method === 'HEAD' ? 'GET' : request.method]
      if (handler) return await handler(request, context, id)
      const response = failure(
        new DomainError('METHOD_NOT_ALLOWED', `${request.method} is not possible here.`),
        context.log,
      )
      response.headers.set('allow', Object.keys(methods).join(', '))
      return response
    } catch (error) {
      return failure(error, context.log)
    }
  }
}

function resolve(pathname: string): { methods: Record<string, Handler>; id: string } {
  const [pattern, id] = /^(\/api\/(?:servers|lastbackups?)\/)([^/]+)$/.exec(pathname)?.slice(1) ?? [pathname, '']
  const methods = routes[id ? `${pattern}:id` : (pattern ?? '')]
  if (!methods) throw new DomainError('NOT_FOUND', `There is nothing at ${pathname}; the API is at /graphql.`)
  return { methods, id: decode(id ?? '') }
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    throw new DomainError('BAD_USER_INPUT', `${part} is not properly encoded.`)
  }
}
