// Every list that grows is read along an index, and no further than its page: what SQLite plans to do is read for each filter
// and order.

import Database from 'better-sqlite3'
import { describe, expect, it } from 'vitest'
import { startApp, type TestApp } from '../support/app.ts'
import { report } from '../support/report.ts'
import { recordStatements } from '../support/statements.ts'

const scopes = {
  'of all': '',
  'of a server': 'server: 1',
  'of a job': 'job: 1',
  'of a job on a server': 'server: 1, job: 1',
}
const filters = {
  'of any kind': '',
  'of one status': 'status: [ERROR]',
  'of some statuses': 'status: [WARNING, ERROR, FATAL]',
  'of a time': 'beganAfter: "2026-07-01T00:00:00Z", beganBefore: "2026-08-01T00:00:00Z"',
  'of some statuses and a time': 'status: [ERROR, FATAL], beganAfter: "2026-07-01T00:00:00Z"',
}
const pages = {
  first: (_: string) => 'first: 5',
  'next page': (cursor: string) => `first: 5, after: "${cursor}"`,
  last: (_: string) => 'last: 5',
  'page before': (cursor: string) => `last: 5, before: "${cursor}"`,
}
const orders = ['BEGAN_AT_DESC', 'BEGAN_AT_ASC']

/** A step that reads no more than the runs of one owner, one status or one time, or stops at the end of the page. */
const alongAnIndex = /^SEARCH (main\.)?backups USING (COVERING )?INDEX backups_/
const inItsOrder = /^SCAN (main\.)?backups USING (COVERING )?INDEX backups_ordered_at_/

describe.each(Object.entries(scopes))('runs %s', (_, owner) => {
  it.each(Object.entries(filters))('%s', async (_, filter) => {
    const app = await startApp()
    await app.post(report())
    for (const order of orders) {
      const cursor = await firstCursor(app, 'backups', order)
      for (const [name, range] of Object.entries(pages)) {
        const where = [owner, filter].filter(Boolean).join(', ')
        const query = `{ backups(filter: { ${where} }, orderBy: ${order}, ${range(cursor)}) { nodes { id status } } }`
        const plans = await plansOf(app.file, 'backups', () => app.graphql(query))
        expect(plans.length).toBe(filter.includes('[WARNING, ERROR, FATAL]') ? 3 : filter.includes(', FATAL') ? 2 : 1)
        const wholeList = where === '' && !name.includes('page')
        for (const { sql, steps } of plans) {
          expect([query, sql, steps]).toEqual([
            query,
            expect.stringMatching(/ LIMIT /),
            [expect.stringMatching(wholeList ? inItsOrder : alongAnIndex)],
          ])
        }
      }
    }
  })
})

describe.each(Object.entries(scopes))('runs %s in the order of receipt', (_, owner) => {
  it.each(['', 'status: [ERROR]', 'receivedAfter: "2026-07-01T00:00:00Z"', 'dryRun: false'])(
    '{ %s }',
    async (filter) => {
      const app = await startApp()
      await app.post(report())
      for (const order of ['RECEIVED_AT_DESC', 'RECEIVED_AT_ASC']) {
        const cursor = await firstCursor(app, 'backups', order)
        for (const range of Object.values(pages)) {
          const where = [owner, filter].filter(Boolean).join(', ')
          const query = `{ backups(filter: { ${where} }, orderBy: ${order}, ${range(cursor)}) { nodes { id } } }`
          const plans = await plansOf(app.file, 'backups', () => app.graphql(query))
          // That of the page, behind the one that finds where it can begin.
          expect([query, plans.at(-1)?.steps]).toEqual([
            query,
            [
              expect.stringMatching(
                /^(SCAN backups|SEARCH backups USING (INTEGER PRIMARY KEY|(COVERING )?INDEX backups_(job_id|server_id|status)_idx).*)$/,
              ),
            ],
          ])
          if (filter.startsWith('received')) {
            expect(plans[0]?.steps).toEqual([
              'SEARCH backups USING COVERING INDEX backups_received_at_idx (received_at>?)',
            ])
          }
        }
      }
    },
  )
})

describe('the number of runs', () => {
  it.each(Object.values(scopes))('is read from the jobs, for { %s }', async (owner) => {
    const app = await startApp()
    await app.post(report())
    const plans = await plansOf(app.file, 'backups', () =>
      app.graphql(`{ backups(filter: { ${owner} }, first: 0) { totalCount } }`),
    )
    expect(plans.map(({ sql }) => sql).filter((sql) => /count\(/i.test(sql))).toEqual([])
  })

  it.each(Object.values(filters).slice(1))('is counted along an index, for { %s }', async (filter) => {
    const app = await startApp()
    await app.post(report())
    const plans = await plansOf(app.file, 'backups', () =>
      app.graphql(`{ backups(filter: { ${filter} }) { totalCount } }`),
    )
    const counts = plans.filter(({ sql }) => /COUNT\(/i.test(sql))
    expect(counts.map(({ steps }) => steps.filter((step) => step.includes('backups')))).toEqual([
      [expect.stringMatching(alongAnIndex)],
    ])
  })
})

const lists = [
  ['transitions', '', 'at_id', 'AT'],
  ['transitions', 'server: 1', 'server_id_at_id', 'AT'],
  ['transitions', 'job: 1', 'job_id_at_id', 'AT'],
  ['transitions', 'server: 1, job: 1', '(server|job)_id_at_id', 'AT'],
  ['notifications', '', 'PRIMARY KEY', 'CREATED_AT'],
  ['notifications', 'status: [SENT]', 'status_id', 'CREATED_AT'],
  ['notifications', 'status: [PENDING, SENDING, DEAD]', 'status_id', 'CREATED_AT'],
  ['notifications', 'channel: 1', 'channel_id_id_status', 'CREATED_AT'],
  ['notifications', 'channel: 1, status: [DEAD]', 'channel_id_id_status', 'CREATED_AT'],
  ['notifications', 'job: 1', 'job_id_id_status', 'CREATED_AT'],
  ['notifications', 'job: 1, status: [SENT]', '(job_id_id_status|status_id)', 'CREATED_AT'],
  ['notifications', 'server: 1', 'server_id_id_status', 'CREATED_AT'],
  ['notifications', 'server: 1, status: [SENT, DEAD]', 'server_id_id_status', 'CREATED_AT'],
  ['notifications', 'job: 1, channel: 1', '(job|channel)_id_id_status', 'CREATED_AT'],
] as const

describe.each(lists)('%s of { %s }', (list, filter, index, order) => {
  const along = new RegExp(
    `^(SEARCH|SCAN) (main\\.)?${list}( USING .*${index.replace(/^(?!PRIMARY)/, `INDEX ${list}_`)}.*)?$`,
  )

  it('are read along an index', async () => {
    const app = await startTelling()
    for (const direction of ['DESC', 'ASC']) {
      const cursor = await firstCursor(app, list, `${order}_${direction}`)
      for (const [name, range] of Object.entries(pages)) {
        const query = `{ ${list}(filter: { ${filter} }, orderBy: ${order}_${direction}, ${range(cursor)}) { nodes { id } } }`
        const plans = await plansOf(app.file, list, () => app.graphql(query))
        const statuses = filter.includes('status') ? (filter.split('[')[1]?.split(',').length ?? 0) : 1
        // Those about a job alone, and those about it with others, which are few.
        const isTwofold = list === 'notifications' && filter.includes('job')
        expect(plans.length).toBe(statuses * (isTwofold ? 2 : 1))
        for (const { sql, steps } of plans) {
          const own = isTwofold && sql.includes('notification_jobs') ? steps.slice(0, 1) : steps
          expect([query, sql, own]).toEqual([query, expect.stringMatching(/ LIMIT /), [expect.stringMatching(along)]])
          // The whole list alone may be scanned, in its order, from its beginning.
          if (filter !== '' || name.includes('page')) expect(steps[0]).toMatch(/^SEARCH/)
        }
      }
    }
  })
})

// A whole list is counted row by row, whatever there is.
it.each(lists.filter(([, filter]) => filter))('%s of { %s } are counted along an index', async (list, filter) => {
  const app = await startTelling()
  const plans = await plansOf(app.file, list, () =>
    app.graphql(`{ ${list}(filter: { ${filter} }, first: 0) { totalCount } }`),
  )
  const [counted] = plans.filter(({ sql }) => /COUNT\(/i.test(sql))
  expect(counted?.steps.filter((step) => step.includes(list))).toEqual([
    expect.stringMatching(/^SEARCH .* USING .*INDEX/),
  ])
})

it('looks for the state of a server among its own jobs', async () => {
  const app = await startApp()
  await app.post(report())
  const query = '{ servers(filter: { state: [OVERDUE, WARNING, NEW] }) { totalCount nodes { id } } }'
  const plans = await plansOf(app.file, 'servers', () => app.graphql(query))
  const steps = plans.flatMap(({ steps }) => steps).filter((step) => step.includes('_of'))
  expect(steps.length).toBeGreaterThan(5)
  expect(steps.filter((step) => !step.includes('backup_jobs_server_id_state_idx (server_id=?'))).toEqual([])
})

/** An app with a job that was told of. */
async function startTelling(): Promise<TestApp> {
  const app = await startApp()
  const { errors } = await app.graphql(`mutation {
    createChannel(input: { name: "Phone", settings: { ntfy: { topic: "backups" } } }) { channel { id } }
    setNotificationRule(input: { channel: 1, events: [SUCCESS] }) { notificationRule { id } }
  }`)
  expect(errors).toBeUndefined()
  await app.post(report())
  return app
}

async function firstCursor(app: TestApp, list: string, order: string): Promise<string> {
  const { data } = await app.graphql(`{ ${list}(orderBy: ${order}) { edges { cursor } } }`)
  return (data as Record<string, { edges: [{ cursor: string }] }>)[list]?.edges[0].cursor ?? ''
}

/** The statements on a table that `work` makes, with what SQLite plans to do for each. */
async function plansOf(file: string, table: string, work: () => Promise<{ errors?: unknown[] }>) {
  const calls = await recordStatements(async () => {
    expect((await work()).errors).toBeUndefined()
  })
  const from = new RegExp(`FROM ("${table}"|\`main\`\\.\`${table}\`)`)
  const statements = calls.map(({ statement }) => statement.source).filter((sql) => from.test(sql))
  const database = new Database(file, { readonly: true })
  const plans = statements.map((sql) => {
    const unbound = sql.replaceAll('?', '1')
    const steps = database.prepare<[], { detail: string }>(`EXPLAIN QUERY PLAN ${unbound}`).all()
    return { sql, steps: steps.map(({ detail }) => detail) }
  })
  database.close()
  return plans
}
