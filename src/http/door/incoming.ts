// A request as it comes in. Most questions are answered from what was answered before, so that nothing of it is made into an object
// of the Fetch API until somebody wants one.

import type { IncomingMessage, ServerResponse } from 'node:http'
import { Request } from '@whatwg-node/fetch'
import type { Asking, Connection } from './arrival.ts'

export interface Incoming extends Asking {
  connection: Connection
  /** Its body, if that was short and is here already; null if it is still to be read. */
  body: Buffer<ArrayBuffer> | null
  /** The request as handlers take it. */
  asRequest(): Request
}

export function connectionOf({ socket, headers }: IncomingMessage): Connection {
  return { address: socket.remoteAddress ?? '', host: headers.host ?? '' }
}

/** A request whose body is read, as it came over a connection; it is aborted when the client goes away. */
export function incoming(message: IncomingMessage, response: ServerResponse, body: Buffer<ArrayBuffer>): Incoming {
  const { method = 'GET', headers } = message
  const url = `http://${headers.host ?? 'localhost'}${message.url}`
  return {
    method,
    url,
    connection: connectionOf(message),
    body,
    // Only some are looked at: no Headers are made for that.
    headers: { get: (name) => headers[name]?.toString() ?? null, keys: () => Object.keys(headers).values() },
    asRequest: () => {
      const abort = new AbortController()
      response.once('close', () => {
        if (!response.writableFinished) abort.abort()
      })
      return new Request(url, {
        method,
        headers: headers as Record<string, string>,
        signal: abort.signal,
        ...(method === 'POST' ? { body } : {}),
      })
    },
  }
}

/** A request that is one already. */
export function incomingRequest(request: Request, connection: Connection): Incoming {
  const { method, url, headers } = request
  return { method, url, headers, connection, body: null, asRequest: () => request }
}
