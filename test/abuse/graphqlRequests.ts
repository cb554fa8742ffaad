// The ways in which a GraphQL document is sent, right ones and wrong ones.

import { gzipSync } from 'node:zlib'
import type { Dice } from '../support/random.ts'
import { type AbuseDocument, abusedDocument } from './documents.ts'
import type { AbuseRequest } from './exchange.ts'
import { oddTexts, oddValue } from './oddValues.ts'
import { wellFormed } from './reports.ts'

const accepts = [
  'application/json',
  'application/json',
  'application/graphql-response+json',
  '*/*',
  'text/event-stream',
  'text/event-stream, application/json',
  'multipart/mixed',
  'application/xml',
  'text/html',
  '',
  'application/json;q=0',
  ';;;,,,',
] as const

const contentTypes = [
  'text/plain',
  'application/x-www-form-urlencoded',
  'multipart/form-data; boundary=x',
  'application/graphql',
  'application/graphql+json',
  'application/vnd.x+json',
  'application/json, text/plain',
  'application/json;',
  'APPLICATION/JSON; charset=utf-16',
  'application/json ; a=b',
  '',
] as const

export function abusedGraphql(dice: Dice): AbuseRequest {
  const document = abusedDocument(dice)
  const headers: Record<string, string> = { accept: dice.chance(0.6) ? 'application/json' : dice.pick(accepts) }
  if (dice.chance(0.1)) headers['accept-encoding'] = dice.pick(['gzip', 'gzip;q=0', '*', 'br'])
  if (dice.chance(0.12)) return asAddress(document, headers, dice)
  const type = dice.chance(0.1) ? dice.pick(contentTypes) : 'application/json'
  const body = Buffer.from(bodyOf(document, dice))
  const packed = dice.chance(0.01)
  return {
    method: dice.chance(0.98) ? 'POST' : dice.pick(['PUT', 'DELETE', 'PATCH', 'OPTIONS']),
    path: `/graphql${dice.chance(0.03) ? `?query=${encodeURIComponent('{ __typename }')}&operationName=x` : ''}`,
    headers: { ...headers, 'content-type': type, ...(packed ? { 'content-encoding': 'gzip' } : {}) },
    body: packed ? gzipSync(body) : body,
    chunked: dice.chance(0.1),
  }
}

/** A body where none is expected, rarely: up to a MiB of it. */
function needlessBody(method: string, dice: Dice): Pick<AbuseRequest, 'body' | 'chunked'> {
  // Node's client sends none with HEAD.
  const body =
    method !== 'HEAD' && dice.chance(0.1) ? Buffer.alloc(dice.pick([0, 1, 65_536, 65_537, 1_048_576]), 'x') : null
  return { body, chunked: dice.chance(0.5) }
}

function asAddress({ query, variables, operationName }: AbuseDocument, headers: Record<string, string>, dice: Dice) {
  const parameters = new URLSearchParams({ query: wellFormed(query) })
  if (dice.chance(0.9)) parameters.set('variables', JSON.stringify(variables))
  if (dice.chance(0.05)) parameters.set('variables', dice.pick(['{', '[]', '1', 'null', ...oddTexts]))
  if (dice.chance(0.05)) parameters.set('extensions', dice.pick(['{', '{"persistedQuery":{"version":1}}', '1']))
  if (operationName !== null) parameters.set('operationName', operationName)
  // What is longer does not fit into the headers.
  const path = `/graphql?${parameters}`.slice(0, 12_000)
  const method = dice.chance(0.9) ? 'GET' : 'HEAD'
  return { method, path, headers, ...needlessBody(method, dice) }
}

function bodyOf(document: AbuseDocument, dice: Dice): string {
  const parameters: Record<string, unknown> = { ...document }
  switch (dice.below(60)) {
    case 0:
      return JSON.stringify([parameters, parameters])
    case 1:
      return JSON.stringify({ ...parameters, query: oddValue(dice) })
    case 2:
      return JSON.stringify({ ...parameters, variables: oddValue(dice) })
    case 3:
      return JSON.stringify({ ...parameters, extensions: oddValue(dice) })
    case 4:
      return JSON.stringify({ ...parameters, operationName: oddValue(dice) })
    case 5:
      return JSON.stringify({ ...parameters, [dice.pick(oddTexts)]: oddValue(dice) })
    case 6:
      return JSON.stringify(oddValue(dice))
    case 7:
      return JSON.stringify(parameters).slice(0, dice.below(100))
    case 8:
      return `{"query":${'['.repeat(dice.below(100_000))}`
    case 9:
      return document.query
    case 10:
      return dice.pick(oddTexts)
    default:
      return JSON.stringify(parameters)
  }
}
