// A row of a job as the page reads it, for tests of what the page makes of it.

import type { JobRowFragment } from '../../src/page/generated/graphql.ts'

type LatestBackup = NonNullable<JobRowFragment['latestBackup']>

/** A job that is well, but for what is given. */
export function jobRow(given: Partial<JobRowFragment> = {}): JobRowFragment {
  return {
    id: 'BackupJob:1',
    databaseId: 1,
    displayName: 'Documents',
    state: 'OK',
    stateSince: '2026-11-01T00:00:00.000Z',
    latenessWatched: true,
    tags: [],
    server: { id: 'Server:1', databaseId: 1, displayName: 'nas', tags: [] },
    ...given,
  }
}

/** Its latest run, a success but for what is given. */
export function latestBackup(given: Partial<LatestBackup> = {}): LatestBackup {
  return {
    id: 'Backup:1',
    databaseId: 1,
    status: 'SUCCESS',
    beganAt: '2026-11-30T02:00:00.000Z',
    errors: 0,
    warnings: 0,
    remarks: [],
    ...given,
  }
}
