// All jobs with what their rows show, kept up to date by what is told of changes.

import { type Pages, usePages } from '../client/usePages.ts'
import { type BackupJobFilter, FleetJobsDocument, type JobRowFragment } from '../generated/graphql.ts'
import { useChange, useReadAgain } from '../live/live.ts'

/** Beyond this many, the worst are read; the filter of the address then goes to the server. */
export const mostJobs = 2_000

export function useFleet(filter: BackupJobFilter | null): Pages<JobRowFragment> {
  const fleet = usePages(FleetJobsDocument, { filter }, ({ backupJobs }) => backupJobs, mostJobs)
  useChange(({ kind, id, server, job }) => {
    if (kind === 'REMOVED') {
      return fleet.change((row) => (row.id === id || row.server.id === id ? null : row))
    }
    if (job) return fleet.put(job)
    if (!server) return
    fleet.change((row) => (row.server.id === server.id ? { ...row, server: { ...row.server, ...server } } : row))
  })
  // After a break, and when servers are merged or split: many jobs may have moved.
  useReadAgain(fleet.readAgain, ({ kind, id }) => kind === 'REMOVED' && id.startsWith('Server:'))
  return fleet
}
