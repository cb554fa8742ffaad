// The form of every REST answer, and the one mapping from failures to HTTP statuses.

import { Response } from '@whatwg-node/fetch'
import { DomainError, type ErrorCode, type Issue, retryAfterSeconds } from '../domain/errors.ts'
import { uploadAddress } from '../domain/publicAddress.ts'
import type { Context } from '../services/context.ts'

export const statuses: Record<ErrorCode, number> = {
  // Clients look for it in an answer that is fine otherwise, and give up on any other.
  PERSISTED_QUERY_NOT_SUPPORTED: 200,
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

export function nothingAt(pathname: string): DomainError {
  return new DomainError('NOT_FOUND', `There is nothing at ${pathname}; the API is at /graphql.`)
}

/** The same for what may have been a report. */
export function noReportsAt(pathname: string, publicUrl: string | null): DomainError {
  const message = `There is nothing at ${pathname}; reports are posted to ${uploadAddress(publicUrl)}, and the API is at /graphql.`
  return new DomainError('NOT_FOUND', message)
}

type FailureContext = Pick<Context, 'log' | 'database'>

interface FailureBody {
  code: ErrorCode
  message: string
  issues?: Issue[]
  /** Of what was masked: the log has more under it. */
  requestId?: string
}

/** The answer to a failure; what is no DomainError is masked, and logged under the id of the request. */
export function failure(thrown: unknown, { log, database }: FailureContext, requestId: string): Response {
  const error = database.faults.explain(thrown)
  if (error instanceof DomainError) {
    const { code, message, issues } = error
    const body = { code, message, ...(issues.length > 0 ? { issues } : {}) }
    return failed(body)
  }
  log.error({ err: error, requestId }, 'A request could not be answered')
  const message = `Something went wrong in the server; its log tells more under ${requestId}.`
  return failed({ code: 'INTERNAL_SERVER_ERROR', message, requestId })
}

function failed(error: FailureBody): Response {
  return json({ status: 'error', error }, statuses[error.code], advice[error.code])
}

/** The answer to a GraphQL request that is refused before it is read. */
export function graphqlFailure({ code, message, issues }: DomainError): Response {
  const extensions = { code, ...(issues.length > 0 ? { issues } : {}) }
  return json({ errors: [{ message, extensions }] }, statuses[code], advice[code])
}

/** What tells a client, beside the status, how to go on. */
const advice: Partial<Record<ErrorCode, Record<string, string>>> = {
  UNAUTHENTICATED: { 'www-authenticate': 'Bearer' },
  RATE_LIMITED: { 'retry-after': '60' },
  UNAVAILABLE: { 'retry-after': String(retryAfterSeconds) },
}
