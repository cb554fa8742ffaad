// Reads what a message about a job can say: the job, its server, and a run of it.

import type { Database } from 'better-sqlite3'
import type { MessageFacts } from '../domain/messageValues.ts'
import type { RunStatus } from '../domain/runStatus.ts'

export type Subject = Pick<MessageFacts, 'server' | 'job' | 'run' | 'latestAt'>

/** How many errors and warnings of a run a message holds. */
const linesOfRun = 3

type Row = Record<string, bigint | number | string | null>

export function subjectQuery(database: Database) {
  const get = database
    .prepare<[{ jobId: number; backupId: number | null }], Row>(`
      SELECT s.name AS serverName, s.alias AS serverAlias, s.notes, s.url,
        j.name AS jobName, j.alias AS jobAlias, j.latest_at AS latestAt,
        b.id AS backupId, b.status, b.ordered_at AS at, b.duration_seconds AS durationSeconds,
        b.examined_files AS examinedFiles, b.source_size AS sourceSize, b.uploaded_size AS uploadedSize,
        b.known_file_size AS storedSize, b.backup_list_count AS versions, b.messages, b.warnings, b.errors
      FROM backup_jobs j JOIN servers s ON s.id = j.server_id
        LEFT JOIN backups b ON b.id = coalesce(:backupId, j.latest_backup_id)
      WHERE j.id = :jobId`)
    .safeIntegers()
  // By level first: ERROR comes before WARNING.
  const lines = database
    .prepare<[number, number], string>(
      "SELECT text FROM log_lines WHERE backup_id = ? AND level IN ('ERROR', 'WARNING') ORDER BY level, sequence LIMIT ?",
    )
    .pluck()

  return {
    /** @param backupId the run that is spoken of; null: the latest */
    about: (jobId: number, backupId: number | null): Subject => {
      const row = get.get({ jobId, backupId })
      if (!row) throw new Error(`There is no job ${jobId}`)
      return {
        server: {
          name: row.serverName as string,
          alias: row.serverAlias as string | null,
          notes: row.notes as string | null,
          url: row.url as string | null,
        },
        job: { name: row.jobName as string, alias: row.jobAlias as string | null },
        run: row.backupId === null ? null : runOf(row, lines.all(Number(row.backupId), linesOfRun)),
        latestAt: row.latestAt === null ? null : new Date(Number(row.latestAt)),
      }
    },
  }
}

function runOf(row: Row, logLines: string[]): Subject['run'] {
  return {
    status: row.status as RunStatus,
    at: new Date(Number(row.at)),
    durationSeconds: row.durationSeconds as number | null,
    examinedFiles: row.examinedFiles as bigint,
    sourceSize: row.sourceSize as bigint | null,
    uploadedSize: row.uploadedSize as bigint,
    storedSize: row.storedSize as bigint | null,
    versions: row.versions === null ? null : Number(row.versions),
    messages: Number(row.messages),
    warnings: Number(row.warnings),
    errors: Number(row.errors),
    logLines,
  }
}
