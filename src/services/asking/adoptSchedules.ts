// Takes over what a Duplicati answered of the schedules of its jobs.

import { isDeepStrictEqual } from 'node:util'
import type { Tables } from '../../database/writer.ts'
import { askedSchedule } from '../../domain/schedule/asked.ts'
import { scheduleOf } from '../../duplicati/api/jobSchedule.ts'
import { backupIdOf } from '../../duplicati/api/jobs.ts'
import type { Context } from '../context.ts'
import { changeWatchInside, watchOf } from '../jobs/watchJobs.ts'
import type { AskedDuplicati, AskedJob } from './readDuplicati.ts'

/** @throws DomainError UNAVAILABLE if the database cannot be written now */
export async function adoptSchedules(context: Context, serverId: number, asked: AskedDuplicati): Promise<void> {
  const { database, events, clock } = context
  for (const job of asked.jobs) {
    const { jobId, changes } = await database.writer.write((tables) => {
      const jobId = jobOf(tables, serverId, job)
      if (jobId === undefined) return { changes: [] }
      const now = clock()
      const watch = watchOf(tables, jobId)
      const { schedule } = job.job
      const answered = schedule && scheduleOf(schedule, asked.timeZone)
      // A schedule that we cannot express says nothing; that there is none does.
      if (schedule && !(answered && schedule.time)) return { changes: [] }
      const after = askedSchedule(answered, schedule?.time ?? null, watch.dueAt)
      const { scheduledAt } = tables.jobs.memory(jobId)
      const isNewer = watch.askedAt !== null && (!scheduledAt || watch.askedAt >= scheduledAt)
      if (isNewer && isDeepStrictEqual(watch.askedSchedule, after)) return { changes: [] }
      const changed = () => ({ askedSchedule: after, askedAt: now })
      return { jobId, changes: changeWatchInside(tables, jobId, 'SCHEDULE', now, changed) }
    })
    if (jobId !== undefined) events.publish('changed', { kind: 'CHANGED', type: 'BackupJob', key: jobId })
    for (const change of changes) events.publish('jobStateChanged', change)
  }
}

/** Our job of a job there: the only one of its name, or else the one that reported under its number. */
export function jobOf(
  { jobs, backupIds }: Tables,
  serverId: number,
  { job, name, overrides }: AskedJob,
): number | undefined {
  const named = jobs.findByName(serverId, name)
  if (named.length === 1) return named[0]
  const id = overrides.backupId ?? backupIdOf(job.id)
  return named.find((jobId) => backupIds.ofJob(jobId).some(({ backupId }) => backupId === id))
}
