// Jobs of one server that get into trouble within a minute are told in one message, each once; what is over, or went well, is told at once.

import Database from 'better-sqlite3'
import { expect, it } from 'vitest'
import { startApp, type TestApp } from '../support/app.ts'
import { makeChannel, outbox } from '../support/channels.ts'
import { report } from '../support/report.ts'
import { startWebhookReceiver } from '../support/webhookReceiver.ts'

const startMs = Date.parse('2026-08-01T12:00:00Z')

/** An app whose server has some jobs, of each of which a good run was told. */
async function start(jobs = 3) {
  const app = await startApp()
  for (let job = 1; job <= jobs; job += 1) await post(app, job, 'Success', 1)
  const hook = await startWebhookReceiver()
  await makeChannel(app.file, 'WEBHOOK', hook.settings)
  const at = (seconds: number) => app.setTime(new Date(startMs + seconds * 1000))
  /** What is told so many seconds after the start, by title. */
  const toldAt = async (seconds: number) => {
    at(seconds)
    await app.catchUp()
    await app.deliver()
    return hook.received.splice(0).map(({ payload }) => payload)
  }
  const titlesAt = async (seconds: number) => (await toldAt(seconds)).map(({ data }) => data.title)
  return { app, hook, at, toldAt, titlesAt }
}

/** They have no rhythm then that could make them overdue. */
async function unwatch(app: TestApp) {
  for (const id of [1, 2, 3]) {
    await app.graphql(`mutation { updateBackupJob(id: ${id}, input: { latenessWatched: false }) { backupJob { id } } }`)
  }
}

async function post(app: TestApp, job: number, result: string, hour: number, extra = {}) {
  const { status } = await app.post(
    report({
      data: { ParsedResult: result, BeginTime: new Date(Date.UTC(2026, 7, 1, hour)).toISOString() },
      extra: { 'backup-id': `DB-${job}`, 'backup-name': `Job ${job}`, ...extra },
      ...(result === 'Error' && { exception: 'System.IO.IOException: The disk is full' }),
    }),
  )
  expect(status).toBe(200)
}

it('names all jobs that get into trouble within a minute, after that minute', async () => {
  const { app, at, toldAt, titlesAt } = await start()
  await post(app, 1, 'Error', 2)
  at(59.999)
  await post(app, 2, 'Warning', 2)
  expect(await titlesAt(59.999)).toEqual([])
  const [told, ...more] = await toldAt(60)
  expect(more).toEqual([])
  expect(told).toMatchInlineSnapshot(`
    {
      "data": {
        "job": {
          "backupId": 4,
          "dueAt": null,
          "id": 1,
          "name": "Job 1",
          "server": {
            "id": 1,
            "name": "nas",
            "url": null,
          },
          "state": "FAILED",
        },
        "jobs": [
          {
            "backupId": 4,
            "dueAt": null,
            "id": 1,
            "name": "Job 1",
            "server": {
              "id": 1,
              "name": "nas",
              "url": null,
            },
            "state": "FAILED",
          },
          {
            "backupId": 5,
            "dueAt": null,
            "id": 2,
            "name": "Job 2",
            "server": {
              "id": 1,
              "name": "nas",
              "url": null,
            },
            "state": "WARNING",
          },
        ],
        "message": "Failed: Job 1 on nas
    System.IO.IOException: The disk is full
    Error at 2026-08-01 02:00 UTC. Errors: 0, warnings: 0.

    Warning: Job 2 on nas
    Warning at 2026-08-01 02:00 UTC. Warnings: 0.",
        "priority": "HIGH",
        "tags": [
          "rotating_light",
          "warning",
        ],
        "title": "2 backups on nas: 1 failed, 1 with warnings",
      },
      "timestamp": "2026-08-01T12:00:00.000Z",
      "type": "job.failed",
    }
  `)
  const { data } = await app.graphql(
    '{ notifications { totalCount nodes { event status job { id } server { id } backup { id } jobs { name } } } }',
  )
  expect(data).toEqual({
    notifications: {
      totalCount: 1,
      nodes: [
        {
          event: 'FAILED',
          status: 'SENT',
          job: null,
          server: { id: 'Server:1' },
          backup: null,
          jobs: [{ name: 'Job 1' }, { name: 'Job 2' }],
        },
      ],
    },
  })
})

it('begins another message when the minute is over', async () => {
  const { app, at, titlesAt } = await start()
  await post(app, 1, 'Error', 2)
  at(60)
  await post(app, 2, 'Error', 2)
  expect(await titlesAt(60)).toEqual(['Failed: Job 1 on nas'])
  expect(await titlesAt(119.999)).toEqual([])
  expect(await titlesAt(120)).toEqual(['Failed: Job 2 on nas'])
})

it('says of one alone what it always said, after a minute, and at once if its server has no other job', async () => {
  const { app, toldAt } = await start(2)
  await post(app, 1, 'Error', 2)
  expect(await toldAt(59.999)).toEqual([])
  const [told] = await toldAt(60)
  expect(told?.data).toMatchObject({ title: 'Failed: Job 1 on nas', job: { name: 'Job 1', backupId: 3 } })
  expect(told?.data).not.toHaveProperty('jobs')
  await post(app, 1, 'Error', 3, { 'machine-id': 'machine-2', 'machine-name': 'web' })
  expect((await toldAt(60)).map(({ data }) => data.title)).toEqual(['Failed: Job 1 on web'])
})

it('tells of a recovery at once, and of the trouble before it', async () => {
  const { app, at, titlesAt } = await start()
  await unwatch(app)
  await post(app, 1, 'Error', 2)
  at(10)
  await post(app, 2, 'Error', 2)
  at(20)
  await post(app, 1, 'Success', 3)
  expect(await titlesAt(20)).toEqual(['2 backups on nas: 2 failed', 'Recovered: Job 1 on nas'])
  // Nothing more is added to what was sent.
  await post(app, 3, 'Error', 2)
  expect(await titlesAt(79.999)).toEqual([])
  expect(await titlesAt(80)).toEqual(['Failed: Job 3 on nas'])
})

it('tells of a success at once', async () => {
  const { app, titlesAt } = await start()
  await post(app, 1, 'Error', 2)
  await post(app, 2, 'Success', 2)
  expect(await titlesAt(0)).toEqual(['Success: Job 2 on nas'])
  expect(await titlesAt(60)).toEqual(['Failed: Job 1 on nas'])
})

it('keeps the jobs of other servers apart', async () => {
  const { app, titlesAt } = await start(2)
  for (const job of [1, 2]) await post(app, job, 'Success', 1, { 'machine-id': 'machine-2', 'machine-name': 'web' })
  await titlesAt(0)
  for (const job of [1, 2]) {
    await post(app, job, 'Error', 2)
    await post(app, job, 'Error', 2, { 'machine-id': 'machine-2', 'machine-name': 'web' })
  }
  expect(await titlesAt(60)).toEqual(['2 backups on nas: 2 failed', '2 backups on web: 2 failed'])
})

it('names all jobs that become overdue together, and reminds of them together', async () => {
  const { app, toldAt, titlesAt } = await start(1)
  const { errors } = await app.graphql(
    'mutation { setNotificationRule(input: { channel: 1, events: [OVERDUE], repeat: DAILY }) { notificationRule { id } } }',
  )
  expect(errors).toBeUndefined()
  for (const job of [1, 2, 3]) await post(app, job, 'Success', 2, { 'next-scheduled-run': '20260801T130000Z' })
  // They are overdue after an hour of tolerance.
  expect(await titlesAt(7200)).toEqual([])
  expect(await titlesAt(7201)).toEqual([])
  const [told] = await toldAt(7261)
  expect([told?.data.title, told?.type]).toEqual(['3 backups on nas: 3 overdue', 'job.overdue'])
  expect((told?.data as { jobs?: { name: string }[] } | undefined)?.jobs?.map(({ name }) => name)).toEqual([
    'Job 1',
    'Job 2',
    'Job 3',
  ])
  await titlesAt(7201 + 86_400)
  expect(await titlesAt(7261 + 86_400)).toEqual(['3 backups on nas: 3 overdue'])
})

it('outlives its jobs, and is listed at each', async () => {
  const { app, titlesAt } = await start()
  for (const job of [1, 2]) await post(app, job, 'Error', 2)
  await app.graphql('mutation { deleteBackupJob(id: 1) { deletedBackups } }')
  expect(await titlesAt(60)).toEqual(['2 backups on nas: 2 failed'])
  const read = async () =>
    (
      await app.graphql(
        '{ notifications { nodes { jobs { id } } } backupJob(id: 2) { notifications { totalCount nodes { databaseId } } } }',
      )
    ).data
  expect(await read()).toEqual({
    notifications: { nodes: [{ jobs: [{ id: 'BackupJob:2' }] }] },
    backupJob: { notifications: { totalCount: 1, nodes: [{ databaseId: 1 }] } },
  })
  await app.graphql('mutation { deleteBackupJob(id: 2) { deletedBackups } }')
  expect((await app.graphql('{ notifications { nodes { title jobs { id } server { id } } } }')).data).toEqual({
    notifications: { nodes: [{ title: '2 backups on nas: 2 failed', jobs: [], server: { id: 'Server:1' } }] },
  })
})

it('goes along when servers are merged', async () => {
  const { app, titlesAt } = await start()
  for (const job of [1, 2]) await post(app, job, 'Error', 2)
  await post(app, 9, 'Success', 1, { 'machine-id': 'machine-2', 'machine-name': 'web' })
  await titlesAt(60)
  expect((await app.graphql('mutation { mergeServers(from: 1, into: 2) { movedBackups } }')).errors).toBeUndefined()
  const { data } = await app.graphql(
    '{ notifications(filter: { job: 1 }) { totalCount nodes { server { id } jobs { id } } } }',
  )
  expect(data).toMatchObject({
    notifications: {
      totalCount: 1,
      nodes: [{ server: { id: 'Server:2' }, jobs: [{ id: 'BackupJob:1' }, { id: 'BackupJob:2' }] }],
    },
  })
})

it('keeps the order of each job behind a message that cannot be delivered', async () => {
  const { app, hook, at, titlesAt } = await start()
  await unwatch(app)
  for (const job of [1, 2]) await post(app, job, 'Error', 2)
  hook.next({ status: 503 })
  expect(await titlesAt(60)).toEqual([])
  at(61)
  await post(app, 2, 'Success', 3)
  await post(app, 3, 'Success', 3)
  // That of another job passes.
  expect(await titlesAt(61)).toEqual(['Success: Job 3 on nas'])
  expect(await titlesAt(120)).toEqual(['2 backups on nas: 2 failed', 'Recovered: Job 2 on nas'])
})

it('does not wait longer if the clock is set back meanwhile', async () => {
  const { app, titlesAt } = await start()
  await post(app, 1, 'Error', 2)
  expect(await titlesAt(-3600)).toEqual(['Failed: Job 1 on nas'])
})

it('names a hundred jobs at most in one message, and tells of each once', async () => {
  const { app, toldAt } = await start(1)
  for (let job = 1; job <= 103; job += 1) await post(app, job, 'Success', 1)
  await toldAt(0)
  for (let job = 1; job <= 103; job += 1) await post(app, job, 'Error', 2)
  const told = await toldAt(60)
  expect(told.map(({ data }) => data.title)).toEqual(['100 backups on nas: 100 failed', '3 backups on nas: 3 failed'])
  const failed = outbox(app.file).filter(({ event }) => event === 'FAILED')
  expect(new Set(failed.map(({ job }) => job)).size).toBe(103)
  expect(failed).toHaveLength(103)
  expect(Buffer.byteLength(told[0]?.data.message ?? '')).toBeLessThan(10_000)
}, 60_000)

it('is told again after a restart within the minute, once', async () => {
  const { app, hook } = await start()
  for (const job of [1, 2]) await post(app, job, 'Error', 2)
  await app.close()
  const again = await startApp({ file: app.file, now: '2026-08-01T12:00:30Z' })
  await post(again, 3, 'Error', 2)
  await again.deliver()
  expect(hook.received).toEqual([])
  again.setTime('2026-08-01T12:01:00Z')
  await again.deliver()
  await again.deliver()
  expect(hook.received.map(({ payload }) => payload.data.title)).toEqual(['3 backups on nas: 3 failed'])
  const database = new Database(app.file, { readonly: true })
  const left = database
    .prepare("SELECT count(*) AS left FROM notifications WHERE status <> 'SENT' OR gathers_until IS NOT NULL")
    .get()
  database.close()
  expect(left).toEqual({ left: 0 })
})
