// What is no HTTP request: answered as Node.js would, and logged if it is HTTPS, because a Duplicati that posts to https:// here
// hears nothing but that the connection was closed.

import type { ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import type { Logger } from 'pino'

/** The first byte of a TLS handshake. */
const handshake = 0x16
/** Between two lines of the log. */
const quietMs = 60_000

const statuses: Record<string, string> = {
  HPE_HEADER_OVERFLOW: '431 Request Header Fields Too Large',
  HPE_CHUNK_EXTENSIONS_OVERFLOW: '413 Payload Too Large',
  ERR_HTTP_REQUEST_TIMEOUT: '408 Request Timeout',
}

interface ClientError extends Error {
  code?: string
  rawPacket?: Uint8Array
}

/** Makes the listener for `clientError` of an HTTP server. It logs at most one line a minute, and closes the connection. */
export function createClientErrorListener(log: Logger): (error: ClientError, socket: Socket) => void {
  let loggedAt = Number.NEGATIVE_INFINITY
  return ({ code = '', rawPacket }, socket) => {
    if (rawPacket?.[0] === handshake && performance.now() - loggedAt >= quietMs) {
      loggedAt = performance.now()
      const reason = 'this port speaks http, and https was sent to it: give the address with http://, or use a proxy'
      log.warn({ address: socket.remoteAddress }, `A report may have been lost: ${reason}`)
    }
    // An answer that has begun must not be followed by another.
    const { _httpMessage: current } = socket as Socket & { _httpMessage?: ServerResponse | null }
    if (socket.writable && !current?.headersSent) {
      socket.write(`HTTP/1.1 ${statuses[code] ?? '400 Bad Request'}\r\nConnection: close\r\n\r\n`)
    }
    socket.destroySoon()
  }
}
