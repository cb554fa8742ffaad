// Changes what holds for all jobs: the tolerance, the time zone of messages and their words, and how long things are kept.

import { isDeepStrictEqual } from 'node:util'
import { z } from 'zod'
import { badInput } from '../../domain/errors.ts'
import { composeMessage } from '../../domain/messages/composeMessage.ts'
import { type Message, type MessageEvent, priorities } from '../../domain/messages/notification.ts'
import { defaultTemplates, type Template, templateIssues } from '../../domain/messages/template.ts'
import { isTimeZone } from '../../domain/schedule/timeBuckets.ts'
import { logChange } from '../access/logChange.ts'
import type { Context } from '../context.ts'
import { checked } from '../input.ts'
import { judgeAnew, watchOf } from '../jobs/watchJobs.ts'
import { followTimeZone } from '../telling/digests.ts'
import { messageFacts, timeZoneOf } from '../telling/notify.ts'
import { previewDigest } from '../telling/writeDigests.ts'

/** A tolerance in seconds, of up to a year. */
export const tolerance = z
  .number('must be a whole number')
  .int('must be a whole number')
  .min(0, 'must be 0 or more')
  .max(366 * 86_400, 'must be a year or less')

/** From 1 on, or null. */
const count = (max: number) =>
  z
    .number('must be a whole number')
    .int('must be a whole number')
    .min(1, 'must be 1 or more; null keeps everything')
    .max(max, `must be ${max} or less; null keeps everything`)
    .nullable()
    .exactOptional()

const changes = z.object({
  toleranceSeconds: tolerance.exactOptional(),
  timeZone: z
    .string('must be a time zone')
    .refine(isTimeZone, 'must be a time zone of the IANA database, such as Europe/Berlin')
    .nullable()
    .exactOptional(),
  keepDays: count(36_500),
  keepPerJob: count(1_000_000),
  keepLogDays: count(36_500),
})

/**
 * What is left out stays as it is; null means the machine's own time zone, and that everything is kept. Every job is judged
 * by the new tolerance.
 *
 * @param input `{ toleranceSeconds, timeZone, keepDays, keepPerJob, keepLogDays }`, not yet validated
 * @throws DomainError BAD_USER_INPUT with everything that is wrong
 */
export async function updateSettings(context: Context, input: unknown): Promise<void> {
  const { database, events, clock } = context
  const given = checked(changes, input, 'The settings are not valid')
  const { changed, ...change } = await database.writer.write((tables) => {
    const before = tables.settings.get()
    const after = { ...before, ...given }
    tables.settings.update(after, clock())
    if (after.timeZone !== before.timeZone) followTimeZone(tables, clock())
    const judged = after.toleranceSeconds === before.toleranceSeconds ? [] : tables.jobs.all()
    return { changed: judged.flatMap((id) => judgeAnew(tables, id, 'SCHEDULE', clock())), before, after }
  })
  if (!isDeepStrictEqual(change.before, change.after)) {
    logChange(context, { action: 'updateSettings', target: 'Settings', ...change })
    events.publish('changed', { kind: 'SETTINGS', type: 'Settings', key: null })
  }
  for (const change of changed) events.publish('jobStateChanged', change)
}

const template = z.object({
  title: z.string('must be text'),
  message: z.string('must be text'),
  priority: z.enum(priorities),
  tags: z.array(z.string()),
})

/**
 * Sets the words for an event; null brings the built-in ones back.
 *
 * @throws DomainError BAD_USER_INPUT with everything that is wrong
 */
export async function setTemplate(context: Context, event: MessageEvent, input: unknown): Promise<void> {
  const after = input === null ? null : checkedTemplate(input, event)
  const before = await context.database.writer.write(({ settings }) => {
    const before = settings.template(event) ?? null
    if (after) settings.setTemplate(event, after)
    else settings.removeTemplate(event)
    return before
  })
  if (isDeepStrictEqual(before, after)) return
  logChange(context, { action: 'setTemplate', target: `the template of ${event}`, before, after })
  context.events.publish('changed', { kind: 'SETTINGS', type: 'Settings', key: null })
}

/**
 * The message that the words would make of a job as it is now, or the digest that they would make of the last day.
 *
 * @param input the words, not yet validated; null: those that are set
 * @param jobId must be null for a digest, and for nothing else
 * @throws DomainError BAD_USER_INPUT with everything that is wrong, NOT_FOUND
 */
export async function previewTemplate(
  context: Context,
  event: MessageEvent,
  input: unknown,
  jobId: number | null,
): Promise<Message> {
  const { writer } = context.database
  const given = input === null ? null : checkedTemplate(input, event)
  const words = given ?? writer.read(({ settings }) => settings.template(event)) ?? defaultTemplates[event]
  if ((event === 'DIGEST') !== (jobId === null)) {
    const message =
      jobId === null ? 'must be given, unless the event is DIGEST' : 'must be left out: a digest is about no single job'
    throw badInput('There is no such message', [{ path: 'job', message }])
  }
  if (event === 'DIGEST' || jobId === null) return previewDigest(context, words)
  return writer.read((tables) => {
    const watch = watchOf(tables, jobId)
    // OVERDUE is told while no run comes; everything else, of the latest.
    const backupId = event === 'OVERDUE' ? null : tables.jobs.memory(jobId).latestBackupId
    const facts = messageFacts(tables, jobId, watch, event, backupId)
    return composeMessage(words, facts, context.clock(), timeZoneOf(tables))
  })
}

/** @throws DomainError BAD_USER_INPUT; its paths begin with `template` */
function checkedTemplate(input: unknown, event: MessageEvent): Template {
  const what = 'The template is not valid'
  const { template: given } = checked(z.object({ template }), { template: input }, what)
  const issues = templateIssues(given, event)
  if (issues.length > 0)
    throw badInput(
      what,
      issues.map(({ path, message }) => ({ path: `template.${path}`, message })),
    )
  return given
}
