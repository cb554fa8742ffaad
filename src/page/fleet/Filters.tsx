// Chooses which jobs are shown, and how they are grouped and ordered.

import type { JobRowFragment, JobState } from '../generated/graphql.ts'
import { states, stateWords } from '../words/states.ts'
import { type Sort, sorts, tagsOf, type View } from './view.ts'

interface Props {
  view: View
  change: (part: Partial<View>) => void
  jobs: JobRowFragment[]
}

export function Filters({ view, change, jobs }: Props) {
  const tags = [...new Set(jobs.flatMap(tagsOf))].sort()
  const isFiltered = view.search !== '' || view.states.length > 0 || view.tag !== ''
  return (
    <search class="filters">
      <label>
        Search
        <input
          type="search"
          value={view.search}
          placeholder="job, server or tag"
          onInput={({ currentTarget }) => change({ search: currentTarget.value })}
        />
      </label>
      <label>
        State
        <select
          value={view.states.length === 1 ? view.states[0] : view.states.join()}
          onChange={({ currentTarget }) =>
            change({ states: currentTarget.value.split(',').filter(Boolean) as JobState[] })
          }
        >
          <option value="">all</option>
          <option value="OVERDUE,FAILED,LATE,WARNING">trouble</option>
          {states.map((state) => (
            <option key={state} value={state}>
              {stateWords[state]}
            </option>
          ))}
        </select>
      </label>
      {tags.length > 0 && (
        <label>
          Tag
          <select value={view.tag} onChange={({ currentTarget }) => change({ tag: currentTarget.value })}>
            <option value="">all</option>
            {tags.map((tag) => (
              <option key={tag}>{tag}</option>
            ))}
          </select>
        </label>
      )}
      <label>
        Group by
        <select
          value={view.group}
          onChange={({ currentTarget }) => change({ group: currentTarget.value as View['group'] })}
        >
          <option value="">nothing</option>
          <option value="server">server</option>
          {tags.length > 0 && <option value="tag">tag</option>}
        </select>
      </label>
      <label>
        Order by
        <select value={view.sort} onChange={({ currentTarget }) => change({ sort: currentTarget.value as Sort })}>
          {sorts.map((sort) => (
            <option key={sort} value={sort}>
              {sortWords[sort]}
            </option>
          ))}
        </select>
      </label>
      {isFiltered && (
        <button type="button" onClick={() => change({ search: '', states: [], tag: '' })}>
          Show all
        </button>
      )}
    </search>
  )
}

const sortWords: Record<Sort, string> = {
  state: 'trouble first',
  name: 'name',
  last: 'last run',
  due: 'next due',
  size: 'size stored',
}
