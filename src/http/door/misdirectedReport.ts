// Reports that are posted to /graphql: Duplicati does not send them again, so that they are noted, and told where they belong.

import { howToMake } from '../../domain/access.ts'
import { DomainError, type ErrorCode } from '../../domain/errors.ts'
import { uploadAddress } from '../../domain/publicAddress.ts'

/** How long the first bytes of a body are waited for before a request is refused without them, in milliseconds. */
const patienceMs = 1000

/** Whether what was posted as a GraphQL request is a report. */
export function isReport(params: object): boolean {
  return !('query' in params) && ('Data' in params || 'Extra' in params)
}

/**
 * Whether a body that nobody has read begins as a report does. All of it is read, and dropped: Node.js does not do that with a body that
 * somebody has begun to read, and the next request on the connection would wait for it.
 */
export async function beginsAsReport({ method, body, bodyUsed }: Request): Promise<boolean> {
  if (method !== 'POST' || !body || bodyUsed || body.locked) return false
  const reader = body.getReader()
  const first = reader.read().catch(() => null)
  first.then(() => drop(reader))
  let timer: NodeJS.Timeout | undefined
  const tooLate = new Promise<null>((resolve) => {
    timer = setTimeout(() => resolve(null), patienceMs)
  })
  const part = await Promise.race([first, tooLate])
  clearTimeout(timer)
  const text = new TextDecoder().decode(part?.value?.subarray(0, 256))
  return /^\s*\{\s*"(?:Data|Extra)"\s*:|^\s*Duplicati\s|^message=/.test(text)
}

async function drop(reader: ReadableStreamDefaultReader<Uint8Array>) {
  try {
    while (!(await reader.read()).done);
  } catch {
    // It broke off, or is no stream of bytes: nobody waits for it.
  }
}

/** Why it is refused, with the code of the refusal that it would have met anyway. */
export function misdirected(code: ErrorCode, publicUrl: string | null): DomainError {
  const address = uploadAddress(publicUrl)
  const isLocked = code === 'UNAUTHENTICATED' || code === 'FORBIDDEN'
  const to = isLocked ? `${address}/TOKEN. ${howToMake('REPORT')}` : `${address}.`
  return new DomainError(code, `This is a report of Duplicati, which is not taken at /graphql: post it to ${to}`)
}
