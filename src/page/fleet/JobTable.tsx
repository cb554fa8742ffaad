// The jobs as a table, in groups that can be folded; on a narrow screen each row becomes a card.

import { useMemo, useState } from 'preact/hooks'
import { to } from '../base.ts'
import type { JobRowFragment } from '../generated/graphql.ts'
import { State } from '../parts/State.tsx'
import { Strip } from '../parts/Strip.tsx'
import { useNow, When } from '../parts/When.tsx'
import type { Day } from '../words/days.ts'
import { reason } from '../words/reason.ts'
import { runningWords } from '../words/running.ts'
import { bytes, counted } from '../words/sizes.ts'
import { isTrouble, stateTones } from '../words/states.ts'
import { useGrowing } from './useGrowing.ts'
import { type Group, searchOf, tagsOf, type View, worstOf } from './view.ts'

interface Props {
  groups: Group[]
  grouped: boolean
  strips: Map<string, Day[]>
  /** Lines of logs, by the id of the run. */
  lines: Map<string, string>
  view: View
  /** Left out where all jobs are of one server. */
  withServer?: boolean
}

export function JobTable({ groups, grouped, strips, lines, view, withServer = true }: Props) {
  const [folded, setFolded] = useState(new Set<string>())
  const toggle = (key: string) =>
    setFolded((old) => new Set(old.has(key) ? [...old].filter((one) => one !== key) : [...old, key]))
  const total = groups.reduce((sum, { jobs }) => sum + jobs.length, 0)
  let room = useGrowing(total, searchOf(view))
  const shownOf = (jobs: JobRowFragment[]) => {
    const shown = jobs.slice(0, room)
    room -= shown.length
    return shown
  }
  if (groups.length === 0) return <p>No job is like that.</p>
  return (
    <table class="jobs">
      <thead>
        <tr>
          <th scope="col">State</th>
          <th scope="col">Job</th>
          <th scope="col">Last run</th>
          <th scope="col">Next due</th>
          <th scope="col">Last 30 days</th>
          <th scope="col" class="number">
            Stored
          </th>
        </tr>
      </thead>
      {groups.map((group) => {
        // Several servers may have one name.
        const key = `${group.name} ${group.path}`
        const isFolded = folded.has(key)
        return (
          <tbody key={key}>
            {grouped && (
              <tr class="group">
                <td>
                  <State state={worstOf(group.jobs)} />
                </td>
                <th scope="rowgroup" colSpan={5}>
                  {group.path ? <a href={to(group.path)}>{group.name}</a> : group.name}
                  <button type="button" aria-expanded={!isFolded} onClick={() => toggle(key)}>
                    {isFolded ? 'show' : 'hide'} {counted(group.jobs.length, 'job')}
                  </button>
                </th>
              </tr>
            )}
            {!isFolded &&
              shownOf(group.jobs).map((job) => (
                <Row
                  key={job.id}
                  job={job}
                  days={strips.get(job.id)}
                  line={lines.get(job.latestBackup?.id ?? '')}
                  withServer={withServer && view.group !== 'server'}
                />
              ))}
          </tbody>
        )
      })}
    </table>
  )
}

interface RowProps {
  job: JobRowFragment
  days: Day[] | undefined
  line: string | undefined
  withServer: boolean
}

/** Its elements are made again only if something of it has changed: there may be a thousand. */
function Row({ job, days, line, withServer }: RowProps) {
  const today = useNow().toDateString()
  return useMemo(() => {
    const why = reason(job, new Date(), line)
    return (
      <tr data-row class={isTrouble(job.state) ? `trouble ${stateTones[job.state]}` : ''}>
        <td data-label="State">
          <State state={job.state} />
        </td>
        <th scope="row">
          <a href={to(`jobs/${job.databaseId}`)}>{job.displayName}</a>
          {withServer && (
            <span class="of">
              {' on '}
              <a href={to(`servers/${job.server.databaseId}`)}>{job.server.displayName}</a>
            </span>
          )}
          {tagsOf(job).map((tag) => (
            <span key={tag} class="tag">
              {tag}
            </span>
          ))}
          {why && (isTrouble(job.state) || job.state === 'OK') && (
            <p class="reason">
              {why}
              {job.acknowledged === job.state && <span class="tag">acknowledged</span>}
            </p>
          )}
          {job.running && <p class="reason quiet">{runningWords(job.running, new Date())}</p>}
        </th>
        <td data-label="Last run">{job.latestBackupAt ? <When time={job.latestBackupAt} relative /> : 'never'}</td>
        <td data-label="Next due">{job.dueAt ? <When time={job.dueAt} /> : <span class="quiet">not expected</span>}</td>
        <td data-label="Last 30 days">{days && <Strip days={days} />}</td>
        <td data-label="Stored" class="number">
          {job.storedSize !== null && job.storedSize !== undefined ? bytes(job.storedSize) : ''}
        </td>
      </tr>
    )
  }, [job, days, line, withServer, today])
}
