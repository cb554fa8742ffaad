// What a client sees of an error: the code and the issues of what it can mend, and of a fault of ours only that it is
// one. The details of a fault are in the log, under the id that the client is given.

import { randomUUID } from 'node:crypto'
import { GraphQLError } from 'graphql'
import type { Logger } from 'pino'
import { DomainError, type ErrorCode, type Issue } from '../domain/errors.ts'

/** Makes the function by which Yoga turns every error of an execution into what is sent. */
export function errorMask(log: Logger): (error: unknown) => GraphQLError {
  return (error) => {
    const original = error instanceof GraphQLError ? error.originalError : error
    if (original instanceof DomainError) return coded(error, original.code, original.message, original.issues)
    if (error instanceof GraphQLError && (!original || original instanceof GraphQLError)) return ofTheLanguage(error)
    const id = randomUUID()
    log.error({ err: original, id }, 'A field could not be resolved')
    return coded(error, 'INTERNAL_SERVER_ERROR', `Something went wrong here; the log tells more under ${id}.`, [])
  }
}

/** An error of the document or the request, as graphql or Yoga found it, under a code of our list. */
function ofTheLanguage(error: GraphQLError): GraphQLError {
  const { code, http } = error.extensions as { code?: string; http?: { status?: number } }
  if (code === 'GRAPHQL_PARSE_FAILED' || code === 'GRAPHQL_VALIDATION_FAILED') return error
  const byStatus = { 405: 'METHOD_NOT_ALLOWED', 413: 'PAYLOAD_TOO_LARGE', 415: 'UNSUPPORTED_MEDIA_TYPE' } as const
  const ours = byStatus[http?.status as keyof typeof byStatus] ?? 'BAD_USER_INPUT'
  const masked = coded(error, ours, error.message, variableIssues(error.message))
  // A body that is no request at all is 400, whatever the client accepts.
  if (http) masked.extensions.http = code === 'BAD_REQUEST' ? { ...http, spec: false } : http
  return masked
}

/** What graphql says of a variable of the wrong type, which it finds only when it executes. */
function variableIssues(message: string): Issue[] {
  const [, name, path, problem] = /^Variable "\$([^"]+)" .*?(?: at "([^"]+)")?; (.*)$/s.exec(message) ?? []
  return problem ? [{ path: path ?? name ?? '', message: problem }] : []
}

function coded(error: unknown, code: ErrorCode, message: string, issues: Issue[]): GraphQLError {
  const place = error instanceof GraphQLError ? { nodes: error.nodes, path: error.path } : {}
  return new GraphQLError(message, { ...place, extensions: { code, ...(issues.length > 0 ? { issues } : {}) } })
}
