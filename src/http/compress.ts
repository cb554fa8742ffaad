// Compresses answers for whoever takes them so.

import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import { Response } from '@whatwg-node/fetch'

/** In bytes. What is smaller fits into the packet that carries the headers. */
const minLength = 1024

/**
 * The same answer, with gzip if it has 1 KiB or more and the client accepts that; all we send is text. What is encoded already
 * stays as it is, and so does what has no length: it is a stream of events, which must not wait for each other.
 */
export async function compress(request: Request, response: Response): Promise<Response> {
  const { headers, status, statusText } = response
  const isLong = Number(headers.get('content-length') ?? 0) >= minLength
  if (!isLong || headers.has('content-encoding')) return response
  if (!/accept-encoding/i.test(headers.get('vary') ?? '')) headers.append('vary', 'accept-encoding')
  if (!acceptsGzip(request.headers.get('accept-encoding') ?? '')) return response
  const body = await promisify(gzip)(await response.arrayBuffer())
  headers.set('content-encoding', 'gzip')
  headers.set('content-length', String(body.length))
  return new Response(body, { status, statusText, headers })
}

/** Whether an `accept-encoding` takes gzip, by name or with everything; with weight 0 it does not. */
export function acceptsGzip(header: string): boolean {
  const weights = new Map<string, number>()
  for (const part of header.split(',')) {
    const [, coding = '', weight = '1'] = /^\s*([\w*-]+)(?:\s*;\s*q=([\d.]+))?/i.exec(part) ?? []
    weights.set(coding.toLowerCase(), Number(weight))
  }
  return (weights.get('gzip') ?? weights.get('*') ?? 0) > 0
}
