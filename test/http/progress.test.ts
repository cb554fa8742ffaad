// What Duplicati posts while a job runs: the answer is always the same, and what it tells is shown.

import Database from 'better-sqlite3'
import { expect, it } from 'vitest'
import { fixture, startApp, type TestApp } from '../support/app.ts'
import { at, connect, reportOf, startBoth } from '../support/connected.ts'
import { addRun } from '../support/duplicati/jobs.ts'
import { readExposition } from '../support/exposition.ts'
import { report } from '../support/report.ts'
import { startServer } from '../support/server.ts'
import { subscribe } from '../support/subscribe.ts'
import { startGuarded } from '../support/tokens.ts'

type Kind = 'started' | 'progress' | 'completed' | 'completed-after-stop'

const began = '2026-08-01T12:00:05.000Z'

/** A post as it was recorded, of the job of `report()`. */
async function post(kind: Kind, more: Record<string, unknown> = {}, metadata: Record<string, unknown> = {}) {
  const recorded = JSON.parse(await fixture(`progress-posts/${kind}.json`))
  const names = { machineId: 'machine-1', machineName: 'nas', backupId: 'DB-1', backupName: 'Photos' }
  return { ...recorded, startedUtc: began, ...more, metadata: { ...recorded.metadata, ...names, ...metadata } }
}

async function send(app: Pick<TestApp, 'fetch'>, body: unknown, path = '/api/progress', init: RequestInit = {}) {
  const text = typeof body === 'string' || body instanceof Uint8Array ? body : JSON.stringify(body)
  const response = await app.fetch(path, { method: 'POST', body: text as BodyInit, ...init })
  return `${response.status} ${await response.text()}`.trim()
}

async function running(app: TestApp, job = 1) {
  const { data } = (await app.graphql(
    `{ backupJob(id: ${job}) { running { phase progress since bytes files } } }`,
  )) as { data: { backupJob: { running: Record<string, unknown> | null } | null } }
  return data.backupJob?.running
}

async function outcomes({ fetch }: Pick<TestApp, 'fetch'>, headers: Record<string, string> = {}) {
  const text = await (await fetch('/metrics', { headers })).text()
  const samples = readExposition(text).get('duplistatus_status_posts_total')?.samples ?? []
  return samples.filter(({ value }) => value > 0).map(({ labels, value }) => `${labels.outcome} ${value}`)
}

async function startReported() {
  const app = await startApp()
  await app.post(report())
  app.setTime('2026-08-01T12:00:06Z')
  return app
}

it('shows a run from its first post to its last', async () => {
  const app = await startReported()
  expect(await running(app)).toBeNull()
  expect(await send(app, await post('started'))).toBe('204')
  expect(await running(app)).toEqual({ phase: 'Backup_Begin', progress: null, since: began, bytes: null, files: null })
  app.setTime('2026-08-01T12:00:10Z')
  expect(await send(app, await post('progress'))).toBe('204')
  const halfway = { phase: 'Backup_WaitForUpload', progress: 0, since: began, bytes: 18773581, files: 53 }
  expect(await running(app)).toEqual(halfway)
  expect(await send(app, await post('completed'))).toBe('204')
  expect(await running(app)).toBeNull()
  // A post that was overtaken on its way.
  expect(await send(app, await post('progress'))).toBe('204')
  expect(await running(app)).toBeNull()
  expect(await outcomes(app)).toEqual(['taken 4'])
})

it('shows what is now, also where the same was asked before', async () => {
  const app = await startServer()
  await app.post(report())
  const ask = () => app.elsewhere('{ backupJob(id: 1) { name running { files } } }')
  for (let time = 0; time < 3; time += 1) expect(await ask()).toEqual({ backupJob: { name: 'Photos', running: null } })
  const address = app.url.replace('/graphql', '/api/progress')
  const tell = async (body: unknown) => fetch(address, { method: 'POST', body: JSON.stringify(body) })
  expect((await tell(await post('progress'))).status).toBe(204)
  for (let time = 0; time < 3; time += 1) {
    expect(await ask()).toEqual({ backupJob: { name: 'Photos', running: { files: 53 } } })
  }
  expect((await tell(await post('completed'))).status).toBe(204)
  expect(await ask()).toEqual({ backupJob: { name: 'Photos', running: null } })
})

it.each<[string, (body: object) => Promise<unknown> | unknown, string]>([
  ['nothing', () => '', 'unreadable'],
  ['no JSON', () => 'status=Started', 'unreadable'],
  ['half of a post', (body) => JSON.stringify(body).slice(0, 200), 'unreadable'],
  ['bytes', () => new Uint8Array([0, 255, 254, 128]), 'unreadable'],
  ['null', () => 'null', 'unreadable'],
  ['a list', () => '[]', 'unreadable'],
  ['a report', () => report(), 'unreadable'],
  ['lists in lists', () => '['.repeat(500_000), 'unreadable'],
  ['no begin', (body) => ({ ...body, startedUtc: undefined }), 'unreadable'],
  ['a begin that is none', (body) => ({ ...body, startedUtc: 'today' }), 'unreadable'],
  ['no metadata', (body) => ({ ...body, metadata: undefined }), 'unreadable'],
  ['a placeholder for a name', (body) => ({ ...body, metadata: { machineName: '%machine-name%' } }), 'unreadable'],
  ['a name without end', (body) => ({ ...body, metadata: { machineName: 'n'.repeat(2000) } }), 'unreadable'],
  ['no names', (body) => ({ ...body, metadata: {} }), 'unknown'],
  ['another operation', (body) => ({ ...body, operation: 'Restore' }), 'ignored'],
  ['more than 1 MiB', (body) => JSON.stringify(body).padEnd(2 ** 20 + 1, ' '), 'refused'],
  ['figures that are none', (body) => ({ ...body, progress: { progress: -1, filesProcessed: {} } }), 'taken'],
  ['a lone surrogate', (body) => ({ ...body, progress: { phase: '\ud800' } }), 'taken'],
])('answers the same to %s', async (_, change, outcome) => {
  const app = await startReported()
  expect(await send(app, await change(await post('progress')))).toBe('204')
  expect(await outcomes(app)).toEqual([`${outcome} 1`])
  if (outcome !== 'taken') expect(await running(app)).toBeNull()
})

it.each<[string, RequestInit, string?]>([
  ['a coding that nobody knows', { headers: { 'content-encoding': 'br' } }],
  ['gzip that is none', { headers: { 'content-encoding': 'gzip' } }],
  ['a form', { headers: { 'content-type': 'multipart/form-data; boundary=x' } }, 'taken'],
  ['PUT', { method: 'PUT' }, 'taken'],
  ['a page of another site', { headers: { origin: 'https://elsewhere.example' } }],
])('answers the same to %s', async (_, init, outcome = 'refused') => {
  const app = await startReported()
  expect(await send(app, await post('progress'), '/api/progress', init)).toBe('204')
  expect(await outcomes(app)).toEqual([`${outcome} 1`])
})

it('reads no more than it has to of what is too long, and goes on with the connection', async () => {
  const server = await startServer()
  await server.post(report())
  const address = server.url.replace('/graphql', '/api/progress')
  const flood = () => {
    let left = 64
    const part = new Uint8Array(2 ** 20).fill(32)
    return new ReadableStream({
      pull: (controller) => (left-- > 0 ? controller.enqueue(part) : controller.close()),
    })
  }
  const many = Array.from({ length: 40 }, () =>
    fetch(address, { method: 'POST', body: flood(), duplex: 'half' } as RequestInit).then(({ status }) => status),
  )
  expect(new Set(await Promise.all(many))).toEqual(new Set([204]))
  expect((await fetch(address, { method: 'POST', body: JSON.stringify(await post('progress')) })).status).toBe(204)
  expect(await server.elsewhere('{ backupJob(id: 1) { running { files } } }')).toEqual({
    backupJob: { running: { files: 53 } },
  })
})

it.each(['locked', 'gone'])('answers the same while the database is %s', async (fault) => {
  const app = await startReported()
  const other = new Database(app.file)
  const locked = fault === 'locked'
  if (locked) other.exec('BEGIN IMMEDIATE; UPDATE servers SET name = name')
  else other.exec('ALTER TABLE backup_ids RENAME TO elsewhere; ALTER TABLE tokens RENAME TO nowhere')
  const request = { method: 'POST', body: JSON.stringify(await post('progress')) }
  try {
    expect((await app.fetch('/api/progress?token=dst_x', request)).status).toBe(204)
  } finally {
    if (locked) other.exec('ROLLBACK')
    other.close()
  }
})

it('takes a token wherever an upload does, and tells nobody who has none', async () => {
  const app = await startGuarded({ now: '2026-08-01T12:00:06Z' })
  const token = await app.newToken({ scope: 'REPORT' })
  const bound = await app.newToken({ scope: 'REPORT', server: 'Server:1' })
  const other = { 'machine-id': 'machine-2', 'machine-name': 'pc' }
  await app.as(app.admin, '/api/upload', { method: 'POST', body: JSON.stringify(report({ extra: other })) })
  const ofOther = await app.newToken({ scope: 'REPORT', server: 'Server:2' })
  const reader = await app.newToken({ scope: 'READ' })
  const isShown = async () => {
    const { body } = await app.ask(app.admin, '{ backupJob(id: 1) { running { phase } } }')
    return (body as { data: { backupJob: { running: object | null } } }).data.backupJob.running !== null
  }
  const tries: [string, RequestInit, boolean][] = [
    [`/api/progress?token=${token}`, {}, true],
    [`/api/progress/${token}`, {}, true],
    [`/API//Progress//${token}/`, {}, true],
    ['/api/progress', { headers: { authorization: `Bearer ${token}` } }, true],
    ['/api/progress', { headers: { authorization: `Bearer ${app.admin}` } }, true],
    [`/api/progress?token=${bound}`, {}, true],
    [`/api/progress?token=${ofOther}`, {}, false],
    [`/api/progress?token=${reader}`, {}, false],
    [`/api/progress/${app.admin}`, {}, false],
    ['/api/progress', {}, false],
    ['/api/progress/%E0%A4%A', {}, false],
    [`/api/progress?token=dst_${'x'.repeat(43)}`, {}, false],
  ]
  for (const [hour, [path, init, taken]] of tries.entries()) {
    expect(await send(app, await post('progress'), path, init), path).toBe('204')
    expect(await isShown(), path).toBe(taken)
    const over = await post('completed')
    await send(app, over, '/api/progress', { headers: { authorization: `Bearer ${app.admin}` } })
    app.setTime(new Date(Date.UTC(2026, 7, 1, 13 + hour)))
    await app.settleRunning()
    expect(await isShown(), path).toBe(false)
  }
  expect(await outcomes(app, { authorization: `Bearer ${app.admin}` })).toEqual(['taken 18', 'refused 6'])
})

it('does not count wrong tokens, and locks nobody out', async () => {
  const logged: string[] = []
  const app = await startGuarded({ environment: { MAX_TOKEN_FAILURES: '3' }, logged })
  const wrong = `dst_${'x'.repeat(43)}`
  for (let time = 0; time < 50; time += 1) {
    expect(await send(app, await post('progress'), `/api/progress/${wrong}`)).toBe('204')
  }
  // An attempt with a wrong token elsewhere is still told that, as the first of its minute.
  const upload = () => app.as(wrong, '/api/upload', { method: 'POST', body: JSON.stringify(report()) })
  for (let time = 0; time < 3; time += 1) expect(await upload()).toMatchObject({ status: 401 })
  expect(await upload()).toMatchObject({ status: 429 })
  expect(await send(app, await post('progress'), `/api/progress/${wrong}`)).toBe('204')
  const token = await app.newToken({ scope: 'REPORT' })
  expect(await send(app, await post('progress'), `/api/progress/${token}`)).toBe('204')
  expect(logged.join('')).not.toContain(wrong)
  expect(logged.join('')).not.toContain(token)
  expect(await outcomes(app, { authorization: `Bearer ${app.admin}` })).toEqual(['taken 1', 'refused 51'])
})

it('answers other methods as everywhere', async () => {
  const app = await startApp()
  const response = await app.fetch('/api/progress')
  expect([response.status, response.headers.get('allow')]).toEqual([405, 'POST, PUT'])
})

it('finds the job as a report would, and makes none', async () => {
  const app = await startReported()
  await app.post(report({ extra: { 'backup-id': 'DB-2', 'backup-name': 'Music' } }))
  // A machine that only ever reported without a machine-id, as a fresh 2.3.1 does before it is started again.
  const fresh = { 'machine-id': '', 'machine-name': 'fresh', 'backup-id': 'DB-1', 'backup-name': 'Head job' }
  await app.post(report({ extra: fresh }))
  const shown = async () => {
    const found = await Promise.all([1, 2, 3].map(async (job) => ((await running(app, job)) ? job : 0)))
    return found.filter((job) => job > 0)
  }
  const tries: [Record<string, unknown>, number[]][] = [
    [{}, [1]],
    [{ backupId: 'DB-2', backupName: 'Music' }, [2]],
    [{ machineId: '' }, [1]],
    [{ machineId: undefined, backupId: 'DB-2', backupName: 'Music' }, [2]],
    [{ machineId: '', backupId: 'DB-9' }, [1]],
    [{ backupId: '', backupName: 'Music' }, [2]],
    // Its number is another one's without a machine-id, and its name is nobody's.
    [{ machineId: '', backupName: 'Mail' }, []],
    [{ machineName: 'renamed' }, [1]],
    [{ machineId: '', machineName: 'fresh', backupName: 'Head job' }, [3]],
    // The id that it has from its next start on.
    [{ machineId: 'fresh-1', machineName: 'fresh', backupName: 'Head job' }, [3]],
    [{ machineId: 'other', machineName: 'nas' }, []],
    [{ machineId: '', machineName: 'other' }, []],
    [{ backupId: 'DB-7', backupName: 'New' }, []],
  ]
  let minute = 0
  for (const [metadata, jobs] of tries) {
    minute += 10
    app.setTime(new Date(Date.UTC(2026, 7, 1, 13, minute)))
    await app.settleRunning()
    expect(await send(app, await post('progress', {}, metadata))).toBe('204')
    expect(await shown(), JSON.stringify(metadata)).toEqual(jobs)
  }
  const { data } = await app.graphql(
    '{ summary { totalServers totalBackupJobs totalBackups } servers { nodes { name } } }',
  )
  expect(data).toEqual({
    summary: { totalServers: 2, totalBackupJobs: 3, totalBackups: 3 },
    servers: { nodes: [{ name: 'fresh' }, { name: 'nas' }] },
  })
})

const ofRun = (from: string, to: string) => report({ data: { BeginTime: from, EndTime: to, Duration: '00:00:30' } })

it('ends with the report of the run, and not with that of an earlier one', async () => {
  const app = await startReported()
  await send(app, await post('progress'))
  await app.post(report())
  await app.post(ofRun('2026-08-01T11:00:00Z', '2026-08-01T11:30:00Z'))
  expect(await running(app)).not.toBeNull()
  await app.post(ofRun('2026-08-01T12:00:03.5Z', '2026-08-01T12:00:40Z'))
  expect(await running(app)).toBeNull()
  await send(app, await post('progress'))
  expect(await running(app)).toBeNull()
  const next = { startedUtc: '2026-08-01T12:30:00Z' }
  app.setTime('2026-08-01T12:30:01Z')
  await send(app, await post('started', next))
  expect(await running(app)).toMatchObject({ since: '2026-08-01T12:30:00.000Z', files: null })
})

it('ends when nothing was heard for five minutes', async () => {
  const app = await startReported()
  await send(app, await post('progress'))
  app.setTime('2026-08-01T12:05:05Z')
  await app.settleRunning()
  expect(await running(app)).not.toBeNull()
  app.setTime('2026-08-01T12:05:06Z')
  await app.settleRunning()
  expect(await running(app)).toBeNull()
  // It was asleep.
  await send(app, await post('progress'))
  expect(await running(app)).toMatchObject({ since: began })
})

it('tells of the begin and the end at once, and of figures now and then', async () => {
  const app = await startReported()
  const events = await subscribe(app, 'subscription { changes { kind id job { running { files } } } }')
  const tell = async (second: number, kind: Kind, files?: number) => {
    app.setTime(new Date(Date.UTC(2026, 7, 1, 12, 1, second)))
    await send(app, await post(kind, files === undefined ? {} : { progress: { filesProcessed: files } }))
  }
  const next = async () => {
    const { data } = (await events.next()) as { data: { changes: { kind: string; id: string; job: object } } }
    const { kind, id, job } = data.changes
    return `${kind} ${id} ${JSON.stringify(job)}`
  }
  await tell(0, 'started')
  expect(await next()).toBe('CHANGED BackupJob:1 {"running":{"files":null}}')
  for (let file = 1; file <= 20; file += 1) await tell(1, 'progress', file)
  await tell(4, 'progress', 21)
  expect(await next()).toBe('CHANGED BackupJob:1 {"running":{"files":21}}')
  await tell(5, 'completed')
  expect(await next()).toBe('CHANGED BackupJob:1 {"running":null}')
  await tell(6, 'started')
  await tell(7, 'progress', 1)
  await app.post(ofRun('2026-08-01T12:00:03Z', '2026-08-01T12:00:40Z'))
  expect(await next()).toContain('RECORDED Backup:2')
})

it('collects the run whose report did not come', async () => {
  const { app, duplicati, photos } = await startBoth()
  await connect({ app, duplicati })
  await app.collect()
  const known = { machineId: 'machine-1', machineName: 'nas', backupId: 'DB-1', backupName: 'Photos' }
  const tell = async (kind: Kind, startedUtc: Date, more = {}) =>
    send(app, await post(kind, { startedUtc, ...more }, known))
  const totals = async () =>
    (await app.graphql('{ summary { totalBackups } backups(first: 1) { nodes { beganAt } } }')).data

  app.setTime(at('1 12:10'))
  await tell('started', at('1 12:10'))
  addRun(photos, at('1 12:10'))
  app.setTime(at('1 12:11'))
  await tell('completed', at('1 12:10'), { status: 'Failed', isCompleted: false, errorMessage: 'No space left' })
  const asked = duplicati.requests.length
  app.setTime(new Date(at('1 12:12').getTime() - 1))
  await app.settleRunning()
  expect(duplicati.requests.length).toBe(asked)
  app.setTime(at('1 12:12'))
  await app.settleRunning()
  expect(await totals()).toEqual({
    summary: { totalBackups: 2 },
    backups: { nodes: [{ beganAt: '2026-08-01T12:10:00.000Z' }] },
  })

  // The report of the next one comes, before or after the last post.
  const quiet = duplicati.requests.length
  app.setTime(at('1 12:20'))
  await tell('started', at('1 12:20'))
  await app.post(reportOf(photos, at('1 12:20')))
  await tell('completed', at('1 12:20'))
  app.setTime(at('1 12:30'))
  await tell('started', at('1 12:30'))
  await tell('completed', at('1 12:30'))
  await app.post(reportOf(photos, at('1 12:30')))
  // A sync has no report, and no row in a log.
  app.setTime(at('1 12:40'))
  await tell('started', at('1 12:40'), { operation: 'Sync' })
  expect(await running(app)).toMatchObject({ phase: 'Sync_Begin' })
  await tell('completed', at('1 12:40'), { operation: 'Sync' })
  app.setTime(at('1 12:55'))
  await app.settleRunning()
  expect(duplicati.requests.length).toBe(quiet)
})

it('leaves servers without a connection alone', async () => {
  const app = await startReported()
  await send(app, await post('completed'))
  app.setTime('2026-08-01T12:10:00Z')
  await app.settleRunning()
  expect(await running(app)).toBeNull()
})
