// Pages over lists that change while they are read.

import Database from 'better-sqlite3'
import { expect, it } from 'vitest'
import { graphql } from '../generated/gql.ts'
import { startApp, type TestApp } from '../support/app.ts'
import { report } from '../support/report.ts'

const runsPage = graphql(`
  query RunsPage($first: Int, $last: Int, $after: String, $before: String, $orderBy: BackupOrder, $filter: BackupFilter) {
    backups(first: $first, last: $last, after: $after, before: $before, orderBy: $orderBy, filter: $filter) {
      totalCount
      edges { cursor node { databaseId } }
      nodes { databaseId }
      pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
    }
  }
`)

/** Posts runs of one job that began at the given minutes, in this order: their numbers are 1, 2, 3 … */
async function postRuns(app: TestApp, minutes: number[], changes: object = {}) {
  for (const minute of minutes) {
    const at = new Date(Date.parse('2026-07-01T00:00:00Z') + minute * 60_000).toISOString()
    const { status } = await app.post(report({ data: { BeginTime: at, ...changes } }))
    expect(status).toBe(200)
  }
}

const numbers = (page: { nodes: { databaseId: number }[] }) => page.nodes.map(({ databaseId }) => databaseId)

it('lists the newest first, and each run on its edge as among the nodes', async () => {
  const app = await startApp()
  await postRuns(app, [10, 30, 20])
  const { backups } = await app.query(runsPage)
  expect(numbers(backups)).toEqual([2, 3, 1])
  expect(backups.edges.map(({ node }) => node.databaseId)).toEqual([2, 3, 1])
  expect(backups.totalCount).toBe(3)
  expect(backups.pageInfo).toEqual({
    hasNextPage: false,
    hasPreviousPage: false,
    startCursor: backups.edges[0]?.cursor,
    endCursor: backups.edges[2]?.cursor,
  })
})

it('goes forward and back through pages, in both orders', async () => {
  const app = await startApp()
  await postRuns(app, [10, 20, 30, 40, 50])
  for (const [orderBy, expected] of [
    ['BEGAN_AT_DESC', [5, 4, 3, 2, 1]],
    ['BEGAN_AT_ASC', [1, 2, 3, 4, 5]],
  ] as const) {
    const first = (await app.query(runsPage, { first: 2, orderBy })).backups
    const second = (await app.query(runsPage, { first: 2, orderBy, after: first.pageInfo.endCursor })).backups
    const third = (await app.query(runsPage, { first: 2, orderBy, after: second.pageInfo.endCursor })).backups
    expect([...numbers(first), ...numbers(second), ...numbers(third)]).toEqual(expected)
    expect([first, second, third].map(({ pageInfo }) => pageInfo.hasNextPage)).toEqual([true, true, false])
    const back = (await app.query(runsPage, { last: 2, orderBy, before: third.pageInfo.startCursor })).backups
    expect(numbers(back)).toEqual(numbers(second))
    expect(back.pageInfo).toMatchObject({ hasNextPage: true, hasPreviousPage: true })
    expect(numbers((await app.query(runsPage, { last: 2, orderBy })).backups)).toEqual(expected.slice(3))
  }
})

it('goes on correctly after rows came and went, the cursor’s own among them', async () => {
  const app = await startApp()
  await postRuns(app, [10, 20, 30, 40])
  const first = (await app.query(runsPage, { first: 2 })).backups
  expect(numbers(first)).toEqual([4, 3])
  // Run 5 is newer than all, run 6 lies behind the cursor, and the run that the cursor was made of goes.
  await postRuns(app, [50, 25])
  deleteRun(app.file, 3)
  const second = (await app.query(runsPage, { first: 10, after: first.pageInfo.endCursor })).backups
  expect(numbers(second)).toEqual([6, 2, 1])
})

it('keeps runs of the same moment apart', async () => {
  const app = await startApp()
  for (const job of ['DB-1', 'DB-2', 'DB-3']) await app.post(report({ extra: { 'backup-id': job } }))
  const first = (await app.query(runsPage, { first: 1 })).backups
  const second = (await app.query(runsPage, { first: 5, after: first.pageInfo.endCursor })).backups
  expect([...numbers(first), ...numbers(second)]).toEqual([3, 2, 1])
})

it('goes through nulls in an order that has them, both ways', async () => {
  const app = await startApp()
  for (const [job, next] of [
    ['a', null],
    ['b', '20260802T000000Z'],
    ['c', null],
    ['d', '20260801T000000Z'],
  ]) {
    await app.post(report({ extra: { 'backup-id': job, 'backup-name': job, 'next-scheduled-run': next } }))
  }
  const list = async (orderBy: string, size: string) => {
    const names: string[] = []
    for (let after = '', more = true; more; ) {
      const query = `{ backupJobs(orderBy: ${orderBy}, ${size} ${after}) { nodes { name } pageInfo { hasNextPage endCursor } } }`
      const { data, errors } = await app.graphql(query)
      expect(errors).toBeUndefined()
      const page = (
        data as { backupJobs: { nodes: { name: string }[]; pageInfo: { hasNextPage: boolean; endCursor: string } } }
      ).backupJobs
      names.push(...page.nodes.map(({ name }) => name))
      after = `, after: "${page.pageInfo.endCursor}"`
      more = page.pageInfo.hasNextPage
    }
    return names.join('')
  }
  expect(await list('DUE_AT_ASC', 'first: 1')).toBe('acdb')
  expect(await list('DUE_AT_DESC', 'first: 1')).toBe('bdca')
  expect(await list('NAME_ASC', 'first: 3')).toBe('abcd')
})

it.each([
  ['first: 101', 'first', 'must be from 0 to 100, not 101'],
  ['last: 101', 'last', 'must be from 0 to 100, not 101'],
  ['first: -1', 'first', 'must be from 0 to 100, not -1'],
  ['first: 1, last: 1', 'last', 'cannot be combined with first'],
  ['after: "nonsense"', 'after', 'is not a cursor of a list ordered by BEGAN_AT_DESC'],
  ['before: ""', null, null],
])('answers %s with a clear error', async (args, path, message) => {
  const app = await startApp()
  const { errors } = await app.graphql(`{ backups(${args}) { nodes { id } } }`)
  if (path === null) expect(errors).toBeUndefined()
  else expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT', issues: [{ path, message }] } }])
})

it('does not take the cursor of another order', async () => {
  const app = await startApp()
  await postRuns(app, [10])
  const { backups } = await app.query(runsPage, { orderBy: 'BEGAN_AT_ASC' })
  const { errors } = await app.graphql(`{ backups(after: "${backups.pageInfo.endCursor}") { nodes { id } } }`)
  expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }])
})

it('filters runs by job, server, status and time, and combines the filters', async () => {
  const app = await startApp()
  await postRuns(app, [10, 20, 30])
  await postRuns(app, [40], { ParsedResult: 'Fatal' })
  await app.post(report({ extra: { 'machine-id': 'machine-2', 'machine-name': 'pc' } }))
  const list = async (filter: object) =>
    numbers((await app.query(runsPage, { filter, orderBy: 'BEGAN_AT_ASC' })).backups)
  expect(await list({ server: '1' })).toEqual([1, 2, 3, 4])
  expect(await list({ server: 'Server:2' })).toEqual([5])
  expect(await list({ job: 'BackupJob:2' })).toEqual([5])
  expect(await list({ status: ['FATAL', 'ERROR'] })).toEqual([4])
  expect(await list({ status: [] })).toEqual([])
  expect(await list({ beganAfter: '2026-07-01T00:20:00Z', beganBefore: '2026-07-01T00:40:00Z' })).toEqual([2, 3])
  expect(await list({ server: 1, status: ['SUCCESS'], beganAfter: '2026-07-01T00:20:00+00:00' })).toEqual([2, 3])
})

function deleteRun(file: string, id: number) {
  const database = new Database(file)
  database.pragma('foreign_keys = ON')
  database.prepare('DELETE FROM backups WHERE id = ?').run(id)
  database.close()
}
