// What Duplicati posts while an operation runs, to the address of --http-report-status-url: read as far as it is shown.

import { z } from 'zod'
import type { Report } from '../domain/report.ts'
import type { StatusPost } from '../domain/running.ts'
import { identity } from './extra.ts'
import { int64, label, timestamp } from './fields.ts'
import { parseJson } from './json.ts'

export interface ReadStatusPost {
  machine: Report['machine']
  job: Report['job']
  post: StatusPost
}

/** A figure that cannot be read is left out: the rest is still right. */
const figure = int64.transform((value) => (value !== null && value >= 0 ? value : null)).catch(null)

const statusPost = z.object({
  operation: z.string(),
  status: z.string().catch(''),
  startedUtc: timestamp,
  isCompleted: z.boolean().catch(false),
  progress: z
    .object({
      phase: label.catch(null),
      progress: z.number().min(0).max(1).nullable().catch(null),
      fileSizeProcessed: figure,
      filesProcessed: figure,
    })
    .nullable()
    .catch(null),
  metadata: z.object({ machineId: identity, machineName: identity, backupId: identity, backupName: identity }),
})

/**
 * Reads a status post. Only backups and syncs are of our concern: other operations are of jobs too, and no runs.
 *
 * @returns `ignored` for another operation
 * @throws if it is none, or does not tell which run it is about
 */
export function readStatusPost(bytes: Uint8Array): ReadStatusPost | { ignored: string } {
  const read = statusPost.parse(parseJson(new TextDecoder().decode(bytes)))
  const { operation, status, startedUtc, isCompleted, progress, metadata } = read
  if (operation !== 'Backup' && operation !== 'Sync') return { ignored: operation }
  if (startedUtc === null) throw new Error('It does not say when the run began')
  const ended = isCompleted || status === 'Completed' || status === 'Failed'
  return {
    machine: { id: metadata.machineId, name: metadata.machineName },
    job: { id: metadata.backupId, name: metadata.backupName },
    post: {
      startedAt: startedUtc,
      ended,
      // Syncs send none, unless --send-http-any-operation makes them, and have no log.
      reports: operation === 'Backup',
      // The first post has no progress yet.
      phase: progress?.phase || `${operation}_Begin`,
      progress: progress?.progress ?? null,
      bytes: progress?.fileSizeProcessed ?? null,
      files: progress?.filesProcessed ?? null,
    },
  }
}
