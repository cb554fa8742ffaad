// From the bytes that Duplicati posted to our Report. Long ones are read by a thread of their own, so that nobody else has to
// wait meanwhile; what it takes of memory ends with it.

import { once } from 'node:events'
import { DomainError, type ErrorCode, type Issue } from '../domain/errors.ts'
import { startThread } from '../startThread.ts'
import { parseBody } from './body.ts'
import { parseJson } from './json.ts'
import { setLogApart } from './logApart.ts'
import { type ReadReport, readReport } from './readReport.ts'

/** In bytes: what is parsed and read in about 20 ms. The reports of most backups have a tenth of it. */
const long = 512 * 1024

export interface TextOptions {
  /** As in ReadOptions. */
  machine: string | null
  maxLogLines: number
}

/** What the thread answers: a DomainError cannot be handed over as such. */
export type Outcome = { read: ReadReport } | { refused: { code: ErrorCode; message: string; issues: Issue[] } }

/**
 * Reads a report, as readReport does. Bytes that are not UTF-8 become U+FFFD.
 *
 * @param bytes are gone afterwards, if they are many
 * @throws DomainError BAD_USER_INPUT with everything that is missing or wrong
 */
export async function readReportText(bytes: Uint8Array<ArrayBuffer>, options: TextOptions): Promise<ReadReport> {
  return bytes.length > long ? inItsTurn(() => readElsewhere(bytes, options)) : readHere(bytes, options)
}

/** The same in this thread. */
export function readHere(bytes: Uint8Array<ArrayBuffer>, options: TextOptions): ReadReport {
  const text = new TextDecoder().decode(bytes)
  const { document, asText } = parseBody(text)
  return readReport(document, { ...options, asText, text: () => text })
}

/** The same in this thread, with the log read line by line. */
export function readLong(bytes: Uint8Array<ArrayBuffer>, options: TextOptions): ReadReport {
  const apart = setLogApart(bytes)
  if (!apart) return readHere(bytes, options)
  const text = () => new TextDecoder().decode(bytes)
  try {
    return readReport(parseJson(apart.rest), { ...options, logLines: apart.lines, text })
  } catch {
    // What is wrong is told of the whole, where the places are right.
    return readHere(bytes, options)
  }
}

let turn: Promise<unknown> = Promise.resolve()

/** One after the other: each takes some times its size of memory. */
function inItsTurn<T>(work: () => Promise<T>): Promise<T> {
  const mine = turn.then(work)
  turn = mine.catch(() => {})
  return mine
}

async function readElsewhere(bytes: Uint8Array<ArrayBuffer>, options: TextOptions): Promise<ReadReport> {
  const thread = startThread(import.meta.url, 'reportThread')
  try {
    thread.postMessage({ bytes, options }, [bytes.buffer])
    const [outcome] = (await once(thread, 'message')) as [Outcome]
    if ('read' in outcome) return outcome.read
    const { code, message, issues } = outcome.refused
    throw new DomainError(code, message, { issues })
  } finally {
    await thread.terminate()
  }
}
