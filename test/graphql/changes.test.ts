// The one subscription for everything that a page shows: what it tells, and that what it tells of can be read with it.

import { expect, it } from 'vitest'
import { startApp, type TestApp } from '../support/app.ts'
import { report } from '../support/report.ts'
import { subscribe } from '../support/subscribe.ts'

const changes = 'subscription { changes { kind id at server { name } job { name state } backup { status } } }'

/** What is heard of one thing after another, a line each: a change, and the names of what it comes with. */
async function listening(app: TestApp) {
  const events = await subscribe(app, changes)
  const next = async () => {
    const item = (await events.next()) as { data: { changes: Record<string, unknown> } }
    const { kind, id, server, job, backup } = item.data.changes as {
      [name: string]: { name?: string; state?: string; status?: string } | null
    }
    const parts = [kind, id, server?.name, job && `${job.name} ${job.state}`, backup?.status]
    return parts.filter(Boolean).join(' ')
  }
  return {
    hear: async (count: number) => {
      const heard: string[] = []
      while (heard.length < count) heard.push(await next())
      return heard
    },
  }
}

const extra = (id: number) => ({ 'backup-id': `DB-${id}`, 'backup-name': `Job ${id}` })
const at = (day: number) => new Date(Date.UTC(2026, 6, day)).toISOString()
const post = (app: TestApp, day: number, job = 1, more = {}) =>
  app.post(
    report({ data: { BeginTime: at(day), EndTime: at(day), Duration: '00:00:00' }, extra: { ...extra(job), ...more } }),
  )

async function ask(app: TestApp, mutation: string) {
  const { errors } = await app.graphql(`mutation { ${mutation} }`)
  expect(errors).toBeUndefined()
}

it('tells of a run, and of the state that it changes', async () => {
  const app = await startApp()
  const { hear } = await listening(app)
  await post(app, 1)
  expect(await hear(2)).toEqual(['RECORDED Backup:1 nas Job 1 OK SUCCESS', 'CHANGED BackupJob:1 nas Job 1 OK'])
})

it('tells of what time alone changes', async () => {
  const app = await startApp()
  await post(app, 1, 1, { 'next-scheduled-run': '20260801T130000Z' })
  const { hear } = await listening(app)
  app.setTime('2026-08-01T13:30:00Z')
  await app.rest('GET', '/api/health')
  expect(await hear(1)).toEqual(['CHANGED BackupJob:1 nas Job 1 LATE'])
})

it('tells of each due time that is missed, also where the state stays', async () => {
  const app = await startApp()
  await post(app, 31)
  const schedule = 'schedule: { interval: "1D", timeOfDay: "20:00", timeZone: "UTC" }'
  await ask(app, `updateBackupJob(id: 1, input: { ${schedule} }) { backupJob { id } }`)
  app.setTime('2026-08-02T12:00:00Z')
  await app.rest('GET', '/api/health')
  const { hear } = await listening(app)
  app.setTime('2026-08-02T21:30:00Z')
  await app.rest('GET', '/api/health')
  expect(await hear(1)).toEqual(['CHANGED BackupJob:1 nas Job 1 OVERDUE'])
})

it('tells of a snooze that ends', async () => {
  const app = await startApp()
  await post(app, 1)
  await ask(app, 'snoozeJob(id: 1, until: "2026-08-02T00:00:00Z") { backupJob { id } }')
  const { hear } = await listening(app)
  app.setTime('2026-08-02T00:01:00Z')
  await app.rest('GET', '/api/health')
  expect(await hear(1)).toEqual(['CHANGED BackupJob:1 nas Job 1 OK'])
})

it('tells of a run that its JSON completes', async () => {
  const app = await startApp()
  const text = `Duplicati Backup report for Job 1 (machine-1, DB-1, nas)

MainOperation: Backup
ParsedResult: Success
BeginTime: 8/1/2026 00:00:00 (${Date.UTC(2026, 7, 1) / 1000})
EndTime: 8/1/2026 00:00:00 (${Date.UTC(2026, 7, 1) / 1000})`
  await app.rest('POST', '/api/upload', text)
  const { hear } = await listening(app)
  await app.post(report({ data: { BeginTime: at(32), EndTime: at(32) }, extra: extra(1) }))
  expect(await hear(1)).toEqual(['CHANGED BackupJob:1 nas Job 1 OK'])
})

it('tells of what a report takes apart', async () => {
  const app = await startApp()
  await post(app, 1)
  await post(app, 2, 1, { 'machine-name': 'twin' })
  const { hear } = await listening(app)
  await post(app, 3)
  const heard = await hear(3)
  expect(heard.filter((line) => line.includes(' Server:'))).toEqual(['CHANGED Server:1 nas', 'CHANGED Server:2 twin'])
})

it.each([
  ['updateServer(id: 1, input: { alias: "a" }) { server { id } }', ['CHANGED Server:1 nas']],
  ['updateServer(id: 1, input: { tags: ["a"] }) { server { id } }', ['CHANGED Server:1 nas']],
  ['updateBackupJob(id: 1, input: { alias: "a" }) { backupJob { id } }', ['CHANGED BackupJob:1 nas Job 1 OVERDUE']],
  ['updateBackupJob(id: 1, input: { tags: ["a"] }) { backupJob { id } }', ['CHANGED BackupJob:1 nas Job 1 OVERDUE']],
  ['snoozeJob(id: 1, until: "2026-09-01T00:00:00Z") { backupJob { id } }', ['CHANGED BackupJob:1 nas Job 1 OVERDUE']],
  [
    'pauseJobs(by: { ids: [1, 2] }) { jobs { id } }',
    [
      'CHANGED BackupJob:1 nas Job 1 PAUSED',
      'CHANGED BackupJob:1 nas Job 1 PAUSED',
      'CHANGED BackupJob:2 nas Job 2 PAUSED',
      'CHANGED BackupJob:2 nas Job 2 PAUSED',
    ],
  ],
  ['deleteBackup(id: 1) { deletedBackup { id } }', ['REMOVED Backup:1', 'CHANGED BackupJob:1 nas Job 1 OK']],
  ['deleteBackupJob(id: 2) { deletedBackups }', ['REMOVED BackupJob:2']],
  ['deleteServer(id: 1) { deletedBackups }', ['REMOVED Server:1']],
  [
    'mergeBackupJobs(from: 2, into: 1) { movedBackups }',
    ['REMOVED BackupJob:2', 'CHANGED BackupJob:1 nas Job 1 OVERDUE'],
  ],
  ['mergeServers(from: 2, into: 1) { movedBackups }', ['REMOVED Server:2', 'CHANGED Server:1 nas']],
  [
    'pruneBackups(olderThan: "2026-07-02T12:00:00Z", keepLatest: 1) { deletedBackups }',
    ['CHANGED BackupJob:1 nas Job 1 OVERDUE'],
  ],
  ['updateSettings(input: { keepDays: 9 }) { settings { keepDays } }', ['SETTINGS Settings']],
  [
    'setTemplate(event: FAILED, template: { title: "t", message: "m" }) { settings { keepDays } }',
    ['SETTINGS Settings'],
  ],
  [
    'createChannel(input: { name: "phone", settings: { ntfy: { topic: "t" } } }) { channel { id } }',
    ['SETTINGS Channel:1'],
  ],
])('tells of %s', async (mutation, expected) => {
  const app = await startApp()
  await post(app, 1)
  await post(app, 2)
  await post(app, 3)
  await post(app, 3, 2)
  await app.post(report({ extra: { 'machine-id': 'machine-2', 'machine-name': 'nas' } }))
  const { hear } = await listening(app)
  await ask(app, mutation)
  expect(await hear(expected.length)).toEqual(expected)
})

it('says nothing of what changes nothing', async () => {
  const app = await startApp()
  await post(app, 1)
  await ask(app, 'updateBackupJob(id: 1, input: { alias: "a" }) { backupJob { id } }')
  const { hear } = await listening(app)
  await ask(app, 'updateBackupJob(id: 1, input: { alias: "a" }) { backupJob { id } }')
  await post(app, 1)
  await ask(app, 'updateBackupJob(id: 1, input: { alias: "b" }) { backupJob { id } }')
  await post(app, 2)
  expect(await hear(2)).toEqual(['CHANGED BackupJob:1 nas Job 1 OK', 'RECORDED Backup:2 nas Job 1 OK SUCCESS'])
})
