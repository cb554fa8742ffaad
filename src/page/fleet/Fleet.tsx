// The first screen: what is true of all backups now, and a row for each job, trouble first.

import { useEffect } from 'preact/hooks'
import { useLocation } from 'preact-iso/router'
import { to } from '../base.ts'
import { useAnswer } from '../client/useAnswer.ts'
import { useMay } from '../client/viewer.tsx'
import { OverviewDocument } from '../generated/graphql.ts'
import { Bulk } from '../parts/Bulk.tsx'
import { Legend } from '../parts/Legend.tsx'
import { Problem } from '../parts/Problem.tsx'
import { stripForms } from '../parts/Strip.tsx'
import { usePlace } from '../parts/title.ts'
import { useNow } from '../parts/When.tsx'
import { counted } from '../words/sizes.ts'
import { Filters } from './Filters.tsx'
import { JobTable } from './JobTable.tsx'
import { Lead } from './Lead.tsx'
import { mostJobs, useFleet } from './useFleet.ts'
import { useLogLines } from './useLogLines.ts'
import { useStrips } from './useStrips.ts'
import { filterOf, groupsOf, jobsOf, searchOf, type View, viewOf } from './view.ts'

export function Fleet() {
  const { query, route } = useLocation()
  const may = useMay()
  const view = viewOf(query)
  const { data, error, stale } = useAnswer(OverviewDocument, { lastDay: dayBefore(useNow()) })
  const isLarge = (data?.summary.totalBackupJobs ?? 0) > mostJobs
  const fleet = useFleet(isLarge ? filterOf(view) : null)
  const strips = useStrips(fleet.rows.map(({ id }) => id))
  const lines = useLogLines(fleet.rows)
  usePlace('')
  // Whoever has nothing yet is shown how to begin; a page of its own stays when the first report comes, and greets it.
  const isEmpty = data?.summary.totalServers === 0 && !stale
  useEffect(() => {
    if (isEmpty) route(to('connect'), true)
  }, [isEmpty])
  const change = (part: Partial<View>) => route(to() + searchOf({ ...view, ...part }), true)

  const shown = jobsOf(fleet.rows, view)
  const tagged = jobsOf(fleet.rows, { ...viewOf({}), tag: view.tag })
  return (
    <>
      <Problem error={error ?? fleet.error} />
      {data && <Lead overview={data} jobs={fleet.rows} strips={strips} view={view} />}
      <section aria-labelledby="jobs">
        <h2 id="jobs">Backups</h2>
        <Filters view={view} change={change} jobs={fleet.rows} />
        {may('ADMIN') && view.tag !== '' && shown.length > 0 && (
          <div class="actions">
            <Bulk
              by={{ tag: view.tag }}
              of={`tagged ${view.tag}`}
              paused={tagged.filter(({ state }) => state === 'PAUSED').length}
              total={tagged.length}
            />
          </div>
        )}
        <p class="quiet" role="status">
          {shown.length < (fleet.totalCount ?? 0) && `${shown.length} of ${counted(fleet.totalCount ?? 0, 'job')}. `}
          {!fleet.complete && fleet.error === undefined && 'Reading…'}
          {isLarge && fleet.complete && (fleet.totalCount ?? 0) > mostJobs && `The worst ${mostJobs} are shown.`}
        </p>
        {(shown.length > 0 || fleet.complete) && (
          <JobTable
            groups={groupsOf(shown, view.group)}
            grouped={view.group !== ''}
            strips={strips}
            lines={lines}
            view={view}
          />
        )}
        <Legend forms={stripForms} />
      </section>
    </>
  )
}

/** A day before, at the full hour: the question stays the same for an hour. */
function dayBefore(now: Date): string {
  const hour = 3_600_000
  return new Date(Math.floor(now.getTime() / hour) * hour - 24 * hour).toISOString()
}
