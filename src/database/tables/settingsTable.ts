// The statements that read and write what holds everywhere: the settings, the words of messages, and what an old release left.

import type { Database } from 'better-sqlite3'
import type { WatchSettings } from '../../domain/jobWatch.ts'
import type { MessageEvent, Priority } from '../../domain/messages/notification.ts'
import type { Absence } from '../../domain/schedule/absence.ts'
import { json, rowCodec } from '../rows/rowCodec.ts'
import type { Stored } from '../rows/values.ts'

/** For how long things are kept; null: for ever. */
export interface Keeping {
  /** After how many days runs go, and what became of jobs and was told of them. */
  keepDays: number | null
  /** How many of its latest runs a job keeps. */
  keepPerJob: number | null
  /** After how many days the logs of runs go. */
  keepLogDays: number | null
}

export interface Settings extends Keeping {
  /** How long after its due time a job is only late. */
  toleranceSeconds: number
  /** In which messages give times; null: that of the machine. */
  timeZone: string | null
}

export interface StoredTemplate {
  title: string
  message: string
  priority: Priority
  tags: string[]
}

const templates = rowCodec<StoredTemplate>('NotificationTemplate', {
  title: 'plain',
  message: 'plain',
  priority: 'plain',
  tags: json(),
})

interface WatchingRow {
  toleranceSeconds: number
  awayFrom: number | null
  awayUntil: number | null
}

const keepingColumns = 'keep_days AS keepDays, keep_per_job AS keepPerJob, keep_log_days AS keepLogDays'

export function settingsTable(database: Database) {
  const get = database.prepare<[], Settings>(
    `SELECT tolerance_seconds AS toleranceSeconds, time_zone AS timeZone, ${keepingColumns} FROM settings`,
  )
  const watching = database.prepare<[], WatchingRow>(
    'SELECT tolerance_seconds AS toleranceSeconds, away_from AS awayFrom, away_until AS awayUntil FROM settings',
  )
  const aliveAt = database.prepare<[], number | null>('SELECT alive_at FROM settings').pluck()
  const setAlive = database.prepare<[number]>('UPDATE settings SET alive_at = ?')
  const missedSince = database.prepare<[], number | null>('SELECT missed_since FROM settings').pluck()
  const setMissedSince = database.prepare<[number]>(
    'UPDATE settings SET missed_since = max(coalesce(missed_since, 0), ?)',
  )
  const setAway = database.prepare<[number, number]>('UPDATE settings SET away_from = ?, away_until = ?')
  const keeping = database.prepare<[], Keeping>(`SELECT ${keepingColumns} FROM settings`)
  const update = database.prepare<[Settings & { now: number }]>(
    `UPDATE settings SET tolerance_seconds = :toleranceSeconds, time_zone = :timeZone, keep_days = :keepDays,
      keep_per_job = :keepPerJob, keep_log_days = :keepLogDays, updated_at = :now`,
  )
  const template = database
    .prepare<[string], Stored[]>(`SELECT ${templates.columns} FROM notification_templates WHERE event = ?`)
    .raw()
  const setTemplate = database.prepare<Stored[]>(
    `INSERT OR REPLACE INTO notification_templates (event, ${templates.columns}) VALUES (?, ${templates.places})`,
  )
  const removeTemplate = database.prepare<[string]>('DELETE FROM notification_templates WHERE event = ?')
  const legacyAdoptedAt = database.prepare<[], number | null>('SELECT legacy_adopted_at FROM settings').pluck()
  const setLegacyAdopted = database.prepare<[number]>('UPDATE settings SET legacy_adopted_at = ?')
  const configurations = database.prepare<[], { key: string; value: string | null }>(
    'SELECT key, value FROM configurations',
  )

  const forgetSecrets = database.prepare<[]>(`
    UPDATE configurations SET value = CASE key
      WHEN 'ntfy_config' THEN json_replace(value, '$.accessToken', '')
      WHEN 'smtp_config' THEN json_replace(value, '$.username', '', '$.password', '')
      ELSE json_replace(value, '$.ntfy.accessToken', '') END
    WHERE key IN ('ntfy_config', 'smtp_config', 'notifications') AND json_valid(value)`)

  const removeConfiguration = database.prepare<[string]>('DELETE FROM configurations WHERE key = ?')

  return {
    get: (): Settings => get.get() as Settings,
    /** What jobs are judged by. */
    watching: (): WatchSettings => {
      const { toleranceSeconds, awayFrom, awayUntil } = watching.get() as WatchingRow
      const away = awayFrom === null || awayUntil === null ? null : { from: awayFrom, until: awayUntil }
      return { toleranceSeconds, away: away && { from: new Date(away.from), until: new Date(away.until) } }
    },
    /** When the server last noted that it runs; null before the first time. */
    aliveAt: (): Date | null => {
      const at = aliveAt.get() ?? null
      return at === null ? null : new Date(at)
    },
    setAlive: (now: Date) => void setAlive.run(now.getTime()),
    /** Since when missed due times are counted; null before the first start that counts them. */
    missedSince: (): Date | null => {
      const at = missedSince.get() ?? null
      return at === null ? null : new Date(at)
    },
    setMissedSince: (now: Date) => void setMissedSince.run(now.getTime()),
    setAway: ({ from, until }: Absence) => void setAway.run(from.getTime(), until.getTime()),
    keeping: (): Keeping => keeping.get() as Keeping,
    update: (settings: Settings, now: Date) => void update.run({ ...settings, now: now.getTime() }),
    /** The words that a person, or an old release, set for the event. */
    template: (event: MessageEvent): StoredTemplate | undefined => {
      const row = template.get(event)
      return row && templates.read(row)
    },
    setTemplate: (event: MessageEvent, template: StoredTemplate) =>
      void setTemplate.run(event, ...templates.write(template)),
    removeTemplate: (event: MessageEvent) => void removeTemplate.run(event),
    isLegacyAdopted: (): boolean => (legacyAdoptedAt.get() ?? null) !== null,
    setLegacyAdopted: (now: Date) => void setLegacyAdopted.run(now.getTime()),
    /** Blanks the token, the user and the password in what an old release left: they are kept encrypted elsewhere. */
    forgetLegacySecrets: () => void forgetSecrets.run(),
    removeConfiguration: (key: string) => void removeConfiguration.run(key),
    /** What an old release left, by key. */
    configurations: (): Map<string, string | null> =>
      new Map(configurations.all().map(({ key, value }) => [key, value])),
  }
}
