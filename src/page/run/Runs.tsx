// What happened lately: the runs of all jobs, the latest first.

import { useLocation } from 'preact-iso/router'
import { to } from '../base.ts'
import { useMore } from '../client/useMore.ts'
import { type BackupStatus, RunsDocument } from '../generated/graphql.ts'
import { MoreButton } from '../parts/MoreButton.tsx'
import { Problem } from '../parts/Problem.tsx'
import { usePlace } from '../parts/title.ts'
import { RunTable } from './RunTable.tsx'

const choices: Record<string, { word: string; status?: BackupStatus[] }> = {
  '': { word: 'all' },
  trouble: { word: 'trouble', status: ['WARNING', 'ERROR', 'FATAL', 'UNKNOWN'] },
  failed: { word: 'failed', status: ['ERROR', 'FATAL'] },
  success: { word: 'succeeded', status: ['SUCCESS'] },
}

export function Runs() {
  usePlace('Runs')
  const { query, route } = useLocation()
  const chosen = query.result ?? ''
  const { status } = choices[chosen] ?? {}
  const { items, totalCount, error, more } = useMore(
    RunsDocument,
    { filter: status ? { status } : null },
    ({ backups }) => backups,
    ({ kind }) => kind === 'RECORDED' || kind === 'REMOVED',
  )
  return (
    <>
      <h1>Runs</h1>
      <search class="filters">
        <label>
          Result
          <select
            value={chosen}
            onChange={({ currentTarget: { value } }) => route(to(`runs${value && `?result=${value}`}`), true)}
          >
            {Object.entries(choices).map(([name, { word }]) => (
              <option key={name} value={name}>
                {word}
              </option>
            ))}
          </select>
        </label>
      </search>
      <Problem error={error} />
      {items && <RunTable runs={items} empty="There is no such run." />}
      <MoreButton more={more} shown={items?.length ?? 0} total={totalCount} noun="runs" />
    </>
  )
}
