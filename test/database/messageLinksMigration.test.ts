// A filled file of the release before messages had links: every row of it is there after the migration, and no link was followed.

import { expect, it } from 'vitest'
import { applyMigrations, migrationNames } from '../../src/database/migrate.ts'
import { fileBefore, rowsIn } from '../support/filledFile.ts'
import { problemsIn } from '../support/problems.ts'

const name = '20261201030000_message_links'

it('keeps every row', async () => {
  const file = await fileBefore(name)
  const before = rowsIn(file)
  const names = migrationNames()
  applyMigrations(file, names.slice(0, names.indexOf(name) + 1))
  expect(before.notifications?.length).toBeGreaterThan(2)
  expect(rowsIn(file)).toEqual({
    ...before,
    notifications: before.notifications?.map((row) => ({ ...row, snoozed_at: null, acknowledged_at: null })),
  })
  applyMigrations(file, migrationNames())
  expect(problemsIn(file)).toEqual([])
})
