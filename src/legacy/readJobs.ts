// Reads what the old release was told about single jobs, to whom it told of them, and when it last did, by job number as the upgrade
// wrote it.

import type { NotificationEvent } from '../domain/messages/notification.ts'
import type { LegacySchedule } from '../domain/schedule/schedule.ts'
import { type Fields, fieldsOf, type Note, shown, textOf } from './oldValue.ts'
import { addressesIn } from './readMail.ts'
import { readMoment, readSchedule } from './readSchedule.ts'

export interface LegacyJob {
  /** What was told of it through ntfy; null if there were no settings for it, and old releases told nothing. */
  events: NotificationEvent[] | null
  /** What was told of it by e-mail. */
  mailEvents: NotificationEvent[]
  /** Who else was told: whoever subscribed to another topic of the same ntfy, and further recipients of e-mail. */
  elsewhere: { topic: string | null; addresses: string[]; events: NotificationEvent[] }
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
    if (lastToldAt) jobs.set(id, { ...(jobs.get(id) ?? unknownJob), lastToldAt })
  }
  return jobs
}

const unknownJob: Omit<LegacyJob, 'lastToldAt'> = {
  events: null,
  mailEvents: [],
  elsewhere: { topic: null, addresses: [], events: [] },
  schedule: null,
  watched: true,
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
  const isOn = (field: string, otherwise: boolean) => switchOf(fields[field], otherwise, `${name}.${field}`, note)
  const watched = isOn('overdueBackupCheckEnabled', true)
  const overdue: NotificationEvent[] = watched ? ['OVERDUE'] : []
  const ownEvent = eventName(fields.notificationEvent, `${name}.notificationEvent`, 'warnings', note)
  // Old releases told of overdue jobs whatever else they were to tell, but for further recipients that were told nothing.
  const events = [...overdue, ...(eventsByName[ownEvent] ?? [])]
  const otherEvent = eventName(
    fields.additionalNotificationEvent,
    `${name}.additionalNotificationEvent`,
    ownEvent,
    note,
  )
  return {
    events: isOn('ntfyEnabled', true) ? events : [],
    mailEvents: isOn('emailEnabled', false) ? events : [],
    elsewhere: {
      topic: textOf(fields.additionalNtfyTopic, `${name}.additionalNtfyTopic`, note),
      addresses: addressesIn(textOf(fields.additionalEmails, `${name}.additionalEmails`, note)),
      events: otherEvent === 'off' ? [] : [...overdue, ...(eventsByName[otherEvent] ?? [])],
    },
    schedule: readSchedule(fields, name, timeZone, note),
    watched,
    lastToldAt: null,
  }
}

/** For the job itself, what cannot be read means what later releases began with: everything but success. */
function eventName(value: unknown, name: string, otherwise: string, note: Note): string {
  const text = textOf(value, name, note)
  if (text === null) return otherwise
  if (Object.hasOwn(eventsByName, text)) return text
  note(`${name} is ${shown(text)}, taken as ${otherwise}`)
  return otherwise
}

function switchOf(value: unknown, otherwise: boolean, name: string, note: Note): boolean {
  if (value === undefined || value === null || typeof value === 'boolean') return value ?? otherwise
  note(`${name} is neither true nor false: ${shown(value)}`)
  return otherwise
}

/** Old releases wrote an empty text where nothing had been told yet. */
function momentOf(value: unknown, name: string, note: Note): Date | null {
  const text = textOf(value, name, note)
  if (text === null) return null
  const moment = readMoment(text)
  if (!moment) note(`${name} is not a time: ${shown(text)}`)
  return moment
}
