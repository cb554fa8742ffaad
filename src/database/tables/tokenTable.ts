// The statements that write tokens, and who may come in.

import type { Database } from 'better-sqlite3'
import type { Scope, Token } from '../../domain/access.ts'
import { rowCodec } from '../rows/rowCodec.ts'
import type { Stored } from '../rows/values.ts'
import { tokenRow } from './tokenRow.ts'

export interface NewToken {
  name: string
  scope: Scope
  serverId: number | null
  prefix: string
  hash: string
  createdAt: Date
  expiresAt: Date | null
}

const newToken = rowCodec<NewToken>('Token', {
  name: 'plain',
  scope: 'plain',
  serverId: 'plain',
  prefix: 'plain',
  hash: 'plain',
  createdAt: 'plain',
  expiresAt: 'plain',
})

export function tokenTable(database: Database) {
  const insert = database.prepare<Stored[]>(`INSERT INTO tokens (${newToken.columns}) VALUES (${newToken.places})`)
  const find = database.prepare<[number], Stored[]>(`SELECT ${tokenRow.columns} FROM tokens WHERE id = ?`).raw()
  const any = database.prepare<[], number>('SELECT EXISTS (SELECT 1 FROM tokens)').pluck()
  const otherAdmin = database
    .prepare<[{ but: number; now: number }], number>(`
      SELECT EXISTS (SELECT 1 FROM tokens WHERE scope = 'ADMIN' AND id <> :but AND revoked_at IS NULL
        AND coalesce(expires_at, :now + 1) > :now)`)
    .pluck()
  const revoke = database.prepare<[number, number]>('UPDATE tokens SET revoked_at = ? WHERE id = ?')
  const use = database.prepare<[number, number]>('UPDATE tokens SET last_used_at = ? WHERE id = ?')
  const move = database.prepare<[{ from: number; into: number }]>(
    'UPDATE tokens SET server_id = :into WHERE server_id = :from',
  )
  const requireToken = database.prepare<[], number>('SELECT require_token FROM access').pluck()
  const setRequireToken = database.prepare<[number]>('UPDATE access SET require_token = ?')

  return {
    insert: (token: NewToken): number => Number(insert.run(...newToken.write(token)).lastInsertRowid),
    find: (id: number): Token | undefined => {
      const row = find.get(id)
      return row && tokenRow.read(row)
    },
    /** Whether there ever was one: revoked ones stay. */
    any: (): boolean => any.get() === 1,
    /** Whether somebody else than the holder of this one may do everything now. */
    hasAdminBut: (id: number, now: Date): boolean => otherAdmin.get({ but: id, now: now.getTime() }) === 1,
    revoke: (id: number, now: Date) => void revoke.run(now.getTime(), id),
    use: (id: number, now: Date) => void use.run(now.getTime(), id),
    /** What was bound to the one server is bound to the other. */
    move: (from: number, into: number) => void move.run({ from, into }),
    requiresToken: (): boolean => requireToken.get() !== 0,
    setRequiresToken: (value: boolean) => void setRequireToken.run(value ? 1 : 0),
  }
}
