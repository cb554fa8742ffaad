// Reads the servers, and the jobs of a server, that share a name, and when each reported.

import type { Database } from 'better-sqlite3'

/** A server or a job, and the places in time of its first and its latest run, in milliseconds since 1970; null if it has none. */
export interface Namesake {
  id: number
  serverId: number
  name: string
  from: number | null
  until: number | null
}

export function duplicatesQuery(database: Database) {
  const firstOf = (owner: string, id: string) =>
    `(SELECT ordered_at FROM backups WHERE ${owner} = ${id} ORDER BY ordered_at, id LIMIT 1) AS "from"`
  const servers = database.prepare<[], Namesake>(`
    SELECT s.id, s.id AS serverId, s.name, ${firstOf('server_id', 's.id')}, b.ordered_at AS until
    FROM servers s LEFT JOIN backups b ON b.id = s.latest_backup_id
    WHERE s.name IN (SELECT name FROM servers GROUP BY name HAVING count(*) > 1) ORDER BY s.name, s.id`)
  const jobs = database.prepare<[], Namesake>(`
    SELECT j.id, j.server_id AS serverId, j.name, ${firstOf('job_id', 'j.id')}, j.latest_at AS until
    FROM backup_jobs j
    WHERE (j.server_id, j.name) IN (SELECT server_id, name FROM backup_jobs GROUP BY server_id, name HAVING count(*) > 1)
    ORDER BY j.server_id, j.name, j.id`)
  return {
    /** By name. */
    servers: () => servers.all(),
    /** By server and name. */
    jobs: () => jobs.all(),
  }
}
