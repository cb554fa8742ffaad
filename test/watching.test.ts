// The page on watching the server from outside: what its rules, its table and its widget name is what the server gives.

import { readFileSync } from 'node:fs'
import { parser } from '@prometheus-io/lezer-promql'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { startApp, type TestApp } from './support/app.ts'
import { documents } from './support/documents.ts'
import { type ReadMetric, readExposition } from './support/exposition.ts'
import { firing } from './support/promql.ts'
import { report } from './support/report.ts'
import { startGuarded } from './support/tokens.ts'

const page = /\n## Watch it\n(.*?)\n## /s.exec(documents)?.[1] ?? ''
const [scrape, rules, widget] = [...page.matchAll(/```yaml\n(.*?)```/gs)].map(([, text = '']) => parse(text))

async function metrics() {
  const app = await startApp()
  const changes = { 'next-scheduled-run': '20260802T020000Z' }
  await app.post(report({ extra: changes }))
  return readExposition(await (await app.fetch('/metrics')).text())
}

it('lists every metric with its labels', async () => {
  const table = [...page.matchAll(/^\| `(\w+)` \| ([^|]*?) ?\| /gm)].map(([, name, labels = '']) => [
    name,
    [...labels.replace('of the job', '`server`, `backup_job`, `backup_job_id`').matchAll(/`(\w+)`/g)].map(
      ([, label]) => label,
    ),
  ])
  const given = [...(await metrics())].map(([name, { samples }]) => [
    name,
    // Where nothing has happened yet, there is nothing that has labels.
    samples[0] ? Object.keys(samples[0].labels).filter((label) => label !== 'le') : expect.any(Array),
  ])
  expect(Object.fromEntries(table)).toEqual(Object.fromEntries(given))
})

it('has rules that Prometheus can read, of metrics and labels that there are', async () => {
  const given = await metrics()
  const expressions: string[] = rules.groups.flatMap((group: { rules: { expr: string }[] }) =>
    group.rules.map(({ expr }) => expr),
  )
  expect(expressions).toHaveLength(8)
  for (const expr of expressions) expectMetrics(expr, given)
})

it('has a dashboard that Prometheus can answer, of metrics and labels that there are', async () => {
  const given = await metrics()
  const { panels } = JSON.parse(readFileSync(new URL('../docs/grafana.json', import.meta.url), 'utf8')) as {
    panels: { id: number; targets: { expr: string; legendFormat: string }[] }[]
  }
  expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length)
  const targets = panels.flatMap((panel) => panel.targets)
  expect(targets.length).toBeGreaterThan(15)
  for (const { expr, legendFormat } of targets) {
    // Grafana puts a duration there.
    const names = expectMetrics(expr.replaceAll('$__rate_interval', '5m'), given)
    const labels = names.flatMap((name) => given.get(name)?.samples.flatMap((sample) => Object.keys(sample.labels)))
    for (const [, label] of legendFormat.matchAll(/\{\{(\w+)\}\}/g)) expect(labels, expr).toContain(label)
  }
})

/** Fails if Prometheus cannot read the expression, or if it names what is not given. Returns the names of its metrics. */
function expectMetrics(expr: string, given: Map<string, ReadMetric>): string[] {
  const wrong: string[] = []
  const names: string[] = []
  parser.parse(expr).iterate({
    enter: (node) => {
      const text = expr.slice(node.from, node.to)
      if (node.type.isError) wrong.push(`${text} at ${node.from}`)
      if (node.name === 'VectorSelector') {
        const [, series = '', matchers = ''] = /^(\w+)(?:\{(.*)\})?$/s.exec(text) ?? []
        const name = series.replace(/_bucket$/, '')
        names.push(name)
        if (name === 'up') return
        const metric = given.get(name)
        expect(metric, expr).toBeDefined()
        for (const [, label = '', value] of matchers.matchAll(/(\w+)="([^"]*)"/g)) {
          expect(metric?.samples.map(({ labels }) => labels[label])).toContain(value)
        }
      }
    },
  })
  expect({ expr, wrong }).toEqual({ expr, wrong: [] })
  expect(names).not.toEqual([])
  return names
}

/** Whether the rule fires, for which jobs, for an app at this time. Its process began so many hours before. */
async function firingAt(app: TestApp, alert: string, time: string, hoursUp = 24) {
  const groups: { rules: { alert: string; expr: string }[] }[] = rules.groups
  const rule = groups.flatMap((group) => group.rules).find((one) => one.alert === alert)
  const now = new Date(time)
  app.setTime(now)
  const given = readExposition(await (await app.fetch('/metrics')).text())
  // The process of the test knows another time than the app.
  const began = given.get('process_start_time_seconds')?.samples[0]
  if (began) began.value = now.getTime() / 1000 - hoursUp * 3600
  return firing(rule?.expr ?? '', given, now).map(({ labels }) => labels.backup_job ?? 'fires')
}

describe('DatabaseNotCopied', () => {
  it('fires without any copy, but not in the first hours after a start', async () => {
    const app = await startApp()
    expect(await firingAt(app, 'DatabaseNotCopied', '2026-08-01T17:59:00Z', 5.9)).toEqual([])
    expect(await firingAt(app, 'DatabaseNotCopied', '2026-08-01T18:01:00Z', 6.1)).toEqual(['fires'])
  })

  it('fires when the last copy is more than two days old, and not before', async () => {
    const app = await startApp()
    app.setTime('2026-08-01T12:10:00Z')
    await app.copyDatabase()
    expect(await firingAt(app, 'DatabaseNotCopied', '2026-08-03T12:10:00Z')).toEqual([])
    expect(await firingAt(app, 'DatabaseNotCopied', '2026-08-03T12:10:01Z')).toEqual(['fires'])
    // The server was down for so long: it is given the time to make the next one.
    expect(await firingAt(app, 'DatabaseNotCopied', '2026-08-03T12:10:01Z', 0.1)).toEqual([])
  })

  it('never fires where no copies are to be made', async () => {
    const app = await startApp({ environment: { BACKUP_EVERY_HOURS: '0' } })
    expect(await firingAt(app, 'DatabaseNotCopied', '2026-09-01T12:00:00Z', 700)).toEqual([])
  })
})

describe('NoGoodBackupForThreeDays', () => {
  const run = (name: string, day: string, result: string, next?: string) =>
    report({
      data: { ParsedResult: result, BeginTime: `${day}T02:00:00Z`, EndTime: `${day}T02:10:00Z` },
      extra: { 'backup-id': name, 'backup-name': name, ...(next ? { 'next-scheduled-run': `${next}T020000Z` } : {}) },
    })

  it.each([
    ['of a daily job that has been silent for three days', [['07-29', 'Success', '20260730']], true],
    ['of a daily job that succeeded two days ago', [['07-31', 'Success', '20260801']], false],
    [
      'of a daily job that fails every day',
      [
        ['07-29', 'Success', '20260730'],
        ['08-01', 'Error', '20260802'],
      ],
      true,
    ],
    ['of a weekly job whose latest run succeeded', [['07-29', 'Success', '20260805']], false],
    ['of a job that was run by hand once', [['07-01', 'Success', undefined]], false],
    [
      'of a job that was run by hand, and failed',
      [
        ['07-01', 'Success', undefined],
        ['07-20', 'Error', undefined],
      ],
      false,
    ],
  ] as const)('%s: %s', async (_, runs, expected) => {
    const app = await startApp()
    for (const [day, result, next] of runs) {
      app.setTime(`2026-${day}T02:10:00Z`)
      await app.post(run('Photos', `2026-${day}`, result, next))
    }
    expect(await firingAt(app, 'NoGoodBackupForThreeDays', '2026-08-01T12:00:00Z')).toEqual(expected ? ['Photos'] : [])
  })

  it('is silent about a paused job, and names each other one', async () => {
    const app = await startApp()
    app.setTime('2026-07-25T02:10:00Z')
    for (const name of ['One', 'Two', 'Three']) await app.post(run(name, '2026-07-25', 'Success', '20260726'))
    await app.graphql('mutation { pauseJob(id: 2) { backupJob { id } } }')
    expect(await firingAt(app, 'NoGoodBackupForThreeDays', '2026-08-01T12:00:00Z')).toEqual(['One', 'Three'])
    expect(await firingAt(app, 'BackupOverdue', '2026-08-01T12:00:00Z')).toEqual(['One', 'Three'])
  })
})

it('has a scrape configuration for a target that asks for a token', async () => {
  const [{ authorization, static_configs, job_name }] = scrape.scrape_configs
  expect({ authorization, static_configs, job_name }).toEqual({
    job_name: 'duplistatus',
    authorization: { credentials_file: expect.any(String) },
    static_configs: [{ targets: ['SERVER:9666'] }],
  })
  const app = await startGuarded()
  expect((await app.as(null, '/metrics')).status).toBe(401)
  expect((await app.as(await app.newToken({ scope: 'READ' }), '/metrics')).status).toBe(200)
})

it('has a widget of fields that the summary gives to whoever may read', async () => {
  const { url, headers, mappings } = widget[0].Backups[0].duplistatus.widget
  const app = await startGuarded()
  const token = await app.newToken({ scope: 'READ' })
  const authorization = headers.Authorization.replace('{{HOMEPAGE_VAR_DUPLISTATUS_TOKEN}}', token)
  const answer = await app.fetch(new URL(url.replace('SERVER', 'localhost')).pathname, { headers: { authorization } })
  const summary = (await answer.json()) as Record<string, unknown>
  const fields = mappings.map(({ field }: { field: string }) => [field, typeof summary[field]])
  expect(Object.fromEntries(fields)).toEqual({
    overdueBackupsCount: 'number',
    failedBackupsCount: 'number',
    warningBackupsCount: 'number',
    totalStorageUsed: 'number',
    secondsSinceLastBackup: 'number',
  })
})
