// One request as a client sends it, and its answer.

import type { IncomingHttpHeaders } from 'node:http'
import { Agent, request as startRequest } from 'node:http'
import { gunzipSync } from 'node:zlib'

export interface AbuseRequest {
  method: string
  path: string
  headers: Record<string, string>
  body: Buffer | null
  /** In pieces, without its length being announced. */
  chunked: boolean
}

export interface AbuseAnswer {
  status: number
  headers: IncomingHttpHeaders
  body: Buffer
}

/** How long an answer may take, and how long a stream of events is listened to. */
const patienceMs = 30_000
const listeningMs = 20

export function createSender(address: string, connections: number) {
  const agent = new Agent({ keepAlive: true, maxSockets: connections })
  const { hostname, port } = new URL(address)
  return (request: AbuseRequest) => send(agent, { hostname, port }, request)
}

/** @throws Error if no whole answer comes in time */
function send(
  agent: Agent,
  to: { hostname: string; port: string },
  { method, path, headers, body, chunked }: AbuseRequest,
): Promise<AbuseAnswer> {
  return new Promise((resolve, reject) => {
    const length = chunked ? { 'transfer-encoding': 'chunked' } : { 'content-length': String(body?.length) }
    const outgoing = startRequest({ agent, ...to, method, path, headers: { ...headers, ...(body && length) } })
    const impatience = setTimeout(() => outgoing.destroy(new Error(`no answer in ${patienceMs} ms`)), patienceMs)
    outgoing.on('error', (error) => {
      clearTimeout(impatience)
      reject(error)
    })
    outgoing.on('response', (incoming) => {
      const parts: Buffer[] = []
      const done = () => {
        clearTimeout(impatience)
        const { statusCode, headers } = incoming
        const body = Buffer.concat(parts)
        const isPacked = headers['content-encoding'] === 'gzip' && body.length > 0
        resolve({ status: statusCode as number, headers, body: isPacked ? gunzipSync(body) : body })
      }
      incoming.on('data', (part: Buffer) => parts.push(part))
      incoming.on('end', done)
      incoming.on('error', reject)
      if (!incoming.headers['content-type']?.startsWith('text/event-stream')) return
      setTimeout(() => {
        done()
        outgoing.destroy()
      }, listeningMs)
    })
    if (body !== null && chunked) {
      for (let at = 0; at < body.length; at += 10_000) outgoing.write(body.subarray(at, at + 10_000))
    } else if (body !== null) outgoing.write(body)
    outgoing.end()
  })
}
