// GET /api/lastbackup/:id and /api/lastbackups/:id: the latest runs of a server, in the form that dashboards in the wild
// read since release 0.3.

import { clockTime } from '../../domain/messages/humanFormats.ts'
import type { Remark } from '../../domain/remarks.ts'
import { statusNames } from '../../domain/runStatus.ts'
import type { Prisma } from '../../generated/prisma/client.ts'
import type { Context } from '../../services/context.ts'
import { type SharedLog, shareLogs } from '../../services/runs/logShares.ts'
import { findServer } from '../../services/servers/findServer.ts'
import { json } from '../respond.ts'

export async function getLastBackup(_: Request, context: Context, id: string): Promise<Response> {
  const { jobs, latestBackup, ...server } = await readServer(context, id)
  const job = jobs.find(({ id }) => id === latestBackup?.jobId)
  const [log] = latestBackup ? shareLogs(context, [latestBackup.id]) : []
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
    latest_backup: job && latestBackup && log ? runBody(latestBackup, log, job.name) : null,
    status: 200,
  })
}

export async function getLastBackups(_: Request, context: Context, id: string): Promise<Response> {
  const { jobs, ...server } = await readServer(context, id)
  const runs = jobs.flatMap(({ name, latestBackup }) => (latestBackup ? [{ name, latestBackup }] : []))
  const logs = shareLogs(
    context,
    runs.map(({ latestBackup }) => latestBackup.id),
  )
  return json({
    server: {
      id: server.id,
      name: server.name,
      alias: server.alias,
      notes: server.notes,
      created_at: server.createdAt,
    },
    latest_backups: runs.map(({ name, latestBackup }, index) => runBody(latestBackup, logs[index] as SharedLog, name)),
    backup_jobs_count: jobs.length,
    backup_names: jobs.map(({ name }) => name),
    status: 200,
  })
}

const runColumns = {
  id: true,
  serverId: true,
  jobId: true,
  beganAt: true,
  receivedAt: true,
  status: true,
  warnings: true,
  errors: true,
  messages: true,
  examinedFiles: true,
  sourceSize: true,
  uploadedSize: true,
  durationSeconds: true,
  storedSize: true,
  versions: true,
  remarks: true,
  availableVersions: true,
} as const satisfies Prisma.BackupSelect

async function readServer(context: Context, id: string) {
  return context.database.reader.server.findUniqueOrThrow({
    where: { id: await findServer(context, id) },
    include: {
      latestBackup: { select: runColumns },
      jobs: { include: { latestBackup: { select: runColumns } }, orderBy: [{ name: 'asc' }, { id: 'asc' }] },
    },
  })
}

function runBody(run: Prisma.BackupGetPayload<{ select: typeof runColumns }>, log: SharedLog, jobName: string) {
  const seconds = run.durationSeconds ?? 0
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
    messages_array: JSON.stringify(log.INFORMATION),
    warnings_array: JSON.stringify(log.WARNING),
    errors_array: JSON.stringify(log.ERROR),
    remarks: run.remarks === null ? [] : (JSON.parse(run.remarks) as Remark[]),
    available_backups: run.availableVersions === null ? [] : (JSON.parse(run.availableVersions) as string[]),
  }
}
