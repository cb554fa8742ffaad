// One server: its jobs, its year, and what changed lately.

import { to } from '../base.ts'
import { Charts } from '../charts/Charts.tsx'
import { useAnswer } from '../client/useAnswer.ts'
import { JobTable } from '../fleet/JobTable.tsx'
import { useLogLines } from '../fleet/useLogLines.ts'
import { useStrips } from '../fleet/useStrips.ts'
import { groupsOf, jobsOf, viewOf } from '../fleet/view.ts'
import { ServerDocument, type ServerQuery } from '../generated/graphql.ts'
import { Facts } from '../parts/Facts.tsx'
import { Legend } from '../parts/Legend.tsx'
import { OnlyLatest } from '../parts/OnlyLatest.tsx'
import { Problem } from '../parts/Problem.tsx'
import { State } from '../parts/State.tsx'
import { Strip, stripForms } from '../parts/Strip.tsx'
import { usePlace } from '../parts/title.ts'
import { useNow, When } from '../parts/When.tsx'
import { Year, yearForms } from '../parts/Year.tsx'
import { daysOfYear, startOfDay, timeZone } from '../words/times.ts'
import { ServerActions } from './ServerActions.tsx'

export type ServerData = NonNullable<ServerQuery['server']>

/** What came of asking its Duplicati; nothing if it is not asked. */
function connectionOf({ connection }: ServerData) {
  if (!connection) return null
  const { state, problem, checkedAt, version } = connection
  if (!checkedAt) return 'not yet'
  return (
    <>
      <When key="checked" time={checkedAt} relative />
      {state === 'WORKS' ? `: Duplicati ${version}` : `: ${problem}`}
    </>
  )
}

/** All jobs, trouble first. */
const view = viewOf({})

export function Server({ number }: { number?: string }) {
  const id = `Server:${number}`
  const now = useNow()
  const from = startOfDay(now, daysOfYear(now) - 1).toISOString()
  const { data, error } = useAnswer(
    ServerDocument,
    { id, from, timeZone },
    (change) => change.server?.id === id || change.kind === 'REMOVED',
  )
  const server = data?.server
  const jobs = server?.jobs ?? []
  const strips = useStrips(jobs.map((job) => job.id))
  const lines = useLogLines(jobs)
  usePlace(server?.displayName ?? 'Server')
  if (!data) return <Problem error={error} />
  if (!server) return <h1>There is no server {number}</h1>
  return (
    <>
      <h1>
        {server.displayName} <State state={server.state} />
      </h1>
      {server.notes && <p class="notes">{server.notes}</p>}
      <ServerActions server={server} />
      <Facts
        of={[
          ['Last 30 days', <Strip key="strip" days={server.history.slice(-30)} />],
          ['Last report', server.lastSeen ? <When time={server.lastSeen} relative /> : 'none yet'],
          ['Reports itself as', server.name !== server.displayName && server.name],
          ['Its Duplicati', server.url && <a href={server.url}>{server.url}</a>],
          ['Asked', connectionOf(server)],
          ['Tags', server.tags.join(', ')],
          ['Known since', <When key="since" time={server.createdAt} />],
        ]}
      />
      <section aria-labelledby="jobs">
        <h2 id="jobs">Backups</h2>
        <JobTable
          groups={groupsOf(jobsOf(jobs, view), '')}
          grouped={false}
          strips={strips}
          lines={lines}
          view={view}
          withServer={false}
        />
        <Legend forms={stripForms} />
      </section>
      <section aria-labelledby="year">
        <h2 id="year">The last year</h2>
        <Year days={server.history} label="The last year of all its jobs" />
        <Legend forms={yearForms} />
      </section>
      <Charts id={id} />
      <section aria-labelledby="states">
        <h2 id="states">Changes of state</h2>
        <ul class="transitions">
          {server.transitions.nodes.map(({ id, from, to: into, at, job }) => (
            <li key={id}>
              <When time={at} /> <a href={to(`jobs/${job.databaseId}`)}>{job.displayName}</a>: <State state={from} /> →{' '}
              <State state={into} />
            </li>
          ))}
        </ul>
        <OnlyLatest shown={server.transitions.nodes.length} />
      </section>
    </>
  )
}
