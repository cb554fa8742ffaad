// The statements that write servers, and that find the server a report is from. Reading for an answer is not done here.

import type { Database } from 'better-sqlite3'
import type { Namesake } from '../domain/identity.ts'

/** What a person may change of a server. */
export interface ServerChanges {
  alias: string | null
  notes: string | null
  url: string | null
}

export function serverTable(database: Database) {
  const byMachineId = database.prepare<[string], number>('SELECT server_id FROM machine_ids WHERE id = ?').pluck()
  const namesakes = database.prepare<[string], { id: number; identified: number }>(`
    SELECT id, EXISTS (SELECT 1 FROM machine_ids m WHERE m.server_id = s.id) AS identified
    FROM servers s WHERE name = ? ORDER BY id`)
  const insert = database.prepare<[string, number, number]>(
    'INSERT INTO servers (name, created_at, updated_at) VALUES (?, ?, ?)',
  )
  const insertMachineId = database.prepare<[string, number]>('INSERT INTO machine_ids (id, server_id) VALUES (?, ?)')
  const see = database.prepare<[number, number]>('UPDATE servers SET last_seen = ? WHERE id = ?')
  const rename = database.prepare<[{ id: number; name: string }]>(
    'UPDATE servers SET name = :name WHERE id = :id AND name <> :name',
  )
  const refreshLatest = database.prepare<[{ id: number }]>(`
    UPDATE servers SET latest_backup_id = (
      SELECT latest_backup_id FROM backup_jobs WHERE server_id = :id AND latest_backup_id IS NOT NULL
      ORDER BY latest_at DESC, latest_backup_id DESC LIMIT 1
    ) WHERE id = :id`)
  const editable = database.prepare<[number], ServerChanges & { updatedAt: number }>(
    'SELECT alias, notes, url, updated_at AS updatedAt FROM servers WHERE id = ?',
  )
  const update = database.prepare<[ServerChanges & { id: number; updatedAt: number }]>(
    'UPDATE servers SET alias = :alias, notes = :notes, url = :url, updated_at = :updatedAt WHERE id = :id',
  )
  const lastSeen = database.prepare<[number], number | null>('SELECT last_seen FROM servers WHERE id = ?').pluck()
  const moveMachineIds = database.prepare<[{ from: number; into: number }]>(
    'UPDATE machine_ids SET server_id = :into WHERE server_id = :from',
  )
  const absorb = database.prepare<[{ from: number; into: number; now: number }]>(`
    UPDATE servers SET alias = coalesce(servers.alias, other.alias), notes = coalesce(servers.notes, other.notes),
      url = coalesce(servers.url, other.url), created_at = min(servers.created_at, other.created_at), updated_at = :now,
      name = iif(coalesce(other.last_seen, -1) > coalesce(servers.last_seen, -1), other.name, servers.name),
      last_seen = nullif(max(coalesce(servers.last_seen, -1), coalesce(other.last_seen, -1)), -1)
    FROM (SELECT * FROM servers WHERE id = :from) other WHERE servers.id = :into`)
  const remove = database.prepare<[number], ServerChanges & { name: string }>(
    'DELETE FROM servers WHERE id = ? RETURNING name, alias, notes, url',
  )

  return {
    findByMachineId: (machineId: string): number | undefined => byMachineId.get(machineId),
    findByName: (name: string): Namesake[] =>
      namesakes.all(name).map(({ id, identified }) => ({ id, identified: identified === 1 })),
    insert: (name: string, now: Date): number => Number(insert.run(name, now.getTime(), now.getTime()).lastInsertRowid),
    addMachineId: (id: number, machineId: string) => void insertMachineId.run(machineId, id),
    /** A report of the server was received. */
    see: (id: number, now: Date) => void see.run(now.getTime(), id),
    rename: (id: number, name: string) => void rename.run({ id, name }),
    /** Points the server to the newest of its jobs' latest runs. */
    refreshLatest: (id: number) => void refreshLatest.run({ id }),
    findEditable: (id: number): (ServerChanges & { updatedAt: Date }) | undefined => {
      const row = editable.get(id)
      return row && { ...row, updatedAt: new Date(row.updatedAt) }
    },
    update: (id: number, changes: ServerChanges, now: Date) =>
      void update.run({ ...changes, id, updatedAt: now.getTime() }),
    /** When a report of it was last received; null if none ever was, undefined if there is no such server. */
    lastSeen: (id: number): Date | null | undefined => {
      const seen = lastSeen.get(id)
      return typeof seen === 'number' ? new Date(seen) : seen
    },
    /** Gives the server the machine-ids of another, whatever only the other has, and the name of the one seen last. */
    absorb: (from: number, into: number, now: Date) => {
      moveMachineIds.run({ from, into })
      absorb.run({ from, into, now: now.getTime() })
    },
    /** Removes it with everything that is left of it, its tokens too; undefined if there is none. */
    remove: (id: number) => remove.get(id),
  }
}
