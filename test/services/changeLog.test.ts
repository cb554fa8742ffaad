// Every change is in the log, with who made it, what it was before and what it is now. Long,
// because the lines of all changes stand here.

import type { GraphQLObjectType } from 'graphql'
import { expect, it, onTestFinished } from 'vitest'
import { readConfig } from '../../src/config.ts'
import { secretKey } from '../../src/database/file/secretKey.ts'
import { openDatabase } from '../../src/database/open.ts'
import { theServer } from '../../src/domain/access.ts'
import { createEvents } from '../../src/events.ts'
import { schema } from '../../src/graphql/schema.ts'
import { createLogger } from '../../src/logger.ts'
import type { Context } from '../../src/services/context.ts'
import { pauseJob, resumeJob, snoozeJob } from '../../src/services/jobs/attendJob.ts'
import { updateBackupJob } from '../../src/services/jobs/updateBackupJob.ts'
import { createRunningBackups } from '../../src/services/running/runningBackups.ts'
import { createChannel, deleteChannel, updateChannel } from '../../src/services/telling/channels.ts'
import { deleteNotificationRule, setNotificationRule } from '../../src/services/telling/notificationRules.ts'
import { setUnusualRule } from '../../src/services/telling/unusualRules.ts'
import { createCounters } from '../../src/services/upkeep/counters.ts'
import { setTemplate, updateSettings } from '../../src/services/upkeep/settings.ts'
import { start, startApp } from '../support/app.ts'
import { report } from '../support/report.ts'
import { startGuarded } from '../support/tokens.ts'

/** Of each mutation one that changes something, in an order in which they can be made; what a report brings is no change. */
const changes: Record<string, string> = {
  createToken: '(input: { name: "phone", scope: READ, expiresAt: "2027-01-01T00:00:00Z" }) { token { id } }',
  revokeToken: '(id: "Token:2") { token { id } }',
  updateAccess: '(input: { requireToken: false }) { access { requireToken } }',
  updateServer: '(id: 1, input: { alias: "Basement" }) { server { id } }',
  updateBackupJob: '(id: 1, input: { notes: "Weekly" }) { backupJob { id } }',
  pauseJob: '(id: 1) { backupJob { id } }',
  resumeJob: '(id: 1) { backupJob { id } }',
  snoozeJob: '(id: 1, until: "2027-01-01T00:00:00Z") { backupJob { id } }',
  pauseJobs: '(by: { ids: [1] }) { jobs { id } }',
  resumeJobs: '(by: { server: 1 }) { jobs { id } }',
  snoozeJobs: '(by: { ids: [1] }, until: "2027-02-01T00:00:00Z") { jobs { id } }',
  acknowledgeJob: '(id: 2) { backupJob { id } }',
  createChannel: '(input: { name: "phone", settings: { ntfy: { topic: "backups" } } }) { channel { id } }',
  updateChannel: '(id: 1, input: { name: "pager" }) { channel { id } }',
  setNotificationRule: '(input: { channel: 1, events: [FAILED] }) { notificationRule { id } }',
  deleteNotificationRule: '(id: 1) { deletedNotificationRule { id } }',
  connectServer:
    '(input: { server: 1, url: "http://127.0.0.1:9", credential: { password: "open sesame" } }) { server { id } }',
  disconnectServer: '(server: 1) { server { id } }',
  setUnusualRule: '(input: { kind: NO_SUCCESS, threshold: 7 }) { unusualRule { id } }',
  deleteUnusualRule: '(id: 1) { deletedUnusualRule { id } }',
  setDigest: '(input: { channel: 1, period: WEEKLY, timeOfDay: "08:00" }) { digest { nextAt } }',
  deleteDigest: '(channel: 1) { deletedDigest { period } }',
  deleteChannel: '(id: 1) { deletedChannel { id } }',
  updateSettings: '(input: { toleranceSeconds: 60 }) { settings { toleranceSeconds } }',
  setTemplate:
    '(event: FAILED, template: { title: "Failed", message: "{backup_name}" }) { settings { toleranceSeconds } }',
  resetTemplate: '(event: FAILED) { settings { toleranceSeconds } }',
  mergeServers: '(from: 2, into: 1) { movedBackups }',
  mergeBackupJobs: '(from: 2, into: 1) { movedBackups }',
  splitBackupJob: '(id: 1, backupIds: ["DB-2"]) { movedBackups }',
  splitServer: '(id: 1, machineIds: ["machine-2"]) { movedBackups }',
  deleteBackup: '(id: 1) { backupJob { id } }',
  pruneBackups: '(olderThan: "2026-08-01T00:00:00Z") { deletedBackups }',
  deleteBackupJob: '(id: 1) { deletedBackups }',
  deleteServer: '(id: 1) { deletedBackups }',
}

it('has a line for every mutation that changes something, and none for one that does not', async () => {
  const lines: string[] = []
  const app = await startGuarded({ logged: lines })
  const post = (hour: number, extra = {}, result = 'Success') => {
    const data = { BeginTime: new Date(Date.UTC(2026, 6, 1, hour)).toISOString(), ParsedResult: result }
    return app.as(app.admin, '/api/upload', { method: 'POST', body: JSON.stringify(report({ data, extra })) })
  }
  for (const hour of [1, 2, 3]) await post(hour)
  await post(
    4,
    { 'machine-id': 'machine-2', 'machine-name': 'web', 'backup-id': 'DB-2', 'backup-name': 'Site' },
    'Error',
  )
  lines.length = 0

  const mutations = Object.keys((schema.getType('Mutation') as GraphQLObjectType).getFields())
  // A report is no change, nor is a message that is only tried; a message has to fail for a day before it can be revived.
  const others = [
    'recordReport',
    'testNotification',
    'retryNotification',
    'testConnection',
    'collectServer',
    'reportHere',
  ]
  expect(Object.keys(changes).sort()).toEqual(mutations.filter((name) => !others.includes(name)).sort())
  for (const [name, rest] of Object.entries(changes)) {
    expect(await app.ask(app.admin, `mutation { ${name}${rest} }`)).not.toHaveProperty('body.errors')
  }
  for (const name of ['revokeToken', 'updateAccess']) await app.ask(app.admin, `mutation { ${name}${changes[name]} }`)

  const logged = lines
    .map((line) => JSON.parse(line.replace(/dst_[\w-]{6}/g, 'dst_PREFIX')))
    .filter(({ action }) => action)
  expect(new Set(logged.map(({ caller }) => caller))).toEqual(new Set(['first start, 2026-08-01 (Token:1)']))
  expect(
    logged.map(({ action, target, before, after }) => ({ [`${action} ${target}`]: { before, after } })),
  ).toMatchInlineSnapshot(`
    [
      {
        "createToken Token:2": {
          "after": {
            "expiresAt": "2027-01-01T00:00:00.000Z",
            "name": "phone",
            "prefix": "dst_PREFIX",
            "scope": "READ",
            "serverId": null,
          },
          "before": null,
        },
      },
      {
        "revokeToken Token:2": {
          "after": {
            "name": "phone",
            "prefix": "dst_PREFIX",
            "revokedAt": "2026-08-01T12:00:00.000Z",
            "scope": "READ",
            "serverId": null,
          },
          "before": {
            "name": "phone",
            "prefix": "dst_PREFIX",
            "revokedAt": null,
            "scope": "READ",
            "serverId": null,
          },
        },
      },
      {
        "updateAccess Access": {
          "after": {
            "requireToken": false,
          },
          "before": {
            "requireToken": true,
          },
        },
      },
      {
        "updateServer Server:1": {
          "after": {
            "alias": "Basement",
            "notes": null,
            "url": null,
          },
          "before": {
            "alias": null,
            "notes": null,
            "url": null,
          },
        },
      },
      {
        "updateBackupJob BackupJob:1": {
          "after": {
            "alias": null,
            "latenessWatched": true,
            "notes": "Weekly",
            "schedule": null,
            "toleranceSeconds": null,
          },
          "before": {
            "alias": null,
            "latenessWatched": true,
            "notes": null,
            "schedule": null,
            "toleranceSeconds": null,
          },
        },
      },
      {
        "pauseJob BackupJob:1": {
          "after": {
            "paused": true,
          },
          "before": {
            "paused": false,
          },
        },
      },
      {
        "resumeJob BackupJob:1": {
          "after": {
            "owedAt": "2026-08-01T12:00:00.000Z",
            "paused": false,
            "watchFrom": "2026-08-01T12:00:00.000Z",
          },
          "before": {
            "owedAt": null,
            "paused": true,
            "watchFrom": null,
          },
        },
      },
      {
        "snoozeJob BackupJob:1": {
          "after": {
            "snoozedUntil": "2027-01-01T00:00:00.000Z",
          },
          "before": {
            "snoozedUntil": null,
          },
        },
      },
      {
        "pauseJobs BackupJob:1": {
          "after": {
            "paused": true,
          },
          "before": {
            "paused": false,
          },
        },
      },
      {
        "resumeJobs BackupJob:1": {
          "after": {
            "owedAt": "2026-08-01T12:00:00.000Z",
            "paused": false,
            "watchFrom": "2026-08-01T12:00:00.000Z",
          },
          "before": {
            "owedAt": "2026-08-01T12:00:00.000Z",
            "paused": true,
            "watchFrom": "2026-08-01T12:00:00.000Z",
          },
        },
      },
      {
        "snoozeJobs BackupJob:1": {
          "after": {
            "snoozedUntil": "2027-02-01T00:00:00.000Z",
          },
          "before": {
            "snoozedUntil": "2027-01-01T00:00:00.000Z",
          },
        },
      },
      {
        "acknowledgeJob BackupJob:2": {
          "after": {
            "acknowledged": "FAILED",
            "acknowledgedAt": "2026-08-01T12:00:00.000Z",
          },
          "before": {
            "acknowledged": null,
            "acknowledgedAt": null,
          },
        },
      },
      {
        "createChannel Channel:1": {
          "after": {
            "enabled": true,
            "kind": "NTFY",
            "name": "phone",
            "secrets": [],
            "settings": {
              "topic": "…",
              "url": "https://ntfy.sh/",
            },
          },
          "before": null,
        },
      },
      {
        "updateChannel Channel:1": {
          "after": {
            "enabled": true,
            "kind": "NTFY",
            "name": "pager",
            "secrets": [],
            "settings": {
              "topic": "…",
              "url": "https://ntfy.sh/",
            },
          },
          "before": {
            "enabled": true,
            "kind": "NTFY",
            "name": "phone",
            "secrets": [],
            "settings": {
              "topic": "…",
              "url": "https://ntfy.sh/",
            },
          },
        },
      },
      {
        "setNotificationRule NotificationRule:1": {
          "after": {
            "channelId": 1,
            "events": [
              "FAILED",
            ],
            "jobId": null,
            "repeat": "ONCE",
            "serverId": null,
            "tag": null,
          },
          "before": null,
        },
      },
      {
        "deleteNotificationRule NotificationRule:1": {
          "after": null,
          "before": {
            "channelId": 1,
            "events": [
              "FAILED",
            ],
            "jobId": null,
            "repeat": "ONCE",
            "serverId": null,
            "tag": null,
          },
        },
      },
      {
        "connectServer Server:1": {
          "after": {
            "certificateFingerprint": null,
            "credentialKind": "PASSWORD",
            "url": "http://127.0.0.1:9/",
          },
          "before": null,
        },
      },
      {
        "disconnectServer Server:1": {
          "after": null,
          "before": {
            "certificateFingerprint": null,
            "credentialKind": "PASSWORD",
            "url": "http://127.0.0.1:9/",
          },
        },
      },
      {
        "setUnusualRule UnusualRule:1": {
          "after": {
            "jobId": null,
            "kind": "NO_SUCCESS",
            "tag": null,
            "threshold": 7,
          },
          "before": null,
        },
      },
      {
        "deleteUnusualRule UnusualRule:1": {
          "after": null,
          "before": {
            "jobId": null,
            "kind": "NO_SUCCESS",
            "tag": null,
            "threshold": 7,
          },
        },
      },
      {
        "setDigest the digest of Channel:1": {
          "after": {
            "period": "WEEKLY",
            "tag": null,
            "timeOfDay": "08:00",
            "timeZone": null,
            "weekday": "MONDAY",
          },
          "before": null,
        },
      },
      {
        "deleteDigest the digest of Channel:1": {
          "after": null,
          "before": {
            "period": "WEEKLY",
            "tag": null,
            "timeOfDay": "08:00",
            "timeZone": null,
            "weekday": "MONDAY",
          },
        },
      },
      {
        "deleteChannel Channel:1": {
          "after": null,
          "before": {
            "enabled": true,
            "kind": "NTFY",
            "name": "pager",
            "secrets": [],
            "settings": {
              "topic": "…",
              "url": "https://ntfy.sh/",
            },
          },
        },
      },
      {
        "updateSettings Settings": {
          "after": {
            "keepDays": null,
            "keepLogDays": null,
            "keepPerJob": null,
            "timeZone": null,
            "toleranceSeconds": 60,
          },
          "before": {
            "keepDays": null,
            "keepLogDays": null,
            "keepPerJob": null,
            "timeZone": null,
            "toleranceSeconds": 3600,
          },
        },
      },
      {
        "setTemplate the template of FAILED": {
          "after": {
            "message": "{backup_name}",
            "priority": "DEFAULT",
            "tags": [],
            "title": "Failed",
          },
          "before": null,
        },
      },
      {
        "setTemplate the template of FAILED": {
          "after": null,
          "before": {
            "message": "{backup_name}",
            "priority": "DEFAULT",
            "tags": [],
            "title": "Failed",
          },
        },
      },
      {
        "mergeServers Server:2 into Server:1": {
          "after": {
            "duplicateBackups": 0,
            "into": {
              "alias": "Basement",
              "notes": null,
              "updatedAt": "2026-08-01T12:00:00.000Z",
              "url": null,
            },
            "mergedJobs": 0,
            "movedBackups": 1,
            "movedJobs": 1,
          },
          "before": {
            "from": {
              "alias": null,
              "notes": null,
              "updatedAt": "2026-08-01T12:00:00.000Z",
              "url": null,
            },
            "into": {
              "alias": "Basement",
              "notes": null,
              "updatedAt": "2026-08-01T12:00:00.000Z",
              "url": null,
            },
          },
        },
      },
      {
        "mergeBackupJobs BackupJob:2 into BackupJob:1": {
          "after": {
            "duplicateBackups": 0,
            "movedBackups": 1,
          },
          "before": {
            "from": {
              "alias": null,
              "notes": null,
              "updatedAt": "2026-08-01T12:00:00.000Z",
            },
            "into": {
              "alias": null,
              "notes": "Weekly",
              "updatedAt": "2026-08-01T12:00:00.000Z",
            },
          },
        },
      },
      {
        "splitBackupJob BackupJob:1": {
          "after": {
            "ids": [
              "DB-2",
            ],
            "jobId": 3,
            "movedBackups": 1,
            "untoldBackups": 0,
          },
          "before": null,
        },
      },
      {
        "splitServer Server:1": {
          "after": {
            "machineIds": [
              "machine-2",
            ],
            "movedBackups": 1,
            "movedJobs": 1,
            "serverId": 3,
            "untoldBackups": 0,
          },
          "before": null,
        },
      },
      {
        "deleteBackup Backup:1": {
          "after": null,
          "before": {
            "backupJob": "BackupJob:1",
          },
        },
      },
      {
        "pruneBackups the runs before 2026-08-01T00:00:00.000Z but 1 of each job": {
          "after": null,
          "before": [
            {
              "backupJob": "BackupJob:1",
              "backups": 2,
            },
          ],
        },
      },
      {
        "deleteBackupJob BackupJob:1": {
          "after": null,
          "before": {
            "alias": null,
            "backups": 1,
            "name": "Photos",
            "notes": "Weekly",
          },
        },
      },
      {
        "deleteServer Server:1": {
          "after": null,
          "before": {
            "alias": "Basement",
            "backups": 0,
            "name": "nas",
            "notes": null,
            "url": null,
          },
        },
      },
    ]
  `)
})

it('has a line for a change by REST, with the address of somebody who has no token', async () => {
  const lines: string[] = []
  const app = await startGuarded({ logged: lines, environment: { HOST: '127.0.0.1' } })
  await app.as(null, '/api/servers/1', { method: 'PATCH', body: '{"alias":"Basement"}' })
  await app.as(null, '/api/servers/1', { method: 'PATCH', body: '{"alias":"Basement"}' })
  expect(lines.map((line) => JSON.parse(line)).filter(({ action }) => action)).toMatchObject([
    {
      caller: '127.0.0.1 without a token',
      action: 'updateServer',
      target: 'Server:1',
      before: { alias: null },
      after: { alias: 'Basement' },
    },
  ])
})

it('has a line for what is changed of how people are told and jobs are watched, and no secret', async () => {
  const lines: string[] = []
  const app = await startApp()
  await app.post(report())
  const log = createLogger('info', { write: (line) => lines.push(line) })
  const clock = () => start
  const database = await openDatabase(app.file, clock, log)
  onTestFinished(database.close)
  const context: Context = {
    ...{ config: readConfig({}), database, events: createEvents(0), secrets: secretKey(app.file, null), clock, log },
    caller: theServer,
    counters: createCounters(),
    running: createRunningBackups(clock, () => {}),
  }
  const rule = { channelId: 1, serverId: null, tag: null, jobId: 1, events: ['FAILED'], repeat: 'ONCE' }
  const words = { title: 'Late', message: '{backup_name}', priority: 'HIGH', tags: [] }
  const ntfy = { url: 'https://ntfy.example', topic: 'backups', accessToken: 'tk_secret_1' }
  // Each is done twice: the second time changes nothing, and has no line.
  const twice = [
    () => updateChannel(context, 1, { enabled: false }, null),
    () => setNotificationRule(context, rule),
    () => setUnusualRule(context, 1, { kind: 'TOOK_LONG', tag: null, threshold: 60 }),
    () => updateSettings(context, { toleranceSeconds: 60, timeZone: 'Europe/Berlin' }),
    () => setTemplate(context, 'OVERDUE', words),
    () => pauseJob(context, 1),
    () => resumeJob(context, 1),
    () => snoozeJob(context, 1, new Date('2026-08-02T00:00:00Z')),
    () => updateBackupJob(context, 1, { schedule: { interval: '1D', timeZone: 'UTC' }, toleranceSeconds: 5 }),
  ]
  await createChannel(context, { name: 'phone' }, { kind: 'NTFY', values: ntfy, path: '' })
  for (const change of twice) {
    await change()
    const before = lines.length
    await change()
    expect(lines.length).toBe(before)
  }
  await updateChannel(context, 1, {}, { kind: 'NTFY', values: { accessToken: 'tk_secret_2' }, path: '' })
  await deleteNotificationRule(context, 1)
  await deleteChannel(context, 1)

  expect(lines.join('')).not.toContain('tk_secret')
  const logged = lines.map((line) => JSON.parse(line)).filter(({ action }) => action)
  expect(
    logged.map(({ action, target, before, after }) => ({ [`${action} ${target}`]: { before, after } })),
  ).toMatchInlineSnapshot(`
    [
      {
        "createChannel Channel:1": {
          "after": {
            "enabled": true,
            "kind": "NTFY",
            "name": "phone",
            "secrets": [
              "accessToken",
            ],
            "settings": {
              "topic": "…",
              "url": "https://ntfy.example/",
            },
          },
          "before": null,
        },
      },
      {
        "updateChannel Channel:1": {
          "after": {
            "enabled": false,
            "kind": "NTFY",
            "name": "phone",
            "secrets": [
              "accessToken",
            ],
            "settings": {
              "topic": "…",
              "url": "https://ntfy.example/",
            },
          },
          "before": {
            "enabled": true,
            "kind": "NTFY",
            "name": "phone",
            "secrets": [
              "accessToken",
            ],
            "settings": {
              "topic": "…",
              "url": "https://ntfy.example/",
            },
          },
        },
      },
      {
        "setNotificationRule NotificationRule:1": {
          "after": {
            "channelId": 1,
            "events": [
              "FAILED",
            ],
            "jobId": 1,
            "repeat": "ONCE",
            "serverId": null,
            "tag": null,
          },
          "before": null,
        },
      },
      {
        "setUnusualRule UnusualRule:1": {
          "after": {
            "jobId": 1,
            "kind": "TOOK_LONG",
            "tag": null,
            "threshold": 60,
          },
          "before": null,
        },
      },
      {
        "updateSettings Settings": {
          "after": {
            "keepDays": null,
            "keepLogDays": null,
            "keepPerJob": null,
            "timeZone": "Europe/Berlin",
            "toleranceSeconds": 60,
          },
          "before": {
            "keepDays": null,
            "keepLogDays": null,
            "keepPerJob": null,
            "timeZone": null,
            "toleranceSeconds": 3600,
          },
        },
      },
      {
        "setTemplate the template of OVERDUE": {
          "after": {
            "message": "{backup_name}",
            "priority": "HIGH",
            "tags": [],
            "title": "Late",
          },
          "before": null,
        },
      },
      {
        "pauseJob BackupJob:1": {
          "after": {
            "paused": true,
          },
          "before": {
            "paused": false,
          },
        },
      },
      {
        "resumeJob BackupJob:1": {
          "after": {
            "owedAt": null,
            "paused": false,
            "watchFrom": "2026-08-01T12:00:00.000Z",
          },
          "before": {
            "owedAt": null,
            "paused": true,
            "watchFrom": null,
          },
        },
      },
      {
        "snoozeJob BackupJob:1": {
          "after": {
            "snoozedUntil": "2026-08-02T00:00:00.000Z",
          },
          "before": {
            "snoozedUntil": null,
          },
        },
      },
      {
        "updateBackupJob BackupJob:1": {
          "after": {
            "alias": null,
            "latenessWatched": true,
            "notes": null,
            "schedule": {
              "interval": "1D",
              "timeOfDay": null,
              "timeZone": "UTC",
              "weekdays": null,
            },
            "toleranceSeconds": 5,
          },
          "before": {
            "alias": null,
            "latenessWatched": true,
            "notes": null,
            "schedule": null,
            "toleranceSeconds": null,
          },
        },
      },
      {
        "updateChannel Channel:1": {
          "after": {
            "enabled": false,
            "kind": "NTFY",
            "name": "phone",
            "secrets": [
              "accessToken",
            ],
            "settings": {
              "topic": "…",
              "url": "https://ntfy.example/",
            },
          },
          "before": {
            "enabled": false,
            "kind": "NTFY",
            "name": "phone",
            "secrets": [
              "accessToken",
            ],
            "settings": {
              "topic": "…",
              "url": "https://ntfy.example/",
            },
          },
        },
      },
      {
        "deleteNotificationRule NotificationRule:1": {
          "after": null,
          "before": {
            "channelId": 1,
            "events": [
              "FAILED",
            ],
            "jobId": 1,
            "repeat": "ONCE",
            "serverId": null,
            "tag": null,
          },
        },
      },
      {
        "deleteChannel Channel:1": {
          "after": null,
          "before": {
            "enabled": false,
            "kind": "NTFY",
            "name": "phone",
            "secrets": [
              "accessToken",
            ],
            "settings": {
              "topic": "…",
              "url": "https://ntfy.example/",
            },
          },
        },
      },
    ]
  `)
})
