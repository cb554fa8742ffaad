// The statements that write how the Duplicati of a server is asked, how far its logs were read, and which runs are not to come back.

import type { Database } from 'better-sqlite3'
import { json, rowCodec } from '../rows/rowCodec.ts'
import type { Stored } from '../rows/values.ts'

export type CredentialKind = 'FOREVER_TOKEN' | 'PRE_AUTH_TOKEN' | 'PASSWORD'

/** How asking ended last: `NEW` was not asked yet, `UNPROVEN` answers, but may be another machine. */
type ConnectionState = 'NEW' | 'WORKS' | 'UNPROVEN' | 'FAILED'

/** What came of asking. */
export interface Checked {
  state: ConnectionState
  checkedAt: Date | null
  /** A sentence; null if nothing is wrong. */
  problem: string | null
  version: string | null
  /** How many jobs it has. */
  jobs: number | null
  /** Whether it reports to this server; null if nobody knows. */
  reportsToUs: boolean | null
  /** What is missing for it to be watched well, a sentence each. */
  missing: string[]
  /** When a run was found that both know. */
  provenAt: Date | null
}

export interface StoredConnection extends Checked {
  serverId: number
  url: string
  credentialKind: CredentialKind
  certificateFingerprint: string | null
  createdAt: Date
  updatedAt: Date
}

/** A row of a log there, by its number and when it was written: numbers begin anew with the database of a job. */
interface ReadRow {
  rowId: number
  writtenAt: Date
}

const connections = rowCodec<StoredConnection>('Connection', {
  serverId: 'plain',
  url: 'plain',
  credentialKind: 'plain',
  certificateFingerprint: 'plain',
  state: 'plain',
  checkedAt: 'plain',
  problem: 'plain',
  version: 'plain',
  jobs: 'plain',
  reportsToUs: 'plain',
  missing: json(),
  provenAt: 'plain',
  createdAt: 'plain',
  updatedAt: 'plain',
})

export function connectionTable(database: Database) {
  const find = database
    .prepare<[number], Stored[]>(`SELECT ${connections.columns} FROM connections WHERE server_id = ?`)
    .raw()
  const credential = database
    .prepare<[number], string>('SELECT credential FROM connections WHERE server_id = ?')
    .pluck()
  const remove = database.prepare<[number]>('DELETE FROM connections WHERE server_id = ?')
  const insert = database.prepare<[...Stored[], string]>(
    `INSERT INTO connections (${connections.columns}, credential) VALUES (${connections.places}, ?)`,
  )
  const check = database.prepare<[...Stored[], number]>(
    `UPDATE connections SET ${connections.assignments} WHERE server_id = ?`,
  )
  const isProven = database
    .prepare<[number], number>(
      'SELECT EXISTS (SELECT 1 FROM connections WHERE server_id = ? AND proven_at IS NOT NULL)',
    )
    .pluck()
  const notSince = database
    .prepare<[number], number>(
      'SELECT server_id FROM connections WHERE coalesce(checked_at, 0) <= ? ORDER BY coalesce(checked_at, 0), server_id',
    )
    .pluck()
  const oldestCheck = database
    .prepare<[], number | null>('SELECT min(coalesce(checked_at, 0)) FROM connections')
    .pluck()
  const move = database.prepare<[{ from: number; into: number }]>(
    'UPDATE OR IGNORE connections SET server_id = :into, proven_at = NULL, checked_at = NULL WHERE server_id = :from',
  )
  const moveRemovals = database.prepare<[{ from: number; into: number }]>(
    'UPDATE removals SET server_id = :into WHERE server_id = :from',
  )
  const rowRead = database.prepare<[number, string], { rowId: number; writtenAt: number }>(
    'SELECT row_id AS rowId, written_at AS writtenAt FROM collected_logs WHERE server_id = ? AND duplicati_id = ?',
  )
  const setRowRead = database.prepare<[number, string, number, number]>(
    'INSERT OR REPLACE INTO collected_logs (server_id, duplicati_id, row_id, written_at) VALUES (?, ?, ?, ?)',
  )
  const addRemoval = database.prepare<[number, string, number, number]>(
    'INSERT INTO removals (server_id, name, from_at, until_at) VALUES (?, ?, ?, ?)',
  )
  const isRemoved = database
    .prepare<[{ serverId: number; name: string; at: number }], number>(
      'SELECT EXISTS (SELECT 1 FROM removals WHERE server_id = :serverId AND name = :name AND from_at <= :at AND until_at >= :at)',
    )
    .pluck()

  return {
    find: (serverId: number): StoredConnection | undefined => {
      const row = find.get(serverId)
      return row && connections.read(row)
    },
    /** The encrypted credential. */
    credential: (serverId: number): string | undefined => credential.get(serverId),
    /** Puts it in the place of the one that the server had, which was asked for another machine perhaps: its logs are read anew. */
    set: (connection: StoredConnection, credential: string) => {
      remove.run(connection.serverId)
      insert.run(...connections.write(connection), credential)
    },
    /** Notes what came of asking; does nothing if the connection is gone. */
    check: (connection: StoredConnection) => void check.run(...connections.write(connection), connection.serverId),
    /** Whether it is certain that the Duplicati is the one of the server. */
    isProven: (serverId: number): boolean => isProven.get(serverId) === 1,
    remove: (serverId: number): boolean => remove.run(serverId).changes > 0,
    /** The servers that were not asked since then, the longest first. */
    notAskedSince: (since: Date): number[] => notSince.all(since.getTime()),
    /** When the one was asked that was not asked for longest; null if there is none. */
    oldestCheck: (): Date | null => {
      const at = oldestCheck.get() ?? null
      return at === null ? null : new Date(at)
    },
    /** Gives a server what another one has, where it has none itself. */
    move: (from: number, into: number) => {
      move.run({ from, into })
      moveRemovals.run({ from, into })
    },
    /** The newest row of the job's log that was read; null if none was. */
    rowRead: (serverId: number, duplicatiId: string): ReadRow | null => {
      const row = rowRead.get(serverId, duplicatiId)
      return row ? { ...row, writtenAt: new Date(row.writtenAt) } : null
    },
    setRowRead: (serverId: number, duplicatiId: string, { rowId, writtenAt }: ReadRow) =>
      void setRowRead.run(serverId, duplicatiId, rowId, writtenAt.getTime()),
    /** Notes that a person removed the runs of a job that began in that time. */
    addRemoval: (serverId: number, name: string, from: Date, until: Date) =>
      void addRemoval.run(serverId, name, from.getTime(), until.getTime()),
    isRemoved: (serverId: number, name: string, at: Date): boolean =>
      isRemoved.get({ serverId, name, at: at.getTime() }) === 1,
  }
}
