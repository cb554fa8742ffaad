// Which address answers which method, what a caller needs for it, and who answers.

import type { Way } from '../../domain/access.ts'
import { DomainError } from '../../domain/errors.ts'
import type { Context } from '../../services/context.ts'
import { noRoute } from '../door/account.ts'
import type { Allowance } from '../door/bodyMemory.ts'
import { getHealth } from './health.ts'
import { getLastBackup, getLastBackups } from './lastBackups.ts'
import { getLink, postLink } from './messageLink.ts'
import { getMetrics } from './metrics.ts'
import { answerProgress, postProgress } from './progress.ts'
import { getReady } from './ready.ts'
import { changeServer, getServer, listServers } from './servers.ts'
import { getSummary } from './summary.ts'
import { upload } from './upload.ts'

export interface Route extends Way {
  /** @param allowance for the body of the request */
  handle(request: Request, context: Context, part: string, allowance: Allowance): Promise<Response>
  /**
   * Answers in place of a refusal, and of whatever `handle` throws. A route that has it tells nobody what was wrong, and counts no wrong
   * tokens.
   */
  answerAnyway?(error: unknown, context: Context): Response
}

export const uploadMethods: Record<string, Route> = {
  POST: { needs: 'REPORT', ofOldReleases: true, handle: upload },
  PUT: { needs: 'REPORT', ofOldReleases: true, handle: upload },
}

/** Whoever may post reports without a token may also post how a run goes on. */
const progressRoute: Route = {
  needs: 'REPORT',
  ofOldReleases: true,
  handle: postProgress,
  answerAnyway: answerProgress,
}

const progressMethods: Record<string, Route> = { POST: progressRoute, PUT: progressRoute }

/** `:id` and `:token` stand for one part of the path, which is handed on, decoded. */
export const routes: Record<string, Record<string, Route>> = {
  '/api/upload': uploadMethods,
  '/api/upload/:token': uploadMethods,
  '/api/progress': progressMethods,
  '/api/progress/:token': progressMethods,
  '/api/health': { GET: { needs: 'NOTHING', ofOldReleases: true, handle: getHealth } },
  '/api/ready': { GET: { needs: 'NOTHING', handle: getReady } },
  // The link itself is what lets somebody in.
  '/api/link/:id': {
    GET: { needs: 'NOTHING', handle: getLink },
    POST: { needs: 'NOTHING', handle: postLink },
  },
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

/**
 * The addresses for Duplicati are typed by hand: neither their case nor a slash too many matters, as where `/api/upload` follows an
 * address that ends in one. Nor does a slash after /graphql.
 */
export function meantBy(pathname: string): string {
  if (pathname === '/graphql/') return '/graphql'
  return pathname.replace(
    /^\/+api\/+(upload|progress)(?:\/+([^/]+))?\/*$/i,
    (_, name, token) => `/api/${name.toLowerCase()}${token ? `/${token}` : ''}`,
  )
}

/** For a path at which there is nothing, no methods and `noRoute`; `part` is as it stands in the path. */
export function resolve(pathname: string): { methods: Record<string, Route>; pattern: string; part: string } {
  const [parent, part] = /^(\/api\/\w+\/)([^/]+)$/.exec(pathname)?.slice(1) ?? []
  const pattern = [`${parent}:id`, `${parent}:token`].find((one) => Object.hasOwn(routes, one)) ?? pathname
  const methods = Object.hasOwn(routes, pattern) ? routes[pattern] : undefined
  if (!methods) return { methods: {}, pattern: noRoute, part: '' }
  return { methods, pattern, part: part ?? '' }
}

/** @throws DomainError BAD_USER_INPUT */
export function decode(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    throw new DomainError('BAD_USER_INPUT', `${part} is not properly encoded.`)
  }
}
