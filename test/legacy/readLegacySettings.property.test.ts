// Whatever stands in `configurations`, reading it never throws, and what is read keeps to its rules. With SOAK set there is
// more of it.

import fc from 'fast-check'
import { expect, it } from 'vitest'
import { notificationEvents, priorities } from '../../src/domain/messages/notification.ts'
import { render, templateIssues } from '../../src/domain/messages/template.ts'
import { parseInterval } from '../../src/domain/schedule/interval.ts'
import { weekdays } from '../../src/domain/schedule/schedule.ts'
import { oldKey } from '../../src/legacy/oldKey.ts'
import { readLegacySettings } from '../../src/legacy/readLegacySettings.ts'
import { soak } from '../support/folders.ts'
import { encryptAsOld, oldKeyBytes } from '../support/oldSecrets.ts'

const secret = 'tk_SECRET'

/** Texts as hostile as they come, and those that mean something in some field. */
const anyText = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({ unit: fc.constantFrom('{', '}', '\0', '\n', '\ud800', ',', ':', '1', 'D', 'status') }),
  fc.constantFrom(
    'all',
    'off',
    '1D',
    '02:00',
    '2026-03-29T00:30:00Z',
    'urgent',
    'days',
    '__proto__',
    'constructor',
    '1h',
  ),
  fc.constantFrom(300, 2000, 20_000).map((length) => 'x{status} '.repeat(length)),
)
const anyScalar = fc.oneof(anyText, fc.double(), fc.integer(), fc.boolean(), fc.constant(null))
const anyValue = fc.oneof(anyScalar, fc.array(anyScalar, { maxLength: 8 }), fc.jsonValue())

/** An object with some of the given fields, or something else altogether. */
const like = (fields: Record<string, fc.Arbitrary<unknown>>) =>
  fc.oneof({ weight: 4, arbitrary: fc.record(fields, { requiredKeys: [] }) }, anyValue)

const anyTemplate = like({ title: anyValue, message: anyValue, priority: anyValue, tags: anyValue })
const anyTemplates = like({ success: anyTemplate, warning: anyTemplate, overdueBackup: anyTemplate })
const anyNtfy = like({
  url: fc.oneof(anyValue, fc.constantFrom('https://ntfy.sh', 'https://')),
  topic: anyValue,
  accessToken: fc.oneof(anyValue, fc.constant(secret)),
})
const anyJob = like({
  notificationEvent: anyValue,
  expectedInterval: anyValue,
  intervalUnit: anyValue,
  overdueBackupCheckEnabled: anyValue,
  allowedWeekDays: fc.oneof(anyValue, fc.array(fc.integer({ min: -1, max: 7 }))),
  time: anyValue,
  ntfyEnabled: anyValue,
  emailEnabled: anyValue,
  additionalEmails: anyValue,
  additionalNtfyTopic: anyValue,
  additionalNotificationEvent: anyValue,
})
// To derive a key takes its time: one text is enough that looks encrypted.
const anyMail = like({
  host: anyValue,
  port: anyValue,
  username: fc.oneof(anyValue, fc.constant(encryptAsOld(secret))),
  password: anyValue,
  mailto: anyValue,
  connectionType: anyValue,
  senderName: anyValue,
  fromAddress: anyValue,
  requireAuth: anyValue,
})
const byJob = (entry: fc.Arbitrary<unknown>) =>
  fc.oneof(fc.dictionary(fc.oneof(fc.nat(20).map(String), anyText), entry, { maxKeys: 4 }), anyValue)
const asJson = (value: fc.Arbitrary<unknown>) => value.map((each) => JSON.stringify(each))
const damaged = (text: fc.Arbitrary<string>) =>
  fc.tuple(text, fc.nat()).map(([whole, at]) => whole.slice(0, at % (whole.length + 1)))
const row = (text: fc.Arbitrary<string>) =>
  fc.oneof({ weight: 6, arbitrary: text }, damaged(text), anyText, fc.constant(null))

const anyRows = fc.record(
  {
    notifications: row(asJson(like({ ntfy: anyNtfy, templates: anyTemplates, backupSettings: anyValue }))),
    ntfy_config: row(asJson(anyNtfy)),
    notification_templates: row(asJson(anyTemplates)),
    smtp_config: row(asJson(anyMail)),
    cron_service: row(asJson(like({ tasks: like({ 'overdue-backup-check': anyValue }) }))),
    overdue_tolerance: row(anyText),
    notification_frequency: row(anyText),
    job_settings: row(asJson(byJob(anyJob))),
    job_notifications: row(asJson(byJob(like({ lastNotificationSent: anyValue })))),
    backup_settings: row(asJson(anyValue)),
  },
  { requiredKeys: [] },
)
const key = oldKey(oldKeyBytes)
const anyZone = fc.constantFrom('UTC', 'Europe/Berlin', 'Asia/Kathmandu', 'America/St_Johns')

it('takes what it can from anything, and never throws', { timeout: soak ? 3_600_000 : 60_000 }, () => {
  const property = fc.property(anyRows, anyZone, (rows, zone) => {
    const settings = readLegacySettings(new Map(Object.entries(rows as Record<string, string | null>)), zone, key)

    for (const problem of settings.problems) {
      expect(problem).not.toContain(secret)
      expect(problem).not.toMatch(/\p{Cc}/u)
      expect(problem.length).toBeLessThan(500)
    }
    for (const { url, topic, accessToken } of settings.ntfy ? [settings.ntfy] : []) {
      expect(new URL(url).protocol).toMatch(/^https?:$/)
      expect(`${topic}${accessToken ?? 'none'}`).not.toMatch(/\p{Cc}|\p{Surrogate}/u)
    }
    const { mail } = settings
    if (mail) expect(mail.user === null || mail.password !== null).toBe(true)
    expect(`${mail?.from}`.replace(secret, '')).not.toMatch(/\p{Cc}.*</u)
    for (const [event, template] of Object.entries(settings.templates)) {
      expect(notificationEvents).toContain(event)
      expect(priorities).toContain(template.priority)
      // An old template may have placeholders that there are not; nothing else keeps it from being saved again.
      expect(
        templateIssues(template, 'FAILED').filter(({ message }) => !message.includes('is not a placeholder')),
      ).toEqual([])
      const { title, message } = render(template, { status: '\0\n{status}' })
      expect(title).not.toMatch(/\p{Cc}|\p{Surrogate}/u)
      expect(message).not.toMatch(/(?![\n\t])\p{Cc}|\p{Surrogate}/u)
    }
    for (const [id, { events, schedule, lastToldAt }] of settings.jobs) {
      expect(Number.isSafeInteger(id)).toBe(true)
      expect(notificationEvents.filter((event) => events?.includes(event))).toEqual(events ?? [])
      if (lastToldAt) expect(lastToldAt.getTime()).not.toBeNaN()
      if (!schedule) continue
      expect(parseInterval(`${schedule.interval.count}m`)?.count).toBe(schedule.interval.count)
      expect(schedule.timeZone).toBe(zone)
      expect(schedule.timeOfDay ?? '00:00').toMatch(/^([01]\d|2[0-3]):[0-5]\d$/)
      const days = schedule.weekdays ?? ['MONDAY']
      expect(days.length % 7).toBeGreaterThan(0)
      expect(weekdays.filter((day) => days.includes(day))).toEqual(days)
    }
  })
  fc.assert(property, { numRuns: soak ? 10_000 : 300, seed: 50_821 })
})
