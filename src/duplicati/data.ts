// The `Data` part of a backup's report: the figures of the run, by the names Duplicati gives them.

import { z } from 'zod'
import { flag, int64, label, smallCount, timespan, timestamp } from './fields.ts'
import { subResultFields } from './subResults.ts'

const count = int64.transform((value) => value ?? 0)
const tally = smallCount.transform((value) => value ?? 0)
const isSet = flag.transform((value) => value ?? false)

/** The figures at the destination. What this object says of results, times and durations means nothing (fact of 2.0 to 2.3). */
const backendStatistics = z.object({
  RemoteCalls: count,
  BytesUploaded: count,
  BytesDownloaded: count,
  FilesUploaded: count,
  FilesDownloaded: count,
  FilesDeleted: count,
  FoldersCreated: count,
  RetryAttempts: count,
  UnknownFileSize: count,
  UnknownFileCount: count,
  KnownFileCount: count,
  KnownFileSize: count,
  LastBackupDate: timestamp,
  BackupListCount: tally,
  TotalQuotaSpace: int64,
  FreeQuotaSpace: int64,
  AssignedQuotaSpace: int64,
  ReportedQuotaError: isSet,
  ReportedQuotaWarning: isSet,
})

/** `Data` of a backup, in every release that sends a result. Fields that a release does not know yet read as none. */
export const resultData = z.object({
  ParsedResult: label,
  Version: label,
  BeginTime: timestamp,
  EndTime: timestamp,
  Duration: timespan,
  PartialBackup: isSet,
  Dryrun: isSet,
  Interrupted: isSet,
  MessagesActualLength: tally,
  WarningsActualLength: tally,
  ErrorsActualLength: tally,
  ExaminedFiles: count,
  OpenedFiles: count,
  AddedFiles: count,
  ModifiedFiles: count,
  DeletedFiles: count,
  TimestampChangedFiles: count,
  NotProcessedFiles: count,
  TooLargeFiles: count,
  FilesWithError: count,
  AddedFolders: count,
  ModifiedFolders: count,
  DeletedFolders: count,
  AddedSymlinks: count,
  ModifiedSymlinks: count,
  DeletedSymlinks: count,
  /** Null if the report does not tell it, which only one that a person has changed does not. */
  SizeOfExaminedFiles: int64,
  SizeOfOpenedFiles: count,
  SizeOfAddedFiles: count,
  SizeOfModifiedFiles: count,
  BackendStatistics: backendStatistics.nullish().transform((value) => value ?? null),
  ...subResultFields,
})

export type ResultData = z.output<typeof resultData>

/** The figures of a run of which nothing but its failure is known. */
export const nothingKnown: ResultData = resultData.parse({})

/** The destination of a run that says nothing of it. */
export const nothingAtDestination = backendStatistics.parse({})
