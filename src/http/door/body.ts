// Reads the body of a request within bounds.

import { DomainError } from '../../domain/errors.ts'
import { type Allowance, short } from './bodyMemory.ts'

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
 * off; what the allowance throws
 */
export async function readBytes(
  request: Request,
  maxBytes: number,
  allowance: Allowance,
): Promise<Uint8Array<ArrayBuffer>> {
  const announced = Number(request.headers.get('content-length') ?? 0)
  if (announced > maxBytes) throw tooLarge(maxBytes)
  if (announced > 0 && announced <= short) return within(maxBytes, await whole(request))
  const bytes = new Gathered(maxBytes, allowance, announced)
  for await (const part of partsOf(request, maxBytes, allowance)) await bytes.add(part)
  return bytes.all()
}

/**
 * The parts of the body as they come. The next one is read only when it is asked for.
 *
 * @throws as readBytes does
 */
export async function* partsOf(request: Request, maxBytes: number, allowance: Allowance): AsyncGenerator<Uint8Array> {
  if (Number(request.headers.get('content-length') ?? 0) > maxBytes) throw tooLarge(maxBytes)
  if (!request.body) return
  const reader = request.body.getReader()
  let length = 0
  for (let part = await next(reader, allowance); !part.done; part = await next(reader, allowance)) {
    length += part.value.byteLength
    // The rest is left to the HTTP server, which lets it run out: to cancel it would end the connection, and the sender,
    // who is still sending, would never hear why.
    if (length > maxBytes) throw tooLarge(maxBytes)
    yield part.value
  }
}

/** Puts the parts of a body together, each where it belongs at once: those of a large one need not be there all beside the whole. */
export class Gathered {
  readonly #maxBytes: number
  readonly #allowance: Allowance
  readonly #announced: number
  #bytes = new Uint8Array(0)
  #length = 0

  constructor(maxBytes: number, allowance: Allowance, announced: number) {
    this.#maxBytes = maxBytes
    this.#allowance = allowance
    this.#announced = announced
  }

  /** @throws DomainError PAYLOAD_TOO_LARGE, and what the allowance throws */
  async add(part: Uint8Array): Promise<void> {
    const end = this.#length + part.byteLength
    if (end > this.#maxBytes) throw tooLarge(this.#maxBytes)
    await this.#allowance.take(part.byteLength)
    if (end > this.#bytes.length) this.#grow(end)
    this.#bytes.set(part, this.#length)
    this.#length = end
  }

  all(): Uint8Array<ArrayBuffer> {
    return this.#bytes.subarray(0, this.#length)
  }

  /** Memory that is not written to yet takes none; what is left behind stays until the collector of garbage comes. */
  #grow(end: number) {
    const wanted = end <= short ? short : Math.max(this.#announced, 8 * this.#bytes.length, end)
    const larger = new Uint8Array(Math.min(wanted, this.#maxBytes))
    larger.set(this.#bytes.subarray(0, this.#length))
    this.#bytes = larger
  }
}

function next(reader: ReadableStreamDefaultReader<Uint8Array>, allowance: Allowance) {
  return allowance.delivered(reader.read().catch(brokeOff))
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

/** The refusal of a body that is larger than `maxBytes`. */
function tooLarge(maxBytes: number) {
  return new DomainError('PAYLOAD_TOO_LARGE', `The body is larger than ${maxBytes} bytes.`)
}
