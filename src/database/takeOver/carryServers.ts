// Carries the servers of an old file: one row each, with the number that it has from now on.

import type { Database } from 'better-sqlite3'
import type { Note } from './carryRows.ts'
import { type OldRow, readServer } from './oldRow.ts'
import type { Quarantine } from './quarantine.ts'

/** The table that holds the servers in an old file: `machines` before 0.7. */
export type ServerTable = 'machines' | 'servers'

/**
 * Writes servers and machine-ids, and their passwords, encrypted as they were, by number into the setting `server_passwords`.
 *
 * @returns the new number of every old id as text, and how many servers there are
 */
export function carryServers(copy: Database, target: Database, table: ServerTable, quarantine: Quarantine, note: Note) {
  const numbers = new Map<string, number>()
  const passwords: Record<number, string> = {}
  const insert = target.prepare(`
    INSERT INTO servers (id, name, alias, notes, url, last_seen, created_at, updated_at)
    VALUES (:id, :name, :alias, :notes, :url, :lastSeen, coalesce(:createdAt, 0), 0)`)
  const identify = target.prepare('INSERT OR IGNORE INTO machine_ids (id, server_id) VALUES (?, ?)')
  let carried = 0
  let next = 1
  for (const row of copy.prepare<[], OldRow>(`SELECT rowid AS __place, * FROM ${table} ORDER BY rowid`).iterate()) {
    if (row.id !== null && numbers.has(String(row.id))) {
      quarantine({ source: table, row, reason: 'it repeats another server', repaired: false })
      continue
    }
    const { number, machineId, problems, ...server } = readServer(row)
    const id = number ?? next
    next = Math.max(next, id) + 1
    carried += 1
    // The upgrade guide fills the alias of a machine, which never had one, with its name.
    insert.run({ ...server, id, alias: table === 'machines' ? server.name : server.alias })
    if (machineId !== null && identify.run(machineId, id).changes === 0) {
      note(`The machine-id ${machineId} occurs twice: Server:${id} has none until it reports`)
    }
    // Ids are compared as text: old rows hold 1 and '1' for the same machine. A server without an id has no runs.
    if (row.id !== null) numbers.set(String(row.id), id)
    if (typeof row.server_password === 'string' && row.server_password !== '') passwords[id] = row.server_password
    if (problems.length > 0) quarantine({ source: table, row, reason: problems.join('; '), repaired: true })
  }
  if (Object.keys(passwords).length > 0) {
    target
      .prepare("INSERT OR REPLACE INTO configurations (key, value) VALUES ('server_passwords', ?)")
      .run(JSON.stringify(passwords))
  }
  return { numbers, carried }
}

/** Notes when servers were seen whose release did not: when the last of their reports came in, by the table `marks` of markRuns.ts. */
export function seeServers(target: Database): void {
  target.exec(`
    UPDATE servers SET last_seen = m.at
      FROM (SELECT server, max(coalesce(received, began)) AS at FROM marks GROUP BY server) m
      WHERE m.server = servers.id AND last_seen IS NULL`)
}

/** Fills what the jobs tell of their servers: the latest run; and times that the old release did not keep. */
export function completeServers(target: Database): void {
  target.exec(`
    UPDATE servers SET created_at = coalesce(nullif(created_at, 0), last_seen, CAST(unixepoch('subsec') * 1000 AS INTEGER));
    UPDATE servers SET updated_at = created_at, latest_backup_id = (
      SELECT latest_backup_id FROM backup_jobs WHERE server_id = servers.id AND latest_backup_id IS NOT NULL
      ORDER BY latest_at DESC, latest_backup_id DESC LIMIT 1);
    INSERT INTO machine_names (machine_id, name, first_at, last_at)
      SELECT m.id, s.name, coalesce(b.ordered_at, s.created_at), coalesce(b.ordered_at, s.created_at)
      FROM machine_ids m JOIN servers s ON s.id = m.server_id LEFT JOIN backups b ON b.id = s.latest_backup_id`)
}
