// Whatever is reported, deleted, merged and pruned, in whichever order: every run that was acknowledged is there exactly once
// until it is removed, each step changes what it says and nothing else, and servers and jobs remember what is left. Long
// because every kind of step is foretold in plain code.

import Database from 'better-sqlite3'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { startApp, type TestApp } from '../support/app.ts'
import { soak } from '../support/folders.ts'
import { problemsIn } from '../support/problems.ts'
import { report } from '../support/report.ts'

const began = Date.parse('2026-07-01T00:00:00Z')
const toTime = (moment: number) => new Date(began + moment * 60_000)

const reporting = fc.record({
  kind: fc.constant('report' as const),
  machine: fc.constantFrom('a', 'b', 'c', null),
  name: fc.constantFrom('nas', 'pc'),
  number: fc.constantFrom('DB-1', 'DB-2', null),
  job: fc.constantFrom('Photos', 'Music'),
  // Few moments, so that servers have runs in common; some of them lie in the future.
  moment: fc.option(fc.nat(20), { freq: 8 }),
  result: fc.constantFrom('Success', 'Warning', 'Error', 'Fatal'),
  dryRun: fc.constantFrom(true, false, false),
  listed: fc.boolean(),
  nextIn: fc.option(fc.integer({ min: -5, max: 30 })),
})
// What the numbers choose among is known when their turn comes.
const deleting = fc.record({
  kind: fc.constantFrom('deleteBackup' as const, 'deleteBackupJob' as const, 'deleteServer' as const),
  chosen: fc.nat(),
})
const merging = fc.record({ kind: fc.constant('merge' as const), from: fc.nat(), into: fc.nat() })
const pruning = fc.record({
  kind: fc.constant('prune' as const),
  moment: fc.nat(40),
  keepLatest: fc.integer({ min: 1, max: 3 }),
  dryRun: fc.boolean(),
})
const step = fc.oneof(
  { weight: 16, arbitrary: reporting },
  { weight: 3, arbitrary: deleting },
  { weight: 3, arbitrary: merging },
  { weight: 1, arbitrary: pruning },
)

type Of<Arbitrary> = Arbitrary extends fc.Arbitrary<infer Value> ? Value : never

it('loses no run, and remembers what is left', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 10, maxLength: 60 }), async (steps) => {
      const app = await startApp()
      const given = { servers: 0, jobs: 0, runs: 0 }
      let before: Stored = { servers: [], jobs: [], runs: [] }
      for (const [index, one] of steps.entries()) {
        app.setTime(toTime(10 + index))
        const after = await take(app, one, before, `report ${index}`)
        for (const kind of ['servers', 'jobs', 'runs'] as const) {
          const known = new Set(before[kind].map(({ id }) => id))
          const made = after[kind].map(({ id }) => id).filter((id) => !known.has(id))
          // No number is given twice, also not when clones are taken apart.
          expect(made.every((id) => id > given[kind])).toBe(true)
          given[kind] = Math.max(given[kind], ...made)
        }
        expect(problemsIn(app.file)).toEqual([])
        before = after
      }
      await app.close()
    }),
    { numRuns: soak ? 1000 : 15, seed: 11 },
  )
}, 7_200_000)

interface Run {
  id: number
  server: number
  job: number
  began: number | null
  ordered: number
  dryRun: number
  status: string
  listed: number
  announced: number
  log: string
}
interface Job {
  id: number
  server: number
  name: string
}
interface Stored {
  servers: { id: number }[]
  jobs: Job[]
  runs: Run[]
}

function read(file: string): Stored {
  const database = new Database(file, { readonly: true })
  const rows = <Row>(sql: string) => database.prepare<[], Row>(`${sql} ORDER BY id`).all()
  const stored = {
    servers: rows<{ id: number }>('SELECT id FROM servers'),
    jobs: rows<Job>('SELECT id, server_id AS server, name FROM backup_jobs'),
    runs: rows<Run>(`SELECT id, server_id AS server, job_id AS job, began_at AS began, ordered_at AS ordered,
      dryrun AS dryRun, status, known_file_size IS NOT NULL AS listed, next_scheduled_run IS NOT NULL AS announced,
      (SELECT group_concat(text) FROM log_lines WHERE backup_id = b.id) AS log FROM backups b`),
  }
  database.close()
  return stored
}

/** Takes the step and checks its answer, and that what is stored differs by what it says; returns what is stored now. */
function take(app: TestApp, one: Of<typeof step>, before: Stored, log: string): Promise<Stored> {
  if (one.kind === 'report') return takeReport(app, one, before, log)
  if (one.kind === 'merge') return merge(app, one, before)
  if (one.kind === 'prune') return prune(app, one, before)
  return remove(app, one, before)
}

async function takeReport(app: TestApp, one: Of<typeof reporting>, before: Stored, log: string): Promise<Stored> {
  const at = one.moment === null ? null : toTime(one.moment)
  const next = at && one.nextIn !== null ? new Date(at.getTime() + one.nextIn * 60_000) : null
  const { status, body } = await app.post(
    report({
      data: { BeginTime: at?.toISOString() ?? null, ParsedResult: one.result, Dryrun: one.dryRun },
      backend: one.listed ? {} : { KnownFileSize: 0, BackupListCount: 0 },
      extra: {
        'machine-id': one.machine,
        'machine-name': one.name,
        'backup-id': one.number,
        'backup-name': one.job,
        'next-scheduled-run': next && `${next.toISOString().slice(0, 19).replaceAll(/[-:]/g, '')}Z`,
      },
      logLines: [log],
    }),
  )
  expect(status).toBe(200)
  const { backup, duplicate } = body as { backup: { id: number }; duplicate: boolean }
  const after = read(app.file)
  const own = after.runs.find(({ id }) => id === backup.id)
  expect(own).toMatchObject({ began: at?.getTime() ?? null, ...(duplicate ? {} : { log }) })
  // Whose runs are may change with what a report proves; what they did does not.
  const did = (runs: (Run | undefined)[]) => runs.map((run) => ({ ...run, server: null, job: null }))
  expect(did(after.runs)).toEqual(did(duplicate ? before.runs : [...before.runs, own]))
  return after
}

async function remove(app: TestApp, { kind, chosen }: Of<typeof deleting>, before: Stored): Promise<Stored> {
  const [owners, key] = {
    deleteBackup: [before.runs, 'id'] as const,
    deleteBackupJob: [before.jobs, 'job'] as const,
    deleteServer: [before.servers, 'server'] as const,
  }[kind]
  const id = owners[chosen % owners.length]?.id
  if (id === undefined) return before
  const left = before.runs.filter((run) => run[key] !== id)
  const payload = await mutate(
    app,
    `${kind}(id: ${id}) { ${kind === 'deleteBackup' ? '__typename' : 'deletedBackups'} }`,
  )
  if (kind !== 'deleteBackup') expect(payload).toEqual({ deletedBackups: before.runs.length - left.length })
  const after = read(app.file)
  expect(after).toEqual({
    servers: before.servers.filter((server) => kind !== 'deleteServer' || server.id !== id),
    jobs: before.jobs.filter(
      (job) => kind === 'deleteBackup' || (kind === 'deleteServer' ? job.server : job.id) !== id,
    ),
    runs: left,
  })
  return after
}

async function merge(app: TestApp, chosen: Of<typeof merging>, before: Stored): Promise<Stored> {
  const [from, into] = [chosen.from, chosen.into].map((number) => before.servers[number % before.servers.length]?.id)
  if (from === undefined || from === into) return before
  const payload = await mutate(
    app,
    `mergeServers(from: ${from}, into: ${into}) { movedJobs mergedJobs movedBackups duplicateBackups }`,
  )
  const after = read(app.file)
  const isOf = (server: number | undefined) => (row: { server: number }) => row.server === server
  const movedTo = (run: Run) => after.runs.find(({ id }) => id === run.id)
  const movedJobs = before.jobs.filter(isOf(from)).filter(({ id }) => after.jobs.some((job) => job.id === id))
  const lost = before.runs.filter((run) => !movedTo(run))
  expect(payload).toEqual({
    movedJobs: movedJobs.length,
    mergedJobs: before.jobs.filter(isOf(from)).length - movedJobs.length,
    movedBackups: before.runs.filter(isOf(from)).length - lost.length,
    duplicateBackups: lost.length,
  })
  expect(after.servers).toEqual(before.servers.filter(({ id }) => id !== from))
  const nameOf = new Map([...before.jobs, ...after.jobs].map(({ id, name }) => [id, name]))
  for (const run of before.runs) {
    const moved = movedTo(run)
    if (run.server !== from) expect(moved).toEqual(run)
    else if (moved) {
      expect(moved).toEqual({ ...run, server: into, job: moved.job })
      expect(nameOf.get(moved.job)).toBe(nameOf.get(run.job))
      if (movedJobs.some(({ id }) => id === run.job)) expect(moved.job).toBe(run.job)
    } else {
      const twins = before.runs.filter((other) => other.server === into && other.began === run.began)
      expect(twins.map(({ job }) => nameOf.get(job))).toContain(nameOf.get(run.job))
    }
  }
  return after
}

async function prune(
  app: TestApp,
  { moment, keepLatest, dryRun }: Of<typeof pruning>,
  before: Stored,
): Promise<Stored> {
  const olderThan = toTime(moment)
  const lost = before.jobs.flatMap(({ id }) => {
    const own = before.runs.filter(({ job }) => job === id)
    const counted = own.filter((run) => !run.dryRun).sort((a, b) => b.ordered - a.ordered || b.id - a.id)
    const telling = [counted.find(({ listed }) => listed), counted.find(({ announced }) => announced)]
    telling.push(
      counted.find(({ status }) => status === 'SUCCESS'),
      counted.find(({ status }) => status !== 'UNKNOWN'),
    )
    const kept = counted.filter(
      (run, index) => index < keepLatest || telling.some((teller) => teller?.ordered === run.ordered),
    )
    return own.filter((run) => run.ordered < olderThan.getTime() && !kept.includes(run))
  })
  const states = '{ backupJobs(first: 100) { nodes { id state dueAt storedSize latestBackup { id } } } }'
  const stateBefore = await app.graphql(states)
  const payload = await mutate(
    app,
    `pruneBackups(olderThan: "${olderThan.toISOString()}", keepLatest: ${keepLatest}, dryRun: ${dryRun}) {
      deletedBackups jobs { deletedBackups backupJob { databaseId } } }`,
  )
  const perJob = before.jobs.map(({ id }) => ({ id, runs: lost.filter(({ job }) => job === id).length }))
  expect(payload).toEqual({
    deletedBackups: lost.length,
    jobs: perJob
      .filter(({ runs }) => runs > 0)
      .map(({ id, runs }) => ({ deletedBackups: runs, backupJob: { databaseId: id } })),
  })
  const after = read(app.file)
  expect(after).toEqual({ ...before, runs: before.runs.filter((run) => dryRun || !lost.includes(run)) })
  expect(await app.graphql(states)).toEqual(stateBefore)
  return after
}

async function mutate(app: TestApp, field: string): Promise<unknown> {
  const { data, errors } = await app.graphql(`mutation { payload: ${field} }`)
  expect(errors).toBeUndefined()
  return (data as { payload: unknown }).payload
}
