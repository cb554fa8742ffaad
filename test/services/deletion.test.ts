// What goes when a server, a job or a run is deleted, what stays, and what is remembered of it. Long because the three are
// held to the same.

import Database from 'better-sqlite3'
import { describe, expect, it } from 'vitest'
import { startApp, type TestApp } from '../support/app.ts'
import { problemsIn } from '../support/problems.ts'
import { report } from '../support/report.ts'
import { everyFieldOf } from '../support/selection.ts'

const at = (hour: number) => `2026-07-31T${String(hour).padStart(2, '0')}:00:00.000Z`
const announcing = (next: string) => ({ 'next-scheduled-run': next })
const ofMusic = { 'backup-id': 'DB-2', 'backup-name': 'Music' }
const ofPc = { 'machine-id': 'machine-2', 'machine-name': 'pc' }

/** Two jobs on the server 1, one on the server 2; the run 4 is the latest of all, and every run has a log. */
async function startWithRuns(): Promise<TestApp> {
  const app = await startApp()
  const late = announcing('20260801T113000Z')
  await app.post(report({ data: { BeginTime: at(2) }, extra: late, logLines: ['a', 'b'] }))
  await app.post(report({ data: { BeginTime: at(3) }, extra: ofMusic, logLines: ['c'] }))
  await app.post(report({ data: { BeginTime: at(4), Dryrun: true }, logLines: ['d'] }))
  await app.post(report({ data: { BeginTime: at(6), ParsedResult: 'Error' }, logLines: ['e'] }))
  await app.post(report({ data: { BeginTime: at(5) }, extra: ofPc, logLines: ['f'] }))
  return app
}

/** The numbers of all that is there, and of the runs that have log lines. */
function numbersIn(file: string) {
  const database = new Database(file, { readonly: true })
  const numbers = (sql: string) => database.prepare(`${sql} ORDER BY 1`).pluck().all()
  const all = {
    servers: numbers('SELECT id FROM servers'),
    machines: numbers('SELECT server_id FROM machine_ids'),
    jobs: numbers('SELECT id FROM backup_jobs'),
    runs: numbers('SELECT id FROM backups'),
    logs: numbers('SELECT DISTINCT backup_id FROM log_lines'),
  }
  database.close()
  return all
}

/** What all lists and figures say. */
async function overview(app: TestApp) {
  const { data } = await app.graphql(`{
    summary { totalServers totalBackupJobs totalBackups totalUploadedSize totalStorageUsed totalBackupSize lastBackupAt }
    servers { totalCount nodes { id state latestBackup { id } backups { totalCount } } }
    backupJobs { totalCount nodes { id state latestBackup { id } backups { totalCount } } }
    backups { totalCount nodes { id } }
  }`)
  return data
}

const run = (id: number) => ({ id: `Backup:${id}` })
const kinds = [
  [
    'deleteServer',
    'Server',
    'deletedServer',
    { machineIds: ['machine-1'], jobs: [{}, { latestBackup: { server: {} } }] },
  ],
  ['deleteBackupJob', 'BackupJob', 'deletedBackupJob', { server: { latestBackup: {} }, totals: { runs: 2 } }],
  ['deleteBackup', 'Backup', 'deletedBackup', { destination: { storedFiles: 0 }, job: { server: {} } }],
] as const

describe.each(kinds)('%s', (mutation, type, deleted, some) => {
  const document = `mutation ($id: ID!) { ${mutation}(id: $id) { ${deleted} { id } } }`

  it('shows everything as it was, however the query asks for it', async () => {
    const app = await startWithRuns()
    const all = `fragment All on ${type} ${everyFieldOf(type, 4)}`
    const { node } = (await app.graphql(`{ node(id: "${type}:1") { ...All } } ${all}`)).data as { node: object }
    expect(node).toMatchObject(some)
    const answer = await app.graphql(`
      mutation { gone: ${mutation}(id: "${type}:1") { __typename one: ${deleted} { ...All } ...More } }
      fragment More on ${payloadOf(mutation)} {
        one: ${deleted} { twice: id ... on Node { id } }
        two: ${deleted} { ...All }
      }
      ${all}`)
    const __typename = payloadOf(mutation)
    expect(answer).toEqual({ data: { gone: { __typename, one: { ...node, twice: `${type}:1` }, two: node } } })
  })

  it('takes a global id, a bare number, and none that means something else', async () => {
    const app = await startWithRuns()
    const other = kinds.find(([, name]) => name !== type)?.[1]
    const wrong = [`${other}:1`, '0', '-1', '1.5', 'x', '', 'nas', `${type}:`, ` ${type}:1`, '1000000000000000']
    for (const id of wrong) {
      expect((await app.graphql(document, { id })).errors).toMatchObject([
        {
          path: [mutation],
          extensions: {
            code: 'BAD_USER_INPUT',
            issues: [{ path: 'id', message: `"${id}" must be like ${type}:1, or only 1` }],
          },
        },
      ])
    }
    expect(numbersIn(app.file)).toMatchObject({ servers: [1, 2], jobs: [1, 2, 3], runs: [1, 2, 3, 4, 5] })
    for (const [id, number] of [
      [`${type}:2`, 2],
      [1, 1],
    ]) {
      const answer = { data: { [mutation]: { [deleted]: { id: `${type}:${number}` } } } }
      expect(await app.graphql(document, { id })).toEqual(answer)
    }
  })

  it('says if there is nothing of that id, also when it was deleted before or at the same time', async () => {
    const app = await startApp()
    await app.post(report())
    const missing = (id: number | string) => ({
      data: null,
      errors: [
        {
          message: `There is no ${type}:${id}.`,
          locations: [{ line: 1, column: 23 }],
          path: [mutation],
          extensions: { code: 'NOT_FOUND' },
        },
      ],
    })
    const answers = await Promise.all([app.graphql(document, { id: 1 }), app.graphql(document, { id: 1 })])
    expect(answers).toContainEqual(missing(1))
    expect(answers).toContainEqual({ data: { [mutation]: { [deleted]: { id: `${type}:1` } } } })
    expect(await app.graphql(document, { id: `${type}:1` })).toEqual(missing(1))
    expect(await app.graphql(document, { id: '999999999999999' })).toEqual(missing('999999999999999'))
    expect(problemsIn(app.file)).toEqual([])
  })

  it('lets the same report come back under numbers that were never used', async () => {
    const app = await startApp()
    await app.post(report())
    await app.graphql(document, { id: 1 })
    expect((await app.post(report())).body).toEqual({ success: true, backup: { id: 2 }, duplicate: false })
    expect((await app.post(report())).body).toEqual({ success: true, backup: { id: 2 }, duplicate: true })
    const [server, job] = [mutation === 'deleteServer' ? 2 : 1, mutation === 'deleteBackup' ? 1 : 2]
    expect(numbersIn(app.file)).toEqual({ servers: [server], machines: [server], jobs: [job], runs: [2], logs: [] })
    expect(problemsIn(app.file)).toEqual([])
  })
})

describe('a deleted server', () => {
  it('takes its jobs, runs and logs with it, and nothing of others', async () => {
    const app = await startWithRuns()
    const { data } = await app.graphql('mutation { deleteServer(id: 1) { deletedBackups } }')
    expect(data).toEqual({ deleteServer: { deletedBackups: 4 } })
    expect(numbersIn(app.file)).toEqual({ servers: [2], machines: [2], jobs: [3], runs: [5], logs: [5] })
    expect(await overview(app)).toEqual({
      summary: {
        totalServers: 1,
        totalBackupJobs: 1,
        totalBackups: 1,
        totalUploadedSize: 500,
        totalStorageUsed: 70_000,
        totalBackupSize: 50_000,
        lastBackupAt: at(5),
      },
      servers: {
        totalCount: 1,
        nodes: [{ id: 'Server:2', state: 'OK', latestBackup: run(5), backups: { totalCount: 1 } }],
      },
      backupJobs: {
        totalCount: 1,
        nodes: [{ id: 'BackupJob:3', state: 'OK', latestBackup: run(5), backups: { totalCount: 1 } }],
      },
      backups: { totalCount: 1, nodes: [run(5)] },
    })
    const ids = '["Server:1", "BackupJob:1", "BackupJob:2", "Backup:4", "Backup:5"]'
    expect(await app.graphql(`{ nodes(ids: ${ids}) { id } server(by: { machineId: "machine-1" }) { id } }`)).toEqual({
      data: { nodes: [null, null, null, null, run(5)], server: null },
    })
    expect(problemsIn(app.file)).toEqual([])
  })

  it('leaves nothing if it was the only one', async () => {
    const app = await startApp()
    await app.post(report())
    await app.graphql('mutation { deleteServer(id: 1) { deletedBackups } }')
    expect(numbersIn(app.file)).toEqual({ servers: [], machines: [], jobs: [], runs: [], logs: [] })
    expect(await overview(app)).toEqual({
      summary: {
        totalServers: 0,
        totalBackupJobs: 0,
        totalBackups: 0,
        totalUploadedSize: 0,
        totalStorageUsed: 0,
        totalBackupSize: 0,
        lastBackupAt: null,
      },
      servers: { totalCount: 0, nodes: [] },
      backupJobs: { totalCount: 0, nodes: [] },
      backups: { totalCount: 0, nodes: [] },
    })
  })
})

describe('a deleted job', () => {
  it('takes its runs and logs with it; its server stands by the other jobs, and by none', async () => {
    const app = await startWithRuns()
    const { data } = await app.graphql('mutation { deleteBackupJob(id: 1) { deletedBackups } }')
    expect(data).toEqual({ deleteBackupJob: { deletedBackups: 3 } })
    expect(numbersIn(app.file)).toEqual({ servers: [1, 2], machines: [1, 2], jobs: [2, 3], runs: [2, 5], logs: [2, 5] })
    expect(problemsIn(app.file)).toEqual([])
    expect(await overview(app)).toMatchObject({
      summary: { totalServers: 2, totalBackupJobs: 2, totalBackups: 2, lastBackupAt: at(5) },
      servers: {
        nodes: [
          { id: 'Server:1', state: 'OK', latestBackup: run(2), backups: { totalCount: 1 } },
          { id: 'Server:2', state: 'OK', latestBackup: run(5), backups: { totalCount: 1 } },
        ],
      },
      backupJobs: { totalCount: 2, nodes: [{ id: 'BackupJob:2' }, { id: 'BackupJob:3' }] },
      backups: { totalCount: 2, nodes: [run(5), run(2)] },
    })
    await app.graphql('mutation { deleteBackupJob(id: 2) { deletedBackups } }')
    expect(problemsIn(app.file)).toEqual([])
    const gone = `mutation { deleteServer(id: 1) { deletedBackups deletedServer {
      state machineIds jobs { id } latestBackup { id } } } }`
    expect((await app.graphql(gone)).data).toEqual({
      deleteServer: {
        deletedBackups: 0,
        deletedServer: { state: 'NEW', machineIds: ['machine-1'], jobs: [], latestBackup: null },
      },
    })
    expect(numbersIn(app.file)).toMatchObject({ servers: [2], jobs: [3] })
  })
})

describe('a deleted run', () => {
  const standing = `{
    node(id: "BackupJob:1") { ... on BackupJob {
      state lastStatus latestBackupAt latestBackup { id } sourceSize storedSize versions nextScheduledRun dueAt overdueAt
      totals { runs succeeded warned failed uploadedSize dryRuns } server { state latestBackup { id } }
    } }
    summary { overdueJobs lastBackupAt }
  }`
  const remove = async (app: TestApp, id: number) => {
    expect((await app.graphql(`mutation { deleteBackup(id: ${id}) { deletedBackup { id } } }`)).errors).toBeUndefined()
    expect(problemsIn(app.file)).toEqual([])
    return (await app.graphql(standing)).data as { node: object; summary: object }
  }

  it('lets job and server stand as if it had never been reported', async () => {
    const app = await startApp()
    const reports = [
      report({
        data: { BeginTime: at(1), ParsedResult: 'Error', SizeOfExaminedFiles: 1 },
        backend: { KnownFileSize: 10, BackupListCount: 1, BytesUploaded: 7 },
        extra: announcing('20260801T105959Z'),
      }),
      report({ data: { BeginTime: at(2), ParsedResult: 'Warning' }, extra: announcing('20260801T113000Z') }),
      report({ data: { BeginTime: at(3) }, extra: announcing('20260802T000000Z') }),
      report({ data: { BeginTime: at(4), Dryrun: true } }),
    ]
    const stood: unknown[] = []
    for (const one of reports) {
      await app.post(one)
      stood.push((await app.graphql(standing)).data)
    }
    expect(stood).toMatchObject([
      { node: { state: 'OVERDUE', lastStatus: 'ERROR', storedSize: 10 }, summary: { overdueJobs: 1 } },
      { node: { state: 'LATE', lastStatus: 'WARNING', storedSize: 70_000, server: { latestBackup: run(2) } } },
      { node: { state: 'OK', lastStatus: 'SUCCESS', dueAt: '2026-08-02T00:00:00.000Z' }, summary: { overdueJobs: 0 } },
      { node: { totals: { runs: 3, dryRuns: 1 }, latestBackup: run(3) } },
    ])
    expect(await remove(app, 4)).toEqual(stood[2])
    expect(await remove(app, 3)).toEqual(stood[1])
    expect(await remove(app, 2)).toEqual(stood[0])
    expect(await remove(app, 1)).toEqual({
      node: {
        state: 'NEW',
        lastStatus: null,
        latestBackupAt: null,
        latestBackup: null,
        sourceSize: null,
        storedSize: null,
        versions: null,
        nextScheduledRun: null,
        dueAt: null,
        overdueAt: null,
        totals: { runs: 0, succeeded: 0, warned: 0, failed: 0, uploadedSize: 0, dryRuns: 0 },
        server: { state: 'NEW', latestBackup: null },
      },
      summary: { overdueJobs: 0, lastBackupAt: null },
    })
    expect(numbersIn(app.file)).toMatchObject({ servers: [1], jobs: [1], runs: [] })
  })

  it('takes with it what only it told: the sizes, or the next run', async () => {
    const app = await startApp()
    const unlisted = { KnownFileSize: 0, BackupListCount: 0 }
    const fatal = (hour: number) => ({ BeginTime: at(hour), ParsedResult: 'Fatal' })
    await app.post(report({ data: { BeginTime: at(1) }, backend: { KnownFileSize: 10 } }))
    await app.post(report({ data: { BeginTime: at(2) }, extra: announcing('20260801T100000Z') }))
    await app.post(report({ data: fatal(3), backend: unlisted }))
    expect((await app.graphql(standing)).data).toMatchObject({
      node: { state: 'OVERDUE', storedSize: 70_000, dueAt: '2026-08-01T10:00:00.000Z', latestBackup: run(3) },
    })
    expect(await remove(app, 2)).toMatchObject({
      node: { state: 'FAILED', storedSize: 10, dueAt: null, latestBackup: run(3), totals: { runs: 2 } },
      summary: { overdueJobs: 0 },
    })
    expect(await remove(app, 1)).toMatchObject({
      node: { state: 'FAILED', storedSize: null, latestBackup: run(3), totals: { runs: 1 } },
    })
  })

  it('is gone from every list, with its log', async () => {
    const app = await startWithRuns()
    await remove(app, 4)
    expect(numbersIn(app.file)).toMatchObject({ runs: [1, 2, 3, 5], logs: [1, 2, 3, 5] })
    expect(await overview(app)).toMatchObject({
      summary: { totalBackups: 3, totalUploadedSize: 1500, lastBackupAt: at(5) },
      servers: { nodes: [{ latestBackup: run(2), backups: { totalCount: 3 } }, { backups: { totalCount: 1 } }] },
      backupJobs: {
        nodes: [
          { id: 'BackupJob:2', backups: { totalCount: 1 } },
          { id: 'BackupJob:1', latestBackup: run(1), backups: { totalCount: 2 } },
          { id: 'BackupJob:3', backups: { totalCount: 1 } },
        ],
      },
      backups: { totalCount: 4, nodes: [run(5), run(3), run(2), run(1)] },
    })
    expect(await app.graphql('{ node(id: "Backup:4") { id } }')).toEqual({ data: { node: null } })
  })
})

describe('many runs', () => {
  const first = Date.parse('2026-06-01T00:00:00Z')
  const minute = (index: number) =>
    report({ data: { BeginTime: new Date(first + index * 60_000).toISOString() }, logLines: ['line'] })
  // All of them are posted at once.
  const patient = { environment: { MAX_WAITING_UPLOADS: '2000' } }
  const postRuns = async (app: TestApp, count: number) => {
    await Promise.all(Array.from({ length: count }, (_, index) => app.post(minute(index))))
  }

  it.each([
    ['deleteBackupJob', 500],
    ['deleteBackupJob', 501],
    ['deleteServer', 1201],
  ])('are deleted by %s to the last of %i', async (mutation, count) => {
    const app = await startApp(patient)
    await postRuns(app, count)
    await app.post(report({ extra: ofPc, logLines: ['kept'] }))
    expect((await app.graphql(`mutation { ${mutation}(id: 1) { deletedBackups } }`)).data).toEqual({
      [mutation]: { deletedBackups: count },
    })
    expect(numbersIn(app.file)).toMatchObject({ jobs: [2], runs: [count + 1], logs: [count + 1] })
    expect(problemsIn(app.file)).toEqual([])
  })

  it.each([
    ['deleteBackupJob', { servers: [1], jobs: [2] }],
    ['deleteServer', { servers: [2], jobs: [2] }],
  ])('can go on coming while %s is at work: each is counted as deleted, or is there', async (mutation, left) => {
    const app = await startApp(patient)
    await postRuns(app, 1201)
    let acknowledged = 1201
    let busy = true
    const deletion = app.graphql(`mutation { ${mutation}(id: 1) { deletedBackups } }`).finally(() => {
      busy = false
    })
    const senders = [0, 1, 2, 3].map(async (sender) => {
      for (let index = 0; busy || index < 2; index += 1) {
        const { body } = await app.post(minute(2000 + index * 4 + sender))
        expect(body).toMatchObject({ success: true, duplicate: false })
        acknowledged += 1
      }
    })
    const { data } = (await deletion) as { data: Record<string, { deletedBackups: number }> }
    await Promise.all(senders)
    await app.post(minute(1999))
    const { runs, ...others } = numbersIn(app.file)
    expect(runs.length + (data[mutation]?.deletedBackups ?? 0)).toBe(acknowledged + 1)
    expect(others).toMatchObject(left)
    expect(problemsIn(app.file)).toEqual([])
  })
})

describe('several mutations in one document', () => {
  it('run in their order, each on what the one before left', async () => {
    const app = await startWithRuns()
    expect(
      await app.graphql(`mutation {
        name: updateServer(id: 1, input: { alias: "Archive" }) { server { alias } }
        run: deleteBackup(id: 4) { deletedBackup { server { alias } job { latestBackup { id } } } }
        job: deleteBackupJob(id: 1) { deletedBackupJob { latestBackup { id } totals { runs dryRuns } } deletedBackups }
        server: deleteServer(id: 1) { deletedServer { alias jobs { id } latestBackup { id } } deletedBackups }
      }`),
    ).toEqual({
      data: {
        name: { server: { alias: 'Archive' } },
        run: { deletedBackup: { server: { alias: 'Archive' }, job: { latestBackup: run(4) } } },
        job: { deletedBackupJob: { latestBackup: run(1), totals: { runs: 1, dryRuns: 1 } }, deletedBackups: 2 },
        server: {
          deletedServer: { alias: 'Archive', jobs: [{ id: 'BackupJob:2' }], latestBackup: run(2) },
          deletedBackups: 1,
        },
      },
    })
  })

  it('end with the first failure: what went before is done, what comes after is not', async () => {
    const app = await startWithRuns()
    expect(
      await app.graphql(`mutation {
        first: deleteBackup(id: 1) { deletedBackup { id } }
        second: deleteBackup(id: 1) { deletedBackup { id } }
        third: deleteBackup(id: 2) { deletedBackup { id } }
        fourth: deleteServer(id: 7) { deletedBackups }
      }`),
    ).toEqual({
      data: null,
      errors: [
        {
          message: 'There is no Backup:1.',
          locations: [{ line: 3, column: 9 }],
          path: ['second'],
          extensions: { code: 'NOT_FOUND' },
        },
      ],
    })
    expect(numbersIn(app.file)).toMatchObject({ servers: [1, 2], runs: [2, 3, 4, 5] })
  })
})

function payloadOf(mutation: string): string {
  return `${mutation[0]?.toUpperCase()}${mutation.slice(1)}Payload`
}
