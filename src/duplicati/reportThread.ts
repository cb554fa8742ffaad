// The thread that reads one long report: it is given the bytes, and answers with what readReportText returns or throws.

import { parentPort } from 'node:worker_threads'
import { DomainError } from '../domain/errors.ts'
import { type Outcome, readLong, type TextOptions } from './reportText.ts'

parentPort?.once('message', ({ bytes, options }: { bytes: Uint8Array<ArrayBuffer>; options: TextOptions }) => {
  parentPort?.postMessage(outcomeOf(bytes, options))
})

/** Anything but a DomainError ends the thread, and is thrown where it was started. */
function outcomeOf(bytes: Uint8Array<ArrayBuffer>, options: TextOptions): Outcome {
  try {
    return { read: readLong(bytes, options) }
  } catch (error) {
    if (!(error instanceof DomainError)) throw error
    const { code, message, issues } = error
    return { refused: { code, message, issues } }
  }
}
