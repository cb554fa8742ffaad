// A filled file of the release before people could say what is unusual: every row of it is there after the migration, unchanged.

import { expect, it } from 'vitest'
import { applyMigrations, migrationNames } from '../../src/database/migrate.ts'
import { startApp } from '../support/app.ts'
import { fileBefore, rowsIn } from '../support/filledFile.ts'
import { problemsIn } from '../support/problems.ts'

const name = '20261201020000_unusual_rules'

it('keeps every row, and tells of no job yet that it had no success', async () => {
  const file = await fileBefore(name)
  const before = rowsIn(file)
  const names = migrationNames()
  applyMigrations(file, names.slice(0, names.indexOf(name) + 1))
  expect(before.backup_jobs?.length).toBeGreaterThan(2)
  expect(rowsIn(file)).toEqual({
    ...before,
    backup_jobs: before.backup_jobs?.map((row) => ({ ...row, no_success_told_at: null })),
    unusual_rules: [],
  })
  applyMigrations(file, migrationNames())
  expect(problemsIn(file)).toEqual([])
})

it('leads to a server by whose rules nothing that is told of changes', async () => {
  const file = await fileBefore(name)
  const { notification_rules: rules = [] } = rowsIn(file)
  applyMigrations(file, migrationNames())
  const app = await startApp({ file, now: '2026-12-01T12:00:00Z' })
  const { data } = await app.graphql(
    '{ channels { nodes { rules { databaseId events } } } unusualRules { totalCount } }',
  )
  expect(data).toEqual({
    channels: {
      nodes: [{ rules: rules.map(({ id, events }) => ({ databaseId: id, events: JSON.parse(String(events)) })) }],
    },
    unusualRules: { totalCount: 0 },
  })
})
