// Machines that are renamed, cloned, set up anew, merged and split, in random order, through the one write path: no run is lost, and
// every pointer, total and state is what the runs say.

import Database from 'better-sqlite3'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { rememberedRuns } from '../../src/database/tables/rememberedRuns.ts'
import { emptyMemory, withRun } from '../../src/domain/jobMemory.ts'
import { jobState, worstState } from '../../src/domain/jobState.ts'
import { startApp, type TestApp } from '../support/app.ts'
import { problemsIn } from '../support/problems.ts'
import { report } from '../support/report.ts'

const soak = Boolean(process.env.SOAK)
const began = Date.parse('2026-07-01T00:00:00Z')

const reporting = fc.record({
  kind: fc.constant('report' as const),
  machine: fc.constantFrom('m1', 'm2', null),
  name: fc.constantFrom('nas', 'web', 'pc'),
  id: fc.constantFrom('DB-1', 'DB-2', 'A'.repeat(64), null),
  job: fc.constantFrom('Photos', 'Mail', 'Duplicati.CommandLine'),
  result: fc.constantFrom('Success', 'Warning', 'Fatal'),
  // A script prevents some, a person stops others.
  end: fc.constantFrom('whole', 'whole', 'whole', 'stopped', 'prevented', 'dry'),
  // How long after the step before, in hours; the run itself may lie before that.
  after: fc.integer({ min: 0, max: 30 }),
  late: fc.constantFrom(0, 0, 0, 48),
})
const choosing = { one: fc.nat(), other: fc.nat() }
const step = fc.oneof(
  { weight: 8, arbitrary: reporting },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('mergeServers' as const), ...choosing }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('splitServer' as const), ...choosing }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('mergeBackupJobs' as const), ...choosing }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('splitBackupJob' as const), ...choosing }) },
)

type Of<T> = T extends fc.Arbitrary<infer U> ? U : never

it('loses no run, and remembers and judges what the runs say', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 25 }), async (steps) => {
      const app = await startApp()
      let now = began
      let runs = new Set<number>()
      for (const one of steps) {
        if (one.kind === 'report') now += one.after * 3_600_000
        app.setTime(new Date(now))
        const removed = await take(app, one, now)
        const after = await check(app, new Date(now))
        if (one.kind === 'report') expect(after.size - runs.size).toBeLessThanOrEqual(1)
        for (const id of runs) if (!after.has(id)) expect([one, removed]).toEqual([one, expect.any(Number)])
        expect([...runs].filter((id) => !after.has(id))).toHaveLength(removed)
        runs = after
      }
      await app.close()
    }),
    { numRuns: soak ? 2000 : 25, seed: 17 },
  )
}, 7_200_000)

/** Takes the step; how many runs it says that it removed. */
async function take(app: TestApp, one: Of<typeof step>, now: number): Promise<number> {
  if (one.kind === 'report') return takeReport(app, one, now)
  const { data } = (await app.graphql(
    '{ servers(first: 100) { nodes { databaseId machineIds jobs { databaseId backupIds } } } }',
  )) as { data: { servers: { nodes: Known[] } } }
  const servers = data.servers.nodes
  const jobs = servers.flatMap((server) => server.jobs)
  const pick = <T>(list: T[], number: number) => list[number % list.length]
  const [server, other] = [pick(servers, one.one), pick(servers, one.other)]
  const [job, second] = [pick(jobs, one.one), pick(jobs, one.other)]
  if (!server || !other || !job || !second) return 0
  const field = {
    mergeServers: () => `mergeServers(from: ${server.databaseId}, into: ${other.databaseId}) { duplicateBackups }`,
    splitServer: () =>
      `splitServer(id: ${server.databaseId}, machineIds: ${JSON.stringify(server.machineIds.slice(0, 1))}) { movedBackups }`,
    mergeBackupJobs: () => `mergeBackupJobs(from: ${job.databaseId}, into: ${second.databaseId}) { duplicateBackups }`,
    splitBackupJob: () =>
      `splitBackupJob(id: ${job.databaseId}, backupIds: ${JSON.stringify(job.backupIds.slice(0, 1))}) { movedBackups }`,
  }[one.kind]()
  const answer = (await app.graphql(`mutation { payload: ${field} }`)) as {
    data?: { payload: { duplicateBackups?: number } | null }
    errors?: { extensions: { code: string } }[]
  }
  // What cannot be done is refused, and then nothing is changed.
  for (const { extensions } of answer.errors ?? []) expect(extensions.code).toBe('BAD_USER_INPUT')
  return answer.data?.payload?.duplicateBackups ?? 0
}

interface Known {
  databaseId: number
  machineIds: string[]
  jobs: { databaseId: number; backupIds: string[] }[]
}

async function takeReport(app: TestApp, one: Of<typeof reporting>, now: number): Promise<number> {
  const nothing = one.end === 'prevented' ? { ExaminedFiles: 0, SizeOfExaminedFiles: 0 } : {}
  const { status } = await app.post(
    report({
      data: {
        BeginTime: new Date(now - one.late * 3_600_000).toISOString(),
        EndTime: new Date(now - one.late * 3_600_000).toISOString(),
        ParsedResult: one.end === 'prevented' ? 'Success' : one.result,
        Dryrun: one.end === 'dry',
        Interrupted: one.end === 'stopped' || one.end === 'prevented',
        ...nothing,
      },
      ...(one.end === 'prevented' ? { backend: { BytesUploaded: 0, KnownFileSize: 0, BackupListCount: 0 } } : {}),
      extra: { 'machine-id': one.machine, 'machine-name': one.name, 'backup-id': one.id, 'backup-name': one.job },
    }),
  )
  expect(status).toBe(200)
  return 0
}

/** Everything that is remembered and shown, recomputed from the runs; the numbers of the runs there are. */
async function check(app: TestApp, now: Date): Promise<Set<number>> {
  expect(problemsIn(app.file)).toEqual([])
  const { data } = (await app.graphql(`{ servers(first: 100) { nodes { databaseId state machineIds
    jobs { databaseId state dueAt overdueAt paused totals { runs preventedRuns dryRuns } } } } }`)) as {
    data: { servers: { nodes: Shown[] } }
  }
  const database = new Database(app.file, { readonly: true })
  const remembered = rememberedRuns(database)
  const owners = database
    .prepare<[], { id: number; job: number; server: number }>(
      'SELECT id, job_id AS job, server_id AS server FROM backups',
    )
    .all()
  for (const server of data.servers.nodes) {
    for (const job of server.jobs) {
      const its = owners.filter((run) => run.job === job.databaseId)
      expect(its.every((run) => run.server === server.databaseId)).toBe(true)
      const { lastStatus, lastStopped, conclusiveStatus, runs, preventedRuns, dryRuns } = remembered
        .ofJob(job.databaseId)
        .reduce(withRun, emptyMemory)
      expect(job.totals).toEqual({ runs, preventedRuns, dryRuns })
      const date = (text: string | null) => (text === null ? null : new Date(text))
      const facts = { paused: job.paused, dueAt: date(job.dueAt), overdueAt: date(job.overdueAt) }
      expect(job.state).toBe(jobState({ ...facts, lastStatus, lastStopped, conclusiveStatus }, now))
    }
    expect(server.state).toBe(worstState(server.jobs.map(({ state }) => state)))
  }
  database.close()
  return new Set(owners.map(({ id }) => id))
}

interface Shown {
  databaseId: number
  state: Parameters<typeof worstState>[0][number]
  jobs: {
    databaseId: number
    state: Parameters<typeof worstState>[0][number]
    dueAt: string | null
    overdueAt: string | null
    paused: boolean
    totals: object
  }[]
}
