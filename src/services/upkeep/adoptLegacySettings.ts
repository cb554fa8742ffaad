// Takes over, at a start, the settings that an old release left in `configurations`: once, all of them or none.

import { keptTimeZone } from '../../database/takeOver/timeZone.ts'
import type { Tables } from '../../database/writer.ts'
import { DomainError } from '../../domain/errors.ts'
import type { NotificationEvent } from '../../domain/messages/notification.ts'
import { machineTimeZone } from '../../domain/schedule/machineTimeZone.ts'
import { type LegacySettings, readLegacySettings } from '../../legacy/readLegacySettings.ts'
import type { Context } from '../context.ts'
import { addChannel } from '../telling/channels.ts'

/**
 * Afterwards channel, rules, words, tolerance, schedules are here, in our own words, and people can change them. What cannot be
 * taken over is said in the log. The access token is encrypted, and removed from the old rows.
 *
 * @returns when the old server last told of a job that it is overdue, by the job's number
 * @throws DomainError UNAVAILABLE if the database cannot be written now
 */
export async function adoptLegacySettings(context: Context): Promise<Map<number, Date>> {
  const { clock, log } = context
  const { writer } = context.database
  if (writer.read(({ settings }) => settings.isLegacyAdopted())) return new Map()
  const adopted = await writer.write((tables) => {
    const rows = tables.settings.configurations()
    const legacy = readLegacySettings(rows, keptTimeZone(rows) ?? machineTimeZone())
    const problems = adopt(tables, context, legacy)
    tables.settings.setLegacyAdopted(clock())
    return { legacy, problems: [...legacy.problems, ...problems] }
  })
  for (const problem of adopted.problems) log.warn(`A setting of the old release was not taken over: ${problem}`)
  const { ntfy, jobs, overdueChecked } = adopted.legacy
  if (!overdueChecked)
    log.warn(
      'The old release did not check for overdue jobs (cron_service): nobody is told OVERDUE. It is shown which jobs are; to be told, add OVERDUE to the rules of a channel with setNotificationRule.',
    )
  if (ntfy || jobs.size > 0)
    log.info(`The settings of the old release were taken over: ${jobs.size} jobs had their own`)
  return new Map([...jobs].flatMap(([id, { lastToldAt }]) => (lastToldAt ? [[id, lastToldAt]] : [])))
}

/** @returns what could not be taken over */
function adopt(tables: Tables, context: Context, legacy: LegacySettings): string[] {
  const { settings, watches, jobs } = tables
  const now = context.clock()
  const before = settings.get()
  settings.update({ ...before, toleranceSeconds: legacy.toleranceSeconds ?? before.toleranceSeconds }, now)
  for (const [event, template] of Object.entries(legacy.templates)) {
    settings.setTemplate(event as NotificationEvent, template)
  }
  for (const [jobId, { schedule, watched }] of legacy.jobs) {
    const watch = watches.find(jobId)
    if (watch) watches.set(jobId, { ...watch, legacySchedule: schedule, latenessWatched: watched })
  }
  if (!legacy.ntfy) return []

  let channelId: number
  try {
    channelId = addChannel(tables, context, 'NTFY', 'ntfy', legacy.ntfy)
  } catch (error) {
    if (!(error instanceof DomainError) || error.code !== 'BAD_USER_INPUT') throw error
    return [error.message]
  }
  const { repeat, overdueChecked } = legacy
  // The old release told nothing of a job without settings.
  for (const [jobId, { events }] of legacy.jobs) {
    if (events === null || jobs.serverOf(jobId) === undefined) continue
    const told = overdueChecked ? events : events.filter((event) => event !== 'OVERDUE')
    tables.channels.setRule({ channelId, serverId: null, jobId, events: told, repeat }, now)
  }
  settings.forgetLegacySecrets()
  return []
}
