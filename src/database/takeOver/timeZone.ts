// The clock by which the schedules of an old release are read. Its files do not name it: they count in the local time of the
// server that wrote them, so that somebody has to say it, or the time zone of this machine is assumed.

import Database from 'better-sqlite3'
import type { Logger } from 'pino'
import { machineTimeZone } from '../../domain/schedule/machineTimeZone.ts'
import { isTimeZone } from '../../domain/schedule/timeBuckets.ts'

type Rows = ReadonlyMap<string, string | null>

/** Beside `job_settings`, which is read with it. */
const row = 'job_time_zone'

/** The zone that the upgrade kept among the rows of `configurations`; null if it kept none. */
export function keptTimeZone(rows: Rows): string | null {
  const zone = rows.get(row) ?? ''
  return isTimeZone(zone) ? zone : null
}

/** The same, in a database of this release. */
export function keptTimeZoneIn(database: Database.Database): string | null {
  return keptTimeZone(rowsOf(database))
}

/**
 * Keeps the zone in the file for the first start, which reads the schedules: what the log says is then what holds, whatever
 * TZ is by then. Nothing is kept, or said, where the old release left no schedules.
 *
 * @param file a database of this release, with the rows of the old one
 * @param said the zone that somebody named; null: that of this machine
 */
export function keepTimeZone(file: string, said: string | null, log: Logger): void {
  const database = new Database(file)
  try {
    if (!hasSchedules(rowsOf(database))) return
    const zone = said ?? machineTimeZone()
    database.prepare('INSERT OR REPLACE INTO configurations (key, value) VALUES (?, ?)').run(row, zone)
    log.info(clockSentence(zone, said !== null))
  } finally {
    database.close()
  }
}

/** What the upgrade does about the clock, and how another one is had. */
export function clockSentence(zone: string, wasSaid: boolean): string {
  const start = `The schedules of the old release are read by the clock of ${zone}`
  if (wasSaid) return `${start}, as --time-zone says.`
  return `${start}, the time zone of this machine (TZ); if the old server had another, restore the copy, and upgrade it with "duplistatus migrate --time-zone ZONE" before the server is started.`
}

function rowsOf(database: Database.Database): Rows {
  const rows = database.prepare<[], [string, string | null]>('SELECT key, value FROM configurations').raw().all()
  return new Map(rows)
}

/** Settings per job have a row of their own, and in early releases were kept within that of the notifications. */
function hasSchedules(rows: Rows): boolean {
  const settings = fields(rows.get('backup_settings'))
  const older = fields(rows.get('notifications')).backupSettings
  return [settings, older].some((entries) => entries instanceof Object && Object.keys(entries).length > 0)
}

function fields(json: string | null | undefined): Record<string, unknown> {
  try {
    return JSON.parse(json ?? '') ?? {}
  } catch {
    return {}
  }
}
