// The settings of a file that was taken over: those it had, of every shape, for the jobs it had.

import { pino } from 'pino'
import { expect, it } from 'vitest'
import { prepareFile } from '../../src/database/file/prepareFile.ts'
import { messageValues } from '../../src/domain/messages/messageValues.ts'
import { render } from '../../src/domain/messages/template.ts'
import { oldKey } from '../../src/legacy/oldKey.ts'
import { readLegacySettings } from '../../src/legacy/readLegacySettings.ts'
import { configurations } from '../support/configurations.ts'
import { newPlace } from '../support/folders.ts'
import { writeOldDatabase, writeUncheckpointed } from '../support/oldDatabase.ts'
import type { OldShape } from '../support/oldDatabaseSchema.ts'
import { oldKeyBytes } from '../support/oldSecrets.ts'

async function settingsOf(shape: OldShape, write = writeOldDatabase) {
  const file = newPlace()
  write(file, shape)
  await prepareFile(file, new Date('2026-08-01T12:00:00.000Z'), pino({ level: 'silent' }))
  return readLegacySettings(configurations(file), 'Europe/Berlin', oldKey(oldKeyBytes))
}

/** Each job in a line: number, events, schedule, when it was last told of. */
function lines({ jobs }: Awaited<ReturnType<typeof settingsOf>>) {
  return [...jobs]
    .sort(([a], [b]) => a - b)
    .map(([id, { events, schedule, watched, lastToldAt }]) => {
      const days = schedule?.weekdays ? `${schedule.weekdays[0]} to ${schedule.weekdays.at(-1)}` : 'any day'
      const when = schedule && `${schedule.interval.count} ${schedule.interval.unit}, ${days}, ${schedule.timeOfDay}`
      return `${id}: ${events}; ${when}; ${watched ? 'watched' : 'not watched'}; ${lastToldAt?.toISOString() ?? 'never'}`
    })
}

it('reads every setting of 0.6', async () => {
  const settings = await settingsOf('0.6')
  const { templates, jobs, passwords, ...others } = settings
  expect(others).toMatchInlineSnapshot(`
    {
      "mail": null,
      "ntfy": {
        "accessToken": "tk_not_a_real_token",
        "topic": "duplistatus-ünïcode",
        "url": "https://ntfy.example/",
      },
      "overdueChecked": true,
      "problems": [],
      "repeat": "DAILY",
      "toleranceSeconds": 3600,
    }
  `)
  expect(lines(settings)).toMatchInlineSnapshot(`
    [
      "1: OVERDUE,FAILED,WARNING; 1 DAY, any day, null; watched; 2025-05-06T03:20:00.000Z",
      "2: OVERDUE,FAILED,WARNING,SUCCESS; 36 HOUR, any day, null; watched; never",
      "3: OVERDUE,FAILED; 2 DAY, any day, null; watched; never",
      "4: OVERDUE,FAILED; 2 DAY, any day, null; watched; never",
      "5: ; 1 HOUR, any day, null; not watched; 2025-05-06T03:20:00.000Z",
    ]
  `)
  expect(templates).toMatchInlineSnapshot(`
    {
      "FAILED": {
        "message": ""{backup_name}": {warnings_count} {errors_count} \${not} {unknown_placeholder}",
        "priority": "HIGH",
        "tags": [
          "duplicati",
          "duplistatus",
          "warning",
        ],
        "title": "⚠️ {status} - {backup_name} @ {machine_name}",
      },
      "OVERDUE": {
        "message": "Last {last_backup_date} ({last_elapsed}), expected {expected_date} ({expected_elapsed}), every {backup_interval_value} {backup_interval_type}, tolerance {overdue_tolerance}",
        "priority": "URGENT",
        "tags": [
          "duplicati",
          "duplistatus",
          "overdue",
        ],
        "title": "🕑 Overdue - {backup_name} @ {machine_name}",
      },
      "SUCCESS": {
        "message": "Backup {backup_name}
    {duration}, {uploaded_size} up, {storage_size} stored, {available_versions} versions
    {warnings_count} warnings, {errors_count} errors",
        "priority": "DEFAULT",
        "tags": [
          "duplicati",
          "duplistatus",
          "success",
        ],
        "title": "✅ {status} - {backup_name} @ {machine_name}",
      },
      "WARNING": {
        "message": ""{backup_name}": {warnings_count} {errors_count} \${not} {unknown_placeholder}",
        "priority": "HIGH",
        "tags": [
          "duplicati",
          "duplistatus",
          "warning",
        ],
        "title": "⚠️ {status} - {backup_name} @ {machine_name}",
      },
    }
  `)
})

it('reads every setting of 0.8, with the keys that it added', async () => {
  const settings = await settingsOf('0.8')
  const { templates, jobs, passwords, ...others } = settings
  expect(others).toMatchInlineSnapshot(`
    {
      "mail": {
        "from": "duplistatus <backups@mail.example>",
        "host": "mail.example",
        "locked": null,
        "password": "not a real password",
        "port": 587,
        "security": "STARTTLS",
        "to": [
          "ops@example.org",
        ],
        "user": "backups@mail.example",
      },
      "ntfy": {
        "accessToken": "tk_not_a_real_token",
        "topic": "duplistatus-of-0.8",
        "url": "https://ntfy.example/",
      },
      "overdueChecked": true,
      "problems": [],
      "repeat": "DAILY",
      "toleranceSeconds": 3600,
    }
  `)
  expect(lines(settings)).toMatchInlineSnapshot(`
    [
      "1: OVERDUE,FAILED,WARNING; 1 DAY, MONDAY to FRIDAY, 02:00; watched; 2025-05-06T03:20:00.000Z",
      "2: OVERDUE,FAILED,WARNING,SUCCESS; 36 HOUR, MONDAY to FRIDAY, null; watched; never",
      "3: OVERDUE,FAILED; 1 DAY, MONDAY to FRIDAY, 02:00; watched; never",
      "4: OVERDUE,FAILED; 2 DAY, MONDAY to FRIDAY, 02:00; watched; never",
      "5: ; 1 HOUR, MONDAY to FRIDAY, null; not watched; 2025-05-06T03:20:00.000Z",
    ]
  `)
  expect(templates.SUCCESS).toMatchInlineSnapshot(`
    {
      "message": "Backup {backup_name}
    {duration}, {uploaded_size} up, {storage_size} stored, {available_versions} versions
    {warnings_count} warnings, {errors_count} errors",
      "priority": "DEFAULT",
      "tags": [
        "duplicati",
        "duplistatus",
        "success",
      ],
      "title": "✅ {status} - {backup_name} @ {server_name} ({server_alias}, {server_note}, {server_url}), once {machine_name}",
    }
  `)
})

it('reads 0.7 as 0.6 but for what two machines of one name had each for themselves', async () => {
  const [old, settings] = [await settingsOf('0.6'), await settingsOf('0.7')]
  expect({ ...settings, templates: {}, jobs: {} }).toEqual({ ...old, templates: {}, jobs: {} })
  expect(lines(settings).filter((line) => !lines(old).includes(line))).toMatchInlineSnapshot(`
    [
      "3: OVERDUE,FAILED; 1 DAY, any day, null; watched; never",
    ]
  `)
})

it('reads 0.9 and later as 0.8 but for what they added', async () => {
  const [old, settings] = [await settingsOf('0.8'), await settingsOf('0.9')]
  expect(lines(settings)).toEqual(lines(old))
  const { mail, templates, ...others } = settings
  expect({ ...others, jobs: {} }).toEqual({ ...old, mail: undefined, templates: undefined, jobs: {} })
  expect(mail).toEqual({ ...old.mail, security: 'TLS', from: 'The backups <backups@example.org>' })
  const elsewhere = { topic: 'another-topic', addresses: ['team@example.org', 'boss@example.org'] }
  expect([...settings.jobs].map(([id, job]) => [id, job.elsewhere.topic ? job.elsewhere : null])).toEqual([
    [1, { ...elsewhere, events: ['OVERDUE', 'FAILED'] }],
    [2, null],
    [3, null],
    [4, null],
    [5, null],
  ])
  expect(templates).toEqual(
    JSON.parse(JSON.stringify(old.templates).replaceAll('{server_alias}', '{server_alias_and_name}')),
  )
})

it('reads the same where a killed container left it all in the -wal', async () => {
  expect(await settingsOf('0.6', writeUncheckpointed)).toEqual(await settingsOf('0.6'))
})

it.each(['guide', '0.3'] as OldShape[])('finds nothing in a file of %s, which had no settings', async (shape) => {
  expect(await settingsOf(shape)).toEqual({
    ntfy: null,
    mail: null,
    templates: {},
    toleranceSeconds: null,
    repeat: 'DAILY',
    overdueChecked: true,
    passwords: { known: new Map(), locked: 0 },
    jobs: new Map(),
    problems: [],
  })
})

it('goes on with the templates of both generations as they were', async () => {
  const facts = {
    event: 'OVERDUE',
    ofRun: false,
    remark: null,
    finding: null,
    server: { name: 'laptop:bob', alias: "Bob's laptop", notes: null, url: 'https://laptop.example:8200' },
    job: { name: 'Photos: RAW', alias: null },
    run: null,
    latestAt: new Date('2025-05-07T02:00:00.000Z'),
    dueAt: new Date('2025-05-08T02:00:00.000Z'),
    overdueAt: new Date('2025-05-08T03:00:00.000Z'),
    interval: { count: 1, unit: 'DAY' },
    toleranceSeconds: 3600,
    away: null,
    successor: null,
  } as const
  const values = messageValues(facts, new Date('2025-05-08T03:00:01.000Z'), 'Europe/Berlin')
  const rendered = []
  for (const shape of ['0.6', '0.7', '0.8', '0.9'] as const) {
    const { templates } = await settingsOf(shape)
    rendered.push(templates.OVERDUE && render(templates.OVERDUE, values))
  }
  expect(rendered).toMatchInlineSnapshot(`
    [
      {
        "message": "Last 2025-05-07 04:00 CEST (1 day ago), expected 2025-05-08 04:00 CEST (1 hour ago), every 1 day, tolerance 1 hour",
        "priority": "URGENT",
        "tags": [
          "duplicati",
          "duplistatus",
          "overdue",
        ],
        "title": "🕑 Overdue - Photos: RAW @ laptop:bob",
      },
      {
        "message": "Last 2025-05-07 04:00 CEST (1 day ago), expected 2025-05-08 04:00 CEST (1 hour ago), every 1 day, tolerance 1 hour",
        "priority": "URGENT",
        "tags": [
          "duplicati",
          "duplistatus",
          "overdue",
        ],
        "title": "🕑 Overdue - Photos: RAW @ laptop:bob (Bob's laptop, , https://laptop.example:8200), once laptop:bob",
      },
      {
        "message": "Last 2025-05-07 04:00 CEST (1 day ago), expected 2025-05-08 04:00 CEST (1 hour ago), every 1 day, tolerance 1 hour",
        "priority": "URGENT",
        "tags": [
          "duplicati",
          "duplistatus",
          "overdue",
        ],
        "title": "🕑 Overdue - Photos: RAW @ laptop:bob (Bob's laptop, , https://laptop.example:8200), once laptop:bob",
      },
      {
        "message": "Last 2025-05-07 04:00 CEST (1 day ago), expected 2025-05-08 04:00 CEST (1 hour ago), every 1 day, tolerance 1 hour",
        "priority": "URGENT",
        "tags": [
          "duplicati",
          "duplistatus",
          "overdue",
        ],
        "title": "🕑 Overdue - Photos: RAW @ laptop:bob (Bob's laptop (laptop:bob), , https://laptop.example:8200), once laptop:bob",
      },
    ]
  `)
})
