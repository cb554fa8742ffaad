// One job: how it is and why, what happened to it in a year, how it grows, its versions and its runs.

import { to } from '../base.ts'
import { Charts } from '../charts/Charts.tsx'
import { useAnswer } from '../client/useAnswer.ts'
import { useMore } from '../client/useMore.ts'
import { JobDocument, type JobQuery, JobRunsDocument } from '../generated/graphql.ts'
import { Facts } from '../parts/Facts.tsx'
import { Legend } from '../parts/Legend.tsx'
import { MoreButton } from '../parts/MoreButton.tsx'
import { Problem } from '../parts/Problem.tsx'
import { State } from '../parts/State.tsx'
import { Strip } from '../parts/Strip.tsx'
import { usePlace } from '../parts/title.ts'
import { useNow, When } from '../parts/When.tsx'
import { Year, yearForms } from '../parts/Year.tsx'
import { RunTable } from '../run/RunTable.tsx'
import { intervalWords, reason } from '../words/reason.ts'
import { runningWords } from '../words/running.ts'
import { bytes, count } from '../words/sizes.ts'
import { date, daysOfYear, duration, startOfDay, timeZone } from '../words/times.ts'
import { JobActions } from './JobActions.tsx'
import { Story } from './Story.tsx'

export type JobData = NonNullable<JobQuery['backupJob']>

export function Job({ number }: { number?: string }) {
  const id = `BackupJob:${number}`
  const now = useNow()
  const from = startOfDay(now, daysOfYear(now) - 1).toISOString()
  const { data, error } = useAnswer(
    JobDocument,
    { id, from, timeZone },
    (change) => change.job?.id === id || change.id === id,
  )
  const job = data?.backupJob
  usePlace(job?.displayName ?? 'Job')
  if (!data) return <Problem error={error} />
  if (!job) return <h1>There is no job {number}</h1>
  const why = reason(job, now, job.latestBackup?.logLines.nodes[0]?.text)
  return (
    <>
      <nav aria-label="Where this is" class="path">
        <a href={to(`servers/${job.server.databaseId}`)}>{job.server.displayName}</a>
      </nav>
      <h1>
        {job.displayName} <State state={job.state} />
      </h1>
      {why && <p class="reason">{why}</p>}
      {job.running && <p class="reason quiet">{runningWords(job.running, now)}</p>}
      {job.notes && <p class="notes">{job.notes}</p>}
      <JobActions job={job} />
      <JobFacts job={job} />
      <section aria-labelledby="year">
        <h2 id="year">The last year</h2>
        <Year days={job.history} label="The last year" />
        <Legend forms={yearForms} />
      </section>
      <Charts id={id} />
      <Versions job={job} />
      <JobRuns id={id} />
      <Story job={job} />
    </>
  )
}

function JobFacts({ job }: { job: JobData }) {
  const { totals } = job
  return (
    <Facts
      of={[
        ['Last 30 days', <Strip key="strip" days={job.history.slice(-30)} />],
        ['Last run', job.latestBackupAt && <When time={job.latestBackupAt} relative />],
        ['Last success', job.lastSuccessAt ? <When time={job.lastSuccessAt} relative /> : 'never'],
        ['Next due', job.dueAt ? <When time={job.dueAt} /> : 'not expected'],
        ['Overdue from', job.overdueAt && job.state !== 'OVERDUE' && <When time={job.overdueAt} />],
        ['Expected', job.latenessWatched ? expectation(job) : 'its lateness is not watched'],
        [
          'Tolerance',
          job.toleranceSeconds !== null && job.toleranceSeconds !== undefined && duration(job.toleranceSeconds),
        ],
        ['Snoozed until', job.snoozedUntil && <When time={job.snoozedUntil} />],
        ['Source', job.sourceSize !== null && job.sourceSize !== undefined && bytes(job.sourceSize)],
        ['Stored', job.storedSize !== null && job.storedSize !== undefined && bytes(job.storedSize)],
        ['Versions', job.versions],
        ['Grows by', job.outlook?.growthPerDay != null && `${bytes(job.outlook.growthPerDay)} a day`],
        ['Free there', job.outlook?.freeSize != null && bytes(job.outlook.freeSize)],
        ['Full by', job.outlook?.fullAt && date(new Date(job.outlook.fullAt), new Date())],
        ['Usually takes', job.outlook?.usualDurationSeconds != null && duration(job.outlook.usualDurationSeconds)],
        [
          'Runs',
          `${count(totals.runs)}: ${count(totals.succeeded)} succeeded, ${count(totals.warned)} with warnings, ${count(totals.failed)} failed`,
        ],
        ['Not counted', notCounted(totals)],
        ['Uploaded in all', bytes(totals.uploadedSize)],
        ['In Duplicati', job.name !== job.displayName && job.name],
        ['Tags', job.tags.join(', ')],
      ]}
    />
  )
}

function expectation({ schedule, interval, scheduleSource }: JobData): string | null {
  if (schedule) {
    const days = schedule.weekdays?.map((day) => day.slice(0, 1) + day.slice(1).toLowerCase()).join(', ')
    const at = schedule.timeOfDay && `at ${schedule.timeOfDay} (${schedule.timeZone})`
    return [intervalWords(schedule.interval), days && `on ${days}`, at, '(set here)'].filter(Boolean).join(' ')
  }
  if (interval) return `${intervalWords(interval)}${scheduleSource === 'INFERRED' ? ', as its runs show' : ''}`
  return scheduleSource === 'REPORTED' ? 'as Duplicati announces' : null
}

function notCounted({ dryRuns, preventedRuns }: JobData['totals']): string {
  return [dryRuns > 0 && `${count(dryRuns)} dry runs`, preventedRuns > 0 && `${count(preventedRuns)} prevented runs`]
    .filter(Boolean)
    .join(', ')
}

function Versions({ job }: { job: JobData }) {
  const times = job.latestBackup?.availableVersions
  if (!times || times.length === 0) return null
  return (
    <details>
      <summary>{count(times.length)} versions can be restored</summary>
      <ol class="versions">
        {times.map((time) => (
          <li key={time}>
            <When time={time} />
          </li>
        ))}
      </ol>
    </details>
  )
}

function JobRuns({ id }: { id: string }) {
  const { items, totalCount, error, more } = useMore(
    JobRunsDocument,
    { id },
    ({ backupJob }) => backupJob?.backups,
    ({ job }) => job?.id === id,
  )
  return (
    <section aria-labelledby="runs">
      <h2 id="runs">Runs</h2>
      <Problem error={error} />
      {items && <RunTable runs={items} empty="It has not run yet." />}
      <MoreButton more={more} shown={items?.length ?? 0} total={totalCount} noun="runs" />
    </section>
  )
}
