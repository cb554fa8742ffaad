// The parts of a run that have results of their own: compaction, retention, verification and the like. Each repeats the
// figures of the whole run (BackendStatistics); only what is its own is read.

import { z } from 'zod'
import { isGrave } from '../domain/remarks.ts'
import type { SubResults } from '../domain/report.ts'
import { int64, label, smallCount, timestamp } from './fields.ts'

const count = int64.transform((value) => value ?? 0)
const orNull = <T extends z.ZodType>(schema: T) => schema.nullish().transform((value) => value ?? null)

/** How many entries of a list are read: Duplicati lists at most 20 files, but of each all that is wrong with it. */
const mostEntries = 10_000
/** How many problems and times are kept. */
const mostKept = 100

const list = <T extends z.ZodType>(schema: T) =>
  orNull(z.preprocess((value) => (Array.isArray(value) ? value.slice(0, mostEntries) : value), z.array(schema)))

const compaction = z.object({
  DeletedFileCount: count,
  DownloadedFileCount: count,
  UploadedFileCount: count,
  DeletedFileSize: count,
  DownloadedFileSize: count,
  UploadedFileSize: count,
})

const retention = z.object({
  DeletedSetsActualLength: smallCount,
  DeletedSets: list(z.object({ Item2: timestamp })),
})

const verification = z.object({
  VerificationsActualLength: smallCount,
  Verifications: list(z.object({ Key: label, Value: list(z.object({ Key: label, Value: label })) })),
})

const synchronization = z.object({
  CopiedFileCount: count,
  DeletedFileCount: count,
  RenamedFileCount: count,
  VerifiedFileCount: count,
  FailedVerificationCount: count,
  CopiedFileSize: count,
})

/** The fields of `Data` that hold the parts' results. */
export const subResultFields = {
  CompactResults: orNull(compaction),
  DeleteResults: orNull(retention),
  TestResults: orNull(verification),
  RepairResults: orNull(z.object({ RecreateDatabaseResults: z.unknown().optional() })),
  VacuumResults: orNull(z.looseObject({})),
  LockResults: orNull(z.object({ VolumesRead: count, VolumesUpdated: count })),
  RemoteSynchronizationResults: list(synchronization),
}

type Fields = { [Name in keyof typeof subResultFields]: z.output<(typeof subResultFields)[Name]> }

/** What the parts of a run did, in our words; null if no part took place. */
export function subResults(data: Fields): SubResults | null {
  const results: SubResults = {}
  if (data.CompactResults) {
    results.compaction = {
      deletedFiles: data.CompactResults.DeletedFileCount,
      downloadedFiles: data.CompactResults.DownloadedFileCount,
      uploadedFiles: data.CompactResults.UploadedFileCount,
      deletedSize: data.CompactResults.DeletedFileSize,
      downloadedSize: data.CompactResults.DownloadedFileSize,
      uploadedSize: data.CompactResults.UploadedFileSize,
    }
  }
  if (data.DeleteResults) {
    results.retention = {
      deletedVersions: data.DeleteResults.DeletedSetsActualLength ?? 0,
      deletedAt: (data.DeleteResults.DeletedSets ?? []).flatMap((set) => set.Item2 ?? []).slice(0, mostKept),
    }
  }
  if (data.TestResults) {
    const found = (data.TestResults.Verifications ?? []).flatMap((file) =>
      (file.Value ?? []).map((problem) => ({ file: file.Key ?? '', status: problem.Key ?? '', text: problem.Value })),
    )
    const moreProblems = found.slice(mostKept).filter(isGrave).length
    results.verification = {
      checkedFiles: data.TestResults.VerificationsActualLength ?? 0,
      problems: found.slice(0, mostKept),
      ...(moreProblems > 0 ? { moreProblems } : {}),
    }
  }
  if (data.RepairResults)
    results.repair = { recreatedDatabase: (data.RepairResults.RecreateDatabaseResults ?? null) !== null }
  if (data.VacuumResults) results.vacuum = true
  if (data.LockResults) {
    results.lock = { volumesRead: data.LockResults.VolumesRead, volumesUpdated: data.LockResults.VolumesUpdated }
  }
  if (data.RemoteSynchronizationResults?.length) {
    results.synchronizations = data.RemoteSynchronizationResults.slice(0, mostKept).map((target) => ({
      copiedFiles: target.CopiedFileCount,
      deletedFiles: target.DeletedFileCount,
      renamedFiles: target.RenamedFileCount,
      verifiedFiles: target.VerifiedFileCount,
      failedVerifications: target.FailedVerificationCount,
      copiedSize: target.CopiedFileSize,
    }))
  }
  return Object.keys(results).length > 0 ? results : null
}
