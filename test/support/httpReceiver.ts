// A real HTTP server for what channels post, on loopback, which fails, hangs and drops connections when it is told to. What
// makes it an ntfy server or a receiver of webhooks is in files of their own.

import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { onTestFinished } from 'vitest'

/** An answer, or what happens instead of one. */
export type Reaction =
  | { status: number; headers?: Record<string, string>; body?: string }
  /** The request is read, and nothing is answered. */
  | 'HANG'
  /** The connection is cut before the body is read: the far end cannot know the message. */
  | 'DROP_UNREAD'
  /** The connection is cut when the body is read: the message has arrived, and nobody says so. */
  | 'DROP_READ'
  /** The status is sent, and the connection is cut within the answer. */
  | 'DROP_ANSWERING'
  /** The answer has a status of 200, and no end. */
  | 'ENDLESS'

export interface ReceivedRequest {
  method: string
  path: string
  headers: IncomingHttpHeaders
  body: string
}

export interface HttpReceiver {
  /** Like `http://127.0.0.1:40123`. */
  url: string
  /** Every request that was read to its end, in order. */
  requests: ReceivedRequest[]
  /** How the next requests are treated, one each, in place of being answered. */
  next(...reactions: Reaction[]): void
  /** How every request is treated from now on, those of `next` first; null: it is answered. */
  always(reaction: Reaction | null): void
}

/**
 * Listens until the test ends.
 *
 * @param answer what is answered to a request that nothing else was said for
 */
export async function startHttpReceiver(
  answer: (request: ReceivedRequest) => Exclude<Reaction, string>,
): Promise<HttpReceiver> {
  const requests: ReceivedRequest[] = []
  const reactions: Reaction[] = []
  let otherwise: Reaction | null = null

  async function receive(incoming: IncomingMessage, response: ServerResponse) {
    const reaction = reactions.shift() ?? otherwise
    if (reaction === 'DROP_UNREAD') return void incoming.socket.destroy()
    const { method = '', url = '', headers } = incoming
    const request = { method, path: url, headers, body: await text(incoming) }
    requests.push(request)
    if (reaction === 'HANG') return
    if (reaction === 'DROP_READ') return void incoming.socket.destroy()
    if (reaction === 'ENDLESS') return writeOn(response)
    const { status, headers: fields, body } = reaction && typeof reaction === 'object' ? reaction : answer(request)
    response.writeHead(status, { ...fields, ...(reaction === 'DROP_ANSWERING' && { 'content-length': '1000' }) })
    if (reaction === 'DROP_ANSWERING') response.write(body ?? 'Ans', () => incoming.socket.destroy())
    else response.end(body)
  }

  const server = createServer((incoming, response) => {
    // A request that its sender gave up is none.
    receive(incoming, response).catch(() => incoming.socket.destroy())
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(async () => {
    const closed = once(server, 'close')
    server.close()
    server.closeAllConnections()
    await closed
  })
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    next: (...added) => void reactions.push(...added),
    always: (reaction) => {
      otherwise = reaction
    },
  }
}

function writeOn(response: ServerResponse) {
  while (!response.destroyed && response.write('x'.repeat(2 ** 16)));
  response.once('drain', () => writeOn(response))
}
