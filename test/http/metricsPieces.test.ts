// With thousands of jobs the metrics are long: they are made and sent in pieces, and are the same as if they were made at once.

import { setImmediate as othersTurn } from 'node:timers/promises'
import { gunzipSync } from 'node:zlib'
import { Response } from '@whatwg-node/fetch'
import Database from 'better-sqlite3'
import { describe, expect, it } from 'vitest'
import { jobStates } from '../../src/domain/jobState.ts'
import { compress } from '../../src/http/door/compress.ts'
import { inPieces } from '../../src/http/routes/pieces.ts'
import { startApp, type TestApp } from '../support/app.ts'
import { readExposition } from '../support/exposition.ts'
import { report } from '../support/report.ts'

const jobs = 3000

/** An app with so many jobs, some with odd names, and some that never ran. */
async function withJobs(): Promise<TestApp> {
  const app = await startApp()
  expect(await app.post(report())).toMatchObject({ status: 200 })
  const database = new Database(app.file)
  database.pragma('foreign_keys = OFF')
  const columns = (table: string, others: string[]) =>
    database
      .prepare<[string], string>('SELECT name FROM pragma_table_info(?)')
      .pluck()
      .all(table)
      .filter((name) => !others.includes(name))
      .join()
  const ofRun = columns('backups', ['id', 'job_id', 'duration_seconds'])
  const ofJob = columns('backup_jobs', [
    ...['id', 'name', 'alias', 'state', 'latest_backup_id', 'last_success_id', 'last_success_at'],
    ...['latest_at', 'stored_size', 'due_at'],
  ])
  const numbers = `WITH RECURSIVE n(n) AS (SELECT 2 UNION ALL SELECT n + 1 FROM n WHERE n < ${jobs})`
  database.exec(`
    INSERT INTO backups (id, job_id, duration_seconds, ${ofRun}) ${numbers} SELECT n, n, n / 7.0, ${ofRun} FROM n, backups WHERE id = 1;
    INSERT INTO backup_jobs (id, name, alias, state, latest_backup_id, last_success_at, latest_at, stored_size, due_at, ${ofJob})
      ${numbers} SELECT n, 'Job "' || n || '"', CASE n % 5 WHEN 0 THEN 'Büro \\' || char(10) || n END,
        CASE n % 3 WHEN 0 THEN 'OVERDUE' WHEN 1 THEN 'OK' ELSE 'NEW' END, CASE n % 3 WHEN 2 THEN NULL ELSE n END,
        CASE n % 3 WHEN 1 THEN 1785463200123 + n END, CASE n % 3 WHEN 2 THEN NULL ELSE 1785463200123 + n END,
        CASE n % 4 WHEN 0 THEN NULL ELSE n * 1000000007 END, CASE n % 6 WHEN 0 THEN 1785463200000 END, ${ofJob}
      FROM n, backup_jobs WHERE id = 1;
    DELETE FROM backup_jobs WHERE id % 500 = 3`)
  database.close()
  return app
}

/** The metrics of jobs, each read and written at once. */
function atOnce(file: string): string {
  const database = new Database(file, { readonly: true })
  const rows = database
    .prepare<[], Record<string, string | number | null>>(`
      SELECT j.*, coalesce(s.alias, s.name) AS server, coalesce(j.alias, j.name) AS job, b.duration_seconds AS duration
      FROM backup_jobs j JOIN servers s ON s.id = j.server_id LEFT JOIN backups b ON b.id = j.latest_backup_id ORDER BY j.id`)
    .all()
  database.close()
  const escaped = (name: unknown) =>
    String(name).replaceAll('\\', '\\\\').replaceAll('\n', '\\n').replaceAll('"', '\\"')
  const labels = (row: (typeof rows)[number]) =>
    `server="${escaped(row.server)}",backup_job="${escaped(row.job)}",backup_job_id="${row.id}"`
  const seconds = (column: string) => (row: (typeof rows)[number]) => {
    const ms = row[column] as number | null
    return ms === null ? null : ms / 1000
  }
  const figures: [string, string, (row: (typeof rows)[number]) => unknown][] = [
    [
      'last_success_timestamp_seconds',
      'When its latest run with the status SUCCESS began; 0 without one.',
      (row) => seconds('last_success_at')(row) ?? 0,
    ],
    ['last_run_timestamp_seconds', 'When its latest run began.', seconds('latest_at')],
    ['last_run_duration_seconds', 'How long its latest run took.', (row) => row.duration],
    ['stored_bytes', 'Size of the backup at the destination, if known.', (row) => row.stored_size],
    ['source_bytes', 'Size of the files that are backed up, if known.', (row) => row.source_size],
    ['due_timestamp_seconds', 'When its next run is due.', seconds('due_at')],
  ]
  const head = (name: string, help: string) =>
    `# HELP duplistatus_job_${name} ${help}\n# TYPE duplistatus_job_${name} gauge\n`
  const states = rows.flatMap((row) =>
    jobStates.map((state) => `duplistatus_job_state{${labels(row)},state="${state}"} ${Number(row.state === state)}\n`),
  )
  return [
    head('state', '1 for the state that the job has, 0 for the others.'),
    ...states,
    ...figures.flatMap(([name, help, read]) => [
      head(name, help),
      ...rows.flatMap((row) => {
        const value = read(row)
        return value === null ? [] : [`duplistatus_job_${name}{${labels(row)}} ${value}\n`]
      }),
    ]),
  ].join('')
}

describe('of thousands of jobs', () => {
  it('come in pieces, with others answered in between, and are the same as made at once', async () => {
    const app = await withJobs()
    const response = await app.fetch('/metrics')
    expect([response.status, response.headers.get('content-length')]).toEqual([200, null])
    const pieces: Buffer[] = []
    let answeredAfter = 0
    for await (const piece of response.body ?? []) {
      pieces.push(Buffer.from(piece))
      if (pieces.length > 1) continue
      app.fetch('/api/summary').then((other) => {
        expect(other.status).toBe(200)
        answeredAfter = pieces.length
      })
    }
    expect(pieces.length).toBeGreaterThan(50)
    expect(answeredAfter).toBeGreaterThan(0)
    expect(answeredAfter).toBeLessThan(pieces.length)

    const text = Buffer.concat(pieces).toString()
    const [begin, end] = ['# HELP duplistatus_job_state', '# HELP duplistatus_build_info'].map((head) =>
      text.indexOf(head),
    )
    expect(text.slice(begin, end)).toBe(atOnce(app.file))
    // Strict in that all samples of a metric stay together.
    expect(readExposition(text).get('duplistatus_job_state')?.samples).toHaveLength(7 * (jobs - 6))
  })

  it('are compressed as they come, and have no body for HEAD', async () => {
    const app = await withJobs()
    const response = await app.fetch('/metrics', { headers: { 'accept-encoding': 'gzip' } })
    expect([response.headers.get('content-encoding'), response.headers.get('vary')]).toEqual([
      'gzip',
      'accept-encoding',
    ])
    const text = gunzipSync(Buffer.from(await response.arrayBuffer())).toString()
    expect(text).toContain(atOnce(app.file))
    const head = await app.fetch('/metrics', { method: 'HEAD' })
    expect([head.status, await head.text()]).toEqual([200, ''])
  })
})

describe('a text in pieces', () => {
  function counted() {
    let made = 0
    let hasEnded = false
    function* pieces() {
      try {
        for (; made < 1000; made += 1) yield 'x'.repeat(64 * 1024)
      } finally {
        hasEnded = true
      }
    }
    const aborting = new AbortController()
    const { signal } = aborting
    const response = new Response(inPieces(pieces(), signal), { headers: { 'content-type': 'text/plain' } })
    const wait = async () => {
      for (let round = 0; round < 200; round += 1) await othersTurn()
      return { made, hasEnded }
    }
    return { aborting, signal, response, wait }
  }

  it.each([
    ['as it is', ''],
    ['packed', 'gzip'],
  ])('%s is made as its reader takes it, and no further once the reader goes away', async (_, encoding) => {
    const { aborting, signal, response, wait } = counted()
    const request = new Request('http://localhost/', { headers: { 'accept-encoding': encoding }, signal })
    const body = (await compress(request, response)).body as unknown as AsyncIterable<Uint8Array>
    const reader = body[Symbol.asyncIterator]()
    await reader.next()
    const { made } = await wait()
    // What is packed takes little room: some more pieces are made until it is full.
    if (encoding === '') expect(made).toBeLessThan(10)
    expect(made).toBeLessThan(1000)

    aborting.abort()
    const after = await wait()
    expect(after.hasEnded).toBe(true)
    expect((await wait()).made).toBe(after.made)
  })
})
