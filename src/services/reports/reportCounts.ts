// Counts what became of reports, whichever way they came. Each outcome is there from the start, at 0: whoever looks at
// increases would miss the first of one that appears.

import type { ErrorCode } from '../../domain/errors.ts'

export interface ReportCounts {
  /** Ignored: it is of another operation than a backup. */
  taken: { recorded: number; duplicate: number; ignored: number }
  /** By the code that the client was told. */
  refused: Map<ErrorCode, number>
}

const usualRefusals: ErrorCode[] = [
  'BAD_USER_INPUT',
  'UNAUTHENTICATED',
  'FORBIDDEN',
  'RATE_LIMITED',
  'NOT_FOUND',
  'METHOD_NOT_ALLOWED',
  'PAYLOAD_TOO_LARGE',
  'UNSUPPORTED_MEDIA_TYPE',
  'UNAVAILABLE',
  'INTERNAL_SERVER_ERROR',
]

export function createReportCounts(): ReportCounts {
  return {
    taken: { recorded: 0, duplicate: 0, ignored: 0 },
    refused: new Map(usualRefusals.map((code) => [code, 0])),
  }
}
