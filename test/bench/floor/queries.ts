// The queries of the benchmark as somebody would write them by hand, and the change of a server.

import type { Database } from 'better-sqlite3'

interface JobRow {
  server_id: number
  id: number
  name: string
  state: string
  due_at: number | null
  run: number | null
  status: string
  began_at: number
  duration_seconds: number
  uploaded_size: number
  known_file_size: number
  warnings: number
  errors: number
}

interface ServerRow {
  id: number
  name: string
  alias: string | null
  last_seen: number | null
}

interface RunRow {
  id: number
  status: string
  began_at: number
  duration_seconds: number
  source_size: number
  uploaded_size: number
  known_file_size: number
  examined_files: number
  warnings: number
  errors: number
  backup_list_count: number
}

interface DayRow {
  job_id: number
  day: number
  runs: number
  failed: number
  uploaded: number
  stored: number
}

const dayMs = 24 * 60 * 60 * 1000
const states = ['OVERDUE', 'LATE', 'FAILED', 'WARNING', 'OK', 'NEW']

export function queries(reader: Database, writer: Database) {
  const allServers = reader.prepare<[], ServerRow>(
    'SELECT id, name, alias, last_seen FROM servers ORDER BY name, id LIMIT 101',
  )
  const allJobs = reader.prepare<[], JobRow>(`
    SELECT j.server_id, j.id, j.name, j.state, j.due_at, b.id AS run, b.status, b.began_at, b.duration_seconds,
      b.uploaded_size, b.known_file_size, b.warnings, b.errors
    FROM backup_jobs j LEFT JOIN backups b ON b.id = j.latest_backup_id ORDER BY j.server_id, j.name, j.id`)
  const runs = reader.prepare<[number], RunRow>(`
    SELECT id, status, began_at, duration_seconds, source_size, uploaded_size, known_file_size, examined_files, warnings,
      errors, backup_list_count
    FROM backups WHERE server_id = ? ORDER BY ordered_at DESC, id DESC LIMIT 51`)
  // SQLite takes the other columns from the row that has the maximum: the latest run of the day.
  const days = reader.prepare<[number, number, number], DayRow>(`
    SELECT job_id, ordered_at / ${dayMs} AS day, count(*) AS runs, sum(status IN ('ERROR', 'FATAL')) AS failed,
      sum(uploaded_size) AS uploaded, max(ordered_at), known_file_size AS stored
    FROM backups WHERE server_id = ? AND ordered_at >= ? AND ordered_at < ? AND NOT dryrun GROUP BY job_id, day`)
  const before = reader.prepare<[number, number], { id: number; stored: number | null }>(`
    SELECT id, (SELECT known_file_size FROM backups WHERE job_id = j.id AND ordered_at < ? AND NOT dryrun
      AND known_file_size IS NOT NULL ORDER BY ordered_at DESC LIMIT 1) AS stored
    FROM backup_jobs j WHERE server_id = ?`)
  const byName = reader.prepare<[string], ServerRow & { run: number; status: string; began_at: number }>(`
    SELECT s.id, s.name, s.alias, s.last_seen, b.id AS run, b.status, b.began_at
    FROM servers s LEFT JOIN backups b ON b.id = s.latest_backup_id WHERE s.name = ?`)
  const summary = reader.prepare<
    [],
    Record<'servers' | 'jobs' | 'runs' | 'uploaded' | 'stored' | 'source' | 'latest', number>
  >(`
    SELECT (SELECT count(*) FROM servers) AS servers, count(*) AS jobs, sum(runs) AS runs, sum(uploaded_size) AS uploaded,
      sum(stored_size) AS stored, sum(source_size) AS source, max(latest_at) AS latest FROM backup_jobs`)
  const update = writer.prepare<[string, number, number], ServerRow>(
    'UPDATE servers SET alias = ?, updated_at = ? WHERE id = ? RETURNING id, name, alias, last_seen',
  )

  return {
    hello: () => ({ __typename: 'Query' }),
    dashboard: () => {
      const jobs = groupBy(allJobs.all(), (job) => job.server_id)
      return {
        servers: {
          nodes: allServers.all().map((server) => {
            const own = jobs.get(server.id) ?? []
            const counted = own.map((job) => job.state)
            return {
              id: `Server:${server.id}`,
              displayName: server.alias ?? server.name,
              state: states.find((one) => counted.includes(one)) ?? (own.length > 0 ? 'PAUSED' : 'NEW'),
              lastSeen: time(server.last_seen),
              jobs: own.map((job) => ({
                id: `BackupJob:${job.id}`,
                name: job.name,
                state: job.state,
                dueAt: time(job.due_at),
                latestBackup: job.run && {
                  id: `Backup:${job.run}`,
                  status: job.status,
                  beganAt: time(job.began_at),
                  durationSeconds: job.duration_seconds,
                  uploadedSize: job.uploaded_size,
                  storedSize: job.known_file_size,
                  warnings: job.warnings,
                  errors: job.errors,
                },
              })),
            }
          }),
        },
      }
    },
    page: ({ server }: { server: string }) => ({
      backups: {
        nodes: runs
          .all(keyOf(server))
          .slice(0, 50)
          .map((run) => ({
            id: `Backup:${run.id}`,
            status: run.status,
            beganAt: time(run.began_at),
            durationSeconds: run.duration_seconds,
            sourceSize: run.source_size,
            uploadedSize: run.uploaded_size,
            storedSize: run.known_file_size,
            examinedFiles: run.examined_files,
            warnings: run.warnings,
            errors: run.errors,
            versions: run.backup_list_count,
          })),
      },
    }),
    chart: ({ server, from, to }: { server: string; from: string; to: string }) => {
      const first = Math.floor(Date.parse(from) / dayMs)
      const last = Math.floor((Date.parse(to) - 1) / dayMs)
      const known = new Map(before.all(first * dayMs, keyOf(server)).map(({ id, stored }) => [id, stored]))
      const found = groupBy(days.all(keyOf(server), first * dayMs, (last + 1) * dayMs), ({ day }) => day)
      const history = []
      for (let day = first; day <= last; day++) {
        const bucket = {
          from: time(day * dayMs),
          runs: 0,
          failed: 0,
          uploadedSize: 0,
          storedSize: null as number | null,
        }
        for (const row of found.get(day) ?? []) {
          bucket.runs += row.runs
          bucket.failed += row.failed
          bucket.uploadedSize += row.uploaded
          known.set(row.job_id, row.stored)
        }
        for (const stored of known.values()) if (stored !== null) bucket.storedSize = (bucket.storedSize ?? 0) + stored
        history.push(bucket)
      }
      return { server: { history } }
    },
    lookup: ({ name }: { name: string }) => {
      const row = byName.get(name)
      return {
        server: row && {
          id: `Server:${row.id}`,
          name: row.name,
          alias: row.alias,
          lastSeen: time(row.last_seen),
          latestBackup: row.run && { id: `Backup:${row.run}`, status: row.status, beganAt: time(row.began_at) },
        },
      }
    },
    summary: () => {
      const row = summary.get()
      return {
        summary: row && {
          totalServers: row.servers,
          totalBackupJobs: row.jobs,
          totalBackups: row.runs,
          totalUploadedSize: row.uploaded,
          totalStorageUsed: row.stored,
          totalBackupSize: row.source,
          lastBackupAt: time(row.latest),
        },
      }
    },
    updateServer: ({ id, alias }: { id: string; alias: string }) => {
      const row = update.get(alias, Date.now(), keyOf(id))
      return { updateServer: { server: row && { id: `Server:${row.id}`, name: row.name, alias: row.alias } } }
    },
  }
}

function time(ms: number | null): string | null {
  return ms === null ? null : new Date(ms).toISOString()
}

function keyOf(id: string): number {
  return Number(id.slice(id.indexOf(':') + 1))
}

function groupBy<Row>(rows: Row[], key: (row: Row) => number): Map<number, Row[]> {
  const groups = new Map<number, Row[]>()
  for (const row of rows) {
    const group = groups.get(key(row))
    if (group) group.push(row)
    else groups.set(key(row), [row])
  }
  return groups
}
