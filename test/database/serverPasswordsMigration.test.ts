// A filled file of the release before servers had passwords: every row of it is there after the migration, unchanged, and no server
// has a password.

import Database from 'better-sqlite3'
import { expect, it } from 'vitest'
import { applyMigrations, migrationNames } from '../../src/database/migrate.ts'
import { fixture } from '../support/app.ts'
import { rowsIn } from '../support/filledFile.ts'
import { newPlace } from '../support/folders.ts'
import { problemsIn } from '../support/problems.ts'

const name = '20261130200000_server_passwords'

it('keeps every row, and invents no password', async () => {
  const file = newPlace()
  const old = new Database(file)
  old.pragma('foreign_keys = OFF')
  old.exec(await fixture('before-identity.sql'))
  old.close()
  const names = migrationNames()
  applyMigrations(file, names.slice(0, names.indexOf(name)))
  const before = rowsIn(file)
  expect(before.servers?.length).toBeGreaterThan(1)

  applyMigrations(file, names.slice(0, names.indexOf(name) + 1))

  expect(rowsIn(file)).toEqual({ ...before, servers: before.servers?.map((server) => ({ ...server, password: null })) })
  applyMigrations(file, names)
  expect(problemsIn(file)).toEqual([])
})
