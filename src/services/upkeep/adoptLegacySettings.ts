// Takes over, at a start, the settings that an old release left in `configurations`: once, all of them or none.

import { keptTimeZone } from '../../database/takeOver/timeZone.ts'
import type { Tables } from '../../database/writer.ts'
import type { NotificationEvent } from '../../domain/messages/notification.ts'
import { machineTimeZone } from '../../domain/schedule/machineTimeZone.ts'
import { type LegacySettings, readLegacySettings } from '../../legacy/readLegacySettings.ts'
import { newConnection, sealedCredential } from '../asking/credential.ts'
import type { Context } from '../context.ts'
import { type Adopted, adoptLegacyChannels } from './adoptLegacyChannels.ts'
import { legacyKeyFile } from './legacyKeyFile.ts'

/**
 * Afterwards channels, rules, words, tolerance, schedules are here, in our own words, and people can change them. What cannot be
 * taken over is said in the log. Tokens and passwords are encrypted with our own key, and removed from the old rows.
 *
 * @returns when the old server last told of a job that it is overdue, by the job's number
 * @throws DomainError UNAVAILABLE if the database cannot be written now
 */
export async function adoptLegacySettings(context: Context): Promise<Map<number, Date>> {
  const { clock, log } = context
  const { writer } = context.database
  if (writer.read(({ settings }) => settings.isLegacyAdopted())) return new Map()
  // Decrypting takes its time, and is done before anything is locked: nobody else writes these rows.
  const rows = writer.read(({ settings }) => settings.configurations())
  const key = legacyKeyFile(context.config.databaseFile)
  const legacy = readLegacySettings(rows, keptTimeZone(rows) ?? machineTimeZone(), key)
  const adopted = await writer.write((tables) => {
    const adopted = adopt(tables, context, legacy)
    tables.settings.setLegacyAdopted(clock())
    return adopted
  })
  for (const problem of [...legacy.problems, ...adopted.problems])
    log.warn(`A setting of the old release was not taken over: ${problem}`)
  for (const notice of adopted.notices) log.warn(notice)
  const { ntfy, mail, passwords, jobs, overdueChecked } = legacy
  if (passwords.locked > 0)
    log.warn(`${passwords.locked} passwords of servers stay in the copy, because ${key.trouble}`)
  if (!overdueChecked)
    log.warn(
      'The old release did not check for overdue jobs (cron_service), so OVERDUE is sent to nobody. Lateness is still watched and shown; to get messages, add OVERDUE to the rules of a channel with setNotificationRule.',
    )
  if (ntfy || mail || jobs.size > 0)
    log.info(`The settings of the old release were taken over: ${jobs.size} jobs had settings of their own`)
  return new Map([...jobs].flatMap(([id, { lastToldAt }]) => (lastToldAt ? [[id, lastToldAt]] : [])))
}

function adopt(tables: Tables, context: Context, legacy: LegacySettings): Adopted {
  const { settings, watches } = tables
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
  for (const [serverId, password] of legacy.passwords.known) adoptPassword(tables, context, serverId, password)
  const adopted = adoptLegacyChannels(tables, context, legacy)
  settings.forgetLegacySecrets()
  settings.removeConfiguration('server_passwords')
  return adopted
}

/** An address and a password are a connection. A password alone is kept, for whoever looks for it. */
function adoptPassword({ servers, connections }: Tables, context: Context, serverId: number, password: string) {
  const server = servers.findEditable(serverId)
  if (!server) return
  const sealed = sealedCredential(context, server.url, password)
  if (server.url === null || !URL.canParse(server.url)) return servers.setPassword(serverId, sealed)
  const given = { serverId, url: server.url, credentialKind: 'PASSWORD', certificateFingerprint: null } as const
  connections.set(newConnection(given, context.clock()), sealed)
}
