// `BackendStatistics` of an invented report, and the fields that end every result.

import type { DemoRun } from './jobRuns.ts'
import type { Release } from './machine.ts'
import { localTimestamp, notSet, timespan, timestamp } from './times.ts'

/** The figures at the destination; zeros if the run failed before it listed the files there. */
export function backendStatistics({ machine, job, release, trouble, transfer, beganAt }: DemoRun): object {
  const { stored, ...done } = transfer
  const [latest] = stored.versions
  const listed = !trouble?.thrown
  const total = job.destination.quota ?? 0
  return {
    RemoteCalls: listed ? done.uploadedFiles + done.downloadedFiles + done.deletedFiles + 2 : 1,
    BytesUploaded: done.uploadedSize,
    BytesDownloaded: done.downloadedSize,
    FilesUploaded: done.uploadedFiles,
    FilesDownloaded: done.downloadedFiles,
    FilesDeleted: done.deletedFiles,
    FoldersCreated: 0,
    RetryAttempts: trouble?.retries ?? 0,
    UnknownFileSize: trouble?.unknownSize ?? 0,
    UnknownFileCount: trouble?.unknownSize ? 1 : 0,
    KnownFileCount: listed ? 2 * stored.volumes + stored.versions.length : 0,
    KnownFileSize: listed ? stored.size : 0,
    ...(release.minor >= 2.2 && { KnownFilesets: listed ? stored.versions.length : 0 }),
    LastBackupDate: listed && latest ? localTimestamp(latest.at, machine.timeZone) : notSet,
    BackupListCount: listed ? stored.versions.length : 0,
    TotalQuotaSpace: listed ? total : 0,
    FreeQuotaSpace: listed ? Math.max(0, total - stored.size) : 0,
    AssignedQuotaSpace: listed ? -1 : 0,
    ReportedQuotaError: false,
    ReportedQuotaWarning: false,
    MainOperation: 'Backup',
    ...ending(release, 'Success', beganAt, null),
  }
}

/** The fields that end every result; `endedAt` is null where Duplicati does not set it. */
export function ending(
  release: Release,
  result: string,
  beganAt: number,
  endedAt: number | null,
  tally = { messages: 0, warnings: 0, errors: 0 },
): object {
  return {
    ParsedResult: result,
    ...(release.minor >= 2.1 && { Interrupted: false }),
    Version: release.version,
    EndTime: endedAt === null ? notSet : timestamp(endedAt),
    BeginTime: timestamp(beganAt),
    Duration: timespan(beganAt, endedAt ?? beganAt),
    MessagesActualLength: tally.messages,
    WarningsActualLength: tally.warnings,
    ErrorsActualLength: tally.errors,
  }
}
