// POST /api/progress: where Duplicati posts how a run goes on, with --http-report-status-url. Any answer but a good one would turn that
// run into one with a warning: it is 204 for whatever comes.

import { Response } from '@whatwg-node/fetch'
import { DomainError } from '../../domain/errors.ts'
import { readStatusPost } from '../../duplicati/statusPost.ts'
import type { Context } from '../../services/context.ts'
import { takeStatus } from '../../services/running/takeStatus.ts'
import type { Allowance } from '../door/bodyMemory.ts'
import { readUnpacked } from '../door/unpack.ts'

/** Genuine ones have a few KiB, most of it the latest lines of the log. */
export const maxPostBytes = 2 ** 20

/** Takes what it tells, as far as it can be read. */
export async function postProgress(
  request: Request,
  context: Context,
  _: string,
  allowance: Allowance,
): Promise<Response> {
  const bytes = await readUnpacked(request, maxPostBytes, allowance)
  const read = readOrNull(bytes)
  if (read === null) {
    context.counters.statusPosts.inc({ outcome: 'unreadable' })
    context.log.warn('A post to /api/progress is none of --http-report-status-url; reports are posted to /api/upload')
  } else if ('ignored' in read) {
    context.counters.statusPosts.inc({ outcome: 'ignored' })
  } else {
    takeStatus(context, read)
  }
  return nothingToSay()
}

/** The same answer to whatever was refused or went wrong. */
export function answerProgress(error: unknown, { counters, log }: Context): Response {
  const outcome = error instanceof DomainError ? 'refused' : 'failed'
  counters.statusPosts.inc({ outcome })
  if (outcome === 'failed') log.warn({ err: error }, 'A post to /api/progress could not be taken')
  return nothingToSay()
}

function readOrNull(bytes: Uint8Array): ReturnType<typeof readStatusPost> | null {
  try {
    return readStatusPost(bytes)
  } catch {
    return null
  }
}

function nothingToSay(): Response {
  return new Response(null, { status: 204 })
}
