// What it means when storage fails, to a client and to whoever runs the server. It is no fault of the request, which may
// succeed later; and it is logged when it begins and when it is over, not for every request.

import Database from 'better-sqlite3'
import type { Logger } from 'pino'
import { DomainError } from '../../domain/errors.ts'
import { Refusal } from './refusal.ts'

export interface StorageFaults {
  /** What to throw in the place of an error: DomainError UNAVAILABLE if it is storage that failed, else the error itself. */
  explain(error: unknown): unknown
  /** What to throw when the file that is open is not the one of its name any more: what is written to it would be lost. */
  gone(): DomainError
  /** Something is safely on disk: what kept it from being written is over. */
  over(): void
}

interface Fault {
  codes: RegExp
  /** What the database is, as a client hears it. */
  what: string
  /** What whoever runs the server has to do. */
  remedy: string
}

const faults: Fault[] = [
  {
    codes: /^SQLITE_(BUSY|LOCKED)/,
    what: 'is locked by another process',
    remedy: 'stop the other process that has it open, such as a second server or an sqlite3 with an open transaction',
  },
  // Where there is no room for the index of the write-ahead log, SQLite says only that input or output failed.
  {
    codes: /^(SQLITE_FULL|SQLITE_IOERR_SHMSIZE|ENOSPC|EDQUOT)/,
    what: 'has no room left on its disk',
    remedy: 'make room there',
  },
  {
    codes: /^SQLITE_(READONLY|PERM)/,
    what: 'may not be written',
    remedy: 'give the user of the server the right to write the file and its folder',
  },
  {
    codes: /^SQLITE_(CORRUPT|NOTADB)/,
    what: 'is damaged',
    remedy: 'stop the server, and put the latest copy in its place with "duplistatus restore"',
  },
  {
    codes: /^SQLITE_(IOERR|CANTOPEN)/,
    what: 'cannot be reached on its disk',
    remedy: 'check the disk, which may have become read-only; the log of the system tells more',
  },
]

const removed: Fault = {
  codes: /^$/,
  what: 'was removed, or another file was put in its place, while the server has it open',
  remedy: 'put the file back where it was, or restart the server, which uses the file that is there then',
}

/** The same fault is said again after so long, in milliseconds. */
const quietMs = 60_000

/** @param log null: nobody is told */
export function storageFaults(file: string, log: Logger | null): StorageFaults {
  const saidAt = new Map<Fault, number>()
  let isOn = false

  function say(fault: Fault, error: Error | null) {
    const now = performance.now()
    if (now - (saidAt.get(fault) ?? Number.NEGATIVE_INFINITY) < quietMs) return
    saidAt.set(fault, now)
    isOn = true
    log?.error(
      error ? { err: error } : {},
      `The database ${file} ${fault.what}: ${fault.remedy}. Requests that need it are refused until then.`,
    )
  }

  return {
    explain: (error) => {
      const failure = failureOf(error)
      const fault = faults.find(({ codes }) => failure && codes.test(failure.code))
      if (!failure || !fault) return error
      say(fault, error as Error)
      const message = `The database ${fault.what} (${failure.message}); try again later.`
      return new DomainError('UNAVAILABLE', message, { cause: error })
    },
    gone: () => {
      say(removed, null)
      return new DomainError('UNAVAILABLE', `The database ${removed.what}; nothing is recorded until it is back.`)
    },
    over: () => {
      if (isOn) log?.info(`The database ${file} can be written again.`)
      isOn = false
    },
  }
}

/**
 * What to throw in the place of an error while the file is opened. Nobody tries again then, so that it says what to do.
 *
 * @returns a Refusal if it is storage that failed, else the error itself
 */
export function refusalAtStart(file: string, error: unknown): unknown {
  if (error instanceof Refusal) return error
  const code = codeIn(error)
  const fault = faults.find(({ codes }) => codes.test(code))
  return fault ? new Refusal(`The database ${file} ${fault.what}; ${fault.remedy}.`, { cause: error }) : error
}

/** What SQLite or the file system said, if that is what caused the error in the end; empty if not. */
function codeIn(error: unknown): string {
  if (!(error instanceof Error)) return ''
  return codeIn(error.cause) || (failureOf(error)?.code ?? (error as NodeJS.ErrnoException).code ?? '')
}

/** What SQLite said, to our own statements or to Prisma's. */
function failureOf(error: unknown): { code: string; message: string } | null {
  if (error instanceof Database.SqliteError) return error
  const { driverAdapterError } = (error as { meta?: { driverAdapterError?: { cause?: unknown } } })?.meta ?? {}
  const { originalCode, originalMessage } = (driverAdapterError?.cause ?? {}) as Record<string, string | undefined>
  return originalCode ? { code: originalCode, message: originalMessage ?? originalCode } : null
}
