// What is promised of every answer, whatever was asked.

import { errorCodes } from '../../src/domain/errors.ts'
import { statuses } from '../../src/http/respond.ts'
import type { AbuseAnswer, AbuseRequest } from './exchange.ts'

/** In bytes, and in objects: what an answer holds at most. The one is what the most objects with long texts come to. */
const largestAnswer = 32 * 2 ** 20
const mostObjects = 100_000

/** What is wrong with the answer; null if nothing is. */
export function faultOf({ method, path }: AbuseRequest, { status, headers, body }: AbuseAnswer): string | null {
  if (status > 500 && !(status === 503 && headers['retry-after'])) return `the status is ${status}`
  if (status === 500) return `a fault of its own: ${body}`
  if (headers['x-content-type-options'] !== 'nosniff') return 'the headers that make it safe are missing'
  if (body.length > largestAnswer) return `the answer has ${body.length} bytes`
  if (method === 'HEAD') return body.length === 0 ? null : 'there is a body'
  const type = headers['content-type'] ?? ''
  if (status === 200 && /^\/metrics(?:[?#]|$)/.test(path)) return type.startsWith('text/plain') ? null : `it is ${type}`
  if (/^\/graphql(?:[/?#]|$)/.test(path)) {
    if (status === 304 || (status === 200 && /^(?:text\/(?:html|css)|.*javascript|font)/.test(type))) return null
    if (type.startsWith('text/event-stream')) return faultOfResults(body, /^data: (.+)$/gm)
    if (type.startsWith('multipart/mixed')) return faultOfResults(body, /^(\{.+)$/gm)
  }
  if (!/^application\/(?:graphql-response\+)?json/.test(type)) return `the content-type is "${type}"`
  const answer = parsed(body)
  if (typeof answer !== 'object' || answer === null) return `the body is no JSON object: ${body}`
  if ('errors' in answer || 'data' in answer || Array.isArray(answer)) {
    if (/^\/graphql(?:[/?#]|$)/.test(path)) return faultOfResult(answer)
  }
  return status < 400 ? null : faultOfRefusal(status, answer)
}

function faultOfRefusal(status: number, answer: object): string | null {
  const { error } = answer as { error?: { code?: keyof typeof statuses; message?: unknown } }
  if (error?.code === undefined || statuses[error.code] !== status) return `code and status differ: ${print(answer)}`
  return typeof error.message === 'string' && error.message !== '' ? null : 'there is no message'
}

/** @param pattern finds each of several results */
function faultOfResults(body: Buffer, pattern: RegExp): string | null {
  for (const [, data] of body.toString().matchAll(pattern)) {
    const fault = faultOfResult(parsed(Buffer.from(data ?? '')))
    if (fault !== null) return fault
  }
  return null
}

function faultOfResult(result: unknown): string | null {
  const { data, errors } = result as {
    data?: unknown
    errors?: { message?: unknown; extensions?: { code?: string } }[]
  }
  const objects = objectsIn(data)
  if (objects > mostObjects) return `the answer has ${objects} objects`
  if (errors === undefined) return data === undefined ? `neither data nor errors: ${print(result)}` : null
  if (!Array.isArray(errors) || errors.length === 0) return 'the errors are no list'
  const bad = errors.find(({ message, extensions: { code } = {} }) => {
    if (code === undefined || code === 'INTERNAL_SERVER_ERROR') return true
    return !Object.hasOwn(errorCodes, code) || typeof message !== 'string'
  })
  return bad ? `an error without a code, or of its own: ${print(bad)}` : null
}

function objectsIn(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0
  const inner = Object.values(value).reduce((sum, one) => sum + objectsIn(one), 0)
  return Array.isArray(value) ? inner : inner + 1
}

function parsed(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString())
  } catch {
    return undefined
  }
}

function print(value: unknown): string {
  return JSON.stringify(value).slice(0, 2000)
}
