// What a client sees of an error: the code and the issues of what it can mend, and of a fault of ours only that it is
// one. The details of a fault are in the log, under the id of the request.

import { type ExecutionResult, GraphQLError } from 'graphql'
import { isAsyncIterable, mapAsyncIterator, type Plugin } from 'graphql-yoga'
import { DomainError, type ErrorCode, type Issue, retryAfterSeconds } from '../../domain/errors.ts'
import type { Context } from '../../services/context.ts'

/**
 * The plugin for Yoga, in place of its own masking, which does not know whose request it is. It sees every result there is,
 * those of subscriptions one by one.
 */
export function maskErrors(context: Context): Plugin<object, { call: { requestId: string } }> {
  return {
    onResultProcess: ({ result, setResult, serverContext: { call } }) => {
      const masked = <Result extends ExecutionResult>(one: Result): Result =>
        one.errors ? { ...one, errors: one.errors.map((error) => mask(error, context, call.requestId)) } : one
      if (isAsyncIterable(result)) setResult(mapAsyncIterator(result, masked))
      else setResult(Array.isArray(result) ? result.map(masked) : masked(result))
    },
  }
}

function mask(error: GraphQLError, { log, database }: Context, requestId: string): GraphQLError {
  const original = error.originalError && database.faults.explain(error.originalError)
  if (original instanceof DomainError) return coded(error, original.code, original.message, original.issues)
  // Yoga calls what was thrown and is no Error unexpected.
  const unexpected = (original && !(original instanceof GraphQLError)) || error.extensions.unexpected
  if (!unexpected) return ofTheLanguage(error)
  log.error({ err: original, requestId }, 'A field could not be resolved')
  const message = `Something went wrong in the server; its log tells more under ${requestId}.`
  const masked = coded(error, 'INTERNAL_SERVER_ERROR', message, [])
  masked.extensions.requestId = requestId
  return masked
}

/** The codes of our list that our plugins, graphql and Yoga give themselves. */
const codesOfOurs = new Set(['GRAPHQL_PARSE_FAILED', 'GRAPHQL_VALIDATION_FAILED', 'QUERY_TOO_COMPLEX', 'FORBIDDEN'])

/** An error of the document or the request, as graphql or Yoga found it, under a code of our list. */
function ofTheLanguage(error: GraphQLError): GraphQLError {
  const { code, http } = error.extensions as { code?: string; http?: { status?: number } }
  if (code !== undefined && codesOfOurs.has(code)) return error
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

/** Yoga answers with it, and takes it out of the body: proxies and clients that know nothing of GraphQL try again later, too. */
const unavailable = { http: { status: 503, headers: { 'retry-after': String(retryAfterSeconds) } } }

function coded({ nodes, path }: GraphQLError, code: ErrorCode, message: string, issues: Issue[]): GraphQLError {
  const extensions = { code, ...(issues.length > 0 ? { issues } : {}), ...(code === 'UNAVAILABLE' ? unavailable : {}) }
  return new GraphQLError(message, { nodes, path, extensions })
}
