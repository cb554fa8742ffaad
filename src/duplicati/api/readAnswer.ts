// From the text of an answer to what is needed of it. Nothing else of it is kept, and nothing of it is told.

import type { z } from 'zod'
import { parseJson } from '../json.ts'
import { DuplicatiProblem } from './problem.ts'

/**
 * Whole numbers beyond 2^53 come as bigint.
 *
 * @param what was asked for, such as `api/v1/backups`, without anything secret
 * @throws DuplicatiProblem NOT_DUPLICATI if a web page came, BAD_ANSWER if anything else did that is not as `schema` says
 */
export function readAnswer<T extends z.ZodType>(text: string, schema: T, what: string, host: string): z.output<T> {
  if (/^\s*</.test(text)) {
    throw new DuplicatiProblem(
      'NOT_DUPLICATI',
      `${host} answers with a web page where Duplicati's API should be. Check the address, and whether a proxy asks for a login.`,
    )
  }
  const read = schema.safeParse(parsed(text))
  if (read.success) return read.data
  throw new DuplicatiProblem(
    'BAD_ANSWER',
    `What ${host} answers to ${what} cannot be read. Check the address; if it is right, this release of Duplicati may be too new.`,
  )
}

/** The errors of parsers quote the text, so they end here. Undefined is no JSON. */
function parsed(text: string): unknown {
  try {
    return parseJson(text)
  } catch {
    return undefined
  }
}
