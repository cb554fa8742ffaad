// The settings of old releases are keyed by names: "<machine name>:<backup name>" in 0.6, "<server id>:<backup name>" after.
// Beside the old rows, which stay as they were, they are written once more by the number of the job they are about. Until the
// settings got a row of their own, `backup_settings`, they were kept within the row `notifications`: they are read from there
// where the later row has none.
//
// From 1.1 on a server has defaults for its jobs, under "<server id>:__default__": they are written into the settings of each job.

import type { Database } from 'better-sqlite3'

type Entries = Record<string, unknown>

/** What stands in place of the backup's name in the key of a server's defaults, and the fields that have defaults. */
const defaultsName = '__default__'
const defaultFields = ['additionalEmails', 'additionalNtfyTopic', 'additionalNotificationEvent']

interface Names {
  job: number
  /** What the first part of a key was: the id of the server in the old file, or the name of the machine. */
  server: string | null
  machine: string
  name: string | null
}

/**
 * Writes the settings per job by job number: `{"7": {…}}`. A key is never taken apart, because names hold colons: every job
 * looks for the keys it may have had. A setting that several jobs could be meant by, as where two machines share a name,
 * goes to each of them. Of a job that was renamed, the settings under its latest name are kept. A field that a job's own settings
 * lack is filled with the default of its server; one that is there but empty is not.
 *
 * @param servers the table that held the servers: its ids, or its names, were the first part of a key
 * @returns the old keys that no job was found for; they stay in the old rows
 */
export function rekeySettings(database: Database, servers: 'machines' | 'servers'): string[] {
  const jobs = database
    .prepare<[], Names>(`
      SELECT b.job_id AS job, b.backup_name AS name, s.name AS machine,
        ${servers === 'machines' ? 's.name' : '(SELECT m.id FROM machine_ids m WHERE m.server_id = s.id)'} AS server
      FROM backups b JOIN servers s ON s.id = b.server_id
      GROUP BY b.job_id, b.backup_name
      ORDER BY max(b.ordered_at)`)
    .all()
  const read = database.prepare<[string], string | null>('SELECT value FROM configurations WHERE key = ?').pluck()
  const write = database.prepare('INSERT OR REPLACE INTO configurations (key, value) VALUES (?, ?)')
  const row = (key: string) => asObject(parse(read.get(key) ?? null))
  const unmatched: string[] = []
  const rekey = (entries: Entries, newKey: string, keysOf: (job: Names) => string[]) => {
    const byJob: Entries = {}
    const matched = new Set<string>()
    for (const job of jobs) {
      const key = keysOf(job).find((key) => Object.hasOwn(entries, key))
      if (key === undefined) continue
      byJob[job.job] = withDefaults(entries[key], entries[`${job.server}:${defaultsName}`])
      matched.add(key)
    }
    write.run(newKey, JSON.stringify(byJob))
    const isDefaults = (key: string) => key.endsWith(`:${defaultsName}`)
    unmatched.push(...Object.keys(entries).filter((key) => !matched.has(key) && !isDefaults(key)))
  }
  const key = ({ server, name }: Names) => [`${server}:${name}`]
  const settings = row('backup_settings')
  const older = asObject(row('notifications')?.backupSettings)
  if (older && !hasEntries(settings)) {
    // No old upgrade gave these the server's id: in later files too they may be keyed by names.
    rekey(older, 'job_settings', (job) => [...key(job), `${job.machine}:${job.name}`])
  } else if (settings) {
    rekey(settings, 'job_settings', key)
  }
  for (const name of ['overdue_backup_notifications', 'overdue_notifications']) {
    const entries = row(name)
    if (entries) rekey(entries, 'job_notifications', key)
  }
  return unmatched
}

function withDefaults(entry: unknown, defaults: unknown): unknown {
  const [own, given] = [asObject(entry), asObject(defaults)]
  if (!own || !given) return entry
  const kept = Object.entries(given).filter(([field]) => defaultFields.includes(field))
  return { ...Object.fromEntries(kept), ...own }
}

function hasEntries(entries: Entries | null): boolean {
  return entries !== null && Object.keys(entries).length > 0
}

function parse(json: string | null): unknown {
  try {
    return json === null ? null : JSON.parse(json)
  } catch {
    return null
  }
}

function asObject(value: unknown): Entries | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Entries) : null
}
