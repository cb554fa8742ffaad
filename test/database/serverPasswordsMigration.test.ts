// A filled file of the release before servers had passwords: every row of it is there after the migration, unchanged, and no server
// has a password.

import { expect, it } from 'vitest'
import { applyMigrations, migrationNames } from '../../src/database/migrate.ts'
import { fileBefore, rowsIn } from '../support/filledFile.ts'
import { problemsIn } from '../support/problems.ts'

const name = '20261130200000_server_passwords'

it('keeps every row, and invents no password', async () => {
  const file = await fileBefore(name)
  const names = migrationNames()
  const before = rowsIn(file)
  expect(before.servers?.length).toBeGreaterThan(1)

  applyMigrations(file, names.slice(0, names.indexOf(name) + 1))

  expect(rowsIn(file)).toEqual({ ...before, servers: before.servers?.map((server) => ({ ...server, password: null })) })
  applyMigrations(file, names)
  expect(problemsIn(file)).toEqual([])
})
