// Runs whose reports were lost are asked of an emulated Duplicati, of each generation, and recorded as if they had been reported.

import { describe, expect, it } from 'vitest'
import type { TestApp } from '../support/app.ts'
import { at, collect, connect, reportOf, startBoth } from '../support/connected.ts'
import { foreverToken, password, preAuthToken, startDuplicati } from '../support/duplicati/emulator.ts'
import { addPreventedRun, addRun, emulatedJob } from '../support/duplicati/jobs.ts'
import { generations } from '../support/duplicati/recorded.ts'
import { problemsIn } from '../support/problems.ts'

const runs = async (app: TestApp) => {
  const { data } = await app.graphql(
    '{ backups(first: 100, orderBy: BEGAN_AT_ASC) { nodes { databaseId beganAt status origin prevented job { name } } } }',
  )
  expect(problemsIn(app.file)).toEqual([])
  return (
    data as {
      backups: {
        nodes: {
          databaseId: number
          beganAt: string
          status: string
          origin: string
          prevented: boolean
          job: { name: string }
        }[]
      }
    }
  ).backups.nodes
}
const connection = async (app: TestApp) => {
  const { data } = await app.graphql(
    '{ server(by: { id: 1 }) { connection { url state checkedAt problem version jobs provenAt setup { reportsToUs missing } } } }',
  )
  return (data as { server: { connection: Record<string, unknown> | null } }).server.connection
}
const told = async (app: TestApp) => {
  const { data } = await app.graphql(
    '{ notifications(first: 100, orderBy: CREATED_AT_ASC) { nodes { event backup { databaseId } } } }',
  )
  return (
    data as { notifications: { nodes: { event: string; backup: { databaseId: number } | null }[] } }
  ).notifications.nodes.map(({ event, backup }) => `${event} ${backup?.databaseId ?? ''}`.trim())
}
const listen = (app: TestApp) =>
  app.graphql(`mutation {
    createChannel(input: { name: "x", settings: { ntfy: { topic: "t" } } }) { channel { id } }
    setNotificationRule(input: { channel: 1, events: [OVERDUE, FAILED, WARNING, SUCCESS, RECOVERED] }) { notificationRule { id } } }`)

describe.each(generations)('of a Duplicati %s', (generation) => {
  it.each([
    ['password', `{ password: "${password}" }`],
    ['foreverToken', `{ foreverToken: "${foreverToken}" }`],
    ['preAuthToken', `{ preAuthToken: "${preAuthToken}" }`],
  ])('are collected, with a %s', async (kind, credential) => {
    // It knows none before 2.1.2.
    if (generation === '2.1.0.5' && kind === 'preAuthToken') return
    const both = await startBoth(generation)
    const { app, duplicati, photos } = both
    addRun(photos, at('2 02:00'), {
      ParsedResult: 'Warning',
      Warnings: ['2026-08-02 02:00:30 +00 - [Warning-x]: slow'],
      WarningsActualLength: 1,
    })
    addPreventedRun(photos, at('3 02:00'), 'Success')
    addRun(photos, at('4 02:00'))
    app.setTime(at('4 12:00'))
    expect(await connect(both, { credential })).toMatchObject({
      data: {
        connectServer: { server: { connection: { state: 'NEW', url: `${duplicati.url}/`.replace(/\/+$/, '/') } } },
      },
    })
    expect(await collect(app)).toEqual({ collected: 3, known: 1, busy: [], problem: null })
    expect(await runs(app)).toMatchObject([
      { databaseId: 1, beganAt: at('1 02:00').toISOString(), origin: 'REPORTED', status: 'SUCCESS' },
      { beganAt: at('2 02:00').toISOString(), origin: 'COLLECTED', status: 'WARNING', job: { name: 'Photos' } },
      { beganAt: at('3 02:00').toISOString(), origin: 'COLLECTED', prevented: true },
      { beganAt: at('4 02:00').toISOString(), origin: 'COLLECTED', status: 'SUCCESS' },
    ])
    expect(await connection(app)).toMatchObject({
      state: 'WORKS',
      problem: null,
      jobs: 1,
      checkedAt: at('4 12:00').toISOString(),
    })
    expect(String((await connection(app))?.version)).toMatch(/^2\.[13]\./)
    // Again, nothing is new, and no login is left there.
    expect(await collect(app)).toEqual({ collected: 0, known: 0, busy: [], problem: null })
    expect(duplicati.families()).toBe(0)
    const { data } = await app.graphql('{ servers { nodes { lastSeen } } summary { totalBackups } }')
    expect(data).toEqual({
      servers: { nodes: [{ lastSeen: at('1 12:00').toISOString() }] },
      summary: { totalBackups: 3 },
    })
  })
})

describe('what was collected', () => {
  it('is asked for by itself, once an hour, and from the start of a connection on', async () => {
    const both = await startBoth()
    const { app, photos } = both
    addRun(photos, at('2 02:00'))
    app.setTime(at('2 12:00'))
    await connect(both)
    await app.collect()
    expect(await runs(app)).toHaveLength(2)
    addRun(photos, at('3 02:00'))
    app.setTime(at('2 12:59'))
    await app.collect()
    expect(await runs(app)).toHaveLength(2)
    app.setTime(at('3 13:00'))
    await app.collect()
    expect(await runs(app)).toHaveLength(3)
  })

  it('is told only of the latest run, and ends a trouble', async () => {
    const both = await startBoth()
    const { app, photos } = both
    await listen(app)
    for (const day of [2, 3])
      addRun(photos, at(`${day} 02:00`), {
        ParsedResult: 'Error',
        ErrorsActualLength: 1,
        Errors: ['2026-08-02 02:00:30 +00 - [Error-x]: no'],
      })
    app.setTime(at('3 12:00'))
    await connect(both)
    await collect(app)
    expect(await told(app)).toEqual(['FAILED 2'])
    for (const day of [4, 5]) addRun(photos, at(`${day} 02:00`))
    app.setTime(at('5 12:00'))
    expect(await collect(app)).toMatchObject({ collected: 2 })
    expect(await told(app)).toEqual(['FAILED 2', 'RECOVERED 4'])
  })

  it('is completed by its report, under the same number, which is then new once; and tells only what is worse', async () => {
    const both = await startBoth()
    const { app, photos } = both
    await listen(app)
    addRun(photos, at('2 02:00'))
    app.setTime(at('2 12:00'))
    await connect(both)
    await collect(app)
    // A script after the run made a warning of it: the row was written before.
    const late = reportOf(photos, at('2 02:00'), { ParsedResult: 'Warning' })
    const answer = { status: 200, body: { success: true, backup: { id: 2 }, duplicate: false } }
    expect(await app.post(late)).toEqual(answer)
    expect(await app.post(late)).toEqual({ ...answer, body: { ...answer.body, duplicate: true } })
    expect(await told(app)).toEqual(['SUCCESS 2', 'WARNING 2'])
    expect(await runs(app)).toMatchObject([{ databaseId: 1 }, { databaseId: 2, origin: 'REPORTED', status: 'WARNING' }])
    // What is the same, or better, is not told again.
    addRun(photos, at('3 02:00'), { ParsedResult: 'Warning' })
    app.setTime(at('3 12:00'))
    await collect(app)
    expect(await app.post(reportOf(photos, at('3 02:00'), { ParsedResult: 'Warning' }))).toMatchObject({
      body: { duplicate: false },
    })
    expect(await told(app)).toEqual(['SUCCESS 2', 'WARNING 2', 'WARNING 3'])
    expect(await collect(app)).toMatchObject({ collected: 0 })
  })

  it('began when it says so, however late it was collected: it meets no due time after it', async () => {
    const both = await startBoth()
    const { app, photos } = both
    const twice = { schedule: { interval: '12h', timeZone: 'UTC' } }
    await app.graphql(
      'mutation ($input: UpdateBackupJobInput!) { updateBackupJob(id: 1, input: $input) { backupJob { id } } }',
      {
        input: twice,
      },
    )
    addRun(photos, at('2 02:00'))
    app.setTime(at('2 13:00'))
    await connect(both)
    await collect(app)
    const due = async () =>
      (await app.graphql('{ backupJob(id: 1) { dueAt lastSuccessAt } }')).data as { backupJob: { dueAt: string } }
    // A report that comes so late would show that the clock of the machine is slow.
    expect(await due()).toEqual({
      backupJob: { dueAt: at('2 14:00').toISOString(), lastSuccessAt: at('2 02:00').toISOString() },
    })
    expect(problemsIn(app.file)).toEqual([])
  })

  it('leaves away what a person or retention removed', async () => {
    const both = await startBoth()
    const { app, photos } = both
    for (const day of [2, 3, 4]) {
      addRun(photos, at(`${day} 02:00`))
      app.setTime(at(`${day} 03:00`))
      await app.post(reportOf(photos, at(`${day} 02:00`)))
    }
    await app.graphql('mutation { deleteBackup(id: 3) { deletedBackup { id } } }')
    await app.graphql('mutation { pruneBackups(filter: { beganBefore: "2026-08-02T00:00:00Z" }) { deletedBackups } }')
    await connect(both)
    await collect(app)
    const left = (await runs(app)).map(({ databaseId }) => databaseId)
    expect(left).not.toContain(3)
    await app.graphql('mutation { deleteBackupJob(id: 1) { deletedBackups } }')
    app.setTime(at('5 12:00'))
    addRun(photos, at('5 02:00'))
    await app.graphql('mutation { disconnectServer(server: 1) { server { connection { url } } } }')
    await app.post(reportOf(photos, at('5 02:00')))
    await connect(both)
    await collect(app)
    expect((await runs(app)).map(({ beganAt }) => beganAt)).toEqual([at('5 02:00').toISOString()])
  })

  it('goes on with a database that was made anew, and under a new name of the job', async () => {
    const both = await startBoth()
    const { app, photos } = both
    await connect(both)
    await collect(app)
    photos.log = []
    addRun(photos, at('2 02:00'))
    photos.name = 'Pictures'
    addRun(photos, at('3 02:00'))
    app.setTime(at('3 12:00'))
    expect(await collect(app)).toMatchObject({ collected: 2 })
    expect(await runs(app)).toHaveLength(3)
    const { data } = await app.graphql('{ backupJobs { nodes { name } } }')
    expect(data).toEqual({ backupJobs: { nodes: [{ name: 'Pictures' }] } })
  })

  it('waits for a job that runs, and leaves Sync jobs alone', async () => {
    const both = await startBoth('next')
    const { app, duplicati, photos } = both
    duplicati.jobs.push(emulatedJob('2', { name: 'Mirror', operationType: 'Sync' }))
    addRun(photos, at('2 02:00'))
    app.setTime(at('2 12:00'))
    await connect(both)
    await collect(app)
    addRun(photos, at('3 02:00'))
    duplicati.databaseLocked = true
    expect(await collect(app)).toEqual({ collected: 0, known: 0, busy: ['Photos'], problem: null })
    expect(await connection(app)).toMatchObject({ state: 'WORKS', jobs: 2 })
    duplicati.databaseLocked = false
    app.setTime(at('3 12:00'))
    expect(await collect(app)).toMatchObject({ collected: 1, busy: [] })
  })
})

describe('a connection', () => {
  it('is proven by a run that both know, and records nothing before', async () => {
    const both = await startBoth()
    const { app } = both
    // Another machine, with a job of the same name.
    const stranger = await startDuplicati('2.3.0.4')
    const job = emulatedJob('1', { name: 'Photos' })
    addRun(job, new Date(at('1 02:00').getTime() + 7))
    addRun(job, at('2 02:00'))
    stranger.jobs.push(job)
    app.setTime(at('2 12:00'))
    await connect({ app, duplicati: stranger })
    expect(await collect(app)).toEqual({
      collected: 0,
      known: 0,
      busy: [],
      problem: expect.stringContaining('It is not certain that this is the Duplicati of the server'),
    })
    expect(await connection(app)).toMatchObject({ state: 'UNPROVEN', provenAt: null })
    expect(await runs(app)).toHaveLength(1)
    await connect(both)
    expect(await collect(app)).toMatchObject({ problem: null, known: 1 })
    expect(await connection(app)).toMatchObject({ state: 'WORKS', provenAt: at('2 12:00').toISOString() })
  })

  it('says what is wrong in one sentence, and keeps what is known', async () => {
    const both = await startBoth()
    const { app, duplicati } = both
    await connect(both, { credential: '{ password: "wrong one" }' })
    const { problem } = await collect(app)
    expect(problem).toMatch(/password/)
    expect(await connection(app)).toMatchObject({ state: 'FAILED', problem })
    const test = (credential: string, url = duplicati.url) =>
      app.graphql(
        `mutation { testConnection(input: { server: 1, url: "${url}", credential: ${credential} }) { works problem version } }`,
      )
    expect(await test('{ password: "wrong one" }')).toEqual({
      data: { testConnection: { works: false, problem, version: null } },
    })
    expect(await test(`{ password: "${password}" }`)).toMatchObject({
      data: { testConnection: { works: true, problem: null, version: expect.stringMatching(/^2\.3/) } },
    })
    expect(await test('{ password: "" }')).toMatchObject({
      errors: [
        {
          extensions: {
            code: 'BAD_USER_INPUT',
            issues: [{ path: 'credential.password', message: 'must not be empty' }],
          },
        },
      ],
    })
    expect(await test('{ password: "x" }', 'ftp://nas')).toMatchObject({
      errors: [{ extensions: { issues: [{ path: 'url', message: 'must be an http or https URL' }] } }],
    })
  })

  it('keeps its credential encrypted, for its address, and shows and logs it nowhere', async () => {
    const both = await startBoth()
    const { app, duplicati } = both
    await connect(both)
    await collect(app)
    const { readFileSync } = await import('node:fs')
    for (const end of ['', '-wal']) expect(readFileSync(`${app.file}${end}`, 'latin1')).not.toContain(password)
    expect(JSON.stringify(duplicati.requests.filter(({ path }) => !path.endsWith('/auth/login')))).not.toContain(
      password,
    )
    expect(await app.graphql('mutation { disconnectServer(server: 1) { server { connection { url } } } }')).toEqual({
      data: { disconnectServer: { server: { connection: null } } },
    })
    expect(await app.graphql('mutation { disconnectServer(server: 1) { server { id } } }')).toMatchObject({
      errors: [{ extensions: { code: 'NOT_FOUND' } }],
    })
    expect(await app.graphql('mutation { collectServer(server: 1) { collected } }')).toMatchObject({
      errors: [{ extensions: { code: 'NOT_FOUND' } }],
    })
  })
})
