// Runs that were not let begin: a script set with --run-script-before ended with a code that says not to run.
//
// 2.1.0 posts such a run as an interrupted one without any figure. 2.0.6 and 2.0.7 post it as an OperationAbortException. A
// script that is required and fails is neither: that run failed.

import { maxLabelBytes, shortened } from '../domain/shortened.ts'
import type { ResultData } from './data.ts'

/** The result that was asked for by the script, and why the run was not let begin, as far as the report tells. */
export interface Prevention {
  result: string | null
  reason: string | null
}

/**
 * How the run was prevented; null if it was let begin.
 *
 * @param exception the text of what was thrown, or null
 */
export function preventionOf(
  data: ResultData,
  exception: string | null,
  logLines: Iterable<string>,
): Prevention | null {
  if (data.PartialBackup || !didNothing(data)) return null
  if (exception !== null) {
    const abort = /\bOperationAbortException\b(?:: *(?<message>.*))?/.exec(exception)
    if (!abort) return null
    const reason = (abort.groups?.message || exception.split('\n', 1)[0] || '').trim()
    return { result: resultOfExitCode(reason), reason: shortened(reason, maxLabelBytes) || null }
  }
  if (!data.Interrupted || data.ParsedResult?.toUpperCase() === 'FATAL') return null
  return { result: data.ParsedResult, reason: scriptLine(logLines) }
}

/**
 * The meaning of a code with which a script prevents a run: 1 is a success, 3 a warning, 5 and any other an error. 0, 2 and 4 let
 * the run begin; should one of them be named nevertheless, something is wrong, which is an error too.
 *
 * The message is in the language of the client: the code is the only number in it, apart from the script's path in quotes.
 */
function resultOfExitCode(message: string): string {
  const numbers = message.replace(/"[^"]*"/g, '').match(/-?\d+/g) ?? []
  if (numbers.length !== 1) return 'Error'
  return { '1': 'Success', '3': 'Warning' }[numbers[0]] ?? 'Error'
}

/** The first row of what the module that runs scripts had to say. */
function scriptLine(logLines: Iterable<string>): string | null {
  for (const line of logLines) {
    const text = /^[^[\n]{0,60}\[\w+-[^\]\n]*\bRunScript\b[^\]\n]*\]: *(.+)/.exec(line)?.[1]?.trim()
    if (text) return shortened(text, maxLabelBytes)
  }
  return null
}

/** Whether all counts, sizes and transfers are zero. What is known of the destination is no figure of the run. */
function didNothing({ BackendStatistics: destination, ...data }: ResultData): boolean {
  const { RemoteCalls, BytesUploaded, BytesDownloaded, FilesUploaded, FilesDownloaded, FilesDeleted } =
    destination ?? {}
  const transfers = [RemoteCalls, BytesUploaded, BytesDownloaded, FilesUploaded, FilesDownloaded, FilesDeleted]
  const { Duration, MessagesActualLength, WarningsActualLength, ErrorsActualLength, ...figures } = data
  return [...Object.values(figures), ...transfers].every((figure) => {
    return (typeof figure !== 'number' && typeof figure !== 'bigint') || Number(figure) === 0
  })
}
