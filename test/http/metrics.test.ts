// What Prometheus is told: it is in the format that it reads, agrees with what happened, and stays small whatever comes.

import Database from 'better-sqlite3'
import { describe, expect, it } from 'vitest'
import { startApp, type TestApp } from '../support/app.ts'
import { readExposition } from '../support/exposition.ts'
import { startNtfyServer } from '../support/ntfyServer.ts'
import { report } from '../support/report.ts'
import { startServer } from '../support/server.ts'
import { asTakenOver, startGuarded } from '../support/tokens.ts'

const run = (day: string, result: string, data = {}, extra = {}) =>
  report({ data: { ParsedResult: result, BeginTime: `2026-07-${day}T02:00:00Z`, ...data }, extra })

async function metrics({ fetch }: Pick<TestApp, 'fetch'>) {
  const response = await fetch('/metrics')
  expect(response.status).toBe(200)
  expect(response.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8')
  return readExposition(await response.text())
}

/** The samples of a metric, each as one line. */
function lines(read: ReturnType<typeof readExposition>, name: string): string[] {
  const samples = read.get(name)?.samples ?? []
  return samples.map(({ labels, value }) => [...Object.values(labels), value].join(' '))
}

describe('of jobs', () => {
  it('say how each is, by the names that people know', async () => {
    const app = await startApp()
    for (const one of [
      run('30', 'Success', { BeginTime: '2026-07-30T02:00:00.500Z' }),
      run('31', 'Error', { Duration: '01:00:00' }, { 'next-scheduled-run': '20260802T020000Z' }),
      run('31', 'Success', {}, { 'machine-id': 'machine-2', 'machine-name': 'a"b\\c\nd' }),
    ]) {
      expect(await app.post(one)).toMatchObject({ status: 200 })
    }
    await app.rest('PATCH', '/api/servers/1', { alias: 'The NAS' })
    const read = await metrics(app)
    const jobs = [...read].filter(([name]) => name.startsWith('duplistatus_job'))
    expect(
      jobs.flatMap(([name, { type, samples }]) =>
        samples
          .filter(({ labels, value }) => labels.state === undefined || value === 1)
          .map(({ labels, value }) => `${type} ${name} ${JSON.stringify(labels)} ${value}`),
      ),
    ).toMatchInlineSnapshot(`
      [
        "gauge duplistatus_job_state {"server":"The NAS","backup_job":"Photos","backup_job_id":"1","state":"FAILED"} 1",
        "gauge duplistatus_job_state {"server":"a\\"b\\\\c\\nd","backup_job":"Photos","backup_job_id":"2","state":"OK"} 1",
        "gauge duplistatus_job_last_success_timestamp_seconds {"server":"The NAS","backup_job":"Photos","backup_job_id":"1"} 1785376800.5",
        "gauge duplistatus_job_last_success_timestamp_seconds {"server":"a\\"b\\\\c\\nd","backup_job":"Photos","backup_job_id":"2"} 1785463200",
        "gauge duplistatus_job_last_run_timestamp_seconds {"server":"The NAS","backup_job":"Photos","backup_job_id":"1"} 1785463200",
        "gauge duplistatus_job_last_run_timestamp_seconds {"server":"a\\"b\\\\c\\nd","backup_job":"Photos","backup_job_id":"2"} 1785463200",
        "gauge duplistatus_job_last_run_duration_seconds {"server":"The NAS","backup_job":"Photos","backup_job_id":"1"} 3600",
        "gauge duplistatus_job_last_run_duration_seconds {"server":"a\\"b\\\\c\\nd","backup_job":"Photos","backup_job_id":"2"} 600",
        "gauge duplistatus_job_stored_bytes {"server":"The NAS","backup_job":"Photos","backup_job_id":"1"} 70000",
        "gauge duplistatus_job_stored_bytes {"server":"a\\"b\\\\c\\nd","backup_job":"Photos","backup_job_id":"2"} 70000",
        "gauge duplistatus_job_source_bytes {"server":"The NAS","backup_job":"Photos","backup_job_id":"1"} 50000",
        "gauge duplistatus_job_source_bytes {"server":"a\\"b\\\\c\\nd","backup_job":"Photos","backup_job_id":"2"} 50000",
        "gauge duplistatus_job_due_timestamp_seconds {"server":"The NAS","backup_job":"Photos","backup_job_id":"1"} 1785636000",
      ]
    `)
    expect(read.get('duplistatus_job_state')?.samples).toHaveLength(14)
  })

  const last = async (app: TestApp) => lines(await metrics(app), 'duplistatus_job_last_success_timestamp_seconds')
  const july = (day: number, hour = 2) => Date.UTC(2026, 6, day, hour) / 1000

  it.each([
    ['the latest, if it succeeded', ['Success'], july(1)],
    ['the last that did, if it did not', ['Success', 'Success', 'Warning', 'Error'], july(2)],
    ['0, if none did', ['Warning', 'Error', 'Fatal', 'Unknown'], 0],
  ])('name as the last success %s', async (_, results, at) => {
    const app = await startApp()
    for (const [index, result] of results.entries()) await app.post(run(`0${index + 1}`, result))
    expect(await last(app)).toEqual([`nas Photos 1 ${at}`])
  })

  it('do not name a dry run', async () => {
    const app = await startApp()
    await app.post(run('01', 'Success'))
    await app.post(run('02', 'Error'))
    await app.post(run('03', 'Success', { Dryrun: true }))
    expect(await last(app)).toEqual([`nas Photos 1 ${july(1)}`])
  })

  it.each([
    ['finds one that is a thousand runs back', 999, july(1)],
    ['and one that is further back', 1000, july(1)],
  ])('%s', async (_, failures, at) => {
    const app = await startApp()
    await app.post(run('01', 'Success'))
    await app.post(run('30', 'Error'))
    const database = new Database(app.file)
    const columns = database
      .prepare<[], string>(
        "SELECT name FROM pragma_table_info('backups') WHERE name NOT IN ('id', 'ordered_at', 'began_at')",
      )
      .pluck()
      .all()
      .join()
    database.exec(`WITH RECURSIVE more(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM more WHERE n < ${failures - 1})
      INSERT INTO backups (ordered_at, began_at, ${columns}) SELECT ordered_at - n, began_at - n, ${columns} FROM backups, more WHERE id = 2`)
    database.close()
    expect(await last(app)).toEqual([`nas Photos 1 ${at}`])
  })
})

it('count every report by what became of it, whichever way it came', async () => {
  const app = await startGuarded({ environment: { MAX_REPORT_BYTES: '4096' } })
  const reading = await app.newToken({ scope: 'READ' })
  const upload = (token: string | null, body: unknown) =>
    app.as(token, '/api/upload', { method: 'POST', body: JSON.stringify(body) })
  const mutation = 'mutation ($report: JSON!) { recordReport(report: $report) { duplicate ignored } }'
  await upload(app.admin, report())
  await upload(app.admin, run('01', 'Success'))
  await upload(app.admin, { Data: { MainOperation: 'Restore' } })
  await upload(app.admin, {})
  await upload(app.admin, 'x'.repeat(5000))
  await upload(null, report())
  await upload(reading, report())
  await app.ask(app.admin, mutation, { report: run('02', 'Success') })
  await app.ask(app.admin, mutation, { report: report() })
  await app.ask(app.admin, mutation, { report: { Data: { MainOperation: 'Restore' } } })
  await app.ask(app.admin, mutation, { report: {} })
  const { body } = await app.as(reading, '/metrics')
  const read = readExposition(String(body))
  expect(lines(read, 'duplistatus_uploads_total')).toMatchInlineSnapshot(`
    [
      "recorded  3",
      "duplicate  2",
      "ignored  2",
      "refused BAD_USER_INPUT 2",
      "refused UNAUTHENTICATED 1",
      "refused FORBIDDEN 1",
      "refused RATE_LIMITED 0",
      "refused NOT_FOUND 0",
      "refused METHOD_NOT_ALLOWED 0",
      "refused PAYLOAD_TOO_LARGE 1",
      "refused UNSUPPORTED_MEDIA_TYPE 0",
      "refused UNAVAILABLE 0",
      "refused INTERNAL_SERVER_ERROR 0",
    ]
  `)
  expect(lines(read, 'duplistatus_uploads_in_progress')).toEqual(['waiting 0', 'receiving 0'])
})

it('count who comes without a token and will be refused', async () => {
  const app = await startGuarded()
  asTakenOver(app.file)
  await app.as(null, '/api/servers')
  expect(await app.as(null, '/metrics')).toMatchObject({ status: 401 })
  const { body } = await app.as(app.admin, '/metrics')
  expect(lines(readExposition(String(body)), 'duplistatus_requests_without_token_total')).toEqual(['1'])
})

it('count messages by how they stand, and tries by what came of them', async () => {
  const app = await startApp()
  const ntfy = await startNtfyServer()
  await app.graphql(
    `mutation ($url: String!) {
      createChannel(input: { name: "Phone", settings: { ntfy: { url: $url, topic: "backups" } } }) { channel { id } }
      setNotificationRule(input: { channel: 1, events: [SUCCESS], repeat: ONCE }) { notificationRule { id } }
    }`,
    { url: ntfy.url },
  )
  await app.post(run('01', 'Success'))
  expect(lines(await metrics(app), 'duplistatus_notifications')).toEqual(['pending 1', 'sending 0', 'dead 0'])
  await app.deliver()
  const read = await metrics(app)
  expect(lines(read, 'duplistatus_notifications')).toEqual(['pending 0', 'sending 0', 'dead 0'])
  expect(lines(read, 'duplistatus_notification_attempts_total')).toEqual(['sent 1', 'postponed 0', 'dead 0'])
})

describe('of requests', () => {
  it('name the pattern of a route and never what stood in the address', async () => {
    const app = await startApp()
    await app.post(report())
    for (const [method, path] of [
      ['GET', '/api/servers/1'],
      ['GET', '/api/servers/secret'],
      ['DELETE', '/api/servers/1'],
      ['POST', '/api/upload/secret?token=secret'],
      ['PURGE', '/api/servers/1'],
      ['GET', '/secret/1'],
      ['GET', '/graphql/assets/secret.js'],
      ['GET', '/graphql?query={__typename}'],
    ] as const) {
      await app.fetch(path, { method, ...(method === 'POST' ? { body: '{}' } : {}) })
    }
    const read = await metrics(app)
    expect(lines(read, 'http_requests_total')).toMatchInlineSnapshot(`
      [
        "POST /api/upload 200 1",
        "GET /api/servers/:id 200 1",
        "GET /api/servers/:id 404 1",
        "DELETE /api/servers/:id 405 1",
        "POST /api/upload/:token 400 1",
        "other /api/servers/:id 405 1",
        "GET other 404 1",
        "GET /graphql/assets/:file 404 1",
        "GET /graphql 200 1",
      ]
    `)
  })

  it('put each into the buckets from its duration up, and add them up', async () => {
    const app = await startApp()
    for (let times = 0; times < 3; times += 1) await app.fetch('/api/servers')
    const samples = (await metrics(app)).get('http_request_duration_seconds')?.samples ?? []
    const buckets = samples.filter(({ name }) => name.endsWith('_bucket'))
    expect(buckets.map(({ labels }) => labels.le)).toMatchInlineSnapshot(`
      [
        "0.001",
        "0.0025",
        "0.005",
        "0.01",
        "0.025",
        "0.05",
        "0.1",
        "0.25",
        "0.5",
        "1",
        "2.5",
        "5",
        "10",
        "+Inf",
      ]
    `)
    const counts = buckets.map(({ value }) => value)
    expect(counts).toEqual([...counts].sort((a, b) => a - b))
    const [sum, count] = samples.filter(({ name }) => !name.endsWith('_bucket'))
    expect({ last: counts.at(-1), count: count?.value }).toEqual({ last: 3, count: 3 })
    expect(sum?.value).toBeGreaterThan(0)
  })

  it('hold those too that are answered from memory', async () => {
    const server = await startServer()
    for (let times = 0; times < 3; times += 1) await server.elsewhere('{ summary { totalServers } }')
    const text = await (await fetch(new URL('/metrics', server.url))).text()
    expect(lines(readExposition(text), 'http_requests_total')).toEqual(['POST /graphql 200 3'])
  })
})
