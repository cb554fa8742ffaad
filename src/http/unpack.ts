// Reads a body that may be compressed, as relays and proxies send reports.

import { promisify } from 'node:util'
import { gunzip } from 'node:zlib'
import { DomainError } from '../domain/errors.ts'
import { readBytes, tooLarge } from './body.ts'

const unpackGzip = promisify(gunzip)

/**
 * The bytes of the body, unpacked if it is declared as gzip. `maxBytes` bounds both sizes: unpacking ends as soon as more has come
 * out.
 *
 * @throws DomainError UNSUPPORTED_MEDIA_TYPE for another encoding, BAD_USER_INPUT if it is not gzip, and what readBytes throws
 */
export async function readUnpacked(request: Request, maxBytes: number): Promise<Uint8Array<ArrayBuffer>> {
  const encodings = (request.headers.get('content-encoding') ?? '').split(',').map((name) => name.trim().toLowerCase())
  const [encoding, ...others] = encodings.filter((name) => name !== '' && name !== 'identity')
  if (encoding === undefined) return readBytes(request, maxBytes)
  if ((encoding !== 'gzip' && encoding !== 'x-gzip') || others.length > 0) {
    const names = [encoding, ...others].join(', ')
    const message = `The body is encoded as ${names}, which is not understood here; send it as it is, or with gzip.`
    throw new DomainError('UNSUPPORTED_MEDIA_TYPE', message)
  }
  const packed = await readBytes(request, maxBytes)
  try {
    const bytes = await unpackGzip(packed, { maxOutputLength: maxBytes })
    // A copy of its own, because long reports are handed over to a thread.
    return new Uint8Array(bytes)
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ERR_BUFFER_TOO_LARGE') throw tooLarge(maxBytes)
    throw new DomainError('BAD_USER_INPUT', 'The body is declared as gzip, but cannot be unpacked.', { cause })
  }
}
