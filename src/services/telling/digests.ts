// Says which channels get a digest, and when.

import { isDeepStrictEqual } from 'node:util'
import { z } from 'zod'
import type { StoredDigest } from '../../database/tables/digestTable.ts'
import type { Tables } from '../../database/writer.ts'
import { DomainError } from '../../domain/errors.ts'
import { digestPeriods, nextDigest } from '../../domain/schedule/digestTime.ts'
import { weekdays } from '../../domain/schedule/schedule.ts'
import { isTimeZone } from '../../domain/schedule/timeBuckets.ts'
import { logChange } from '../access/logChange.ts'
import type { Context } from '../context.ts'
import { checked, tag } from '../input.ts'
import { timeZoneOf } from './notify.ts'

const digestInput = z
  .object({
    period: z.enum(digestPeriods),
    timeOfDay: z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'must be HH:MM, from 00:00 to 23:59'),
    timeZone: z.string().refine(isTimeZone, 'must be a time zone such as Europe/Berlin').nullable(),
    weekday: z.enum(weekdays).nullable(),
    tag: tag.nullable(),
  })
  .refine(({ period, weekday }) => period === 'WEEKLY' || weekday === null, {
    path: ['weekday'],
    error: 'must be left out unless the period is WEEKLY',
  })
  .transform((given) => ({ ...given, weekday: given.period === 'WEEKLY' ? (given.weekday ?? 'MONDAY') : null }))

/**
 * Gives a channel a digest, in place of the one it had. What ran since that one was sent is counted in the next.
 *
 * @param input `{ period, timeOfDay, timeZone, weekday, tag }`, not yet validated
 * @throws DomainError BAD_USER_INPUT with everything that is wrong, NOT_FOUND
 */
export async function setDigest(context: Context, channelId: number, input: unknown): Promise<void> {
  const given = checked(digestInput, input, 'The digest is not valid')
  const { database, clock, events } = context
  const { before, after } = await database.writer.write((tables) => {
    if (!tables.channels.find(channelId)) throw notFound(`Channel:${channelId}`)
    const now = clock()
    const old = tables.digests.find(channelId)
    const before = old ? settingsOf(old) : null
    if (old && isDeepStrictEqual(before, given)) return { before, after: before }
    const { sinceAt, countedId, createdAt } = old ?? {
      sinceAt: now,
      countedId: tables.digests.lastRunId(),
      createdAt: now,
    }
    const nextAt = nextDigest(given, now, given.timeZone ?? timeZoneOf(tables))
    tables.digests.set({ channelId, ...given, sinceAt, countedId, nextAt, createdAt, updatedAt: now })
    return { before, after: given }
  })
  if (isDeepStrictEqual(before, after)) return
  logChange(context, { action: 'setDigest', target: `the digest of Channel:${channelId}`, before, after })
  events.publish('changed', { kind: 'SETTINGS', type: 'Channel', key: channelId })
}

/** @throws DomainError NOT_FOUND */
export async function deleteDigest(context: Context, channelId: number): Promise<void> {
  const removed = await context.database.writer.write(({ digests }) => {
    const digest = digests.find(channelId)
    digests.remove(channelId)
    return digest
  })
  if (!removed) throw notFound(`digest of Channel:${channelId}`)
  const target = `the digest of Channel:${channelId}`
  logChange(context, { action: 'deleteDigest', target, before: settingsOf(removed), after: null })
  context.events.publish('changed', { kind: 'SETTINGS', type: 'Channel', key: channelId })
}

/** Lets the digests that follow the time zone of the settings follow a new one, inside a transaction. */
export function followTimeZone(tables: Tables, now: Date): void {
  for (const digest of tables.digests.all()) {
    // One that is due already is sent yet.
    if (digest.timeZone !== null || digest.nextAt <= now) continue
    tables.digests.set({ ...digest, nextAt: nextDigest(digest, now, timeZoneOf(tables)) })
  }
}

function settingsOf({ period, timeOfDay, timeZone, weekday, tag }: StoredDigest) {
  return { period, timeOfDay, timeZone, weekday, tag }
}

function notFound(id: string) {
  return new DomainError('NOT_FOUND', `There is no ${id}.`)
}
