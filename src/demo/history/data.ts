// `Data` of an invented report, in the form of the release that sends it.

import { backendStatistics, ending } from './backendStatistics.ts'
import type { DemoRun } from './jobRuns.ts'
import { partResults } from './partResults.ts'
import type { Random } from './random.ts'

/** The result of a run, or what 2.0.6 sends instead when it failed: the exception itself. */
export function data(run: DemoRun, random: Random): object {
  const { trouble, source, release, beganAt, endedAt } = run
  if (trouble?.thrown && release.minor < 2.1) return exceptionObject(trouble.thrown)
  const statistics = backendStatistics(run)
  return {
    DeletedFiles: source.deletedFiles,
    DeletedFolders: 0,
    ModifiedFiles: source.modifiedFiles,
    ExaminedFiles: source.files,
    OpenedFiles: source.openedFiles,
    AddedFiles: source.addedFiles,
    SizeOfModifiedFiles: source.modifiedSize,
    SizeOfAddedFiles: source.addedSize,
    SizeOfExaminedFiles: source.size,
    SizeOfOpenedFiles: source.openedSize,
    NotProcessedFiles: 0,
    AddedFolders: source.addedFolders,
    TooLargeFiles: 0,
    FilesWithError: 0,
    ...(release.minor >= 2.2 && { TimestampChangedFiles: 0 }),
    ModifiedFolders: 0,
    ModifiedSymlinks: 0,
    AddedSymlinks: 0,
    DeletedSymlinks: 0,
    PartialBackup: trouble?.partial ?? false,
    Dryrun: run.dryRun,
    MainOperation: 'Backup',
    ...partResults(run, random, statistics),
    ...ending(release, trouble?.result ?? 'Success', beganAt, endedAt, tally(run)),
    BackendStatistics: statistics,
  }
}

function tally({ trouble, transfer }: DemoRun) {
  const count = (level: string) => trouble?.lines.filter((line) => line.level === level).length ?? 0
  const messages = 14 + 2 * (transfer.uploadedFiles + transfer.downloadedFiles + transfer.deletedFiles)
  return { messages: trouble?.thrown ? 3 : messages, warnings: count('Warning'), errors: count('Error') }
}

/** As .NET writes an exception. */
function exceptionObject({ type, message, stack }: { type: string; message: string; stack: string }): object {
  return {
    ClassName: type,
    Message: message,
    Data: null,
    InnerException: null,
    HelpURL: null,
    StackTraceString: `   at ${stack}`,
    RemoteStackTraceString: null,
    RemoteStackIndex: 0,
    ExceptionMethod: null,
    HResult: -2146233088,
    Source: 'Duplicati.Library.Main',
  }
}
