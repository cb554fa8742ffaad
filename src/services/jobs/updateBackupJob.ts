// Changes what a person says of a job: its names, and how it is watched.

import { isDeepStrictEqual } from 'node:util'
import { z } from 'zod'
import type { JobWatch } from '../../domain/jobWatch.ts'
import { formatInterval, parseInterval } from '../../domain/schedule/interval.ts'
import { machineTimeZone } from '../../domain/schedule/machineTimeZone.ts'
import { type Schedule, scheduleIssues, weekdays } from '../../domain/schedule/schedule.ts'
import { logChange } from '../access/logChange.ts'
import type { Context } from '../context.ts'
import { changeable, checked, note, tagList, unmodified } from '../input.ts'
import { tolerance } from '../upkeep/settings.ts'
import { changeWatchInside, watchOf } from './watchJobs.ts'

const schedule = z
  .object({
    interval: z
      .string('must be an interval')
      .transform(parseInterval)
      .refine((interval) => interval !== null, 'must be an interval such as 12h, 1D, 1W or 1M'),
    weekdays: z
      .array(z.enum(weekdays))
      .transform((days) => weekdays.filter((day) => days.includes(day)))
      .nullable()
      .default(null),
    timeOfDay: z.string().nullable().default(null),
    timeZone: z.string().nullable().default(null),
  })
  .transform(({ timeZone, ...rest }) => ({ ...rest, timeZone: timeZone ?? machineTimeZone() }) as Schedule)
  .superRefine((given, { addIssue }) => {
    for (const { path, message } of scheduleIssues(given)) addIssue({ code: 'custom', path: path.split('.'), message })
  })

const changes = changeable({
  alias: note(200).exactOptional(),
  notes: note(10_000).exactOptional(),
  tags: tagList.exactOptional(),
  schedule: schedule.nullable().exactOptional(),
  toleranceSeconds: tolerance.nullable().exactOptional(),
  latenessWatched: z.boolean('must be true or false').exactOptional(),
})

/**
 * Changes a job. What is left out stays as it is, null clears: without a schedule of a person's, Duplicati's announcements
 * and the history tell when the job is due; without a tolerance, that of the settings holds.
 *
 * @param input `{ alias, notes, tags, schedule, toleranceSeconds, latenessWatched }`, not yet validated; `schedule` is
 *   `{ interval, weekdays, timeOfDay, timeZone }`, the interval as Duplicati writes it, in the machine's time zone if none is given
 * @param ifUnmodifiedSince refuses if somebody changed the job after this moment
 * @throws DomainError BAD_USER_INPUT with everything that is wrong, NOT_FOUND, CONFLICT
 */
export async function updateBackupJob(
  context: Context,
  id: number,
  input: unknown,
  ifUnmodifiedSince?: Date | null,
): Promise<void> {
  const { database, events, clock } = context
  const { alias, notes, tags, ...watch } = checked(changes, input, 'The job cannot be changed like this')
  const { changed, ...change } = await database.writer.write((tables) => {
    const now = clock()
    const { updatedAt, ...before } = unmodified(tables.jobs.findEditable(id), `BackupJob:${id}`, ifUnmodifiedSince)
    const after = {
      alias: alias === undefined ? before.alias : alias,
      notes: notes === undefined ? before.notes : notes,
    }
    const watchedBefore = watchOf(tables, id)
    const isRemarked = before.alias !== after.alias || before.notes !== after.notes
    const isWatch = Object.keys(watch).length > 0
    const tagging = tags && { before: { tags: tables.tags.ofJobs.find(id) }, after: { tags } }
    const isTagged = !isDeepStrictEqual(tagging?.before, tagging?.after)
    if (isRemarked || isWatch || isTagged) tables.jobs.update(id, after, now)
    if (tags && isTagged) tables.tags.ofJobs.set(id, tags)
    return {
      changed: isWatch ? changeWatchInside(tables, id, 'SCHEDULE', now, () => watch) : [],
      before: { ...before, ...tagging?.before, ...loggedWatch(watchedBefore) },
      after: { ...after, ...tagging?.after, ...loggedWatch({ ...watchedBefore, ...watch }) },
    }
  })
  if (!isDeepStrictEqual(change.before, change.after)) {
    logChange(context, { action: 'updateBackupJob', target: `BackupJob:${id}`, ...change })
    events.publish('changed', { kind: 'CHANGED', type: 'BackupJob', key: id })
  }
  for (const one of changed) events.publish('jobStateChanged', one)
}

function loggedWatch({ schedule, toleranceSeconds, latenessWatched }: JobWatch) {
  return {
    schedule: schedule && { ...schedule, interval: formatInterval(schedule.interval) },
    toleranceSeconds,
    latenessWatched,
  }
}
