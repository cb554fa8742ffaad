// The way of a request from Node's HTTP server to the app and back. A question that was answered before, since which nothing
// was written, is answered here, before anything of it is parsed; everything else goes on as a Request.

import { once } from 'node:events'
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import { Request } from '@whatwg-node/fetch'
import { createServerAdapter, sendNodeResponse } from '@whatwg-node/server'
import { grantKey } from '../../domain/access.ts'
import type { AnswerNote } from '../../graphql/builder.ts'
import type { createAccount } from './account.ts'
import type { Admission, Guest } from './admission.ts'
import type { AnswerCache } from './answerCache.ts'
import type { Connection } from './arrival.ts'
import { mayHaveBody } from './body.ts'
import { acceptsGzip } from './compress.ts'
import { requestIdOf } from './requestId.ts'
import { short } from './rooms.ts'

/** What is known of a request before it is read, and what is to be found out of its answer. */
export interface Foreseen {
  guest: Guest
  /** Tells afterwards whether the answer holds until the next write. */
  answer: AnswerNote
}

/** Answers a request; it never throws. */
export type Fetch = (request: Request, connection: Connection, foreseen?: Foreseen) => Promise<Response>

/** How long the sender of a body that is too long may go on until the connection is closed. */
const patienceMs = 1000

/**
 * @param foresee tells who asks: whoever would be refused goes on, and hears it from `fetch`
 * @param account hears of the requests that `fetch` does not
 */
export function createListener(
  fetch: Fetch,
  answers: AnswerCache,
  foresee: Admission['foresee'],
  account: ReturnType<typeof createAccount>,
): RequestListener {
  const adapter = createServerAdapter<{ req: IncomingMessage }>((request, { req }) => fetch(request, connectionOf(req)))
  return (request, response) => {
    // An empty one would make a host of the first part of the path.
    if (request.headers.host === '') delete request.headers.host
    const isKnown = mayBeKnown(request)
    if (!isKnown && mayHaveBody(request.method as string)) {
      response.once('finish', () => letRunOut(request))
      return adapter(request, response)
    }
    const began = performance.now()
    readShort(request, (body) => {
      const answered =
        isKnown && body ? answer(request, response, body, began) : answerWithoutBody(request, response, body)
      answered.catch((error) => response.destroy(error))
    })
  }

  /** @param body null if it is too long: `fetch` refuses it by its length, and the connection is closed */
  async function answerWithoutBody(
    request: IncomingMessage,
    response: ServerResponse,
    body: Buffer<ArrayBuffer> | null,
  ) {
    if (!body) {
      request.headers['content-length'] = String(short + 1)
      response.setHeader('connection', 'close')
      // A sender that is cut off hears only that. What comes meanwhile is dropped.
      request.resume()
      await once(request, 'end', { signal: AbortSignal.timeout(patienceMs) }).catch(() => {})
    }
    const answered = await fetch(asRequest(request, response, Buffer.alloc(0)), connectionOf(request))
    await sendNodeResponse(answered, response, request, false)
  }

  async function answer(request: IncomingMessage, response: ServerResponse, body: Buffer<ArrayBuffer>, began: number) {
    const connection = connectionOf(request)
    const ordinarily = (foreseen?: Foreseen) => fetch(asRequest(request, response, body), connection, foreseen)
    const guest = guestOf(request, connection)
    if (!guest) return sendNodeResponse(await ordinarily(), response, request, false)
    const question = questionOf(grantKey(guest.caller), request, body)
    const { known, keep } = answers.ask(question, guest.version)
    if (known) {
      guest.count()
      const requestId = requestIdOf(request.headers['x-request-id'])
      response.writeHead(known.status, { ...known.headers, 'x-request-id': requestId }).end(known.body)
      const { method, url } = request as { method: string; url: string }
      account({ method, url, route: '/graphql', status: known.status, requestId, began })
      return
    }
    const note: AnswerNote = { holds: false }
    const answered = await ordinarily({ guest, answer: note })
    if (!keep || !note.holds || answered.status !== 200) return sendNodeResponse(answered, response, request, false)
    const made = {
      status: answered.status,
      headers: Object.fromEntries(answered.headers),
      // Bytes are kept outside the heap, where the collector of garbage need not move them.
      body: new Uint8Array(await answered.arrayBuffer()),
    }
    keep(made)
    response.writeHead(made.status, made.headers).end(made.body)
  }

  /** Null for nobody who may ask, and if that cannot be told. */
  function guestOf({ method, url, headers }: IncomingMessage, connection: Connection): Guest | null {
    const asking = {
      ...{ method: method as string, url: url as string },
      // Only some are looked at: no Headers are made for that.
      headers: { get: (name: string) => headers[name]?.toString() ?? null, keys: () => Object.keys(headers).values() },
    }
    try {
      return foresee(asking, connection, { needs: 'TOKEN' })
    } catch {
      return null
    }
  }
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

/** Everything that an answer depends on beside the database. The origin decides which headers go along. */
function questionOf(grants: string, { method, url, headers }: IncomingMessage, body: Buffer): string {
  const encoding = acceptsGzip(String(headers['accept-encoding'] ?? '')) ? 'gzip' : ''
  const parts = [grants, method, url, headers.accept, headers['content-type'], headers.origin, encoding]
  return JSON.stringify(parts).concat(body.toString('latin1'))
}

function connectionOf({ socket, headers }: IncomingMessage): Connection {
  return { address: socket.remoteAddress ?? '', host: headers.host ?? '' }
}

/** The questions that are asked again and again are short. */
function mayBeKnown({ method, url, headers }: IncomingMessage): boolean {
  if (!/^\/graphql(?:$|\?)/.test(url ?? '')) return false
  if (method === 'GET') return true
  const length = Number(headers['content-length'] ?? Number.NaN)
  return method === 'POST' && length <= short && headers['content-encoding'] === undefined
}

/** The same request, with its body as it was read; it is aborted when the client goes away. */
function asRequest(
  { method, url, headers }: IncomingMessage,
  response: ServerResponse,
  body: Buffer<ArrayBuffer>,
): Request {
  const abort = new AbortController()
  response.once('close', () => {
    if (!response.writableFinished) abort.abort()
  })
  return new Request(`http://${headers.host ?? 'localhost'}${url}`, {
    method: method as string,
    headers: headers as Record<string, string>,
    signal: abort.signal,
    ...(method === 'POST' ? { body } : {}),
  })
}
