// The way of a request from Node's HTTP server to the app and back: what comes is made into what the app takes, and short bodies are
// read on the way.

import { once } from 'node:events'
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import { createServerAdapter, sendNodeResponse } from '@whatwg-node/server'
import type { KeptAnswer } from './answerCache.ts'
import { mayHaveBody } from './body.ts'
import { short } from './bodyMemory.ts'
import { connectionOf, type Incoming, incoming, incomingRequest } from './incoming.ts'

/** Answers a request; it never throws. */
export type Answerer = (incoming: Incoming) => Promise<Response | KeptAnswer>

/** How long the sender of a body that is too long may go on until the connection is closed. */
const patienceMs = 1000

export function createListener(answer: Answerer): RequestListener {
  // A body that is still to be read has no kept answer.
  const adapter = createServerAdapter<{ req: IncomingMessage }>(
    (request, { req }) => answer(incomingRequest(request, connectionOf(req))) as Promise<Response>,
  )
  return (request, response) => {
    // An empty one would make a host of the first part of the path.
    if (request.headers.host === '') delete request.headers.host
    if (mayHaveBody(request.method as string) && !isShortQuestion(request)) {
      response.once('finish', () => letRunOut(request))
      return adapter(request, response)
    }
    readShort(request, (body) => {
      answerRead(request, response, body).catch((error) => response.destroy(error))
    })
  }

  /** @param body null if it is too long: the app refuses it by its length, and the connection is closed */
  async function answerRead(request: IncomingMessage, response: ServerResponse, body: Buffer<ArrayBuffer> | null) {
    if (!body) {
      request.headers['content-length'] = String(short + 1)
      response.setHeader('connection', 'close')
      // A sender that is cut off hears only that. What comes meanwhile is dropped.
      request.resume()
      await once(request, 'end', { signal: AbortSignal.timeout(patienceMs) }).catch(() => {})
    }
    const answered = await answer(incoming(request, response, body ?? Buffer.alloc(0)))
    if (isKept(answered)) response.writeHead(answered.status, answered.headers).end(answered.body)
    else await sendNodeResponse(answered, response, request, false)
  }
}

function isKept(answered: Response | KeptAnswer): answered is KeptAnswer {
  return answered.body instanceof Uint8Array
}

/** Questions that are asked again and again are short, and their answers may be kept. */
function isShortQuestion({ method, url, headers }: IncomingMessage): boolean {
  const length = Number(headers['content-length'] ?? Number.NaN)
  return (
    method === 'POST' &&
    /^\/graphql(?:$|\?)/.test(url ?? '') &&
    length <= short &&
    headers['content-encoding'] === undefined
  )
}

/** Drops what nobody reads of a body that was given up: the next request of the connection comes behind it. */
function letRunOut(request: IncomingMessage) {
  if (request.readableEnded) return
  // Whoever read it waits for these.
  request.removeAllListeners('readable')
  request.resume()
}

/** Hands over the body, or null as soon as it is longer than a short one; nothing of it is kept then. */
function readShort(request: IncomingMessage, done: (body: Buffer<ArrayBuffer> | null) => void) {
  if (Number(request.headers['content-length'] ?? 0) > short) return done(null)
  const chunks: Buffer<ArrayBuffer>[] = []
  let length = 0
  const take = (chunk: Buffer<ArrayBuffer>) => {
    length += chunk.length
    chunks.push(chunk)
    if (length <= short) return
    request.off('data', take).off('end', end)
    done(null)
  }
  const end = () => done(chunks.length === 1 ? (chunks[0] as Buffer<ArrayBuffer>) : Buffer.concat(chunks))
  request.on('data', take).on('end', end)
}
