// What each operation of the benchmark asks of SQLite, against the table beside this file: one statement more, or a row that
// is read and was not, is a decision. Time is measured by `npm run bench`.

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { describe, expect, it, onTestFinished } from 'vitest'
import { documents, operations } from '../bench/operations.ts'
import { writeRuns } from '../bench/writeRuns.ts'
import { start, startApp } from '../support/app.ts'
import { report } from '../support/report.ts'
import { type Counted, countStatements } from '../support/statements.ts'

const sizes = [2_000, 10_000]

/** What is asked beside the benchmark, of a file in which a server and a job of another one carry a tag. */
const others = {
  'updateServer, tags': 'mutation { updateServer(id: 1, input: { tags: ["a", "b"] }) { server { tags } } }',
  'updateBackupJob, tags': 'mutation { updateBackupJob(id: 9, input: { tags: ["a"] }) { backupJob { tags } } }',
  tags: '{ tags { name jobs servers state } }',
  viewer: '{ viewer { scopes token { name } server { name } } }',
  'summary by state': '{ summary { totalServers jobsByState { state count } serversByState { state count } } }',
  'servers by severity': '{ servers(orderBy: SEVERITY_DESC) { nodes { id state } } }',
  'jobs by severity': '{ backupJobs(first: 50, orderBy: SEVERITY_DESC) { nodes { id state } } }',
  'jobs by name': '{ backupJobs(first: 50) { nodes { id displayName } } }',
  'jobs by due time': '{ backupJobs(first: 50, orderBy: DUE_AT_ASC_NULLS_LAST) { nodes { id dueAt } } }',
  'jobs by size': '{ backupJobs(first: 50, orderBy: STORED_SIZE_DESC) { nodes { id storedSize } } }',
  'outlook of 50 jobs': '{ backupJobs(first: 50) { nodes { id outlook { growthPerDay } } } }',
  'servers of a tag': '{ servers(filter: { tag: "a" }) { nodes { id tags } } }',
  'jobs of a tag': '{ backupJobs(filter: { tag: "a" }) { nodes { id tags } } }',
  'runs of a tag, of 5 jobs': '{ backups(filter: { tag: "a" }) { nodes { id } } }',
  'pauseJobs, of 4 jobs': 'mutation { pauseJobs(by: { server: 2 }) { jobs { id state } } }',
  'pauseJobs, again': 'mutation { pauseJobs(by: { server: 2 }) { jobs { id state } } }',
}

it('asks of SQLite what the table says, and no more of a larger file', async () => {
  const asked = documents(start)
  const counted = new Map<string, Counted[]>()
  for (const runs of sizes) {
    const file = join(folder(), 'backups.db')
    await writeRuns(file, runs, start)
    const app = await startApp({ file })
    const count = async (name: string, work: () => Promise<{ errors?: unknown[] }>) => {
      const found = await countStatements(file, async () => {
        expect((await work()).errors).toBeUndefined()
      })
      counted.set(name, [...(counted.get(name) ?? []), found])
    }
    for (const [name, { query, variables }] of Object.entries(asked)) {
      await count(name, () => app.graphql(query, variables))
    }
    const upload = operations(start).at(-1)
    for (const [name, number] of Object.entries({ 'upload of a new server': 1, upload: 2, 'upload again': 2 })) {
      await count(name, async () => {
        const { status } = await app.rest('POST', '/api/upload', upload?.body(number))
        expect(status).toBe(200)
        return {}
      })
    }
    // Of a job that has many runs.
    const extra = {
      'machine-id': 'machine-1',
      'machine-name': 'server-01',
      'backup-id': 'DB-1',
      'backup-name': 'Documents',
    }
    const withoutBegin = { BeginTime: null, EndTime: null }
    for (const [name, data] of Object.entries({
      'upload to a long history': {},
      'upload without a begin': withoutBegin,
    })) {
      await count(name, async () => {
        expect(await app.post(report({ extra, data }))).toMatchObject({ body: { duplicate: false } })
        return {}
      })
    }
    for (const path of ['/api/summary', '/api/servers', '/api/health', '/api/ready', '/metrics']) {
      await count(`GET ${path}`, async () => {
        expect((await app.fetch(path)).status).toBe(200)
        return {}
      })
    }
    for (const [name, query] of Object.entries(others)) await count(name, () => app.graphql(query))
  }

  await expect(tableOf(counted)).toMatchFileSnapshot('statements.txt')
}, 120_000)

describe('the count of rows', () => {
  it.each([
    { sql: 'SELECT id FROM servers', rows: 50, why: 'all of them' },
    {
      sql: "SELECT id FROM servers WHERE notes = 'x'",
      rows: 50,
      why: 'those that a condition without an index refuses',
    },
    { sql: 'SELECT id FROM servers WHERE id = 7', rows: 1, why: 'the one that an index leads to' },
    { sql: "SELECT id FROM servers WHERE name = 'server-07' AND notes = 'x'", rows: 1, why: 'what an index leads to' },
    { sql: 'SELECT id FROM servers ORDER BY name LIMIT 3', rows: 3, why: 'up to the end of the page' },
    { sql: 'SELECT count(*) FROM backup_jobs WHERE server_id = 1', rows: 4, why: 'those that are counted' },
    {
      sql: 'SELECT s.id, b.status FROM servers s LEFT JOIN backups b ON b.id = s.latest_backup_id',
      rows: 100,
      why: 'both sides',
    },
  ])('holds $why: $sql', async ({ sql, rows }) => {
    const file = join(folder(), 'backups.db')
    await writeRuns(file, 200, start)
    const counted = await countStatements(file, async () => {
      const database = new Database(file, { readonly: true })
      database.prepare(sql).all()
      database.close()
    })
    expect(counted).toEqual({ statements: 1, rowsRead: rows, rowsWritten: 0 })
  })
})

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'duplistatus-'))
  onTestFinished(() => rmSync(path, { recursive: true }))
  return path
}

function tableOf(counted: Map<string, Counted[]>): string {
  const heads = ['operation', 'statements', ...sizes.map((runs) => `rows read of ${runs} runs`), 'rows written']
  const lines = [...counted].map(([name, [small, large]]) => [
    name,
    small?.statements === large?.statements ? small?.statements : `${small?.statements} / ${large?.statements}`,
    small?.rowsRead,
    large?.rowsRead,
    small?.rowsWritten === large?.rowsWritten ? small?.rowsWritten : `${small?.rowsWritten} / ${large?.rowsWritten}`,
  ])
  return [heads, ...lines]
    .map((cells) =>
      cells
        .map((cell, index) => String(cell).padEnd(index === 0 ? 26 : 24))
        .join('')
        .trimEnd(),
    )
    .join('\n')
    .concat('\n')
}
