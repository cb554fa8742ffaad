// The parts of a run that have results of their own: compaction, retention, verification and the like. Each repeats the
// figures of the whole run (BackendStatistics); only what is its own is read.

import { z } from 'zod'
import type { SubResults } from '../domain/report.ts'
import { int64, smallCount, text, timestamp } from './fields.ts'

const count = int64.transform((value) => value ?? 0)
const orNull = <T extends z.ZodType>(schema: T) => schema.nullish().transform((value) => value ?? null)

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
  DeletedSets: orNull(z.array(z.object({ Item2: timestamp }))),
})

const verification = z.object({
  VerificationsActualLength: smallCount,
  Verifications: orNull(z.array(z.object({ Key: text, Value: orNull(z.array(z.object({ Key: text, Value: text }))) }))),
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
  RemoteSynchronizationResults: orNull(z.array(synchronization)),
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
      deletedAt: (data.DeleteResults.DeletedSets ?? []).flatMap((set) => set.Item2 ?? []),
    }
  }
  if (data.TestResults) {
    results.verification = {
      checkedFiles: data.TestResults.VerificationsActualLength ?? 0,
      problems: (data.TestResults.Verifications ?? []).flatMap((file) =>
        (file.Value ?? []).map((problem) => ({ file: file.Key ?? '', status: problem.Key ?? '', text: problem.Value })),
      ),
    }
  }
  if (data.RepairResults)
    results.repair = { recreatedDatabase: (data.RepairResults.RecreateDatabaseResults ?? null) !== null }
  if (data.VacuumResults) results.vacuum = true
  if (data.LockResults) {
    results.lock = { volumesRead: data.LockResults.VolumesRead, volumesUpdated: data.LockResults.VolumesUpdated }
  }
  if (data.RemoteSynchronizationResults?.length) {
    results.synchronizations = data.RemoteSynchronizationResults.map((target) => ({
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
