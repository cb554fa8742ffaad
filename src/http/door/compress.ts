// Compresses answers for whoever takes them so.

import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { promisify } from 'node:util'
import { createGzip, gzip } from 'node:zlib'
import { Response } from '@whatwg-node/fetch'
import { asBody } from '../routes/pieces.ts'

/** In bytes. What is smaller fits into the packet that carries the headers. */
const minLength = 1024

/**
 * The same answer, with gzip if it has 1 KiB or more and the client accepts that; all we send is text. What is encoded already
 * stays as it is, and so does a stream of events, which must not wait for each other. Text that comes in pieces is compressed as it
 * comes.
 */
export async function compress(request: Request, response: Response): Promise<Response> {
  const { headers, status, statusText } = response
  const comesInPieces = !headers.has('content-length') && /^text\/plain\b/.test(headers.get('content-type') ?? '')
  const isLong = Number(headers.get('content-length') ?? 0) >= minLength
  if (!(isLong || comesInPieces) || headers.has('content-encoding')) return response
  if (!/accept-encoding/i.test(headers.get('vary') ?? '')) headers.append('vary', 'accept-encoding')
  if (!acceptsGzip(request.headers.get('accept-encoding') ?? '')) return response
  headers.set('content-encoding', 'gzip')
  if (comesInPieces && response.body) {
    const packed = createGzip()
    // Whatever ends one of the two ends the other; a reader that goes away is nobody to tell of it.
    pipeline(Readable.from(response.body), packed, { signal: request.signal }).catch(() => {})
    return new Response(asBody(packed), { status, statusText, headers })
  }
  const body = await promisify(gzip)(await response.arrayBuffer())
  headers.set('content-length', String(body.length))
  return new Response(body, { status, statusText, headers })
}

/** Whether an `accept-encoding` takes gzip. */
export function acceptsGzip(header: string): boolean {
  return acceptsCoding(header, 'gzip')
}

/** Whether an `accept-encoding` takes a coding, by name or with everything; with weight 0 it does not. */
export function acceptsCoding(header: string, wanted: 'br' | 'gzip'): boolean {
  const weights = new Map<string, number>()
  for (const part of header.split(',')) {
    const [, coding = '', weight = '1'] = /^\s*([\w*-]+)(?:\s*;\s*q=([\d.]+))?/i.exec(part) ?? []
    weights.set(coding.toLowerCase(), Number(weight))
  }
  return (weights.get(wanted) ?? weights.get('*') ?? 0) > 0
}
