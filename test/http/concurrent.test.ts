// Many uploads at once: exactly the distinct good ones are stored.

import Database from 'better-sqlite3'
import { expect, it } from 'vitest'
import { startApp } from '../support/app.ts'
import { report } from '../support/report.ts'

it('stores exactly the distinct good ones of 200 uploads, repetitions and bad ones among them', async () => {
  const app = await startApp()
  const runOf = (index: number) =>
    report({
      data: { BeginTime: new Date(Date.parse('2026-07-01T00:00:00Z') + index * 1000).toISOString() },
      extra: {
        'machine-id': `machine-${index % 7}`,
        'machine-name': `host-${index % 7}`,
        'backup-id': `DB-${index % 3}`,
      },
      logLines: [`line of ${index}`],
    })
  const uploads = Array.from({ length: 200 }, (_, index) => {
    if (index % 25 === 24) return { bad: true, body: { Data: { MainOperation: 'Backup', BeginTime: 'never' } } }
    if (index % 10 === 9) return { bad: false, body: runOf(index - 5) }
    return { bad: false, body: runOf(index) }
  })
  const distinct = new Set(uploads.filter(({ bad }) => !bad).map(({ body }) => JSON.stringify(body)))

  const answers = await Promise.all(uploads.map(({ body }) => app.post(body)))

  expect(answers.map(({ status }) => status)).toEqual(uploads.map(({ bad }) => (bad ? 400 : 200)))
  const ids = answers.flatMap(({ status, body }) =>
    status === 200 ? [(body as { backup: { id: number } }).backup.id] : [],
  )
  expect(new Set(ids).size).toBe(distinct.size)
  const firsts = answers.filter(({ body }) => (body as { duplicate?: boolean }).duplicate === false)
  expect(firsts).toHaveLength(distinct.size)
  const { data } = await app.graphql('{ summary { totalServers totalBackupJobs totalBackups } backups { totalCount } }')
  expect(data).toEqual({
    summary: { totalServers: 7, totalBackupJobs: 21, totalBackups: distinct.size },
    backups: { totalCount: distinct.size },
  })
})

it('gives the second report of a new server to the first one’s, in the same batch', async () => {
  const app = await startApp()
  const later = { data: { BeginTime: '2026-07-31T03:00:00Z' } }
  await Promise.all([app.post(report()), app.post(report(later)), app.post(report())])
  const { data } = await app.graphql('{ servers { nodes { machineIds jobs { totals { runs } } } } }')
  expect(data).toEqual({ servers: { nodes: [{ machineIds: ['machine-1'], jobs: [{ totals: { runs: 2 } }] }] } })
})

it('says 503 while another process holds the database, and takes the report afterwards', async () => {
  const app = await startApp()
  const other = new Database(app.file)
  other.exec('BEGIN IMMEDIATE')
  const response = await app.fetch('/api/upload', { method: 'POST', body: JSON.stringify(report()) })
  expect([response.status, response.headers.get('retry-after')]).toEqual([503, '5'])
  expect(await response.json()).toMatchObject({ status: 'error', error: { code: 'UNAVAILABLE' } })
  other.exec('ROLLBACK')
  other.close()
  expect(await app.post(report())).toMatchObject({ status: 200, body: { duplicate: false } })
})
