// From a row of a job's log to the report that Duplicati posts of the same run.
//
// The row holds the result as the report's `Data`, and in it the first 20 of its errors, warnings and messages, which a report has
// in `LogLines`. It is written before the report: what a script after the run changes, and an automatic vacuum, are only in the
// report.

import { z } from 'zod'
import { text } from '../fields.ts'

/** Who a report is from, as its `Extra` says. */
export interface Sender {
  machine: { id: string | null; name: string | null }
  job: { id: string | null; name: string | null }
}

const lines = z.array(z.string()).nullish().catch(null)

/** Of all results only what tells them apart, and the log. */
export const runResult = z.looseObject({
  MainOperation: z.string().min(1),
  BeginTime: z.string().min(1),
  ParsedResult: text.catch(null),
  ErrorsActualLength: z.number().nullish().catch(null),
  Errors: lines,
  Warnings: lines,
  Messages: lines,
})

export type RunResult = z.output<typeof runResult>

/** A document for `readReport`. */
export function rowReport(result: RunResult, { machine, job }: Sender): object {
  const { Errors, Warnings, Messages, ...data } = result
  return {
    Data: data,
    Extra: {
      OperationName: result.MainOperation,
      'machine-id': machine.id,
      'machine-name': machine.name,
      'backup-id': job.id,
      'backup-name': job.name,
    },
    LogLines: [...(Errors ?? []), ...(Warnings ?? []), ...(Messages ?? [])],
    Exception: thrownIn(result),
  }
}

/**
 * What ended a run that failed: its last error, unless that is not among the first 20. Behind the first row of it, which says only
 * that the run failed, stands what was thrown.
 */
function thrownIn({ ParsedResult, ErrorsActualLength, Errors }: RunResult): string | null {
  const last = Errors?.at(-1)
  if (ParsedResult?.toUpperCase() !== 'FATAL' || last === undefined) return null
  if ((ErrorsActualLength ?? 0) > (Errors?.length ?? 0)) return null
  const [first = '', ...thrown] = last.split('\n')
  return thrown.join('\n').trim() || first.replace(/^[^[\n]{0,60}\[\w+-[^\]\n]*\]: */, '')
}
