// The form of every REST answer, and the one mapping from failures to HTTP statuses.

import { randomUUID } from 'node:crypto'
import { Response } from '@whatwg-node/fetch'
import type { Logger } from 'pino'
import { DomainError, type ErrorCode } from '../domain/errors.ts'

const statuses: Record<ErrorCode, number> = {
  BAD_USER_INPUT: 400,
  GRAPHQL_PARSE_FAILED: 400,
  GRAPHQL_VALIDATION_FAILED: 400,
  QUERY_TOO_COMPLEX: 400,
  UNAUTHENTICATED: 401,
  FORBIDDEN: 403,
  NOT_FOUND: 404,
  METHOD_NOT_ALLOWED: 405,
  CONFLICT: 409,
  PAYLOAD_TOO_LARGE: 413,
  UNSUPPORTED_MEDIA_TYPE: 415,
  RATE_LIMITED: 429,
  INTERNAL_SERVER_ERROR: 500,
  UNAVAILABLE: 503,
}

export function json(body: unknown, status = 200, headers: Record<string, string> = {}): Response {
  return new Response(JSON.stringify(body), {
    status,
    headers: { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store', ...headers },
  })
}

/** The answer to a failure; what is no DomainError is masked, and logged under the id that the client is given. */
export function failure(error: unknown, log: Logger): Response {
  if (!(error instanceof DomainError)) {
    const id = randomUUID()
    log.error({ err: error, id }, 'A request could not be answered')
    return failure(
      new DomainError('INTERNAL_SERVER_ERROR', `Something went wrong here; the log tells more under ${id}.`),
      log,
    )
  }
  const { code, message, issues } = error
  const body = { status: 'error', error: { code, message, ...(issues.length > 0 ? { issues } : {}) } }
  return json(body, statuses[code], code === 'UNAVAILABLE' ? { 'retry-after': '5' } : {})
}
