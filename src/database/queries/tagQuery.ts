// Reads which tags there are, and what carries them.

import type { Database } from 'better-sqlite3'
import type { JobState } from '../../domain/jobState.ts'
import type { TagUse } from '../../domain/tags.ts'

export function tagQuery(database: Database) {
  const all = database.prepare<[], Omit<TagUse, 'states'> & { states: string | null }>(`
    WITH tagged (tag, job_id) AS (
      SELECT tag, job_id FROM job_tags
      UNION SELECT t.tag, j.id FROM server_tags t JOIN backup_jobs j ON j.server_id = t.server_id
    ), names (tag) AS (SELECT tag FROM job_tags UNION SELECT tag FROM server_tags)
    SELECT n.tag AS name, count(j.id) AS jobs, group_concat(DISTINCT j.state) AS states,
      (SELECT count(*) FROM server_tags s WHERE s.tag = n.tag) AS servers
    FROM names n LEFT JOIN tagged t ON t.tag = n.tag LEFT JOIN backup_jobs j ON j.id = t.job_id
    GROUP BY n.tag ORDER BY n.tag`)
  const jobs = database
    .prepare<[{ tag: string; limit: number }], number>(`
      SELECT job_id FROM job_tags WHERE tag = :tag
      UNION SELECT j.id FROM server_tags t JOIN backup_jobs j ON j.server_id = t.server_id WHERE t.tag = :tag
      ORDER BY 1 LIMIT :limit`)
    .pluck()
  return {
    /** All tags that something carries, in the order of the alphabet. */
    all: (): TagUse[] =>
      all.all().map(({ states, ...row }) => ({ ...row, states: (states?.split(',') ?? []) as JobState[] })),
    /** The numbers of the jobs that a tag counts for, up to a limit. */
    jobsOf: (tag: string, limit: number): number[] => jobs.all({ tag, limit }),
  }
}
