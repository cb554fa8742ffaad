// Sends a long text in pieces: each is made when the reader has taken those before it, and between two of them others are answered.

import { Readable } from 'node:stream'
import { setImmediate as othersTurn } from 'node:timers/promises'

/** In characters: what is made in about a millisecond, and fills the packets of a network. */
export const pieceLength = 32 * 1024

/**
 * The pieces as the body of a response. When the reader goes away, no more of them are made.
 *
 * @param signal aborts when the reader goes away
 */
export function inPieces(pieces: Iterable<string>, signal: AbortSignal): BodyInit {
  const body = Readable.from(asTaken(pieces), { objectMode: false, highWaterMark: pieceLength })
  const end = () => void body.destroy()
  signal.addEventListener('abort', end)
  body.once('close', () => signal.removeEventListener('abort', end))
  return asBody(body)
}

/** Responses here take the streams of Node.js too; their type knows those of browsers only. */
export function asBody(stream: Readable): BodyInit {
  return stream as unknown as BodyInit
}

async function* asTaken(pieces: Iterable<string>): AsyncGenerator<Buffer> {
  for (const piece of pieces) {
    await othersTurn()
    yield Buffer.from(piece)
  }
}
