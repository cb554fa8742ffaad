// The sums over all jobs, up to and beyond what SQLite can add up.

import Database from 'better-sqlite3'
import { expect, it } from 'vitest'
import { summaryQuery } from '../../src/database/queries/summaryQuery.ts'
import { startApp } from '../support/app.ts'
import { report } from '../support/report.ts'

const most = 2n ** 63n - 1n

it.each([
  { sizes: [most - 1n, 1n], sum: most },
  { sizes: [most, 1n], sum: 2n ** 63n },
  { sizes: [most, most], sum: 2n ** 64n - 2n },
  { sizes: [most, null], sum: most },
  { sizes: [null, null], sum: 0n },
])('adds up $sizes', async ({ sizes, sum }) => {
  const app = await startApp()
  for (const job of ['1', '2']) await app.post(report({ extra: { 'backup-id': job, 'backup-name': job } }))
  await app.close()
  const database = new Database(app.file)
  const set = database.prepare('UPDATE backup_jobs SET stored_size = ? WHERE id = ?')
  for (const [index, size] of sizes.entries()) set.run(size, index + 1)

  const { servers, jobs, runs, storedSize } = summaryQuery(database).read()

  database.close()
  expect({ servers, jobs, runs, storedSize }).toEqual({ servers: 1, jobs: 2, runs: 2, storedSize: sum })
})
