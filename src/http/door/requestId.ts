// The id of a request, by which its answer and the log are found together.

import { randomUUID } from 'node:crypto'

/** The id that a proxy gave the request, so that its log and ours agree, or else a new one. */
export function requestIdOf(given: string | string[] | null | undefined): string {
  return typeof given === 'string' && /^[\w.-]{8,64}$/.test(given) ? given : randomUUID()
}
