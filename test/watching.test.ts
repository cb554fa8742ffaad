// The README's page on watching the server from outside: what its rules, its table and its widget name is what the server gives.

import { readFileSync } from 'node:fs'
import { parser } from '@prometheus-io/lezer-promql'
import { expect, it } from 'vitest'
import { parse } from 'yaml'
import { startApp } from './support/app.ts'
import { readExposition } from './support/exposition.ts'
import { report } from './support/report.ts'
import { startGuarded } from './support/tokens.ts'

const page =
  /\n## Watch it\n(.*?)\n## /s.exec(readFileSync(new URL('../README.md', import.meta.url), 'utf8'))?.[1] ?? ''
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
    Object.keys(samples[0]?.labels ?? {}).filter((label) => label !== 'le'),
  ])
  expect(Object.fromEntries(table)).toEqual(Object.fromEntries(given))
})

it('has rules that Prometheus can read, of metrics and labels that there are', async () => {
  const given = await metrics()
  const expressions: string[] = rules.groups.flatMap((group: { rules: { expr: string }[] }) =>
    group.rules.map(({ expr }) => expr),
  )
  expect(expressions).toHaveLength(8)
  for (const expr of expressions) {
    const wrong: string[] = []
    const names: string[] = []
    parser.parse(expr).iterate({
      enter: (node) => {
        const text = expr.slice(node.from, node.to)
        if (node.type.isError) wrong.push(`${text} at ${node.from}`)
        if (node.name === 'VectorSelector') {
          const [, name = '', matchers = ''] = /^(\w+)(?:\{(.*)\})?$/s.exec(text) ?? []
          names.push(name)
          if (name === 'up') return
          const metric = given.get(name.replace(/_bucket$/, ''))
          expect(metric, expr).toBeDefined()
          for (const [, label = '', value] of matchers.matchAll(/(\w+)="([^"]*)"/g)) {
            expect(metric?.samples.map(({ labels }) => labels[label])).toContain(value)
          }
        }
      },
    })
    expect({ expr, wrong }).toEqual({ expr, wrong: [] })
    expect(names).not.toEqual([])
  }
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
