// The history of servers and jobs: what counts in which bucket, what is carried on, what is refused, what it costs. Long
// because whole histories are compared.

import Database from 'better-sqlite3'
import { describe, expect, it } from 'vitest'
import { graphql } from '../generated/gql.ts'
import type { HistoryBucketSize } from '../generated/graphql.ts'
import { startApp, type TestApp } from '../support/app.ts'
import { report } from '../support/report.ts'
import { recordStatements } from '../support/statements.ts'

const histories = graphql(`
  query Histories($from: DateTime, $to: DateTime, $bucket: HistoryBucketSize! = DAY, $timeZone: TimeZone! = "UTC") {
    server(by: { id: 1 }) {
      history(from: $from, to: $to, bucket: $bucket, timeZone: $timeZone) {
        from to runs failed durationSeconds uploadedSize sourceSize storedSize versions
      }
      jobs {
        history(from: $from, to: $to, bucket: $bucket, timeZone: $timeZone) {
          from to runs failed durationSeconds uploadedSize sourceSize storedSize versions
        }
      }
    }
  }
`)

/** The history of server 1, and those of its jobs by name. */
async function read(
  app: TestApp,
  period: { from?: string | null; to?: string | null; bucket?: HistoryBucketSize; timeZone?: string },
) {
  const { server } = await app.query(histories, period)
  if (!server) throw new Error('There is no server 1')
  return { server: server.history, jobs: server.jobs.map(({ history }) => history) }
}

/** Of a run that failed before it listed its destination. */
const failed = { ParsedResult: 'Fatal', SizeOfExaminedFiles: 0 }
const notListed = { KnownFileSize: 0, BackupListCount: 0, BytesUploaded: 10 }

describe('a bucket', () => {
  it('adds up what its runs did, and tells what was last known', async () => {
    const app = await startApp()
    const post = (BeginTime: string, data = {}, backend = {}) =>
      app.post(report({ data: { BeginTime, ...data }, backend }))
    await post('2026-07-27T02:00:00Z', {}, { KnownFileSize: 60_000 })
    await post('2026-07-27T03:00:00Z', { Dryrun: true }, { KnownFileSize: 1 })
    await post('2026-07-29T00:00:00Z', { SizeOfExaminedFiles: 51_000 }, { KnownFileSize: 71_000, BackupListCount: 8 })
    await post('2026-07-29T12:00:00Z', failed, notListed)
    await post(
      '2026-07-29T23:59:59.999Z',
      { ParsedResult: 'Error', Duration: '00:00:01.5000000' },
      { BytesUploaded: 2 },
    )
    await post('2026-07-31T01:00:00Z', { Dryrun: true }, { KnownFileSize: 1 })
    await post(
      '2026-07-31T02:00:00Z',
      { ParsedResult: 'Warning', EndTime: null, Duration: null },
      { KnownFileSize: 72_000 },
    )
    const { server, jobs } = await read(app, { from: '2026-07-28T12:00:00Z', to: '2026-08-01T00:00:00Z' })
    expect(server).toMatchInlineSnapshot(`
      [
        {
          "durationSeconds": 0,
          "failed": 0,
          "from": "2026-07-28T00:00:00.000Z",
          "runs": 0,
          "sourceSize": 50000,
          "storedSize": 60000,
          "to": "2026-07-29T00:00:00.000Z",
          "uploadedSize": 0,
          "versions": 7,
        },
        {
          "durationSeconds": 1201.5,
          "failed": 2,
          "from": "2026-07-29T00:00:00.000Z",
          "runs": 3,
          "sourceSize": 50000,
          "storedSize": 70000,
          "to": "2026-07-30T00:00:00.000Z",
          "uploadedSize": 512,
          "versions": 7,
        },
        {
          "durationSeconds": 0,
          "failed": 0,
          "from": "2026-07-30T00:00:00.000Z",
          "runs": 0,
          "sourceSize": 50000,
          "storedSize": 70000,
          "to": "2026-07-31T00:00:00.000Z",
          "uploadedSize": 0,
          "versions": 7,
        },
        {
          "durationSeconds": 0,
          "failed": 0,
          "from": "2026-07-31T00:00:00.000Z",
          "runs": 1,
          "sourceSize": 50000,
          "storedSize": 72000,
          "to": "2026-08-01T00:00:00.000Z",
          "uploadedSize": 500,
          "versions": 7,
        },
      ]
    `)
    expect(jobs).toEqual([server])
  })

  it('holds what begins with it, and not what begins as it ends', async () => {
    const app = await startApp()
    for (const time of ['01:59:59.999', '02:00:00.000', '02:59:59.999', '03:00:00.000']) {
      await app.post(report({ data: { BeginTime: `2026-07-31T${time}Z` } }))
    }
    const period = { from: '2026-07-31T02:00:00Z', to: '2026-07-31T03:00:00Z', bucket: 'HOUR' } as const
    expect((await read(app, period)).server.map(({ runs }) => runs)).toEqual([2])
  })

  it('holds a run that says it began in the future where it was received', async () => {
    const app = await startApp()
    await app.post(report({ data: { BeginTime: '2026-08-01T15:00:00Z' } }))
    const period = { from: '2026-08-01T11:00:00Z', to: '2026-08-01T16:00:00Z', bucket: 'HOUR' } as const
    expect((await read(app, period)).server.map(({ runs }) => runs)).toEqual([0, 1, 0, 0, 0])
  })

  it('knows nothing before a run told, nor in the future', async () => {
    const app = await startApp()
    await app.post(report({ data: { BeginTime: '2026-08-01T09:00:00Z', ...failed }, backend: notListed }))
    await app.post(report({ data: { BeginTime: '2026-08-01T11:30:00Z' } }))
    // Now is 12:00, where the fourth bucket begins.
    const period = { from: '2026-08-01T09:00:00Z', to: '2026-08-01T15:00:00Z', bucket: 'HOUR' } as const
    const known = (await read(app, period)).server.map(({ sourceSize, storedSize, versions }) => [
      sourceSize,
      storedSize,
      versions,
    ])
    const nothing = [null, null, null]
    expect(known).toEqual([nothing, nothing, [50_000, 70_000, 7], [50_000, 70_000, 7], nothing, nothing])
  })

  it('knows of several runs at the same time what the one received last told', async () => {
    const app = await startApp()
    for (const [hour, stored] of [
      [14, 1],
      [16, 2],
      [13, 3],
    ]) {
      await app.post(report({ data: { BeginTime: `2026-08-01T${hour}:00:00Z` }, backend: { KnownFileSize: stored } }))
    }
    const at = { from: '2026-08-01T12:00:00Z', to: '2026-08-01T13:00:00Z', bucket: 'HOUR' } as const
    expect((await read(app, at)).server).toMatchObject([{ runs: 3, storedSize: 3 }])
    app.setTime('2026-08-01T14:00:00Z')
    const after = { from: '2026-08-01T13:00:00Z', to: '2026-08-01T14:00:00Z', bucket: 'HOUR' } as const
    expect((await read(app, after)).server).toMatchObject([{ runs: 0, storedSize: 3 }])
  })

  it('of a server adds up its jobs, each as it was last known', async () => {
    const app = await startApp()
    const post = (job: number, BeginTime: string, data = {}, backend = {}) =>
      app.post(
        report({
          data: { BeginTime, ...data },
          backend,
          extra: { 'backup-id': `DB-${job}`, 'backup-name': `job ${job}` },
        }),
      )
    await post(1, '2026-07-29T02:00:00Z')
    await post(
      2,
      '2026-07-30T02:00:00Z',
      { ...failed, SizeOfExaminedFiles: 0 },
      { KnownFileSize: 5, BackupListCount: 1 },
    )
    await post(1, '2026-07-30T03:00:00Z', failed, notListed)
    await post(3, '2026-07-31T02:00:00Z', failed, notListed)
    await app.post(report({ extra: { 'machine-id': 'machine-2', 'machine-name': 'laptop' } }))
    const { server, jobs } = await read(app, { from: '2026-07-28T00:00:00Z', to: '2026-08-01T00:00:00Z' })
    const figures = (history: typeof server) =>
      history.map(({ runs, failed, uploadedSize, sourceSize, storedSize, versions }) => [
        runs,
        failed,
        uploadedSize,
        sourceSize,
        storedSize,
        versions,
      ])
    expect(figures(server)).toEqual([
      [0, 0, 0, null, null, null],
      [1, 0, 500, 50_000, 70_000, 7],
      [2, 2, 510, 50_000, 70_005, 8],
      [1, 1, 10, 50_000, 70_005, 8],
    ])
    expect(jobs.map(figures)).toEqual([
      [
        [0, 0, 0, null, null, null],
        [1, 0, 500, 50_000, 70_000, 7],
        [1, 1, 10, 50_000, 70_000, 7],
        [0, 0, 0, 50_000, 70_000, 7],
      ],
      [
        [0, 0, 0, null, null, null],
        [0, 0, 0, null, null, null],
        [1, 1, 500, null, 5, 1],
        [0, 0, 0, null, 5, 1],
      ],
      [
        [0, 0, 0, null, null, null],
        [0, 0, 0, null, null, null],
        [0, 0, 0, null, null, null],
        [1, 1, 10, null, null, null],
      ],
    ])
  })

  it('adds up sizes that no disk has', async () => {
    const app = await startApp()
    const largest = '9223372036854775807'
    for (const job of [1, 2]) {
      for (const hour of [1, 2]) {
        await app.post(
          report({
            data: { BeginTime: `2026-07-31T0${hour}:00:00Z`, SizeOfExaminedFiles: largest },
            backend: { BytesUploaded: largest, KnownFileSize: largest, BackupListCount: 2 ** 31 - 1 },
            extra: { 'backup-id': `DB-${job}`, 'backup-name': `job ${job}` },
          }),
        )
      }
    }
    const { server, jobs } = await read(app, { from: '2026-07-31T00:00:00Z', to: '2026-08-01T00:00:00Z' })
    expect(server).toMatchObject([
      {
        uploadedSize: '36893488147419103228',
        sourceSize: '18446744073709551614',
        storedSize: '18446744073709551614',
        versions: 2 ** 31 - 1,
      },
    ])
    expect(jobs[0]).toMatchObject([
      { uploadedSize: '18446744073709551614', sourceSize: largest, storedSize: largest, versions: 2 ** 31 - 1 },
    ])
  })
})

describe('the period', () => {
  const bordersOf = (history: { from: string; to: string }[]) => [history[0]?.from, history.at(-1)?.to, history.length]

  it('is the last 30 days of UTC unless it is said', async () => {
    const app = await startApp()
    await app.post(report())
    const expected = ['2026-07-03T00:00:00.000Z', '2026-08-02T00:00:00.000Z', 30]
    expect(bordersOf((await read(app, {})).server)).toEqual(expected)
    expect(bordersOf((await read(app, { from: null, to: null })).server)).toEqual(expected)
    const { data } = await app.graphql('{ server(by: { id: 1 }) { history { from to } } }')
    expect(bordersOf((data as { server: { history: { from: string; to: string }[] } }).server.history)).toEqual(
      expected,
    )
  })

  it.each([
    ['HOUR', '2026-07-31T06:00:00.000Z', '2026-08-01T12:00:00.000Z'],
    ['WEEK', '2026-01-05T00:00:00.000Z', '2026-08-03T00:00:00.000Z'],
    ['MONTH', '2024-03-01T00:00:00.000Z', '2026-09-01T00:00:00.000Z'],
  ] as const)('is the last 30 of every bucket: %s', async (bucket, from, to) => {
    const app = await startApp()
    await app.post(report())
    expect(bordersOf((await read(app, { bucket })).server)).toEqual([from, to, 30])
  })

  it('is made whole by the clock of the time zone', async () => {
    const app = await startApp()
    await app.post(report({ data: { BeginTime: '2026-03-28T22:59:59.999Z' } }))
    await app.post(report({ data: { BeginTime: '2026-03-28T23:00:00Z' } }))
    await app.post(report({ data: { BeginTime: '2026-03-29T22:00:00Z' } }))
    const period = { from: '2026-03-28T12:00:00Z', to: '2026-03-30T00:00:00Z', timeZone: 'europe/berlin' }
    expect((await read(app, period)).server.map(({ from, to, runs }) => [from, to, runs])).toEqual([
      ['2026-03-27T23:00:00.000Z', '2026-03-28T23:00:00.000Z', 1],
      ['2026-03-28T23:00:00.000Z', '2026-03-29T22:00:00.000Z', 1],
      ['2026-03-29T22:00:00.000Z', '2026-03-30T22:00:00.000Z', 1],
    ])
  })

  it('is of up to 1,000 buckets', async () => {
    const app = await startApp()
    await app.post(report())
    const first = Date.parse('2026-06-20T08:00:00Z')
    const hours = (count: number, ms = 0) => ({
      from: new Date(first).toISOString(),
      to: new Date(first + count * 3_600_000 + ms).toISOString(),
      bucket: 'HOUR' as const,
    })
    expect((await read(app, hours(1000))).server.length).toBe(1000)
    expect((await app.graphql(histories.toString(), hours(1000, 1))).errors).toMatchObject([
      { extensions: { code: 'BAD_USER_INPUT', issues: [{ path: 'bucket' }] } },
    ])
  })
})

describe('a history is refused', () => {
  const buckets = 'more than 1,000 buckets; use larger buckets or a shorter period'

  it.each([
    [
      'that ends as it begins',
      'from: "2026-07-01T00:00:00Z", to: "2026-07-01T00:00:00Z"',
      [{ path: 'from', message: 'must be before to' }],
    ],
    [
      'that ends before it begins',
      'from: "2026-07-01T00:00:00.001Z", to: "2026-07-01T00:00:00Z"',
      [{ path: 'from', message: 'must be before to' }],
    ],
    ['that begins now', 'from: "2026-08-01T12:00:00Z"', [{ path: 'from', message: 'must be before now' }]],
    [
      'of all hours there were',
      'from: "0001-01-01T00:00:00Z", bucket: HOUR',
      [{ path: 'bucket', message: `would need ${buckets}` }],
    ],
    [
      'of all hours there will be',
      'to: "9999-01-01T00:00:00Z", from: "2026-01-01T00:00:00Z", bucket: HOUR, timeZone: "Australia/Lord_Howe"',
      [{ path: 'bucket', message: `would need ${buckets}` }],
    ],
  ])('%s', async (_, args, issues) => {
    const app = await startApp()
    await app.post(report())
    for (const field of ['server(by: { id: 1 })', 'node(id: "BackupJob:1")']) {
      const type = field.startsWith('node') ? 'BackupJob' : 'Server'
      const { errors } = await app.graphql(`{ ${field} { ... on ${type} { history(${args}) { runs } } } }`)
      expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT', issues } }])
    }
  })

  it('in a time zone that does not exist, or by an abbreviation', async () => {
    const app = await startApp()
    await app.post(report())
    expect((await app.graphql(histories.toString(), { timeZone: 'Mars/Phobos' })).errors).toMatchObject([
      { extensions: { code: 'BAD_USER_INPUT', issues: [{ path: 'timeZone' }] } },
    ])
    const { errors } = await app.graphql(
      '{ server(by: { id: 1 }) { history(timeZone: "BST", from: "2027-01-01T00:00:00Z") { runs } } }',
    )
    expect(errors).toMatchObject([
      { extensions: { code: 'BAD_USER_INPUT', issues: [{ path: 'from' }, { path: 'timeZone' }] } },
    ])
  })
})

it.each([
  ['a server', 'server(by: { id: 1 })', 'server'],
  ['a job', 'backupJob(id: 1)', 'job'],
])('reads of %s only ranges of an index, in the order of the index', async (_, field, owner) => {
  const app = await startApp()
  await app.post(report())
  const calls = await recordStatements(async () => {
    expect((await app.graphql(`{ ${field} { history { runs } } }`)).errors).toBeUndefined()
  })
  const database = new Database(app.file, { readonly: true })
  const steps = calls
    .filter(({ statement }) => statement.source.includes('ordered_at'))
    .flatMap(({ statement, args }) =>
      database.prepare<unknown[], { detail: string }>(`EXPLAIN QUERY PLAN ${statement.source}`).all(...args),
    )
  database.close()
  const plan = steps.map(({ detail }) => detail)
  expect(plan.filter((detail) => /SEARCH backups/.test(detail))).toEqual([
    'SEARCH backups USING COVERING INDEX backups_job_id_ordered_at_idx (job_id=? AND ordered_at<?)',
    `SEARCH backups USING INDEX backups_${owner}_id_ordered_at_idx (${owner}_id=? AND ordered_at>? AND ordered_at<?)`,
  ])
  expect(plan.filter((detail) => /TEMP B-TREE|SCAN/.test(detail))).toEqual(['SCAN job VIRTUAL TABLE INDEX 1:'])
})

describe('the history of everything', () => {
  const fields =
    'from to runs succeeded warned failed missed complete durationSeconds uploadedSize sourceSize storedSize versions'
  const period = 'from: "2026-07-28T00:00:00Z", to: "2026-08-01T00:00:00Z"'

  it('is that of all servers together, and narrowed it is that of a server or of a job', async () => {
    const app = await startApp()
    const machine = (name: string) => ({ 'machine-id': name, 'machine-name': name })
    const post = (BeginTime: string, name: string, job: string, data = {}) =>
      app.post(
        report({ data: { BeginTime, ...data }, extra: { ...machine(name), 'backup-id': job, 'backup-name': job } }),
      )
    await post('2026-07-27T02:00:00Z', 'nas', 'DB-1')
    await post('2026-07-28T02:00:00Z', 'nas', 'DB-1', { ParsedResult: 'Warning' })
    await post('2026-07-28T03:00:00Z', 'nas', 'DB-2')
    await post('2026-07-29T02:00:00Z', 'web', 'DB-1', { ParsedResult: 'Error' })
    await post('2026-07-30T02:00:00Z', 'web', 'DB-1', { Dryrun: true })
    await app.graphql('mutation { updateServer(id: 2, input: { tags: ["off"] }) { server { id } } }')
    await app.graphql('mutation { updateBackupJob(id: 2, input: { tags: ["own"] }) { backupJob { id } } }')
    const { data, errors } = await app.graphql(`{
      all: history(${period}) { ${fields} }
      nas: history(${period}, server: 1) { ${fields} }
      web: history(${period}, server: 2) { ${fields} }
      second: history(${period}, job: 2) { ${fields} }
      both: history(${period}, server: 1, job: 2) { ${fields} }
      neither: history(${period}, server: 2, job: 2) { runs storedSize }
      ofServer: history(${period}, tag: " OFF ") { ${fields} }
      ofJob: history(${period}, tag: "own") { ${fields} }
      ofNone: history(${period}, tag: "none") { runs storedSize }
      servers(first: 2, orderBy: NAME_ASC) { nodes { history(${period}) { ${fields} } jobs { history(${period}) { ${fields} } } } }
    }`)
    expect(errors).toBeUndefined()
    const { all, nas, web, second, both, neither, ofServer, ofJob, ofNone, servers } = data as {
      [name: string]: Record<string, number | null>[]
    } & { servers: { nodes: { history: unknown; jobs: { history: unknown }[] }[] } }
    expect([nas, web]).toEqual(servers.nodes.map(({ history }) => history))
    expect(second).toEqual(servers.nodes[0]?.jobs[1]?.history)
    expect(both).toEqual(second)
    expect([ofServer, ofJob, ofNone]).toEqual([web, second, neither])
    expect(neither).toEqual(Array.from({ length: 4 }, () => ({ runs: 0, storedSize: null })))
    for (const name of ['runs', 'succeeded', 'warned', 'failed', 'durationSeconds', 'uploadedSize']) {
      const sums = nas?.map((bucket, place) => (bucket[name] ?? 0) + (web?.[place]?.[name] ?? 0))
      expect(all?.map((bucket) => bucket[name])).toEqual(sums)
    }
    expect(
      all?.map(({ runs, succeeded, warned, failed, storedSize }) => [runs, succeeded, warned, failed, storedSize]),
    ).toEqual([
      [2, 1, 1, 0, 140_000],
      [1, 0, 0, 1, 210_000],
      [0, 0, 0, 0, 210_000],
      [0, 0, 0, 0, 210_000],
    ])
  })
})
