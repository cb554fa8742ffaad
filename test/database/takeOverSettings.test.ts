// The settings per job get the numbers of their jobs, wherever an old release kept them.

import { pino } from 'pino'
import { describe, expect, it } from 'vitest'
import { prepareFile } from '../../src/database/file/prepareFile.ts'
import { configurations } from '../support/configurations.ts'
import { newPlace } from '../support/folders.ts'
import { writeOldDatabase } from '../support/oldDatabase.ts'
import { oldMachines, oldRun, runSql } from '../support/oldDatabaseRows.ts'
import type { OldShape } from '../support/oldDatabaseSchema.ts'
import { change } from '../support/states.ts'

/** Takes over a file with the given rows put over its settings; null removes one. */
async function takeOver(shape: OldShape, rows: Record<string, unknown>, sql = '') {
  const file = newPlace()
  writeOldDatabase(file, shape)
  const keep = Object.entries(rows).filter(([, value]) => value !== null)
  const text = (value: unknown) => (typeof value === 'string' ? value : JSON.stringify(value)).replaceAll("'", "''")
  change(
    file,
    [
      `DELETE FROM configurations WHERE key IN (${Object.keys(rows).map((key) => `'${key}'`)});`,
      ...keep.map(([key, value]) => `INSERT INTO configurations VALUES ('${key}', '${text(value)}');`),
      sql,
    ].join('\n'),
  )
  const unmatched: string[] = []
  const write = (line: string) => {
    const key = /No job was found for the setting (".*"); it stays/.exec(JSON.parse(line).msg)?.[1]
    if (key) unmatched.push(JSON.parse(key))
  }
  await prepareFile(file, new Date('2026-08-01T12:00:00.000Z'), pino({ level: 'info' }, { write }))
  const settings = configurations(file).get('job_settings')
  return { settings: settings === undefined ? undefined : JSON.parse(settings ?? ''), unmatched }
}

// The jobs by number: 1 and 2 of laptop:bob, 3 and 4 of the two machines of one name, 5 of the second of them.
const byName = {
  'laptop:bob:Photos: RAW': { notificationEvent: 'all' },
  'Büro-NAS 東京:Photos: RAW': { notificationEvent: 'errors' },
  'gone:Photos: RAW': { notificationEvent: 'off' },
}
const named = {
  1: { notificationEvent: 'all' },
  3: { notificationEvent: 'errors' },
  4: { notificationEvent: 'errors' },
}
const byId = {
  [`${oldMachines[0]?.id}:Photos: RAW`]: { notificationEvent: 'all' },
  [`${oldMachines[2]?.id}:Mail «täglich»`]: { notificationEvent: 'off' },
}
const numbered = { 1: { notificationEvent: 'all' }, 5: { notificationEvent: 'off' } }

describe('settings that are only within the row notifications', () => {
  it.each([
    ['0.6, by name, with colons and a shared name', '0.6', null, byName, named, ['gone:Photos: RAW']],
    ['0.6, beside an empty row of their own', '0.6', {}, byName, named, ['gone:Photos: RAW']],
    ['0.6, beside a row that is not JSON', '0.6', '{', byName, named, ['gone:Photos: RAW']],
    ['0.7, by the id of the server', '0.7', null, byId, numbered, []],
    ['0.7, by name, as no upgrade changed them', '0.7', null, byName, named, ['gone:Photos: RAW']],
    [
      '0.7, by both: the id is closer',
      '0.7',
      null,
      { ...byName, ...byId },
      { ...named, ...numbered },
      ['laptop:bob:Photos: RAW', 'gone:Photos: RAW'],
    ],
    ['0.9, by the id of the server', '0.9', '[]', byId, numbered, []],
  ] as const)('arrive from %s', async (_, shape, backup_settings, backupSettings, settings, unmatched) => {
    const notifications = { ntfy: {}, backupSettings }
    const none = { overdue_backup_notifications: null, overdue_notifications: null }
    expect(await takeOver(shape, { backup_settings, notifications, ...none })).toEqual({ settings, unmatched })
  })

  it('count for nothing where there is a row of their own', async () => {
    const backup_settings = { 'laptop:bob:Documents': { notificationEvent: 'warnings' } }
    const { settings } = await takeOver('0.6', { backup_settings, notifications: { backupSettings: byName } })
    expect(settings).toEqual({ 2: { notificationEvent: 'warnings' } })
  })

  it.each([[null], ['{'], [[]], [{}], [{ backupSettings: 'all' }]])(
    'are not made up where the row notifications is %j',
    async (notifications) => {
      const { settings } = await takeOver('0.6', { backup_settings: null, notifications })
      expect(settings).toBeUndefined()
    },
  )
})

it('keeps the settings of every name that a job had: for the old releases these were jobs of their own', async () => {
  const backup_settings = {
    'laptop:bob:Photos': { notificationEvent: 'off' },
    'laptop:bob:Photos: RAW': { notificationEvent: 'all' },
    'laptop:bob:Album': { notificationEvent: 'errors' },
  }
  const reports = [
    oldRun('renamed-2', 0, ['DB-1', 'Album'], '2025-06-01T02:00:00.000Z'),
    oldRun('renamed-1', 0, ['DB-1', 'Photos'], '2024-06-01T02:00:00.000Z'),
  ]
  const sql = reports.map((run) => runSql('0.6', run)).join('\n')
  const { settings, unmatched } = await takeOver('0.6', { backup_settings, overdue_backup_notifications: null }, sql)
  expect(settings).toEqual({
    1: { notificationEvent: 'all' },
    6: { notificationEvent: 'errors' },
    7: { notificationEvent: 'off' },
  })
  expect(unmatched).toEqual([])
})

describe('the defaults of a server', () => {
  const server = oldMachines[0]?.id
  const defaults = {
    additionalEmails: 'all@example.org',
    additionalNtfyTopic: 'all',
    additionalNotificationEvent: 'errors',
    notificationEvent: 'off',
  }
  const { notificationEvent, ...additional } = defaults

  it('fill what the settings of its own jobs lack, and nothing else', async () => {
    const backup_settings = {
      [`${server}:__default__`]: defaults,
      [`${server}:Photos: RAW`]: { notificationEvent: 'all' },
      [`${server}:Documents`]: { additionalEmails: '', additionalNtfyTopic: 'own' },
      [`${oldMachines[1]?.id}:Photos: RAW`]: { notificationEvent: 'errors' },
    }
    expect(await takeOver('0.9', { backup_settings, overdue_notifications: null })).toEqual({
      settings: {
        1: { ...additional, notificationEvent: 'all' },
        2: { ...additional, additionalEmails: '', additionalNtfyTopic: 'own' },
        3: { notificationEvent: 'errors' },
      },
      unmatched: [],
    })
  })

  it.each([[null], ['all'], [[]]])('do no harm as %j', async (broken) => {
    const backup_settings = { [`${server}:__default__`]: broken, [`${server}:Documents`]: { notificationEvent: 'all' } }
    expect(await takeOver('0.9', { backup_settings, overdue_notifications: null })).toEqual({
      settings: { 2: { notificationEvent: 'all' } },
      unmatched: [],
    })
  })

  it('make no settings for a job that has none, and are not reported if the server is gone', async () => {
    const backup_settings = { [`${server}:__default__`]: defaults, 'gone:__default__': defaults }
    expect(await takeOver('0.9', { backup_settings, overdue_notifications: null })).toEqual({
      settings: {},
      unmatched: [],
    })
  })
})
