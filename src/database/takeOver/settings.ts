// The settings of old releases are keyed by names: "<machine name>:<backup name>" in 0.6, "<server id>:<backup name>" after.
// Beside the old rows, which stay as they were, they are written once more by the number of the job they are about.

import type { Database } from 'better-sqlite3'

/** The old settings that are kept per job, and the key under which they are written by job number. */
const perJob: Record<string, string> = {
  backup_settings: 'job_settings',
  overdue_backup_notifications: 'job_notifications',
  overdue_notifications: 'job_notifications',
}

/**
 * Writes the settings per job by job number: `{"7": {…}}`. A key is never taken apart, because names hold colons: every job
 * looks for the keys it may have had. A setting that several jobs could be meant by, as where two machines share a name,
 * goes to each of them.
 *
 * @param servers the table that held the servers: its ids, or its names, were the first part of a key
 * @returns the old keys that no job was found for; they stay in the old rows
 */
export function rekeySettings(database: Database, servers: 'machines' | 'servers'): string[] {
  const names = database
    .prepare<[], { job: number; server: string | null; name: string | null }>(`
      SELECT DISTINCT b.job_id AS job, b.backup_name AS name,
        ${servers === 'machines' ? 's.name' : '(SELECT m.id FROM machine_ids m WHERE m.server_id = s.id)'} AS server
      FROM backups b JOIN servers s ON s.id = b.server_id`)
    .all()
  const read = database.prepare<[string], string | null>('SELECT value FROM configurations WHERE key = ?').pluck()
  const write = database.prepare('INSERT OR REPLACE INTO configurations (key, value) VALUES (?, ?)')
  const unmatched: string[] = []
  for (const [oldKey, newKey] of Object.entries(perJob)) {
    const entries = parseObject(read.get(oldKey) ?? null)
    if (!entries) continue
    const byJob: Record<string, unknown> = {}
    const matched = new Set<string>()
    for (const { job, server, name } of names) {
      const key = `${server}:${name}`
      if (!Object.hasOwn(entries, key)) continue
      byJob[job] = entries[key]
      matched.add(key)
    }
    write.run(newKey, JSON.stringify(byJob))
    unmatched.push(...Object.keys(entries).filter((key) => !matched.has(key)))
  }
  return unmatched
}

function parseObject(json: string | null): Record<string, unknown> | null {
  if (json === null) return null
  try {
    const value: unknown = JSON.parse(json)
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : null
  } catch {
    return null
  }
}
