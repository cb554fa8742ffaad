// Reads the body of a request within bounds.

import { DomainError } from '../domain/errors.ts'

/** In bytes. Such a body is no matter of memory: it is taken in one part, which is less work. */
export const short = 64 * 1024

/** Whether the body of such a request means something. */
export function mayHaveBody(method: string): boolean {
  return method === 'POST' || method === 'PUT' || method === 'PATCH'
}

/**
 * Where a body means nothing, a short one is ignored.
 *
 * @throws DomainError PAYLOAD_TOO_LARGE
 */
export function refuseNeedlessBody({ method, headers }: Request): void {
  if (!mayHaveBody(method) && Number(headers.get('content-length') ?? 0) > short) throw tooLarge(short)
}

/**
 * The bytes of the body.
 *
 * @throws DomainError PAYLOAD_TOO_LARGE as soon as more than `maxBytes` are announced or have come; BAD_USER_INPUT if it breaks
 * off
 */
export async function readBytes(request: Request, maxBytes: number): Promise<Uint8Array<ArrayBuffer>> {
  const announced = Number(request.headers.get('content-length') ?? 0)
  if (announced > maxBytes) throw tooLarge(maxBytes)
  if (announced > 0 && announced <= short) return within(maxBytes, await whole(request))
  // What comes is put where it belongs at once: the parts of a large body need not be there all at a time, beside the whole.
  let bytes = new Uint8Array(announced)
  if (!request.body) return bytes.subarray(0, 0)
  const reader = request.body.getReader()
  let length = 0
  for (let part = await next(reader); !part.done; part = await next(reader)) {
    const end = length + part.value.byteLength
    // The rest is left to the HTTP server, which lets it run out: to cancel it would end the connection, and the sender,
    // who is still sending, would never hear why.
    if (end > maxBytes) throw tooLarge(maxBytes)
    if (end > bytes.length) bytes = grown(bytes, Math.min(maxBytes, Math.max(end, 2 * bytes.length)))
    bytes.set(part.value, length)
    length = end
  }
  return bytes.subarray(0, length)
}

function next(reader: ReadableStreamDefaultReader<Uint8Array>) {
  return reader.read().catch(brokeOff)
}

async function whole(request: Request) {
  return new Uint8Array(await request.arrayBuffer().catch(brokeOff))
}

/** Nobody is there to hear it, but it is no fault of the server. */
function brokeOff(cause: unknown): never {
  throw new DomainError('BAD_USER_INPUT', 'The body broke off.', { cause })
}

function within(maxBytes: number, bytes: Uint8Array<ArrayBuffer>) {
  if (bytes.length > maxBytes) throw tooLarge(maxBytes)
  return bytes
}

function grown(bytes: Uint8Array, length: number): Uint8Array<ArrayBuffer> {
  const larger = new Uint8Array(length)
  larger.set(bytes)
  return larger
}

/** The refusal of a body that is larger than `maxBytes`. */
export function tooLarge(maxBytes: number) {
  return new DomainError('PAYLOAD_TOO_LARGE', `The body is larger than ${maxBytes} bytes.`)
}
