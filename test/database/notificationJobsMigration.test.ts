// A filled file of the release before messages could be about several jobs: every row of it is there after the migration, unchanged, and
// each message is about the job that it was about.

import Database from 'better-sqlite3'
import { expect, it } from 'vitest'
import { applyMigrations, migrationNames } from '../../src/database/migrate.ts'
import { startApp } from '../support/app.ts'
import { fileBefore, rowsIn } from '../support/filledFile.ts'
import { problemsIn } from '../support/problems.ts'

const name = '20261201010000_notification_jobs'

const digest = `INSERT INTO notifications (key, channel_id, event, title, message, priority, tags, subject, created_at, status)
  VALUES ('digest', 1, 'DIGEST', 'All is fine', 'Nothing to do', 'DEFAULT', '[]', 'null', 1750000000000, 'SENT')`

async function migrated() {
  const file = await fileBefore(name)
  const database = new Database(file)
  database.exec(digest)
  database.close()
  const before = rowsIn(file)
  const names = migrationNames()
  applyMigrations(file, names.slice(0, names.indexOf(name) + 1))
  return { file, before }
}

it('keeps every row, and each message with its job, its run and its time', async () => {
  const { file, before } = await migrated()
  const notifications = before.notifications ?? []
  expect(notifications.length).toBeGreaterThan(2)
  const members = notifications
    .filter(({ job_id }) => job_id !== null)
    .map(({ id, job_id, event, backup_id, created_at }) => ({
      notification_id: id,
      job_id,
      event,
      backup_id,
      title: null,
      message: null,
      created_at,
    }))
  expect(members).toHaveLength(notifications.length - 1)
  expect(rowsIn(file)).toEqual({
    ...before,
    notifications: notifications.map((row) => ({ ...row, gathers_until: null })),
    notification_jobs: members,
  })
  applyMigrations(file, migrationNames())
  expect(problemsIn(file)).toEqual([])
})

it('leads to a server that lists every message at its job, and the digest at none', async () => {
  const { file, before } = await migrated()
  applyMigrations(file, migrationNames())
  const app = await startApp({ file, now: '2026-12-01T12:00:00Z' })
  const { data } = await app.graphql(
    '{ notifications(first: 100, orderBy: CREATED_AT_ASC) { nodes { job { databaseId } jobs { databaseId } } } }',
  )
  expect((data as { notifications: { nodes: unknown } }).notifications.nodes).toEqual(
    before.notifications?.map(({ job_id }) => ({
      job: job_id === null ? null : { databaseId: job_id },
      jobs: job_id === null ? [] : [{ databaseId: job_id }],
    })),
  )
  const jobs = await app.graphql('{ backupJobs(first: 100) { nodes { databaseId notifications { totalCount } } } }')
  for (const { databaseId, notifications } of (jobs.data as Listed).backupJobs.nodes) {
    expect(notifications.totalCount).toBe(before.notifications?.filter(({ job_id }) => job_id === databaseId).length)
  }
})

interface Listed {
  backupJobs: { nodes: { databaseId: number; notifications: { totalCount: number } }[] }
}
