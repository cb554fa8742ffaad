// The settings of an old file after the upgrade: an upgraded server goes on telling, with the old words, to the old topic.

import Database from 'better-sqlite3'
import { expect, it } from 'vitest'
import { startApp } from '../support/app.ts'
import { newPlace } from '../support/folders.ts'
import { startNtfyServer } from '../support/ntfyServer.ts'
import { writeOldDatabase } from '../support/oldDatabase.ts'
import { oldMachines } from '../support/oldDatabaseRows.ts'
import type { OldShape } from '../support/oldDatabaseSchema.ts'
import { problemsIn } from '../support/problems.ts'
import { report } from '../support/report.ts'
import { change } from '../support/states.ts'

/** An hour after the latest run of the old file, when little is overdue. */
const then = '2025-05-07T04:00:00.000Z'

/** An old file whose ntfy is the one at `url`. */
function oldFile(shape: OldShape, url: string): string {
  const file = newPlace()
  writeOldDatabase(file, shape)
  change(
    file,
    `UPDATE configurations SET value = json_set(value, '$.ntfy.url', '${url}', '$.ntfy.topic', 'old') WHERE key = 'notifications';
     UPDATE configurations SET value = json_set(value, '$.url', '${url}', '$.topic', 'newer') WHERE key = 'ntfy_config'`,
  )
  return file
}

function rows(file: string, sql: string): unknown[] {
  const database = new Database(file, { readonly: true })
  try {
    return database.prepare(sql).all()
  } finally {
    database.close()
  }
}

/** What the log says. */
const messages = (logged: string[]) => logged.map((line) => String(JSON.parse(line).msg))

const jobs = `SELECT id, lateness_watched AS watched, legacy_schedule->>'$.interval' AS interval,
  legacy_schedule->'$.weekdays' AS weekdays, legacy_schedule->>'$.timeOfDay' AS time, schedule_source AS source, state,
  strftime('%FT%TZ', told_at / 1000, 'unixepoch') AS told FROM backup_jobs ORDER BY id`

it.each([
  ['0.6', 'old'],
  ['0.8', 'newer'],
] as const)('takes every setting of %s over, and keeps the token encrypted only', async (shape, topic) => {
  const { url } = await startNtfyServer()
  const file = oldFile(shape, url)
  const app = await startApp({ file })
  await app.close()

  expect(rows(file, jobs)).toMatchSnapshot()
  expect(
    rows(file, 'SELECT channel_id AS channel, scope, events, repeat FROM notification_rules ORDER BY id'),
  ).toMatchSnapshot()
  expect(rows(file, 'SELECT event, title, priority, tags FROM notification_templates ORDER BY event')).toMatchSnapshot()
  expect(rows(file, 'SELECT tolerance_seconds, time_zone FROM settings')).toEqual([
    { tolerance_seconds: 3600, time_zone: null },
  ])
  expect(rows(file, "SELECT kind, name, enabled, settings FROM channels WHERE kind = 'NTFY'")).toEqual([
    { kind: 'NTFY', name: 'ntfy', enabled: 1, settings: JSON.stringify({ url: `${url}/`, topic }) },
  ])
  expect(JSON.stringify(rows(file, 'SELECT * FROM channels'))).not.toContain('tk_not_a_real_token')
  expect(JSON.stringify(rows(file, 'SELECT * FROM configurations'))).not.toContain('tk_not_a_real_token')
  expect(problemsIn(file)).toEqual([])
})

it('goes on telling with the old words, under the old topic, with the old token', async () => {
  const ntfy = await startNtfyServer({ accessToken: 'tk_not_a_real_token' })
  const app = await startApp({ file: oldFile('0.6', ntfy.url), now: then })
  const extra = {
    'machine-id': oldMachines[0]?.id,
    'machine-name': 'laptop:bob',
    'backup-id': 'DB-1',
    'backup-name': 'Photos: RAW',
  }
  await app.fetch('/api/summary')
  app.setTime('2025-05-07T04:01:00Z')
  await app.deliver()
  const before = ntfy.received.length
  await app.post(report({ data: { BeginTime: '2025-05-07T03:59:00Z', ParsedResult: 'Warning' }, extra }))
  // Its server has other jobs, for which it waits a minute.
  app.setTime('2025-05-07T04:02:00Z')
  await app.deliver()
  expect(
    ntfy.received.slice(before).map(({ topic, title, priority, tags }) => ({ topic, title, priority, tags })),
  ).toEqual([
    {
      topic: 'old',
      title: '⚠️ Warning - Photos: RAW @ laptop:bob',
      priority: 4,
      tags: ['duplicati', 'duplistatus', 'warning'],
    },
  ])
})

it('sends no flood at the first start: what the old server told is not told again, and the rest once', async () => {
  const ntfy = await startNtfyServer()
  const file = oldFile('0.7', ntfy.url)
  // Documents were overdue, and told of an hour ago; the two of the other machines fell overdue while nothing ran.
  const told = JSON.stringify({ lastNotificationSent: '2025-05-07T03:00:00.000Z' })
  const key = `$."${oldMachines[0]?.id}:Documents"`
  change(
    file,
    `UPDATE configurations SET value = json_set(value, '${key}', json('${told}')) WHERE key = 'overdue_notifications'`,
  )
  const app = await startApp({ file, now: then })
  await app.fetch('/api/summary')
  app.setTime(new Date(Date.parse(then) + 60_000))
  await app.deliver()
  const overdue = "SELECT name FROM backup_jobs WHERE state = 'OVERDUE' ORDER BY id"
  expect(rows(app.file, overdue)).toEqual(['Documents', 'Photos: RAW', 'Photos: RAW'].map((name) => ({ name })))
  expect(ntfy.received.map(({ title }) => title.slice(0, 40))).toEqual(
    Array(2).fill('🕑 Overdue - Photos: RAW @ Büro-NAS 東京 ('),
  )

  // The old server reminded every day: so does this one, a day after what was told last.
  app.setTime('2025-05-08T02:59:59Z')
  await app.fetch('/api/summary')
  await app.deliver()
  expect(ntfy.received.filter(({ title }) => title.includes('Documents'))).toHaveLength(0)
  app.setTime('2025-05-08T03:00:01Z')
  await app.fetch('/api/summary')
  app.setTime('2025-05-08T03:01:01Z')
  await app.deliver()
  expect(ntfy.received.filter(({ title }) => title.includes('Documents'))).toHaveLength(1)
})

it('does so once: what a person changed since stays', async () => {
  const { url } = await startNtfyServer()
  const file = oldFile('0.6', url)
  const first = await startApp({ file })
  await first.close()
  change(
    file,
    'DELETE FROM channels; UPDATE settings SET tolerance_seconds = 60; UPDATE backup_jobs SET legacy_schedule = NULL',
  )
  const second = await startApp({ file })
  await second.close()
  expect(rows(file, 'SELECT * FROM channels')).toEqual([])
  expect(rows(file, 'SELECT tolerance_seconds FROM settings')).toEqual([{ tolerance_seconds: 60 }])
})

it('reminds every day where nobody had saved a frequency, as old releases did', async () => {
  const { url } = await startNtfyServer()
  const file = oldFile('0.7', url)
  change(file, "DELETE FROM configurations WHERE key = 'notification_frequency'")
  const app = await startApp({ file })
  await app.close()
  expect(rows(file, 'SELECT DISTINCT repeat FROM notification_rules')).toEqual([{ repeat: 'DAILY' }])
})

it('tells nobody OVERDUE where the old check was off, and goes on watching', async () => {
  const ntfy = await startNtfyServer()
  const file = oldFile('0.8', ntfy.url)
  const off = `UPDATE configurations SET value = json_set(value, '$.tasks."overdue-backup-check".enabled', json('false'))`
  change(file, `${off} WHERE key = 'cron_service'`)
  const logged: string[] = []
  const app = await startApp({ file, now: '2025-06-07T04:00:00.000Z', logged })
  await app.fetch('/api/summary')
  await app.deliver()
  expect(rows(file, "SELECT count(*) AS n FROM notification_rules WHERE events LIKE '%OVERDUE%'")).toEqual([{ n: 0 }])
  expect(rows(file, "SELECT count(*) AS n FROM backup_jobs WHERE state = 'OVERDUE'")).toEqual([{ n: 4 }])
  expect(ntfy.received).toEqual([])
  expect(messages(logged).filter((line) => line.includes('cron_service'))).toEqual([
    'The old release did not check for overdue jobs (cron_service), so OVERDUE is sent to nobody. Lateness is still watched and shown; to get messages, add OVERDUE to the rules of a channel with setNotificationRule.',
  ])
})

it('expects a weekly job when the old release had planned it, whatever ran by hand before, and weekly from there', async () => {
  const { url } = await startNtfyServer()
  const file = oldFile('0.9', url)
  // By hand on Wednesday, planned for Saturday; by the interval alone it would be Thursday next.
  const settings = {
    expectedInterval: '1W',
    allowedWeekDays: [0, 1, 2, 3, 4, 5, 6],
    time: '2025-05-10T04:00:00.000Z',
    notificationEvent: 'warnings',
  }
  const key = `$."${oldMachines[0]?.id}:Photos: RAW"`
  change(
    file,
    `UPDATE configurations SET value = json_set(value, '${key}', json('${JSON.stringify(settings)}')) WHERE key = 'backup_settings'`,
  )
  const app = await startApp({ file, now: '2025-05-08T04:00:00.000Z' })
  const due = () =>
    rows(file, `SELECT strftime('%FT%TZ', due_at / 1000, 'unixepoch') AS due, state FROM backup_jobs WHERE id = 1`)
  expect(due()).toEqual([{ due: '2025-05-10T04:00:00Z', state: 'OK' }])
  const run = (BeginTime: string) =>
    app.post(
      report({
        data: { BeginTime, EndTime: BeginTime },
        extra: {
          'machine-id': oldMachines[0]?.id,
          'machine-name': 'laptop:bob',
          'backup-id': 'DB-1',
          'backup-name': 'Photos: RAW',
        },
      }),
    )
  app.setTime('2025-05-09T12:00:00Z')
  await run('2025-05-09T12:00:00Z')
  expect(due()).toMatchObject([{ due: '2025-05-10T04:00:00Z' }])
  app.setTime('2025-05-10T04:00:00Z')
  await run('2025-05-10T04:00:00Z')
  expect(due()).toMatchObject([{ due: '2025-05-17T04:00:00Z' }])
})
