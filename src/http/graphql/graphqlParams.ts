// Reads what a GraphQL request asks, from its body or its address. What is wrong with the document is left to Yoga.

import type { GraphQLParams } from 'graphql-yoga'
import { badInput, DomainError } from '../../domain/errors.ts'
import { type Allowance, short } from '../door/bodyMemory.ts'
import { readText } from '../door/text.ts'

/** The largest body, in bytes. It is parsed in the one thread that answers everybody, in about 50 ms: reports can be larger. */
export const maxBodyBytes = 8 * 2 ** 20
/** Whether its body is long, or nobody knows yet. */
export function mayBeLong({ method, headers }: Request): boolean {
  if (method !== 'POST') return false
  return headers.has('content-encoding') || !(Number(headers.get('content-length') ?? Number.NaN) <= short)
}

/**
 * What the request asks.
 *
 * @throws DomainError BAD_USER_INPUT for what is no JSON, PERSISTED_QUERY_NOT_SUPPORTED for the hash of a query without the
 * query, and what readText throws
 */
export async function readParams(request: Request, maxBytes: number, allowance: Allowance): Promise<GraphQLParams> {
  const params = await paramsOf(request, maxBytes, allowance)
  if (params.query == null && params.extensions?.persistedQuery) {
    // This text is what some clients look for.
    throw new DomainError('PERSISTED_QUERY_NOT_SUPPORTED', 'PersistedQueryNotSupported')
  }
  return params
}

async function paramsOf(request: Request, maxBytes: number, allowance: Allowance): Promise<GraphQLParams> {
  if (request.method !== 'POST') return paramsOfAddress(new URL(request.url).searchParams)
  const params = parse('', await readText(request, maxBytes, allowance))
  if (typeof params !== 'object' || params === null) {
    throw badInput(notRight, [{ path: '', message: 'must be a JSON object with query' }])
  }
  return withoutEmptyTexts(params as Record<string, unknown>)
}

/** Some clients send what their user left out as an empty text. */
function withoutEmptyTexts(params: Record<string, unknown>): GraphQLParams {
  for (const name of ['operationName', 'variables']) if (params[name] === '') params[name] = undefined
  return params
}

function paramsOfAddress(given: URLSearchParams): GraphQLParams {
  const text = (name: string) => given.get(name) || undefined
  const json = (name: string) => {
    const value = text(name)
    return value === undefined ? undefined : (parse(name, value) as Record<string, unknown>)
  }
  return {
    query: text('query'),
    operationName: text('operationName'),
    variables: json('variables'),
    extensions: json('extensions'),
  }
}

const notRight = 'The GraphQL request is not valid'

function parse(path: string, text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw badInput(notRight, [{ path, message: 'is not JSON' }])
  }
}
