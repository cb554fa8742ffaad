// Reads a body that is text, of a request whose sender can be told to send it again: it is refused rather than guessed at.

import { badInput, DomainError } from '../../domain/errors.ts'
import { type Allowance, short } from './bodyMemory.ts'
import { readUnpacked } from './unpack.ts'

const notRight = 'The body is not valid'

/**
 * The text of the body, which must be UTF-8 and may be compressed with gzip.
 *
 * @throws DomainError UNSUPPORTED_MEDIA_TYPE if another charset is declared, BAD_USER_INPUT if it is not UTF-8, and what
 * readUnpacked throws
 */
export async function readText(request: Request, maxBytes: number, allowance: Allowance): Promise<string> {
  const charset = /;\s*charset\s*=\s*"?([^\s;"]+)/i.exec(request.headers.get('content-type') ?? '')?.[1]
  if (charset !== undefined && !/^(?:utf-?8|us-ascii)$/i.test(charset)) {
    throw new DomainError('UNSUPPORTED_MEDIA_TYPE', `The body is declared as ${charset}; send it as UTF-8.`)
  }
  const bytes = await readUnpacked(request, maxBytes, allowance)
  // A long one takes as much again as text, and more once it is parsed.
  if (bytes.length > short) await allowance.take(2 * bytes.length)
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    throw badInput(notRight, [{ path: '', message: 'is not UTF-8' }])
  }
}

/**
 * The body as JSON, of up to 1 MiB.
 *
 * @throws DomainError BAD_USER_INPUT if it is not JSON, and what readText throws
 */
export async function readJson(request: Request, allowance: Allowance): Promise<unknown> {
  const text = await readText(request, 2 ** 20, allowance)
  try {
    return JSON.parse(text)
  } catch {
    throw badInput(notRight, [{ path: '', message: 'is not JSON' }])
  }
}
