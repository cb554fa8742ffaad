// What all answers say to browsers: which sites may read them, and that nothing is to be made of them but what they are.

import { Response } from '@whatwg-node/fetch'
import { originMissing } from '../../domain/access.ts'
import { DomainError } from '../../domain/errors.ts'

/** What every answer carries; the page of GraphiQL has a policy of its own. */
export const safetyHeaders = {
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-resource-policy': 'same-origin',
  'cross-origin-opener-policy': 'same-origin',
}

/** Whether a browser asks what a page of another site may do; that carries no token. */
export function isPreflight({ method, headers }: Request): boolean {
  return method === 'OPTIONS' && headers.has('origin') && headers.has('access-control-request-method')
}

/**
 * The answer to that; what it allows, `makeSafe` adds.
 *
 * @throws DomainError FORBIDDEN for an origin that is not among `corsOrigins`
 */
export function answerPreflight({ headers }: Request, corsOrigins: string[]): Response {
  const origin = headers.get('origin') as string
  if (corsOrigins.includes(origin)) return new Response(null, { status: 204 })
  throw new DomainError('FORBIDDEN', originMissing(origin))
}

/**
 * Adds the headers to an answer.
 *
 * @param corsOrigins whose pages may read it
 */
export function makeSafe(request: Request, { headers }: Response, corsOrigins: string[]): void {
  for (const [name, value] of Object.entries(safetyHeaders)) if (!headers.has(name)) headers.set(name, value)
  if (corsOrigins.length === 0) return
  headers.append('vary', 'origin')
  const origin = request.headers.get('origin')
  if (origin === null || !corsOrigins.includes(origin)) return
  headers.set('access-control-allow-origin', origin)
  if (!isPreflight(request)) {
    headers.set('access-control-expose-headers', 'x-request-id, retry-after, etag')
    return
  }
  headers.set('access-control-allow-methods', 'GET, HEAD, POST, PUT, PATCH')
  // Clients and what traces them send headers of their own; none of them opens anything here.
  const asked = request.headers.get('access-control-request-headers')
  if (asked !== null) headers.set('access-control-allow-headers', asked)
  headers.append('vary', 'access-control-request-headers')
  headers.set('access-control-max-age', '7200')
}
