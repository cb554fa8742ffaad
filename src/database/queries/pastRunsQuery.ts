// Reads of the last runs of a job what later ones are compared with.

import type { Database } from 'better-sqlite3'
import type { Remark } from '../../domain/remarks.ts'
import type { PastRun } from '../../domain/unusual/pastRun.ts'

interface Row extends Omit<PastRun, 'at' | 'remarked'> {
  at: number
  remarks: string | null
}

/** Runs are counted along the index before any is left out, so that a job that always fails costs no more than others. */
const comparable = `NOT r.dryrun AND NOT r.prevented AND NOT r.partial_backup AND NOT r.interrupted
  AND r.status <> 'FATAL' AND (r.status <> 'ERROR' OR r.exception IS NULL)`

/** For a connection that reads or one that writes. */
export function pastRunsQuery(database: Database) {
  const before = database.prepare<[number, number, number], Row>(`
    SELECT r.ordered_at AS at, r.duration_seconds AS seconds, r.examined_files AS examinedFiles, r.added_files AS addedFiles,
      r.modified_files AS modifiedFiles, r.deleted_files AS deletedFiles, r.uploaded_size + r.bytes_downloaded AS movedSize,
      r.known_file_size AS storedSize, r.backup_list_count AS versions, r.free_quota_space AS freeQuota,
      r.assigned_quota_space AS assignedQuota, r.remarks
    FROM (SELECT id FROM backups WHERE job_id = ? AND ordered_at < ? ORDER BY ordered_at DESC, id DESC LIMIT ?) AS l
      CROSS JOIN backups AS r ON r.id = l.id
    WHERE ${comparable} ORDER BY r.ordered_at, r.id`)

  /** The comparable ones among the last `limit` runs before a moment, ascending. */
  return (jobId: number, at: Date, limit: number): PastRun[] =>
    before.all(jobId, at.getTime(), limit).map(({ remarks, ...row }) => ({
      ...row,
      at: new Date(row.at),
      remarked: remarks === null ? [] : (JSON.parse(remarks) as Remark[]).map(({ kind }) => kind),
    }))
}
