// Reads the settings that an old release left in `configurations`, of both generations of keys, into our own words. Only this
// folder knows the old keys. Nothing is written here, and the rows stay as they are.

import type { NotificationEvent, Repeat } from '../domain/messages/notification.ts'
import type { Template } from '../domain/messages/template.ts'
import type { OldKey } from './oldKey.ts'
import { type Fields, fieldsOf, type Note, rowFields, rowText, shown } from './oldValue.ts'
import { type LegacyJob, readJobs } from './readJobs.ts'
import { type LegacyMail, readMail } from './readMail.ts'
import { type LegacyNtfy, readNtfy } from './readNtfy.ts'
import { type LegacyPasswords, readPasswords } from './readPasswords.ts'
import { readTemplates } from './readTemplates.ts'

export interface LegacySettings {
  /** Null if the old release had nowhere to send to. */
  ntfy: LegacyNtfy | null
  /** Null if the old release had no mail server. */
  mail: LegacyMail | null
  /** Where the old release had none, the default stands. */
  templates: Partial<Record<NotificationEvent, Template>>
  /** Null if the file does not say. */
  toleranceSeconds: number | null
  /** How often it told again of a job that stays overdue. */
  repeat: Repeat
  /** False: the check for overdue jobs was switched off, and nobody was told of any. */
  overdueChecked: boolean
  /** Of servers. */
  passwords: LegacyPasswords
  /** By the number of the job. */
  jobs: Map<number, LegacyJob>
  /** What could not be taken over, a sentence each for the log. */
  problems: string[]
}

const hour = 60 * 60

const tolerances: Record<string, number> = {
  no_tolerance: 0,
  '5min': hour / 12,
  '15min': hour / 4,
  '30min': hour / 2,
  '1h': hour,
  '2h': 2 * hour,
  '4h': 4 * hour,
  '6h': 6 * hour,
  '12h': 12 * hour,
  '1d': 24 * hour,
}

const repeats: Record<string, Repeat> = {
  onetime: 'ONCE',
  every_day: 'DAILY',
  every_week: 'WEEKLY',
  every_month: 'MONTHLY',
}

/**
 * What the rows say. What cannot be read is a problem and no more: the rest is taken over without it.
 *
 * @param rows `configurations` by key, with `job_settings`, `job_notifications` and `server_passwords`, which the upgrade wrote by the
 * numbers of jobs and servers
 * @param timeZone that of the host, by whose clock the old release expected runs
 * @param key the one that the old release encrypted with
 */
export function readLegacySettings(
  rows: ReadonlyMap<string, string | null>,
  timeZone: string,
  key: OldKey,
): LegacySettings {
  const problems: string[] = []
  const note = (problem: string) => void problems.push(problem)
  const notifications = rowFields(rows, 'notifications', note)
  // The upgrade wrote these by job number, as far as it could read them; whether it could is said here.
  for (const key of ['backup_settings', 'overdue_backup_notifications', 'overdue_notifications']) {
    rowFields(rows, key, note)
  }
  return {
    ntfy: readNtfy(rowFields(rows, 'ntfy_config', note), notifications, note),
    mail: readMail(rowFields(rows, 'smtp_config', note), key, note),
    templates: readTemplates(rowFields(rows, 'notification_templates', note), notifications, note),
    toleranceSeconds: oneOf(tolerances, rows, 'overdue_tolerance', note),
    // Old releases wrote this row only when somebody changed it, and told again every day without it.
    repeat: oneOf(repeats, rows, 'notification_frequency', note) ?? 'DAILY',
    overdueChecked: isOverdueChecked(rowFields(rows, 'cron_service', note), note),
    passwords: readPasswords(rowFields(rows, 'server_passwords', note), key, note),
    jobs: readJobs(rowFields(rows, 'job_settings', note), rowFields(rows, 'job_notifications', note), timeZone, note),
    problems,
  }
}

function isOverdueChecked(service: Fields | null, note: Note): boolean {
  const tasks = fieldsOf(service?.tasks, 'cron_service.tasks', note)
  const name = 'overdue-backup-check'
  return fieldsOf(tasks?.[name], `cron_service.tasks.${name}`, note)?.enabled !== false
}

function oneOf<T>(known: Record<string, T>, rows: ReadonlyMap<string, string | null>, key: string, note: Note) {
  const text = rowText(rows, key, note)
  if (text === null) return null
  if (Object.hasOwn(known, text)) return known[text] ?? null
  note(`${key} is none of ${Object.keys(known).join(', ')}: ${shown(text)}`)
  return null
}
