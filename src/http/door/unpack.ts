// Reads a body that may be compressed, as relays and proxies send reports.

import { once } from 'node:events'
import { createGunzip } from 'node:zlib'
import { DomainError } from '../../domain/errors.ts'
import { Gathered, partsOf, readBytes } from './body.ts'
import type { Allowance } from './bodyMemory.ts'

/**
 * The bytes of the body, unpacked if it is declared as gzip. `maxBytes` bounds both sizes: unpacking ends as soon as more has come
 * out. It takes room for what has come out.
 *
 * @throws DomainError UNSUPPORTED_MEDIA_TYPE for another encoding, BAD_USER_INPUT if it is not gzip, and what readBytes throws
 */
export async function readUnpacked(
  request: Request,
  maxBytes: number,
  allowance: Allowance,
): Promise<Uint8Array<ArrayBuffer>> {
  const encodings = (request.headers.get('content-encoding') ?? '').split(',').map((name) => name.trim().toLowerCase())
  const [encoding, ...others] = encodings.filter((name) => name !== '' && name !== 'identity')
  if (encoding === undefined) return readBytes(request, maxBytes, allowance)
  if ((encoding !== 'gzip' && encoding !== 'x-gzip') || others.length > 0) {
    const names = [encoding, ...others].join(', ')
    const message = `The body is encoded as ${names}, which is not supported; send it uncompressed, or with gzip.`
    throw new DomainError('UNSUPPORTED_MEDIA_TYPE', message)
  }
  const bytes = new Gathered(maxBytes, allowance, 0)
  try {
    await unpack(partsOf(request, maxBytes, allowance), bytes)
  } catch (cause) {
    if (cause instanceof DomainError) throw cause
    throw new DomainError('BAD_USER_INPUT', 'The body is declared as gzip, but cannot be unpacked.', { cause })
  }
  return bytes.all()
}

/** Unpacks each part as it comes, and reads no more while there is no room for what comes out. */
async function unpack(parts: AsyncIterable<Uint8Array>, into: Gathered): Promise<void> {
  const gunzip = createGunzip()
  const feed = async () => {
    for await (const part of parts) if (!gunzip.write(part)) await once(gunzip, 'drain')
    gunzip.end()
  }
  // Whatever fails here is thrown where the other end is read.
  feed().catch((error) => gunzip.destroy(error))
  for await (const part of gunzip) await into.add(part)
}
