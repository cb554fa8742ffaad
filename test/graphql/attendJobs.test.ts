// Pausing, resuming and silencing several jobs at once: the same becomes of them as of each alone, and of all or of none.

import { describe, expect, it } from 'vitest'
import { startApp, type TestApp } from '../support/app.ts'
import { report } from '../support/report.ts'

const next = '20260801T130000Z'

/** An app with two servers of two jobs each, and a channel that is told of everything; job 2 failed, job 4 carries a tag. */
async function start(): Promise<TestApp> {
  const app = await startApp()
  const { errors } = await app.graphql(`mutation {
    createChannel(input: { name: "Phone", settings: { ntfy: { url: "http://127.0.0.1:9", topic: "x" } } }) { channel { id } }
    setNotificationRule(input: { channel: 1, events: [OVERDUE, FAILED, RECOVERED] }) { notificationRule { id } } }`)
  expect(errors).toBeUndefined()
  for (const machine of ['nas', 'web']) {
    for (const job of ['A', 'B']) {
      const failed = machine === 'nas' && job === 'B' ? { ParsedResult: 'Error', Errors: ['e'] } : {}
      const extra = { 'machine-id': machine, 'machine-name': machine, 'backup-id': job, 'backup-name': job }
      await app.post(report({ extra: { ...extra, 'next-scheduled-run': next }, data: failed }))
    }
  }
  await app.graphql('mutation { updateBackupJob(id: 4, input: { tags: ["a"] }) { backupJob { id } } }')
  return app
}

type Names = 'pauseJobs' | 'resumeJobs' | 'snoozeJobs'

/** The ids of the jobs in the payload, or the failures. */
async function attend(app: TestApp, name: Names, by: object, until?: string) {
  const type = name === 'snoozeJobs' ? ', until: $until' : ''
  const { data, errors } = await app.graphql(
    `mutation ($by: BackupJobsLookup!${type && ', $until: DateTime'}) { ${name}(by: $by${type}) { jobs { databaseId paused snoozedUntil } } }`,
    { by, ...(type ? { until } : {}) },
  )
  return (
    (data as Record<Names, { jobs: { databaseId: number; paused: boolean; snoozedUntil: string | null }[] }> | null)?.[
      name
    ].jobs ?? errors
  )
}

/** All that is to be seen of jobs, and of what was told of them. */
async function standing(app: TestApp) {
  const { data, errors } = await app.graphql(`{
    backupJobs(orderBy: NAME_ASC) { nodes { id state stateSince paused snoozedUntil dueAt overdueAt updatedAt } }
    transitions(first: 100) { nodes { job { id } from to at reason } }
    notifications(first: 100) { nodes { job { id } event createdAt } }
    servers { nodes { state } }
  }`)
  expect(errors).toBeUndefined()
  return data as { transitions: { nodes: object[] } }
}

const everything: [string, object, number[]][] = [
  ['a server', { server: 'Server:1' }, [1, 2]],
  ['a tag', { tag: ' A ' }, [4]],
  ['ids, each once', { ids: ['1', 'BackupJob:4', '4', 'BackupJob:1'] }, [1, 4]],
]

it.each(everything)('does to the jobs of %s what the single mutations do', async (_, by, ids) => {
  const [together, alone] = [await start(), await start()]
  const each = async (field: (id: number) => string) => {
    for (const id of ids) {
      const { errors } = await alone.graphql(`mutation { ${field(id)} { backupJob { id } } }`)
      expect(errors).toBeUndefined()
    }
  }
  const time = (moment: string) => {
    for (const app of [together, alone]) app.setTime(moment)
  }
  const numbers = async (name: Names, until?: string) => {
    const jobs = await attend(together, name, by, until)
    return (jobs as { databaseId: number }[]).map(({ databaseId }) => databaseId)
  }
  const compare = async () => expect(await standing(together)).toEqual(await standing(alone))

  expect(await numbers('pauseJobs')).toEqual(ids)
  await each((id) => `pauseJob(id: ${id})`)
  await compare()
  time('2026-08-01T15:00:00Z')
  await compare()
  expect(await numbers('resumeJobs')).toEqual(ids)
  await each((id) => `resumeJob(id: ${id})`)
  await compare()
  expect((await standing(together)).transitions.nodes.length).toBeGreaterThan(ids.length)
  const until = '2026-08-02T00:00:00.000Z'
  expect(await numbers('snoozeJobs', until)).toEqual(ids)
  await each((id) => `snoozeJob(id: ${id}, until: "${until}")`)
  await compare()
  expect(await attend(together, 'snoozeJobs', by)).toEqual(
    ids.map((databaseId) => ({ databaseId, paused: false, snoozedUntil: null })),
  )
  await each((id) => `snoozeJob(id: ${id})`)
  await compare()
})

it('leaves those as they are that are so already, and answers with them', async () => {
  const app = await start()
  await app.graphql('mutation { pauseJob(id: 1) { backupJob { id } } }')
  await attend(app, 'pauseJobs', { server: 1 })
  const before = await standing(app)
  expect(await attend(app, 'pauseJobs', { server: 1 })).toMatchObject([{ paused: true }, { paused: true }])
  expect(await standing(app)).toEqual(before)
})

it('finds no jobs where a tag counts for none, or a server has none', async () => {
  const app = await start()
  expect(await attend(app, 'pauseJobs', { tag: 'nobody' })).toEqual([])
  await app.graphql(
    'mutation { a: deleteBackupJob(id: 3) { deletedBackups } b: deleteBackupJob(id: 4) { deletedBackups } }',
  )
  expect(await attend(app, 'pauseJobs', { server: 2 })).toEqual([])
})

it('tells subscribers of each job that changes', async () => {
  const app = await start()
  const response = await app.fetch('/graphql', {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'text/event-stream' },
    body: JSON.stringify({ query: 'subscription { jobStateChanged { job { id } to } }' }),
  })
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader()
  await attend(app, 'pauseJobs', { server: 1 })
  let heard = ''
  while (!heard.includes('BackupJob:2')) heard += (await reader?.read())?.value ?? ''
  expect(heard.match(/\{"data".*\}/g)).toEqual([
    '{"data":{"jobStateChanged":{"job":{"id":"BackupJob:1"},"to":"PAUSED"}}}',
    '{"data":{"jobStateChanged":{"job":{"id":"BackupJob:2"},"to":"PAUSED"}}}',
  ])
  await reader?.cancel()
})

describe.each(['pauseJobs', 'resumeJobs', 'snoozeJobs'] as const)('%s', (name) => {
  it.each([
    [{ ids: [1, 'BackupJob:9', 2, 8] }, 'NOT_FOUND', 'There is no BackupJob:9, BackupJob:8.'],
    [{ server: 9 }, 'NOT_FOUND', 'There is no Server:9.'],
    [{ ids: [] }, 'BAD_USER_INPUT', /must name 1 to 100 ids/],
    [{ ids: [1, 'Server:1'] }, 'BAD_USER_INPUT', /by\.ids\.1: "Server:1" must be like BackupJob:1/],
    [{ server: 'BackupJob:1' }, 'BAD_USER_INPUT', /by\.server/],
    [{ ids: Array.from({ length: 101 }, (_, index) => index + 1) }, 'BAD_USER_INPUT', /at most 100/],
    [{ server: 1, tag: 'a' }, 'BAD_USER_INPUT', /exactly one/i],
    [{}, 'BAD_USER_INPUT', /exactly one/i],
  ])('refuses %j, and does nothing', async (by, code, message) => {
    const app = await start()
    const before = await standing(app)
    expect(await attend(app, name, by, '2026-08-02T00:00:00Z')).toMatchObject([
      { message: typeof message === 'string' ? message : expect.stringMatching(message), extensions: { code } },
    ])
    expect(await standing(app)).toEqual(before)
  })
})

it('snoozes none until a moment that has passed', async () => {
  const app = await start()
  const before = await standing(app)
  expect(await attend(app, 'snoozeJobs', { server: 1 }, '2026-08-01T12:00:00.000Z')).toMatchObject([
    { extensions: { code: 'BAD_USER_INPUT', issues: [{ path: 'until', message: 'must lie ahead' }] } },
  ])
  expect(await standing(app)).toEqual(before)
  expect(await attend(app, 'snoozeJobs', { server: 1 }, '2026-08-01T12:00:00.001Z')).toHaveLength(2)
})
