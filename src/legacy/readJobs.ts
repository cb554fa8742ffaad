// Reads what the old release was told about single jobs, and when it last told of them, by job number as the upgrade wrote it.

import type { NotificationEvent } from '../domain/messages/notification.ts'
import type { LegacySchedule } from '../domain/schedule/schedule.ts'
import { type Fields, fieldsOf, type Note, shown, textOf } from './oldValue.ts'
import { readMoment, readSchedule } from './readSchedule.ts'

export interface LegacyJob {
  /** What was told of it; null if there were no settings for it, and old releases told nothing. */
  events: NotificationEvent[] | null
  schedule: LegacySchedule | null
  /** Whether its lateness was watched. */
  watched: boolean
  /** When it was last told that the job was overdue, whether or not it has run since. */
  lastToldAt: Date | null
}

const eventsByName: Record<string, NotificationEvent[]> = {
  all: ['FAILED', 'WARNING', 'SUCCESS'],
  warnings: ['FAILED', 'WARNING'],
  errors: ['FAILED'],
  off: [],
}

/** The jobs by number that the old release knew something of. */
export function readJobs(
  settings: Fields | null,
  notifications: Fields | null,
  timeZone: string,
  note: Note,
): Map<number, LegacyJob> {
  const jobs = new Map<number, LegacyJob>()
  for (const [id, name, fields] of entries(settings, 'job_settings', note)) {
    jobs.set(id, jobOf(fields, name, timeZone, note))
  }
  for (const [id, name, fields] of entries(notifications, 'job_notifications', note)) {
    const lastToldAt = momentOf(fields.lastNotificationSent, `${name}.lastNotificationSent`, note)
    if (lastToldAt) jobs.set(id, { ...(jobs.get(id) ?? { events: null, schedule: null, watched: true }), lastToldAt })
  }
  return jobs
}

function* entries(byJob: Fields | null, row: string, note: Note): Generator<[number, string, Fields]> {
  for (const [key, value] of Object.entries(byJob ?? {})) {
    const name = `${row} of job ${/^\d{1,15}$/.test(key) ? key : shown(key)}`
    const fields = fieldsOf(value, name, note)
    if (/^\d{1,15}$/.test(key)) {
      if (fields) yield [Number(key), name, fields]
    } else {
      note(`${name}: there is no such number`)
    }
  }
}

function jobOf(fields: Fields, name: string, timeZone: string, note: Note): LegacyJob {
  const watched = switchOf(fields.overdueBackupCheckEnabled, `${name}.overdueBackupCheckEnabled`, note)
  const sent = switchOf(fields.ntfyEnabled, `${name}.ntfyEnabled`, note)
  for (const other of ['additionalNtfyTopic', 'additionalEmails']) {
    if (fields[other]) note(`${name}.${other} is not taken over: add a channel, and a rule for the job`)
  }
  // Old releases told of overdue jobs whatever else they were to tell.
  const events = [...(watched ? (['OVERDUE'] as const) : []), ...runEvents(fields.notificationEvent, name, note)]
  return {
    events: sent ? events : [],
    schedule: readSchedule(fields, name, timeZone, note),
    watched,
    lastToldAt: null,
  }
}

/** What cannot be read means what later releases began with: everything but success. */
function runEvents(value: unknown, name: string, note: Note): NotificationEvent[] {
  const text = textOf(value, `${name}.notificationEvent`, note)
  if (text !== null && Object.hasOwn(eventsByName, text)) return eventsByName[text] ?? []
  if (text !== null) note(`${name}.notificationEvent is ${shown(text)}, taken as warnings`)
  return ['FAILED', 'WARNING']
}

/** On, unless it says off. */
function switchOf(value: unknown, name: string, note: Note): boolean {
  if (value === undefined || value === null || typeof value === 'boolean') return value ?? true
  note(`${name} is neither true nor false: ${shown(value)}`)
  return true
}

/** Old releases wrote an empty text where nothing had been told yet. */
function momentOf(value: unknown, name: string, note: Note): Date | null {
  const text = textOf(value, name, note)
  if (text === null) return null
  const moment = readMoment(text)
  if (!moment) note(`${name} is not a time: ${shown(text)}`)
  return moment
}
