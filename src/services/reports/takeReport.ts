// What the ways in for reports have in common: each report is counted by what became of it, and has a line in the log. One that
// was refused is lost, because Duplicati does not send it again; so the log says why.

import { DomainError } from '../../domain/errors.ts'
import type { Report } from '../../domain/report.ts'
import type { Context } from '../context.ts'
import { type Recorded, recordReport } from './recordReport.ts'

/** A report as it was read, or the operation of one that is of none of our concern. */
type Read = { report: Report } | { ignored: string }

type Taken = Recorded | { ignored: string }

/**
 * Records the report, unless it is to be ignored.
 *
 * @throws what recordReport throws
 */
export async function takeReport(context: Context, read: Read): Promise<Taken> {
  const { log, counters } = context
  if ('ignored' in read) {
    counters.reports.inc({ outcome: 'ignored', code: '' })
    log.info({ outcome: 'ignored', operation: read.ignored }, 'A report was ignored')
    return read
  }
  const recorded = await recordReport(context, read.report)
  const { serverId, jobId, backupId, duplicate } = recorded
  const outcome = duplicate ? 'duplicate' : 'recorded'
  counters.reports.inc({ outcome, code: '' })
  const { machine, job, run } = read.report
  log.info(
    {
      outcome,
      ...{ server: `Server:${serverId}`, job: `BackupJob:${jobId}`, backup: `Backup:${backupId}` },
      ...{ machine: machine.name, backupName: job.name, status: run.status },
    },
    duplicate ? 'A report was repeated' : 'A report was recorded',
  )
  return recorded
}

/**
 * What `take` returns.
 *
 * @param about what is known of the request, for the log
 * @throws what `take` throws, once it is counted and logged
 */
export async function noteRefusal<T>(
  { log, counters }: Pick<Context, 'log' | 'counters'>,
  about: object,
  take: () => Promise<T>,
): Promise<T> {
  try {
    return await take()
  } catch (error) {
    const { code, message } = error instanceof DomainError ? error : faultOfOurs
    counters.reports.inc({ outcome: 'refused', code })
    log.warn({ outcome: 'refused', code, reason: message, ...about }, 'A report was refused')
    throw error
  }
}

/**
 * Counts and logs a request that may have been a report, but was sent where none is taken: with a typing error in the address,
 * every report of a machine is lost.
 *
 * @param about what is known of the request, for the log
 */
export function noteLoss(
  { log, counters }: Pick<Context, 'log' | 'counters'>,
  { code, message }: DomainError,
  about: object,
): void {
  counters.reports.inc({ outcome: 'refused', code })
  log.warn({ outcome: 'refused', code, ...about }, `A report may have been lost: ${message}`)
}

/** The error itself is logged where it is masked. */
const faultOfOurs = { code: 'INTERNAL_SERVER_ERROR', message: 'a fault of the server' } as const
