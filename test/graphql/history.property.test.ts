// Whatever ran whenever: every bucket of every history is what its runs, one by one in plain code, come to.

import fc from 'fast-check'
import { expect, it } from 'vitest'
import { type BucketSize, timeBuckets } from '../../src/domain/schedule/timeBuckets.ts'
import { graphql } from '../generated/gql.ts'
import { plain, startApp } from '../support/app.ts'
import { soak } from '../support/folders.ts'
import { countedRuns, plainBucket } from '../support/plainHistory.ts'
import { report } from '../support/report.ts'

const allHistories = graphql(`
  query AllHistories($from: DateTime, $to: DateTime, $bucket: HistoryBucketSize!, $timeZone: TimeZone!) {
    servers { nodes { databaseId history(from: $from, to: $to, bucket: $bucket, timeZone: $timeZone) {
      from to runs failed durationSeconds uploadedSize changedFiles sourceSize storedSize versions
    } } }
    backupJobs { nodes { databaseId history(from: $from, to: $to, bucket: $bucket, timeZone: $timeZone) {
      from to runs failed durationSeconds uploadedSize changedFiles sourceSize storedSize versions
    } } }
  }
`)

const hourMs = 3_600_000

const arrival = fc.record({
  machine: fc.integer({ min: 1, max: 2 }),
  job: fc.integer({ min: 1, max: 3 }),
  // Few moments, so that equal times are common; of the times in the future, all become the time of receipt.
  moment: fc.integer({ min: 0, max: 60 }),
  millisecond: fc.constantFrom(-1, 0, 0, 1),
  result: fc.constantFrom('Success', 'Warning', 'Error', 'Fatal', 'Unknown'),
  dryRun: fc.boolean(),
  uploaded: fc.constantFrom(0, 1, 2 ** 40, '9007199254740993', '9223372036854775807'),
  stored: fc.constantFrom(0, 7, '9223372036854775807'),
  versions: fc.integer({ min: 0, max: 3 }),
  examined: fc.integer({ min: 0, max: 3 }),
  halfSeconds: fc.option(fc.integer({ min: -3, max: 1_000_000 })),
})

const period = fc.record({
  // The moments are an hour apart, or several days: few or many runs come to lie in one bucket.
  stepHours: fc.constantFrom(0.5, 1, 12, 100),
  // Just before clocks are set somewhere, or at the end of a month or a year.
  began: fc.constantFrom(
    '2026-03-28T12:00Z',
    '2026-04-04T00:00Z',
    '2026-10-24T12:00Z',
    '2011-12-28T10:00Z',
    '2023-12-30T23:00Z',
  ),
  from: fc.integer({ min: -5, max: 50 }),
  length: fc.integer({ min: 1, max: 40 }),
  now: fc.integer({ min: 0, max: 70 }),
  bucket: fc.constantFrom<BucketSize>('HOUR', 'DAY', 'WEEK', 'MONTH'),
  timeZone: fc.constantFrom(
    'UTC',
    'Europe/Berlin',
    'America/New_York',
    'Australia/Lord_Howe',
    'Pacific/Apia',
    'America/Sao_Paulo',
    'Asia/Kathmandu',
  ),
})

type Arrival = typeof arrival extends fc.Arbitrary<infer T> ? T : never

/** What is done to the runs afterwards. What there is nothing for is refused, and changes nothing. */
const change = fc.oneof(
  fc.integer({ min: 1, max: 20 }).map((id) => `deleteBackup(id: ${id}) { __typename }`),
  fc.integer({ min: 0, max: 60 }).map((moment) => ({ prunedBefore: moment })),
  fc.constantFrom(
    'mergeServers(from: 2, into: 1) { __typename }',
    'splitServer(id: 1, machineIds: ["machine-2"]) { __typename }',
    'mergeBackupJobs(from: 2, into: 1) { __typename }',
    'splitBackupJob(id: 1, backupIds: ["DB-2"]) { __typename }',
    'deleteBackupJob(id: 3) { __typename }',
  ),
)

const histories = fc.record({
  arrivals: fc.array(arrival, { maxLength: 30 }),
  chosen: period,
  changes: fc.array(change, { maxLength: 3 }),
})

// Without the shortcuts a few are enough to see that they are not what makes the answers right.
const runs = soak ? 500 : plain ? 10 : 40

it('counts every run where it belongs, and knows what was last known', async () => {
  await fc.assert(
    fc.asyncProperty(histories, async ({ arrivals, chosen, changes }) => {
      const { stepHours, bucket, timeZone } = chosen
      const moment = (steps: number) => new Date(Date.parse(chosen.began) + steps * stepHours * hourMs)
      const from = moment(chosen.from)
      // There may be up to 1,000 buckets.
      const hours = Math.min(chosen.length * stepHours, bucket === 'HOUR' ? 900 : Number.POSITIVE_INFINITY)
      const to = new Date(from.getTime() + hours * hourMs)
      const now = moment(chosen.now)
      const app = await startApp()
      app.setTime(now)
      for (const one of arrivals) {
        const at = new Date(moment(one.moment).getTime() + one.millisecond)
        expect(await app.post(reportOf(one, at))).toMatchObject({ status: 200 })
      }
      for (const one of changes) {
        const mutation =
          typeof one === 'string'
            ? one
            : `pruneBackups(olderThan: "${moment(one.prunedBefore).toISOString()}") { __typename }`
        await app.graphql(`mutation { ${mutation} }`)
      }
      const answer = await app.query(allHistories, {
        from: from.toISOString(),
        to: to.toISOString(),
        bucket,
        timeZone,
      })
      await app.close()
      const stored = countedRuns(app.file)
      const buckets = [...timeBuckets(from, to, bucket, timeZone)]
      for (const [nodes, key] of [
        [answer.servers.nodes, 'server_id'],
        [answer.backupJobs.nodes, 'job_id'],
      ] as const) {
        for (const { databaseId, history } of nodes) {
          const own = stored.filter((run) => run[key] === BigInt(databaseId))
          expect(history).toEqual(buckets.map((one) => plainBucket(own, one, now)))
        }
      }
    }),
    { numRuns: runs, seed: 7 },
  )
}, 600_000)

function reportOf(one: Arrival, at: Date) {
  const { halfSeconds } = one
  return report({
    data: {
      BeginTime: at.toISOString(),
      EndTime: halfSeconds === null ? null : at.toISOString(),
      Duration: halfSeconds === null ? null : timespan(halfSeconds),
      ParsedResult: one.result,
      Dryrun: one.dryRun,
      SizeOfExaminedFiles: one.examined,
      AddedFiles: one.examined,
      ModifiedFiles: 10 * one.versions,
      DeletedFiles: one.dryRun ? 7 : 100,
    },
    backend: { BytesUploaded: one.uploaded, KnownFileSize: one.stored, BackupListCount: one.versions },
    extra: {
      'machine-id': `machine-${one.machine}`,
      'machine-name': `name-${one.machine}`,
      'backup-id': `DB-${one.job}`,
      'backup-name': `job-${one.job}`,
    },
  })
}

/** A .NET TimeSpan. */
function timespan(halfSeconds: number): string {
  const seconds = Math.abs(halfSeconds) / 2
  const two = (value: number) => String(Math.trunc(value)).padStart(2, '0')
  const days = Math.trunc(seconds / 86_400)
  const clock = `${two((seconds / 3600) % 24)}:${two((seconds / 60) % 60)}:${two(seconds % 60)}`
  return `${halfSeconds < 0 ? '-' : ''}${days}.${clock}${seconds % 1 ? '.5' : ''}`
}
