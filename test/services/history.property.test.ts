// Whatever arrives in whichever order: what servers and jobs remember is what their stored runs add up to.

import Database from 'better-sqlite3'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { emptyMemory, type JobMemory, type RememberedRun, withRun } from '../../src/domain/jobMemory.ts'
import type { RunStatus } from '../../src/domain/runStatus.ts'
import { startApp } from '../support/app.ts'
import { report } from '../support/report.ts'

const minute = 60_000
const began = Date.parse('2026-07-01T00:00:00Z')

const arrival = fc.record({
  machine: fc.integer({ min: 1, max: 3 }),
  job: fc.integer({ min: 1, max: 2 }),
  // Few moments, so that repetitions and equal times are common; some of them lie in the future.
  moment: fc.integer({ min: 0, max: 40 }),
  result: fc.constantFrom('Success', 'Warning', 'Error', 'Fatal', 'Unknown'),
  dryRun: fc.boolean(),
  stopped: fc.boolean(),
  examined: fc.constantFrom(0, 50, 1000),
  uploaded: fc.constantFrom(0, 1, 2 ** 40, '9007199254740993', '9223372036854775807'),
  listed: fc.boolean(),
  nextIn: fc.option(fc.integer({ min: -5, max: 5 })),
  withId: fc.boolean(),
})

type Arrival = typeof arrival extends fc.Arbitrary<infer T> ? T : never

const runs = Number(process.env.SOAK ? 1000 : 40)

it('keeps totals, latest runs and expectations true to the stored runs', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(arrival, { maxLength: 30 }), async (arrivals) => {
      const app = await startApp()
      app.setTime(new Date(began + 20 * minute))
      for (const group of chunks(arrivals, 4)) {
        const answers = await Promise.all(group.map((one) => app.post(reportOf(one))))
        expect(answers.map(({ status }) => status)).toEqual(group.map(() => 200))
      }
      await app.close()
      expectTrue(app.file)
    }),
    { numRuns: runs, seed: 7 },
  )
}, 600_000)

function reportOf({
  machine,
  job,
  moment,
  result,
  dryRun,
  stopped,
  examined,
  uploaded,
  listed,
  nextIn,
  withId,
}: Arrival) {
  const at = new Date(began + moment * minute)
  const next = nextIn === null ? null : new Date(at.getTime() + nextIn * minute)
  return report({
    data: {
      BeginTime: at.toISOString(),
      ParsedResult: result,
      Dryrun: dryRun,
      Interrupted: stopped,
      ExaminedFiles: examined,
    },
    backend: { BytesUploaded: uploaded, ...(listed ? {} : { KnownFileSize: 0, BackupListCount: 0 }) },
    extra: {
      'machine-id': withId ? `machine-${machine}` : null,
      'machine-name': `name-${Math.min(machine, 2)}`,
      'backup-id': withId ? `DB-${job}` : null,
      'backup-name': `job-${job}`,
      'next-scheduled-run': next && `${next.toISOString().slice(0, 19).replaceAll(/[-:]/g, '')}Z`,
    },
  })
}

/** Recomputes everything that is remembered from the runs alone, in plain code, and compares. */
function expectTrue(file: string) {
  const database = new Database(file, { readonly: true })
  database.defaultSafeIntegers(true)
  const jobs = database.prepare('SELECT * FROM backup_jobs').all() as Row[]
  const servers = database.prepare('SELECT * FROM servers').all() as Row[]
  const backups = database.prepare('SELECT * FROM backups ORDER BY id').all() as Row[]
  database.close()

  for (const job of jobs) {
    const own = backups.filter((run) => run.job_id === job.id)
    expect(own.every((run) => run.server_id === job.server_id)).toBe(true)
    expect(remembered(job)).toEqual(recomputed(own))
    // The fold of the pure rule gives the same: it does not depend on the order of arrival.
    const folded = own.map(historic).reduce(withRun, emptyMemory)
    expect(comparable(folded)).toEqual(remembered(job))
  }
  for (const server of servers) {
    const counted = backups.filter((run) => run.server_id === server.id && !run.dryrun && !run.prevented)
    expect(server.latest_backup_id).toEqual(counted.sort(byPlace).at(-1)?.id ?? null)
  }
  for (const { began_at, received_at, ordered_at } of backups) {
    expect(Number(ordered_at)).toBe(Math.min(Number(began_at ?? received_at), Number(received_at)))
  }
  const keys = backups.map((run) => `${run.job_id} ${run.began_at} ${run.machine_name} ${run.backup_id}`)
  expect(new Set(keys).size).toBe(keys.length)
}

type Row = Record<string, bigint | string | number | null>

const byPlace = (a: Row, b: Row) => Number(a.ordered_at) - Number(b.ordered_at) || Number(a.id) - Number(b.id)

function recomputed(all: Row[]) {
  const counted = all.filter((run) => !run.dryrun && !run.prevented).sort(byPlace)
  const latest = counted.at(-1)
  const measured = counted.findLast((run) => run.known_file_size !== null)
  const scheduled = counted.findLast((run) => run.next_scheduled_run !== null)
  const next = scheduled?.next_scheduled_run ?? null
  const told = Math.max(Number(scheduled?.began_at ?? 0), Number(scheduled?.ended_at ?? 0))
  const ahead = told - Number(scheduled?.received_at)
  const ended = (...statuses: string[]) => counted.filter((run) => statuses.includes(run.status as string)).length
  const isStopped = (run: Row | undefined) =>
    Boolean(run?.interrupted || run?.partial_backup) && run?.status !== 'ERROR' && run?.status !== 'FATAL'
  const conclusive = counted.findLast(
    (run) =>
      run.status === 'ERROR' ||
      run.status === 'FATAL' ||
      (run.status !== 'UNKNOWN' && !isStopped(run) && !String(run.remarks).includes('NOTHING_EXAMINED')),
  )
  const success = counted.findLast((run) => run.status === 'SUCCESS')
  const sum = counted.reduce((total, run) => total + (run.uploaded_size as bigint), 0n)
  return {
    latestBackupId: latest?.id ?? null,
    latestAt: latest?.ordered_at ?? null,
    latestSeconds: whole(latest?.duration_seconds ?? null),
    lastStatus: latest?.status ?? null,
    lastStopped: latest !== undefined && isStopped(latest),
    conclusiveAt: conclusive?.ordered_at ?? null,
    conclusiveStatus: conclusive?.status ?? null,
    lastSuccessId: success?.id ?? null,
    lastSuccessAt: success?.ordered_at ?? null,
    baselineAt: success?.ordered_at ?? null,
    baselineFiles: success?.examined_files ?? null,
    baselineSize: success?.source_size ?? null,
    baselineVersions: success?.backup_list_count ?? null,
    measuredAt: measured?.ordered_at ?? null,
    sourceSize: measured?.source_size ?? null,
    storedSize: measured?.known_file_size ?? null,
    versions: measured?.backup_list_count ?? null,
    scheduledAt: scheduled?.ordered_at ?? null,
    nextScheduledRun: scheduled?.next_scheduled_run ?? null,
    announcedRun: next === null ? null : BigInt(next) - BigInt(ahead > 600_000 ? ahead : 0),
    recentRuns: counted
      .map((run) => {
        const isCutShort = run.status === 'ERROR' || run.status === 'FATAL' || isStopped(run)
        const seconds = isCutShort && Number(run.duration_seconds) < 600 ? null : run.duration_seconds
        return { at: begun(run), id: Number(run.id), seconds }
      })
      .sort((a, b) => a.at - b.at || a.id - b.id)
      .slice(-10)
      .map(({ at, seconds }) => [at, seconds]),
    runs: BigInt(counted.length),
    succeeded: BigInt(ended('SUCCESS')),
    warned: BigInt(ended('WARNING', 'UNKNOWN')),
    failed: BigInt(ended('ERROR', 'FATAL')),
    uploadedSize: sum > 2n ** 63n - 1n ? 2n ** 63n - 1n : sum,
    dryRuns: BigInt(all.filter((run) => run.dryrun).length),
    preventedRuns: BigInt(all.filter((run) => !run.dryrun && run.prevented).length),
  }
}

/** When it began by a right clock: a report comes when its run ends. */
function begun({ began_at, ended_at, received_at, ordered_at }: Row): number {
  const off = ended_at === null ? 0 : Number(received_at) - Number(ended_at)
  if (began_at === null || Math.abs(off) <= 600_000 || off > 14 * 3_600_000) return Number(ordered_at)
  return Math.min(Number(began_at) + off, Number(received_at))
}

function remembered(job: Row) {
  return {
    latestBackupId: job.latest_backup_id,
    latestAt: job.latest_at,
    latestSeconds: whole(job.latest_seconds),
    lastStatus: job.last_status,
    lastStopped: job.last_stopped === 1n,
    conclusiveAt: job.conclusive_at,
    conclusiveStatus: job.conclusive_status,
    lastSuccessId: job.last_success_id,
    lastSuccessAt: job.last_success_at,
    baselineAt: job.baseline_at,
    baselineFiles: job.baseline_files,
    baselineSize: job.baseline_size,
    baselineVersions: job.baseline_versions,
    measuredAt: job.measured_at,
    sourceSize: job.source_size,
    storedSize: job.stored_size,
    versions: job.versions,
    scheduledAt: job.scheduled_at,
    nextScheduledRun: job.next_scheduled_run,
    announcedRun: job.announced_run,
    recentRuns: JSON.parse(job.recent_runs as string),
    runs: job.runs,
    succeeded: job.succeeded,
    warned: job.warned,
    failed: job.failed,
    uploadedSize: job.uploaded_size,
    dryRuns: job.dry_runs,
    preventedRuns: job.prevented_runs,
  }
}

function historic(run: Row): RememberedRun {
  return {
    id: Number(run.id),
    orderedAt: new Date(Number(run.ordered_at)),
    origin: run.origin as RememberedRun['origin'],
    receivedAt: new Date(Number(run.received_at)),
    beganAt: run.began_at === null ? null : new Date(Number(run.began_at)),
    durationSeconds: run.duration_seconds as number | null,
    endedAt: run.ended_at === null ? null : new Date(Number(run.ended_at)),
    dryRun: run.dryrun === 1n,
    prevented: run.prevented === 1n,
    interrupted: run.interrupted === 1n,
    partial: run.partial_backup === 1n,
    savedNothing: String(run.remarks).includes('NOTHING_EXAMINED'),
    acknowledged: run.acknowledged === 1n,
    examinedFiles: run.examined_files as bigint,
    status: run.status as RunStatus,
    uploadedSize: run.uploaded_size as bigint,
    sourceSize: run.source_size as bigint | null,
    storedSize: run.known_file_size as bigint | null,
    versions: run.backup_list_count === null ? null : Number(run.backup_list_count),
    nextScheduledRun: run.next_scheduled_run === null ? null : new Date(Number(run.next_scheduled_run)),
  }
}

/** A whole number as the database brings it where its column is not of floating ones. */
function whole(value: unknown) {
  return Number.isInteger(value) ? BigInt(value as number) : value
}

function comparable(history: JobMemory) {
  const plain = (value: unknown) => (value instanceof Date ? BigInt(value.getTime()) : whole(value))
  const { recentRuns, ...rest } = history
  return {
    ...Object.fromEntries(Object.entries(rest).map(([name, value]) => [name, plain(value)])),
    recentRuns: recentRuns.map(({ at, seconds }) => [at.getTime(), seconds]),
  }
}

function chunks<T>(items: T[], size: number): T[][] {
  return items.length === 0 ? [] : [items.slice(0, size), ...chunks(items.slice(size), size)]
}
