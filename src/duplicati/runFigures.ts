// The figures of a run: from the names Duplicati gives them to ours, and which zeros are not figures.

import type { Int64, Run } from '../domain/report.ts'
import { preventedStatus, runStatus } from '../domain/runStatus.ts'
import { nothingAtDestination, type ResultData } from './data.ts'
import type { Prevention } from './prevention.ts'
import { subResults } from './subResults.ts'

/** The part of a run that `Data` tells. */
export type RunFigures = Omit<
  Run,
  | 'bodyHash'
  | 'asText'
  | 'failedFiles'
  | 'logLinesDropped'
  | 'logLinesCut'
  | 'operatingSystem'
  | 'operatingSystemDetail'
  | 'installationType'
  | 'updateChannel'
  | 'destinationType'
  | 'destinationHostSuffix'
  | 'nextScheduledRun'
  | 'availableVersions'
>

/**
 * The figures of a run. A run that failed, or was interrupted, before it looked at its source or its destination reports
 * zeros there: they become null, so that what was known before is not replaced.
 *
 * @param end how it ended: the text of what was thrown, and the result as stated, or null; `prevention` is of a run that was not
 * let begin
 */
export function runFigures(
  data: ResultData,
  end: { exception: string | null; parsedResult: string | null; prevention: Prevention | null },
): RunFigures {
  const { prevention } = end
  const { exception, parsedResult } = prevention ? { exception: null, parsedResult: prevention.result } : end
  const interrupted = data.Interrupted || prevention !== null
  const status = prevention
    ? preventedStatus(parsedResult)
    : runStatus(parsedResult, {
        exception: exception !== null,
        errors: data.ErrorsActualLength,
        filesWithError: data.FilesWithError,
        warnings: data.WarningsActualLength,
        partial: data.PartialBackup,
        interrupted,
      })
  const destination = data.BackendStatistics ?? nothingAtDestination
  const cutShort = status === 'FATAL' || interrupted
  const listed =
    data.BackendStatistics !== null &&
    !(cutShort && destination.KnownFileSize === 0 && destination.BackupListCount === 0)
  return {
    mainOperation: 'Backup',
    status,
    parsedResult,
    beganAt: data.BeginTime,
    endedAt: data.EndTime,
    durationSeconds: data.EndTime === null && data.Duration === 0 ? null : data.Duration,
    version: data.Version,
    dryRun: data.Dryrun,
    partial: data.PartialBackup,
    interrupted,
    prevented: prevention !== null,
    preventedReason: prevention?.reason ?? null,
    messages: data.MessagesActualLength,
    warnings: data.WarningsActualLength,
    errors: data.ErrorsActualLength,
    exception,
    examinedFiles: data.ExaminedFiles,
    openedFiles: data.OpenedFiles,
    addedFiles: data.AddedFiles,
    modifiedFiles: data.ModifiedFiles,
    deletedFiles: data.DeletedFiles,
    timestampChangedFiles: data.TimestampChangedFiles,
    notProcessedFiles: data.NotProcessedFiles,
    tooLargeFiles: data.TooLargeFiles,
    filesWithError: data.FilesWithError,
    addedFolders: data.AddedFolders,
    modifiedFolders: data.ModifiedFolders,
    deletedFolders: data.DeletedFolders,
    addedSymlinks: data.AddedSymlinks,
    modifiedSymlinks: data.ModifiedSymlinks,
    deletedSymlinks: data.DeletedSymlinks,
    sourceSize: cutShort && data.SizeOfExaminedFiles === 0 ? null : data.SizeOfExaminedFiles,
    openedSize: data.SizeOfOpenedFiles,
    addedSize: data.SizeOfAddedFiles,
    modifiedSize: data.SizeOfModifiedFiles,
    uploadedSize: destination.BytesUploaded,
    downloadedSize: destination.BytesDownloaded,
    storedSize: listed ? destination.KnownFileSize : null,
    storedFiles: listed ? destination.KnownFileCount : null,
    versions: listed ? destination.BackupListCount : null,
    unknownSize: destination.UnknownFileSize,
    unknownFiles: destination.UnknownFileCount,
    lastBackupAt: destination.LastBackupDate,
    remoteCalls: destination.RemoteCalls,
    uploadedFiles: destination.FilesUploaded,
    downloadedFiles: destination.FilesDownloaded,
    deletedRemoteFiles: destination.FilesDeleted,
    createdRemoteFolders: destination.FoldersCreated,
    retries: destination.RetryAttempts,
    totalQuota: known(destination.TotalQuotaSpace),
    freeQuota: known(destination.TotalQuotaSpace) === null ? null : knownOrZero(destination.FreeQuotaSpace),
    assignedQuota: known(destination.AssignedQuotaSpace),
    quotaError: destination.ReportedQuotaError,
    quotaWarning: destination.ReportedQuotaWarning,
    subResults: subResults(data),
  }
}

/** Duplicati's 0 is "not asked" and its -1 "not set". */
function known(quota: Int64 | null): Int64 | null {
  return quota !== null && quota > 0 ? quota : null
}

/** Beside a total that is known, 0 is a figure: nothing is left. */
function knownOrZero(quota: Int64 | null): Int64 | null {
  return quota !== null && quota >= 0 ? quota : null
}
