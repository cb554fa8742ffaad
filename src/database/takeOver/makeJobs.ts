// Makes the jobs of an old file. The old releases knew a job by its server and its name, whatever ids it was reported under; here
// ids lead to jobs. Both ways agree but for a few jobs, and of each of these somebody hears how it was decided.

import type { Database } from 'better-sqlite3'
import type { Note } from './carryRows.ts'

/** An id of a job, from the runs of a name. */
interface JobId {
  job: number
  serverId: number
  server: string
  name: string
  id: string
  runs: number
}

/**
 * Makes a job of every name that the runs of a server have, and gives it the ids under which it was reported. An id that stands under
 * several names belongs to the one that it was last reported with. Runs without a name are of the job called like their id, and
 * those without either of the job `unknown`.
 *
 * @param target has the table `marks` of carryRuns.ts, numbered; the jobs are numbered in the order of their first runs
 */
export function makeJobs(target: Database, note: Note): void {
  const name = "coalesce(name, backup_id, 'unknown')"
  const place = 'min(coalesce(began, received), coalesce(received, began))'
  target.exec(`
    INSERT INTO backup_jobs (server_id, name, created_at, updated_at)
      SELECT server, ${name}, min(coalesce(received, began)), min(coalesce(received, began)) FROM marks GROUP BY 1, 2 ORDER BY min(id);
    CREATE INDEX jobs_by_name ON backup_jobs (server_id, name);
    UPDATE marks SET job = (SELECT id FROM backup_jobs WHERE server_id = marks.server AND name = ${name.replaceAll(/\b(name|backup_id)\b/g, 'marks.$1')});
    DROP INDEX jobs_by_name;
    CREATE TABLE job_ids AS
      SELECT job, server, backup_id, count(*) AS runs, max(${place}) AS last_at, max(id) AS last_run
      FROM marks WHERE backup_id IS NOT NULL GROUP BY job, backup_id;
    -- The id of the latest report, though another job may have it by now.
    UPDATE backup_jobs SET backup_id = (
      SELECT backup_id FROM job_ids WHERE job = backup_jobs.id ORDER BY last_at DESC, last_run DESC LIMIT 1);
    -- With the machine-id that its server has, or with none where it has none.
    INSERT INTO backup_ids (job_id, machine_id, backup_id, last_at)
      SELECT i.job, coalesce(m.id, ''), i.backup_id, i.last_at
      FROM (SELECT *, row_number() OVER (PARTITION BY server, backup_id ORDER BY last_at DESC, last_run DESC) AS place FROM job_ids) i
      LEFT JOIN machine_ids m ON m.server_id = i.server
      WHERE i.place = 1`)
  for (const sentence of decisions(target)) note(sentence)
  target.exec('DROP TABLE job_ids')
}

function* decisions(target: Database): Generator<string> {
  const ids = target
    .prepare<[], JobId>(`
      SELECT i.job, j.server_id AS serverId, s.name AS server, j.name, i.backup_id AS id, i.runs FROM job_ids i
      JOIN backup_jobs j ON j.id = i.job JOIN servers s ON s.id = j.server_id
      ORDER BY i.last_at DESC, i.last_run DESC`)
    .all()
  for (const same of groups(ids, ({ job }) => String(job))) {
    const [latest, ...earlier] = same
    if (!latest || earlier.length === 0) continue
    yield `${latest.name} of ${latest.server} was reported under ${list(same)}: it is one job, BackupJob:${latest.job}, which continues with the reports of ${latest.id}.`
  }
  for (const same of groups(ids, ({ serverId, id }) => JSON.stringify([serverId, id]))) {
    const [latest, ...earlier] = same
    if (!latest || earlier.length === 0) continue
    const names = same.map(({ name, job }) => `${name} (BackupJob:${job})`)
    yield `${latest.id} of ${latest.server} was reported with ${same.length} names, ${names.join(' and ')}: they stay separate jobs, and new reports of ${latest.id} belong to ${latest.name}, which ran last.`
  }
}

/** `DB-7 (3 runs) and DB-1 (20 runs)`, the latest first. */
function list(ids: JobId[]): string {
  return ids.map(({ id, runs }) => `${id} (${runs} ${runs === 1 ? 'run' : 'runs'})`).join(' and ')
}

function groups(ids: JobId[], keyOf: (id: JobId) => string): JobId[][] {
  const found = new Map<string, JobId[]>()
  for (const id of ids) {
    const same = found.get(keyOf(id))
    if (same) same.push(id)
    else found.set(keyOf(id), [id])
  }
  return [...found.values()].filter((same) => same.length > 1)
}
