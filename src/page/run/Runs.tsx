// What happened lately: the runs of all jobs, the latest first.

import { useLocation } from 'preact-iso/router'
import { to } from '../base.ts'
import { useMore } from '../client/useMore.ts'
import { type BackupStatus, RunsDocument } from '../generated/graphql.ts'
import { MoreButton } from '../parts/MoreButton.tsx'
import { Problem } from '../parts/Problem.tsx'
import { usePlace } from '../parts/title.ts'
import { useNow } from '../parts/When.tsx'
import { RunTable } from './RunTable.tsx'

const choices: Record<string, { word: string; status?: BackupStatus[] }> = {
  '': { word: 'all' },
  trouble: { word: 'trouble', status: ['WARNING', 'ERROR', 'FATAL', 'UNKNOWN'] },
  failed: { word: 'failed', status: ['ERROR', 'FATAL'] },
  success: { word: 'succeeded', status: ['SUCCESS'] },
}

const hour = 3_600_000
const day = 24 * hour

export function Runs() {
  usePlace('Runs')
  const { query, route } = useLocation()
  const chosen = query.result ?? ''
  const { status } = choices[chosen] ?? {}
  const days = Number(query.days) || 0
  const since = useNow().getTime() - days * day
  const filter = {
    ...(status ? { status } : {}),
    // By the hour: the question is not another one every moment.
    ...(days > 0 ? { beganAfter: new Date(Math.floor(since / hour) * hour).toISOString() } : {}),
  }
  const show = (result: string, of: string) => {
    const given = Object.entries({ result, days: of }).filter(([, value]) => value !== '')
    route(to(`runs${given.length > 0 ? `?${new URLSearchParams(given)}` : ''}`), true)
  }
  const { items, totalCount, error, more } = useMore(
    RunsDocument,
    { filter },
    ({ backups }) => backups,
    ({ kind }) => kind === 'RECORDED' || kind === 'REMOVED',
  )
  return (
    <>
      <h1>Runs</h1>
      <search class="filters">
        <label>
          Result
          <select value={chosen} onChange={({ currentTarget }) => show(currentTarget.value, query.days ?? '')}>
            {Object.entries(choices).map(([name, { word }]) => (
              <option key={name} value={name}>
                {word}
              </option>
            ))}
          </select>
        </label>
        <label>
          Of the last
          <select value={query.days ?? ''} onChange={({ currentTarget }) => show(chosen, currentTarget.value)}>
            <option value="">years</option>
            <option value="1">24 hours</option>
            <option value="7">7 days</option>
            <option value="30">30 days</option>
          </select>
        </label>
      </search>
      <Problem error={error} />
      {items && <RunTable runs={items} empty="There is no such run." />}
      <MoreButton more={more} shown={items?.length ?? 0} total={totalCount} noun="runs" />
    </>
  )
}
