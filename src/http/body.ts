// Reads the body of a request within bounds.

import { badInput, DomainError } from '../domain/errors.ts'

/**
 * The body as text, without a byte order mark. Bytes that are not UTF-8 become U+FFFD.
 *
 * @throws DomainError PAYLOAD_TOO_LARGE as soon as more than `maxBytes` are announced or have come
 */
export async function readText(request: Request, maxBytes: number): Promise<string> {
  if (Number(request.headers.get('content-length') ?? 0) > maxBytes) throw tooLarge(maxBytes)
  if (!request.body) return ''
  const reader = request.body.getReader()
  const chunks: Uint8Array[] = []
  let length = 0
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    length += part.value.byteLength
    // The rest is left to the HTTP server, which lets it run out: to cancel it would end the connection, and the sender,
    // who is still sending, would never hear why.
    if (length > maxBytes) throw tooLarge(maxBytes)
    chunks.push(part.value)
  }
  return new TextDecoder().decode(Buffer.concat(chunks, length))
}

/**
 * The body as JSON, of up to 1 MiB.
 *
 * @throws DomainError PAYLOAD_TOO_LARGE, or BAD_USER_INPUT if it is not JSON
 */
export async function readJson(request: Request): Promise<unknown> {
  const text = await readText(request, 2 ** 20)
  try {
    return JSON.parse(text)
  } catch {
    throw badInput('The body is not right', [{ path: '', message: 'is not JSON' }])
  }
}

function tooLarge(maxBytes: number) {
  return new DomainError('PAYLOAD_TOO_LARGE', `The body is larger than ${maxBytes} bytes.`)
}
