// The sub-results of an invented report: what compaction, retention and the check of samples did.

import { ending } from './backendStatistics.ts'
import type { DemoRun } from './jobRuns.ts'
import type { Random } from './random.ts'
import { compactTimestamp, localTimestamp } from './times.ts'
import { volume } from './troubles.ts'

/** The most versions that Duplicati names. */
const maxNamed = 20

/** All sub-results; what did not take place is null. Each repeats the statistics of the whole run. */
export function partResults(run: DemoRun, random: Random, statistics: object): object {
  const { trouble, dryRun, job, release, endedAt } = run
  const common = { ...ending(release, 'Success', endedAt, endedAt), BackendStatistics: statistics }
  const tookPlace = !trouble?.thrown && !dryRun
  const compaction = tookPlace ? { ...compactResults(run), ...common } : null
  return {
    CompactResults: compaction,
    VacuumResults: null,
    DeleteResults: tookPlace && job.retention ? { ...deleteResults(run), CompactResults: compaction, ...common } : null,
    RepairResults: null,
    TestResults: tookPlace ? { ...testResults(run, random), ...common } : null,
    ...(release.minor >= 2.3 && { LockResults: null, RemoteSynchronizationResults: [] }),
  }
}

function compactResults({ transfer: { compaction } }: DemoRun): object {
  return {
    DeletedFileCount: compaction?.deletedFiles ?? 0,
    DownloadedFileCount: compaction?.downloadedFiles ?? 0,
    UploadedFileCount: compaction?.uploadedFiles ?? 0,
    DeletedFileSize: compaction?.deletedSize ?? 0,
    DownloadedFileSize: compaction?.downloadedSize ?? 0,
    UploadedFileSize: compaction?.uploadedSize ?? 0,
    Dryrun: false,
    VacuumResults: null,
    MainOperation: 'Compact',
  }
}

function deleteResults({ machine, transfer: { considered, deleted } }: DemoRun): object {
  return {
    DeletedSetsActualLength: deleted.length,
    DeletedSets: deleted.slice(0, maxNamed).map((at) => ({
      // The run itself is version 0.
      Item1: considered.indexOf(at) + 1,
      Item2: localTimestamp(at, machine.timeZone),
    })),
    Dryrun: false,
    MainOperation: 'Delete',
  }
}

function testResults({ trouble, beganAt }: DemoRun, random: Random): object {
  const broken = trouble?.broken
  const problem = { Key: 'Error', Value: `Hash mismatch on file "${broken}"` }
  return {
    MainOperation: 'Test',
    VerificationsActualLength: 3,
    Verifications: [
      { Key: `duplicati-${compactTimestamp(beganAt)}.dlist.zip.aes`, Value: [] },
      { Key: volume(random, 'dindex'), Value: [] },
      { Key: broken ?? volume(random), Value: broken ? [problem] : [] },
    ],
  }
}
