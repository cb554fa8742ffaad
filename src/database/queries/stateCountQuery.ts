// Counts servers and jobs by their states, along indexes.

import type { Database } from 'better-sqlite3'
import { type JobState, statesBySeverity } from '../../domain/jobState.ts'

export interface StateCount {
  state: JobState
  count: number
}

export function stateCountQuery(database: Database) {
  const jobs = database.prepare<[], StateCount>('SELECT state, count(*) AS count FROM backup_jobs GROUP BY state')
  // As worstState has it: paused jobs tell nothing unless all are, and a server without jobs is new.
  const servers = database.prepare<[string], StateCount>(`
    WITH severity (state, place) AS (SELECT value, key FROM json_each(?)),
      worst (place) AS (
        SELECT min(v.place) FROM servers s LEFT JOIN backup_jobs j ON j.server_id = s.id LEFT JOIN severity v ON v.state = j.state
        GROUP BY s.id
      )
    SELECT coalesce(v.state, 'NEW') AS state, count(*) AS count FROM worst w LEFT JOIN severity v ON v.place = w.place GROUP BY 1`)
  return {
    /** Every state, the worst first, also those of none. */
    jobs: () => everyState(jobs.all()),
    /** The same; the state of a server is the worst of its jobs. */
    servers: () => everyState(servers.all(JSON.stringify(statesBySeverity))),
  }
}

function everyState(counted: StateCount[]): StateCount[] {
  const counts = new Map(counted.map(({ state, count }) => [state, count]))
  return statesBySeverity.map((state) => ({ state, count: counts.get(state) ?? 0 }))
}
