// A filled file of the release before there were tags: every row of it is there after the migration, unchanged, nothing carries a tag,
// and no rule is about one.

import { expect, it } from 'vitest'
import { applyMigrations, migrationNames } from '../../src/database/migrate.ts'
import { fileBefore, rowsIn } from '../support/filledFile.ts'
import { problemsIn } from '../support/problems.ts'

const name = '20261130210000_tags'

it('keeps every row, and invents no tag', async () => {
  const file = await fileBefore(name)
  const names = migrationNames()
  const before = rowsIn(file)
  expect(before.notification_rules?.length).toBeGreaterThan(0)

  applyMigrations(file, names.slice(0, names.indexOf(name) + 1))

  expect(rowsIn(file)).toEqual({
    ...before,
    notification_rules: before.notification_rules?.map((rule) => ({ ...rule, tag: null })),
    server_tags: [],
    job_tags: [],
  })
  applyMigrations(file, names)
  expect(problemsIn(file)).toEqual([])
})
