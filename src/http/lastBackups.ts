// GET /api/lastbackup/:id and /api/lastbackups/:id: the latest runs of a server, in the form that dashboards in the wild
// read since release 0.3.

import { clockTime } from '../domain/humanFormats.ts'
import type { Remark } from '../domain/remarks.ts'
import { statusNames } from '../domain/runStatus.ts'
import type { Backup, LogLine } from '../generated/prisma/client.ts'
import type { Context } from '../services/context.ts'
import { findServer } from '../services/findServer.ts'
import { json } from './respond.ts'

export async function getLastBackup(_: Request, context: Context, id: string): Promise<Response> {
  const { jobs, latestBackup, ...server } = await readServer(context, id)
  const job = jobs.find(({ id }) => id === latestBackup?.jobId)
  return json({
    server: {
      id: server.id,
      name: server.name,
      alias: server.alias,
      notes: server.notes,
      backup_name: job?.name ?? null,
      backup_id: job?.backupId ?? null,
      created_at: server.createdAt,
    },
    latest_backup: job && latestBackup ? runBody(latestBackup, job.name) : null,
    status: 200,
  })
}

export async function getLastBackups(_: Request, context: Context, id: string): Promise<Response> {
  const { jobs, ...server } = await readServer(context, id)
  return json({
    server: {
      id: server.id,
      name: server.name,
      alias: server.alias,
      notes: server.notes,
      created_at: server.createdAt,
    },
    latest_backups: jobs.flatMap(({ name, latestBackup }) => (latestBackup ? [runBody(latestBackup, name)] : [])),
    backup_jobs_count: jobs.length,
    backup_names: jobs.map(({ name }) => name),
    status: 200,
  })
}

const withLogLines = { include: { logLines: { orderBy: { sequence: 'asc' } } } } as const

async function readServer(context: Context, id: string) {
  return context.database.reader.server.findUniqueOrThrow({
    where: { id: await findServer(context, id) },
    include: {
      latestBackup: withLogLines,
      jobs: { include: { latestBackup: withLogLines }, orderBy: [{ name: 'asc' }, { id: 'asc' }] },
    },
  })
}

function runBody(run: Backup & { logLines: LogLine[] }, jobName: string) {
  const seconds = run.durationSeconds ?? 0
  const lines = (level: LogLine['level']) =>
    JSON.stringify(run.logLines.filter((line) => line.level === level).map(({ text }) => text))
  return {
    id: run.id,
    server_id: run.serverId,
    name: jobName,
    date: run.beganAt ?? run.receivedAt,
    status: statusNames[run.status],
    warnings: run.warnings,
    errors: run.errors,
    messages: run.messages,
    fileCount: Number(run.examinedFiles),
    fileSize: Number(run.sourceSize ?? 0n),
    uploadedSize: Number(run.uploadedSize),
    duration: clockTime(seconds),
    duration_seconds: seconds,
    durationInMinutes: Math.trunc(seconds / 60),
    knownFileSize: Number(run.storedSize ?? 0n),
    backup_list_count: run.versions ?? 0,
    messages_array: lines('INFORMATION'),
    warnings_array: lines('WARNING'),
    errors_array: lines('ERROR'),
    remarks: run.remarks === null ? [] : (JSON.parse(run.remarks) as Remark[]),
    available_backups: run.availableVersions === null ? [] : (JSON.parse(run.availableVersions) as string[]),
  }
}
