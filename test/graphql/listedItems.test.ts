// Lists without pages are counted as they come: the jobs of a server, when hundreds of runs ask for them.

import { expect, it } from 'vitest'
import { startApp } from '../support/app.ts'
import { report } from '../support/report.ts'

const jobs = 15

async function filled(cost: number) {
  const app = await startApp({ environment: { MAX_QUERY_COST: String(cost) } })
  for (let number = 1; number <= jobs; number++) {
    const extra = { 'backup-id': `DB-${number}`, 'backup-name': `job ${number}` }
    expect((await app.post(report({ extra }))).status).toBe(200)
  }
  return app
}

const message =
  'The lists in the answer hold more than 130 objects, the most that one query may ask for. Use smaller pages (first, last) or lists that have pages, or raise MAX_QUERY_COST.'

it.each([
  ['by a plan', '', 8],
  ['by the executor', '@include(if: true)', 8],
])('refuses what grows with the data, %s', async (_, directive, most) => {
  const app = await filled(130)
  const ask = (first: number) =>
    app.graphql(`{ backups(first: ${first}) { nodes { server { jobs ${directive} { __typename } } } } }`)
  const { data } = (await ask(most)) as { data: { backups: { nodes: { server: { jobs: unknown[] } }[] } } }
  expect(data.backups.nodes.flatMap(({ server }) => server.jobs)).toHaveLength(most * jobs)
  const { errors } = await ask(most + 1)
  expect(errors).toEqual([expect.objectContaining({ message, extensions: { code: 'QUERY_TOO_COMPLEX' } })])
})

it('counts anew for each event of a subscription', async () => {
  const app = await filled(130)
  const headers = { 'content-type': 'application/json', accept: 'text/event-stream' }
  const query = 'subscription { backupRecorded { server { jobs { name } } } }'
  const { body } = await app.fetch('/graphql', { method: 'POST', headers, body: JSON.stringify({ query }) })
  const reader = (body as ReadableStream<Uint8Array>).getReader()
  let text = ''
  for (let day = 10; day < 30; day++) {
    const data = { BeginTime: `2026-07-${day}T02:00:00Z` }
    expect((await app.post(report({ data, extra: { 'backup-id': 'DB-1', 'backup-name': 'job 1' } }))).status).toBe(200)
  }
  while (text.split('event: next').length <= 20) text += new TextDecoder().decode((await reader.read()).value)
  await reader.cancel()
  expect(text).not.toContain('errors')
  expect(text.split('"name":"job 15"')).toHaveLength(21)
})
