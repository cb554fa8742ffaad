// Says which ids belong to a job that was split off another one.

import type { JobMark } from '../../database/tables/backupIdTable.ts'
import type { Tables } from '../../database/writer.ts'

/** Gives a job that was split off the ids of its runs; an id that no run of the other one has is its alone. */
export function divideIds(tables: Tables, from: number, into: number) {
  const { backupIds } = tables
  const staying = marksOfRuns(tables, from)
  for (const mark of marksOfRuns(tables, into)) {
    backupIds.set(mark)
    const isShared = staying.some((one) => one.machineId === mark.machineId && one.backupId === mark.backupId)
    if (!isShared) backupIds.remove({ ...mark, jobId: from })
  }
}

function marksOfRuns({ backups }: Tables, jobId: number): JobMark[] {
  const marks = new Map<string, JobMark>()
  for (const { machineId, backupId } of backups.marks(jobId)) {
    if (backupId === null) continue
    marks.set(JSON.stringify([machineId, backupId]), {
      jobId,
      machineId: machineId ?? '',
      backupId,
      lastAt: null,
      succeededAt: null,
    })
  }
  return [...marks.values()]
}
