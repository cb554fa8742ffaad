// A Duplicati report in our own words: what a run of a backup job did. Sizes are bytes, counts may exceed 2^53.

import type { RunStatus } from './runStatus.ts'

/** A whole number; a bigint only where a number would lose digits. */
export type Int64 = number | bigint

export type LogLevel = 'ERROR' | 'WARNING' | 'INFORMATION' | 'DRY_RUN' | 'RETRY' | 'VERBOSE' | 'PROFILING'

export interface LogLine {
  level: LogLevel
  /** The line's place in the report, from 0. */
  sequence: number
  text: string
}

export interface Report {
  /** At least one of the two is there. */
  machine: { id: string | null; name: string | null }
  /** At least one of the two is there. */
  job: { id: string | null; name: string | null }
  run: Run
  logLines: LogLine[]
}

export interface Run {
  mainOperation: string
  status: RunStatus
  parsedResult: string | null
  /** Null if the report does not say. */
  beganAt: Date | null
  endedAt: Date | null
  durationSeconds: number | null
  /** Tells repetitions of a report without begin time: SHA-256 in hex. Null for all others. */
  bodyHash: string | null
  version: string | null
  dryRun: boolean
  partial: boolean
  interrupted: boolean
  /** The run was not let begin: a script before it stopped it. It saved nothing, and it says nothing of the job. */
  prevented: boolean
  /** Why it was not let begin, as far as the report tells; null if it does not, and for all other runs. */
  preventedReason: string | null
  /** It came in the text form, which tells times to the second and nothing of the destination. */
  asText: boolean
  messages: number
  warnings: number
  errors: number
  exception: string | null
  /** Log lines of the report that are not in `logLines`. */
  logLinesDropped: number
  /** Lines in `logLines` that were shortened. */
  logLinesCut: number
  examinedFiles: Int64
  openedFiles: Int64
  addedFiles: Int64
  modifiedFiles: Int64
  deletedFiles: Int64
  timestampChangedFiles: Int64
  notProcessedFiles: Int64
  tooLargeFiles: Int64
  filesWithError: Int64
  /** The first of those files that the log names. */
  failedFiles: string[]
  addedFolders: Int64
  modifiedFolders: Int64
  deletedFolders: Int64
  addedSymlinks: Int64
  modifiedSymlinks: Int64
  deletedSymlinks: Int64
  /** Null when the run ended before it knew, or the report does not tell. */
  sourceSize: Int64 | null
  openedSize: Int64
  addedSize: Int64
  modifiedSize: Int64
  uploadedSize: Int64
  downloadedSize: Int64
  /** The next three are null when the run ended before the destination was listed. */
  storedSize: Int64 | null
  storedFiles: Int64 | null
  versions: number | null
  unknownSize: Int64
  unknownFiles: Int64
  lastBackupAt: Date | null
  remoteCalls: Int64
  uploadedFiles: Int64
  downloadedFiles: Int64
  deletedRemoteFiles: Int64
  createdRemoteFolders: Int64
  retries: Int64
  /** Null when the destination did not tell. */
  totalQuota: Int64 | null
  freeQuota: Int64 | null
  assignedQuota: Int64 | null
  quotaError: boolean
  quotaWarning: boolean
  operatingSystem: string | null
  operatingSystemDetail: string | null
  installationType: string | null
  updateChannel: string | null
  destinationType: string | null
  destinationHostSuffix: string | null
  nextScheduledRun: Date | null
  /** The versions at the destination, newest first, of which 1,000 are kept. Null if the report does not list them. */
  availableVersions: Date[] | null
  subResults: SubResults | null
}

/** What the parts of a run did. A part that did not take place is absent. */
export interface SubResults {
  compaction?: {
    deletedFiles: Int64
    downloadedFiles: Int64
    uploadedFiles: Int64
    deletedSize: Int64
    downloadedSize: Int64
    uploadedSize: Int64
  }
  /** Duplicati names at most 20 deleted versions in `deletedAt`. */
  retention?: { deletedVersions: number; deletedAt: Date[] }
  /** Duplicati tells of at most 20 checked files. `moreProblems` counts the grave ones that are not in `problems`; absent if 0. */
  verification?: {
    checkedFiles: number
    problems: { file: string; status: string; text: string | null }[]
    moreProblems?: number
  }
  repair?: { recreatedDatabase: boolean }
  vacuum?: true
  lock?: { volumesRead: Int64; volumesUpdated: Int64 }
  synchronizations?: {
    copiedFiles: Int64
    deletedFiles: Int64
    renamedFiles: Int64
    verifiedFiles: Int64
    failedVerifications: Int64
    copiedSize: Int64
  }[]
}
