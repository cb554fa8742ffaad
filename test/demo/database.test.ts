// The database of the demonstration: that it is in order, and holds what the tour promises.

import { afterAll, beforeAll, expect, it } from 'vitest'
import { reading } from '../../src/database/file/inspectFile.ts'
import { verifyDatabase } from '../../src/database/file/verify.ts'
import { demoHistory } from '../../src/demo/history/demoHistory.ts'
import { graphql } from '../generated/gql.ts'
import { start, startApp } from '../support/app.ts'
import { demoDatabase, removeDemo } from '../support/demo.ts'

let demo: Awaited<ReturnType<typeof demoDatabase>>
beforeAll(async () => {
  demo = await demoDatabase()
}, 60_000)
afterAll(() => removeDemo(demo))

it('is in order', () => {
  expect(reading(demo.file, verifyDatabase)).toEqual([])
})

it('shows every state that reports lead to', async () => {
  const app = await startApp({ file: demo.file })
  const { servers } = await app.query(
    graphql(`query DemoStates { servers { nodes { displayName state jobs { name state lastStatus } } } }`),
  )
  const lines = servers.nodes.map(({ displayName, state, jobs }) => [
    `${displayName}: ${state}`,
    ...jobs.map((job) => `${job.name}: ${job.state} ${job.lastStatus}`),
  ])
  expect(lines).toMatchInlineSnapshot(`
    [
      [
        "Basement NAS: OK",
        "Archive disk: OK SUCCESS",
        "Cold storage (trial): NEW null",
        "Documents: OK SUCCESS",
        "Media: OK SUCCESS",
        "Photos and videos: OK SUCCESS",
      ],
      [
        "filesrv-old: OK",
        "SQL Server dumps: OK SUCCESS",
        "Shares: OK SUCCESS",
      ],
      [
        "laptop-anna: OVERDUE",
        "Home: OVERDUE SUCCESS",
        "Photo library: OVERDUE SUCCESS",
      ],
      [
        "OFFICE-PC: FAILED",
        "Accounting: OK SUCCESS",
        "Documents: WARNING WARNING",
        "Outlook archive: FAILED FATAL",
        "Scans: OK SUCCESS",
      ],
      [
        "paperless: OVERDUE",
        "Database: OVERDUE SUCCESS",
        "Scanned documents: OVERDUE SUCCESS",
      ],
      [
        "paperless: OK",
        "Database: OK SUCCESS",
        "Scanned documents: OK SUCCESS",
      ],
      [
        "web-01: LATE",
        "Postgres dumps: LATE SUCCESS",
        "System configuration: OK SUCCESS",
        "Website: OK SUCCESS",
      ],
    ]
  `)
})

it('counts every run, and no dry run', async () => {
  const app = await startApp({ file: demo.file })
  const { backupJobs, summary: counted } = await app.query(
    graphql(`query DemoTotals {
      summary { totalServers totalBackupJobs totalBackups }
      backupJobs(first: 100) { nodes { totals { runs succeeded warned failed dryRuns } } }
    }`),
  )
  const sum = (name: 'runs' | 'succeeded' | 'warned' | 'failed' | 'dryRuns') =>
    backupJobs.nodes.reduce((total, { totals }) => total + totals[name], 0)
  expect(counted).toEqual({ totalServers: 7, totalBackupJobs: 20, totalBackups: sum('runs') })
  expect(demo.summary).toMatchObject(counted)
  const { size } = demoHistory(1, start)
  expect(sum('runs') + sum('dryRuns')).toBe(size)
  expect(demo.progress.at(-1)).toEqual([size, size])
  expect(sum('runs')).toBeGreaterThan(6000)
  expect(sum('runs')).toBeLessThan(8000)
  expect(sum('dryRuns')).toBe(7)
  expect(sum('failed')).toBeGreaterThan(10)
  expect(sum('warned')).toBeGreaterThan(50)
  expect(sum('succeeded')).toBeGreaterThan(0.9 * sum('runs'))
})

it('has a job that was renamed, with its runs under both names', async () => {
  const app = await startApp({ file: demo.file })
  const { before, after } = await app.query(
    graphql(`query DemoRenamed {
      before: backupJobs(filter: { search: "Pictures" }) { totalCount }
      after: backupJobs(filter: { search: "Photos and videos" }) {
        nodes {
          totals { runs }
          first: backups(orderBy: BEGAN_AT_ASC, first: 1) { nodes { reportedJobName } }
          last: backups(first: 1) { nodes { reportedJobName } }
        }
      }
    }`),
  )
  expect(before.totalCount).toBe(0)
  expect(after.nodes).toEqual([
    {
      totals: { runs: 365 },
      first: { nodes: [{ reportedJobName: 'Pictures' }] },
      last: { nodes: [{ reportedJobName: 'Photos and videos' }] },
    },
  ])
})

it('has two servers of one name, with the same jobs under other ids of the machine', async () => {
  const app = await startApp({ file: demo.file })
  const { servers } = await app.query(
    graphql(`query DemoTwins {
      servers(filter: { search: "paperless" }, orderBy: LAST_SEEN_ASC) {
        nodes { name machineIds lastSeen jobs { name backupId } }
      }
    }`),
  )
  const [old, recreated] = servers.nodes
  expect(servers.nodes.map(({ name }) => name)).toEqual(['paperless', 'paperless'])
  expect(old?.jobs).toEqual(recreated?.jobs)
  expect(old?.machineIds).not.toEqual(recreated?.machineIds)
  expect([old?.lastSeen, recreated?.lastSeen].map((time) => time?.slice(0, 10))).toEqual(['2026-05-01', '2026-08-01'])
})

it('has a server that was known by its name alone until its Duplicati was upgraded', async () => {
  const app = await startApp({ file: demo.file })
  const { server } = await app.query(
    graphql(`query DemoUpgraded {
      server(by: { name: "filesrv-old" }) {
        machineIds
        jobs { name backupId scheduleSource interval totals { runs } }
        first: backups(orderBy: BEGAN_AT_ASC, first: 1) { nodes { reportedJobId client { version } } }
        last: backups(first: 1) { nodes { reportedJobId client { version } } }
      }
    }`),
  )
  expect(server).toEqual({
    machineIds: [expect.stringMatching(/^[0-9a-f]{32}$/)],
    jobs: [
      { name: 'SQL Server dumps', backupId: 'DB-2', scheduleSource: 'INFERRED', interval: '1D', totals: { runs: 362 } },
      { name: 'Shares', backupId: 'DB-1', scheduleSource: 'INFERRED', interval: '1D', totals: { runs: 362 } },
    ],
    first: { nodes: [{ reportedJobId: null, client: { version: '2.0.6.3 (2.0.6.3_beta_2021-06-17)' } }] },
    last: { nodes: [{ reportedJobId: 'DB-1', client: { version: '2.1.0.5 (2.1.0.5_stable_2025-03-04)' } }] },
  })
})

it('lists versions that are runs, as many as are counted', async () => {
  const app = await startApp({ file: demo.file })
  const { backupJobs } = await app.query(
    graphql(`query DemoVersions {
      backupJobs(filter: { search: "Scanned documents" }, orderBy: LATEST_BACKUP_AT_DESC, first: 1) {
        nodes {
          latestBackup { versions availableVersions }
          backups(first: 100) { nodes { beganAt } }
        }
      }
    }`),
  )
  const [job] = backupJobs.nodes
  const listed = job?.latestBackup?.availableVersions ?? []
  const began = new Set(job?.backups.nodes.map(({ beganAt }) => beganAt.slice(0, 19)))
  expect(listed.filter((version) => !began.has(version.slice(0, 19)))).toEqual([])
  expect(listed.length).toBeGreaterThan(9)
  expect(job?.latestBackup?.versions).toBe(listed.length)
})

it('says why a job fails, and keeps what its last good run knew', async () => {
  const app = await startApp({ file: demo.file })
  const { backupJobs } = await app.query(
    graphql(`query DemoFailing {
      backupJobs(filter: { state: [FAILED] }) {
        nodes {
          versions
          backups(first: 4) { nodes { status versions exception logLines(level: [ERROR]) { totalCount } } }
        }
      }
    }`),
  )
  const [job] = backupJobs.nodes
  const failed = {
    status: 'FATAL',
    versions: null,
    exception: expect.stringContaining('401 (Unauthorized)'),
    logLines: { totalCount: 2 },
  }
  const good = { status: 'SUCCESS', versions: job?.versions, exception: null, logLines: { totalCount: 0 } }
  expect(job?.backups.nodes).toEqual([failed, failed, failed, good])
  expect(job?.versions).toBeGreaterThan(80)
})

it('has a server with an alias, notes and an address', async () => {
  const app = await startApp({ file: demo.file })
  const { server } = await app.query(
    graphql(`query DemoNotes { server(by: { name: "nas" }) { displayName notes url updatedAt } }`),
  )
  expect(server).toEqual({
    displayName: 'Basement NAS',
    notes: 'Behind the boiler. The key to the rack hangs beside the door.',
    url: 'http://nas.example:8200/',
    updatedAt: '2026-04-23T12:00:00.000Z',
  })
})
