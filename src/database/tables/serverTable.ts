// The statements that write servers, and that find the server a report is from. Reading for an answer is not done here.

import type { Database } from 'better-sqlite3'
import type { MachineName, Namesake } from '../../domain/identity.ts'
import { addSortName } from './sortName.ts'

/** What a person may change of a server. */
export interface ServerChanges {
  alias: string | null
  notes: string | null
  url: string | null
}

export function serverTable(database: Database) {
  addSortName(database)
  const byMachineId = database.prepare<[string], { name: string; serverId: number }>(
    'SELECT name, server_id AS serverId FROM machine_ids WHERE id = ?',
  )
  // An id that several machines share is no id of its own.
  const namesakes = database.prepare<[string], { id: number; identified: number }>(`
    SELECT id, EXISTS (SELECT 1 FROM machine_ids m WHERE m.server_id = s.id AND m.name = '') AS identified
    FROM servers s WHERE name = ? ORDER BY id`)
  const insert = database.prepare<[{ name: string; now: number }]>(
    'INSERT INTO servers (name, sort_name, created_at, updated_at) VALUES (:name, sort_name(:name), :now, :now)',
  )
  const insertMachineId = database.prepare<[string, string, number]>(
    'INSERT INTO machine_ids (id, name, server_id) VALUES (?, ?, ?)',
  )
  const removeMachineId = database.prepare<[string, string]>('DELETE FROM machine_ids WHERE id = ? AND name = ?')
  const machineIdsOf = database.prepare<[number], { id: string; name: string }>(
    'SELECT id, name FROM machine_ids WHERE server_id = ? ORDER BY id',
  )
  const machineNames = database.prepare<[string], { name: string; firstAt: number; lastAt: number }>(
    'SELECT name, first_at AS firstAt, last_at AS lastAt FROM machine_names WHERE machine_id = ?',
  )
  const seeName = database.prepare<[{ id: string; name: string; at: number }]>(`
    INSERT INTO machine_names (machine_id, name, first_at, last_at) VALUES (:id, :name, :at, :at)
    ON CONFLICT (machine_id, name) DO UPDATE SET first_at = min(first_at, :at), last_at = max(last_at, :at)`)
  const see = database.prepare<[number, number]>('UPDATE servers SET last_seen = ? WHERE id = ?')
  const rename = database.prepare<[{ id: number; name: string }]>(
    'UPDATE servers SET name = :name, sort_name = sort_name(coalesce(alias, :name)) WHERE id = :id AND name <> :name',
  )
  const refreshLatest = database.prepare<[{ id: number }]>(`
    UPDATE servers SET latest_backup_id = (
      SELECT latest_backup_id FROM backup_jobs WHERE server_id = :id AND latest_backup_id IS NOT NULL
      ORDER BY latest_at DESC, latest_backup_id DESC LIMIT 1
    ), severity = coalesce((SELECT max(severity) FROM backup_jobs WHERE server_id = :id), 1) WHERE id = :id`)
  const editable = database.prepare<[number], ServerChanges & { updatedAt: number }>(
    'SELECT alias, notes, url, updated_at AS updatedAt FROM servers WHERE id = ?',
  )
  const update = database.prepare<[ServerChanges & { id: number; updatedAt: number }]>(
    'UPDATE servers SET alias = :alias, notes = :notes, url = :url, updated_at = :updatedAt, sort_name = sort_name(coalesce(:alias, name)) WHERE id = :id',
  )
  const setPassword = database.prepare<[string, number]>('UPDATE servers SET password = ? WHERE id = ?')
  const lastSeen = database.prepare<[number], number | null>('SELECT last_seen FROM servers WHERE id = ?').pluck()
  const moveMachineIds = database.prepare<[{ from: number; into: number }]>(
    'UPDATE machine_ids SET server_id = :into WHERE server_id = :from',
  )
  const moveMachineId = database.prepare<[number, number, string]>(
    'UPDATE machine_ids SET server_id = ? WHERE server_id = ? AND id = ?',
  )
  const nameOf = database.prepare<[number], string>('SELECT name FROM servers WHERE id = ?').pluck()
  const setLastSeen = database.prepare<[{ id: number }]>(
    'UPDATE servers SET last_seen = (SELECT max(received_at) FROM backups WHERE server_id = :id) WHERE id = :id',
  )
  const absorb = database.prepare<[{ from: number; into: number; now: number }]>(`
    UPDATE servers SET alias = coalesce(servers.alias, other.alias), notes = coalesce(servers.notes, other.notes),
      url = coalesce(servers.url, other.url), password = coalesce(servers.password, other.password), created_at = min(servers.created_at, other.created_at), updated_at = :now,
      name = iif(coalesce(other.last_seen, -1) > coalesce(servers.last_seen, -1), other.name, servers.name),
      last_seen = nullif(max(coalesce(servers.last_seen, -1), coalesce(other.last_seen, -1)), -1)
    FROM (SELECT * FROM servers WHERE id = :from) other WHERE servers.id = :into`)
  const sortAnew = database.prepare<[number]>(
    'UPDATE servers SET sort_name = sort_name(coalesce(alias, name)) WHERE id = ?',
  )
  const writeSortNames = database.prepare<[]>(
    "UPDATE servers SET sort_name = sort_name(coalesce(alias, name)) WHERE sort_name = ''",
  )
  const removeNames = database.prepare<[number]>(
    'DELETE FROM machine_names WHERE machine_id IN (SELECT id FROM machine_ids WHERE server_id = ?)',
  )
  const remove = database.prepare<[number], ServerChanges & { name: string }>(
    'DELETE FROM servers WHERE id = ? RETURNING name, alias, notes, url',
  )

  return {
    /** The servers that have this id: one that it counts alone for, or several, each together with a name. */
    findByMachineId: (machineId: string) => byMachineId.all(machineId),
    findByName: (name: string): Namesake[] =>
      namesakes.all(name).map(({ id, identified }) => ({ id, identified: identified === 1 })),
    insert: (name: string, now: Date): number => Number(insert.run({ name, now: now.getTime() }).lastInsertRowid),
    /** @param name the machine name that the id counts together with; empty: it counts alone */
    addMachineId: (id: number, machineId: string, name = '') => void insertMachineId.run(machineId, name, id),
    removeMachineId: (machineId: string, name: string) => void removeMachineId.run(machineId, name),
    machineIds: (id: number) => machineIdsOf.all(id),
    moveMachineId: (from: number, into: number, machineId: string) => void moveMachineId.run(into, from, machineId),
    /** The machine names that were reported under the id, with the places in time of their first and last runs. */
    machineNames: (machineId: string): MachineName[] =>
      machineNames
        .all(machineId)
        .map(({ name, firstAt, lastAt }) => ({ name, firstAt: new Date(firstAt), lastAt: new Date(lastAt) })),
    seeName: (id: string, name: string, at: Date) => void seeName.run({ id, name, at: at.getTime() }),
    nameOf: (id: number): string => nameOf.get(id) ?? '',
    /** Sets when it was last seen by the runs that it has. */
    recountLastSeen: (id: number) => void setLastSeen.run({ id }),
    /** A report of the server was received. */
    see: (id: number, now: Date) => void see.run(now.getTime(), id),
    rename: (id: number, name: string) => void rename.run({ id, name }),
    /** Writes names for sorting where a migration left none. */
    writeSortNames: () => void writeSortNames.run(),
    /** Points the server to the newest of its jobs' latest runs, and notes how bad the worst of them stands. */
    refreshLatest: (id: number) => void refreshLatest.run({ id }),
    findEditable: (id: number): (ServerChanges & { updatedAt: Date }) | undefined => {
      const row = editable.get(id)
      return row && { ...row, updatedAt: new Date(row.updatedAt) }
    },
    update: (id: number, changes: ServerChanges, now: Date) =>
      void update.run({ ...changes, id, updatedAt: now.getTime() }),
    /** @param password for no address, encrypted */
    setPassword: (id: number, password: string) => void setPassword.run(password, id),
    /** When a report of it was last received; null if none ever was, undefined if there is no such server. */
    lastSeen: (id: number): Date | null | undefined => {
      const seen = lastSeen.get(id)
      return typeof seen === 'number' ? new Date(seen) : seen
    },
    /** Gives the server the machine-ids of another, whatever only the other has, and the name of the one seen last. */
    absorb: (from: number, into: number, now: Date) => {
      moveMachineIds.run({ from, into })
      absorb.run({ from, into, now: now.getTime() })
      sortAnew.run(into)
    },
    /** Removes it with everything that is left of it, its tokens too; undefined if there is none. */
    remove: (id: number) => {
      removeNames.run(id)
      return remove.get(id)
    },
  }
}
