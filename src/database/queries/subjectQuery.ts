// Reads what a message about a job can say: the job, its server, and a run of it.

import type { Database } from 'better-sqlite3'
import { reasonOf } from '../../domain/messages/failureReason.ts'
import type { MessageFacts } from '../../domain/messages/messageValues.ts'
import type { Remark } from '../../domain/remarks.ts'
import type { LogLine } from '../../domain/report.ts'
import { isFailure, type RunStatus } from '../../domain/runStatus.ts'
import { maxExceptionBytes } from '../../domain/shortened.ts'
import { boundedText, type StoredLine, textOf } from './logLineQuery.ts'

export type Subject = Pick<MessageFacts, 'server' | 'job' | 'run' | 'latestAt' | 'successor'>

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
        b.known_file_size AS storedSize, b.backup_list_count AS versions, b.messages, b.warnings, b.errors,
        substr(b.exception, 1, ${maxExceptionBytes}) AS exception, b.remarks
      FROM backup_jobs j JOIN servers s ON s.id = j.server_id
        LEFT JOIN backups b ON b.id = coalesce(:backupId, j.latest_backup_id)
      WHERE j.id = :jobId`)
    .safeIntegers()
  // Another server of the machine's name, or this one, has a job of this name that reported later.
  const successor = database.prepare<[number], { server: number; own: number; job: number; latestAt: number }>(`
    SELECT os.id AS server, os.id = s.id AS own, o.id AS job, o.latest_at AS latestAt
    FROM backup_jobs j JOIN servers s ON s.id = j.server_id JOIN servers os ON os.name = s.name
      JOIN backup_jobs o ON o.server_id = os.id AND o.name = j.name AND o.id <> j.id
    WHERE j.id = ? AND o.latest_at > coalesce(j.latest_at, 0) ORDER BY o.latest_at DESC LIMIT 1`)
  // By level first: ERROR comes before WARNING.
  const lines = database.prepare<[number, number], StoredLine & Pick<LogLine, 'level'>>(`
    SELECT level, ${boundedText} FROM log_lines WHERE backup_id = ? AND level IN ('ERROR', 'WARNING')
    ORDER BY level, sequence LIMIT ?`)

  const linesOf = (backupId: number) =>
    lines.all(backupId, linesOfRun).map(({ level, ...line }) => ({ level, text: textOf(line) }))

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
        run: row.backupId === null ? null : runOf(row, linesOf(Number(row.backupId))),
        latestAt: row.latestAt === null ? null : new Date(Number(row.latestAt)),
        successor: successorOf(successor.get(jobId)),
      }
    },
  }
}

function successorOf(row: { server: number; own: number; job: number; latestAt: number } | undefined) {
  if (!row) return null
  return { id: row.own === 1 ? `BackupJob:${row.job}` : `Server:${row.server}`, latestAt: new Date(row.latestAt) }
}

function runOf(row: Row, logLines: Pick<LogLine, 'level' | 'text'>[]): Subject['run'] {
  const status = row.status as RunStatus
  const remarks = row.remarks === null ? [] : (JSON.parse(row.remarks as string) as Remark[])
  return {
    status,
    reason: isFailure(status) ? reasonOf({ exception: row.exception as string | null }, logLines, remarks) : null,
    remarks,
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
    logLines: logLines.map(({ text }) => text),
  }
}
