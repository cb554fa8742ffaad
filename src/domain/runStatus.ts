// How a run ended, judged from everything its report says.

/** From good to bad. UNKNOWN is worse than a success because nobody said it was one. */
const runStatuses = ['SUCCESS', 'UNKNOWN', 'WARNING', 'ERROR', 'FATAL'] as const

export type RunStatus = (typeof runStatuses)[number]

/** The names by which Duplicati, old releases and their dashboards know them. */
export const statusNames: Record<RunStatus, string> = {
  SUCCESS: 'Success',
  UNKNOWN: 'Unknown',
  WARNING: 'Warning',
  ERROR: 'Error',
  FATAL: 'Fatal',
}

/** Whether a run that ended like this failed. */
export function isFailure(status: RunStatus | null): boolean {
  return status === 'ERROR' || status === 'FATAL'
}

/** What a report says of its run beside the result it states. */
export interface Evidence {
  exception: boolean
  errors: number
  filesWithError: number | bigint
  warnings: number
  partial: boolean
  interrupted: boolean
}

/**
 * The stated result, made worse by the evidence and never better: a result that is stated as a success counts as an
 * error if anything failed, and as a warning if the run was not complete.
 *
 * @param stated Duplicati's ParsedResult in any case, or null. `Failed` is what early releases said for `Error`.
 */
export function runStatus(stated: string | null, evidence: Evidence): RunStatus {
  if (evidence.exception || evidence.errors > 0 || evidence.filesWithError > 0)
    return worse(statedStatus(stated), 'ERROR')
  if (evidence.warnings > 0 || evidence.partial || evidence.interrupted) return worse(statedStatus(stated), 'WARNING')
  return statedStatus(stated)
}

/**
 * The status of a run that was not let begin: as stated, but no success, because nothing was saved.
 *
 * @param stated as in runStatus
 */
export function preventedStatus(stated: string | null): RunStatus {
  return worse(statedStatus(stated), 'UNKNOWN')
}

function statedStatus(stated: string | null): RunStatus {
  const name = stated?.toUpperCase()
  if (name === 'FAILED') return 'ERROR'
  return runStatuses.find((status) => status === name) ?? 'UNKNOWN'
}

/** The worse of the two. */
export function worse(a: RunStatus, b: RunStatus): RunStatus {
  return runStatuses.indexOf(a) > runStatuses.indexOf(b) ? a : b
}
