// The sentence that says how all backups are, the numbers that lead on, and the last day and week in words.

import { to } from '../base.ts'
import type { JobRowFragment, OverviewQuery } from '../generated/graphql.ts'
import { useConnection } from '../live/live.ts'
import { Shape } from '../parts/State.tsx'
import { useNow, When } from '../parts/When.tsx'
import { type Day, dayWords } from '../words/days.ts'
import { bytes, counted } from '../words/sizes.ts'
import { states, stateTones, stateWords } from '../words/states.ts'
import { countsOf, currentVerdict } from '../words/verdict.ts'
import { searchOf, type View } from './view.ts'

interface Props {
  overview: OverviewQuery
  jobs: JobRowFragment[]
  strips: Map<string, Day[]>
  view: View
}

export function Lead({ overview: { summary, lastDay }, jobs, strips, view }: Props) {
  const counts = countsOf(summary.jobsByState)
  const { tone, sentence } = currentVerdict(counts, useConnection().offlineSince, useNow())
  return (
    <section class={`lead ${tone}`} aria-label="All backups">
      <h1>
        <Shape tone={tone} />
        {sentence}
      </h1>
      <ul class="counts">
        {states
          .filter((state) => (counts[state] ?? 0) > 0)
          .map((state) => (
            <li key={state}>
              <a
                class={`mark ${stateTones[state]}`}
                href={to() + searchOf({ ...view, search: '', tag: '', states: [state] })}
                aria-current={view.states.includes(state) ? 'true' : undefined}
              >
                <b>{counts[state]}</b> {stateWords[state]}
              </a>
            </li>
          ))}
      </ul>
      <dl class="facts">
        <div>
          <dt>Last 24 hours</dt>
          <dd>
            <a href={to('runs?days=1')}>{dayWords(sumOf(lastDay))}</a>
          </dd>
        </div>
        <Missed jobs={jobs} strips={strips} />
        {summary.lastBackupAt && (
          <div>
            <dt>Latest run</dt>
            <dd>
              <When time={summary.lastBackupAt} relative />
            </dd>
          </div>
        )}
        <NextDue jobs={jobs} />
        <Unwatched jobs={jobs} />
        <div>
          <dt>Backed up</dt>
          <dd>
            {bytes(summary.totalBackupSize)}, stored as {bytes(summary.totalStorageUsed)}
          </dd>
        </div>
      </dl>
    </section>
  )
}

/** The runs that did not come in the last seven days, by job. */
function Missed({ jobs, strips }: Pick<Props, 'jobs' | 'strips'>) {
  const missed = jobs
    .map((job) => ({
      job,
      runs: (strips.get(job.id) ?? []).slice(-7).reduce((sum, day) => sum + (day.missed ?? 0), 0),
    }))
    .filter(({ runs }) => runs > 0)
    .sort((a, b) => b.runs - a.runs)
  if (missed.length === 0) return null
  const runs = missed.reduce((sum, one) => sum + one.runs, 0)
  return (
    <div>
      <dt>Missed in 7 days</dt>
      <dd>
        {runs === 1 ? '1 run' : `${runs} runs`}:{' '}
        {missed.slice(0, 4).map(({ job, runs: count }, index) => (
          <span key={job.id}>
            {index > 0 && ', '}
            <a href={to(`jobs/${job.databaseId}`)}>{job.displayName}</a> on {job.server.displayName}
            {count > 1 && ` (${count})`}
          </span>
        ))}
        {missed.length > 4 && ` and ${missed.length - 4} more`}
      </dd>
    </div>
  )
}

/** Of these, silence says nothing: a person said so, or nobody knows when they are to run. */
function Unwatched({ jobs }: Pick<Props, 'jobs'>) {
  const unwatched = jobs.filter(({ latenessWatched, state, dueAt }) => !latenessWatched || (state === 'OK' && !dueAt))
  if (unwatched.length === 0) return null
  return (
    <div>
      <dt>Never late</dt>
      <dd>{counted(unwatched.length, 'job')}: no run is expected at any time</dd>
    </div>
  )
}

function NextDue({ jobs }: Pick<Props, 'jobs'>) {
  const now = Date.now()
  const [next] = jobs
    .flatMap(({ dueAt }) => (dueAt && Date.parse(dueAt) > now ? dueAt : []))
    .sort((a, b) => Date.parse(a) - Date.parse(b))
  if (!next) return null
  return (
    <div>
      <dt>Next due</dt>
      <dd>
        <When time={next} relative />
      </dd>
    </div>
  )
}

function sumOf(buckets: OverviewQuery['lastDay']): Day {
  const sum = (key: 'succeeded' | 'warned' | 'failed' | 'missed') =>
    buckets.reduce((all, one) => all + (one[key] ?? 0), 0)
  const total = { succeeded: sum('succeeded'), warned: sum('warned'), failed: sum('failed'), missed: sum('missed') }
  return { from: '', complete: true, ...total }
}
