// Clients that ask again and again: in the order of receipt, nothing that comes is passed by.

import { expect, it } from 'vitest'
import { startApp, type TestApp } from '../support/app.ts'
import { report } from '../support/report.ts'

async function post(app: TestApp, name: string, BeginTime: string) {
  const extra = { 'backup-id': `DB-${name}`, 'backup-name': name }
  expect((await app.post(report({ data: { BeginTime, EndTime: BeginTime }, extra }))).status).toBe(200)
}

interface Page {
  nodes: { databaseId: number }[]
  pageInfo: { endCursor: string | null }
}

async function ask(app: TestApp, list: string, args: string): Promise<Page> {
  const { data, errors } = await app.graphql(`{ ${list}(${args}) { nodes { databaseId } pageInfo { endCursor } } }`)
  expect(errors).toBeUndefined()
  return (data as Record<string, Page>)[list] as Page
}

const numbers = ({ nodes }: Page) => nodes.map(({ databaseId }) => databaseId)

it('shows a run that began long ago and is reported now to whoever goes on after the last cursor', async () => {
  const app = await startApp()
  await post(app, 'quick', '2026-07-31T10:00:00Z')
  await post(app, 'quick', '2026-07-31T11:00:00Z')
  const byReceipt = await ask(app, 'backups', 'orderBy: RECEIVED_AT_ASC')
  const byBegin = await ask(app, 'backups', 'orderBy: BEGAN_AT_ASC')
  await post(app, 'long', '2026-07-20T10:00:00Z')

  const next = (order: string, { pageInfo }: Page) =>
    ask(app, 'backups', `orderBy: ${order}, after: "${pageInfo.endCursor}"`)
  expect(numbers(await next('BEGAN_AT_ASC', byBegin))).toEqual([])
  expect(numbers(await next('RECEIVED_AT_ASC', byReceipt))).toEqual([3])
  expect(numbers(await ask(app, 'backups', 'orderBy: RECEIVED_AT_DESC'))).toEqual([3, 2, 1])
  expect(numbers(await ask(app, 'backups', 'orderBy: RECEIVED_AT_DESC, last: 2'))).toEqual([2, 1])
})

it('tells what was received since a moment, also across a clock that was set back', async () => {
  const app = await startApp()
  const received = ['12:00', '13:00', '14:00', '13:30', '14:30', '15:00']
  for (const [hour, time] of received.entries()) {
    app.setTime(`2026-08-01T${time}:00Z`)
    await post(app, 'job', `2026-07-01T0${hour}:00:00Z`)
  }
  const since = (time: string, more = '') =>
    ask(app, 'backups', `filter: { receivedAfter: "2026-08-01T${time}:00Z" ${more} }, orderBy: RECEIVED_AT_ASC`)
  expect(numbers(await since('12:00'))).toEqual([1, 2, 3, 4, 5, 6])
  expect(numbers(await since('13:00'))).toEqual([2, 3, 4, 5, 6])
  expect(numbers(await since('13:31'))).toEqual([3, 5, 6])
  expect(numbers(await since('14:00', 'status: [SUCCESS]'))).toEqual([3, 5, 6])
  expect(numbers(await since('14:00', 'server: 1, job: 1'))).toEqual([3, 5, 6])
  expect(numbers(await since('15:01'))).toEqual([])
  const { data } = await app.graphql('{ backups(filter: { receivedAfter: "2026-08-01T13:30:00Z" }) { totalCount } }')
  expect(data).toEqual({ backups: { totalCount: 4 } })
})

it('shows a change of a job that was noticed late to whoever goes on after the last cursor', async () => {
  const app = await startApp()
  await post(app, 'first', '2026-08-01T10:00:00Z')
  const before = await ask(app, 'transitions', 'orderBy: RECORDED_AT_ASC')
  app.setTime('2026-08-02T12:00:00Z')
  await post(app, 'second', '2026-08-02T11:00:00Z')
  const after = await ask(app, 'transitions', `orderBy: RECORDED_AT_ASC, after: "${before.pageInfo.endCursor}"`)
  expect(numbers(after).length).toBeGreaterThan(0)
  const since = (time: string) =>
    ask(app, 'transitions', `filter: { recordedAfter: "${time}" }, orderBy: RECORDED_AT_ASC`)
  expect(numbers(await since('2026-08-02T12:00:00Z'))).toEqual(numbers(after))
  expect(numbers(await since('2026-08-02T12:00:01Z'))).toEqual([])
  expect(numbers(await ask(app, 'transitions', 'orderBy: RECORDED_AT_DESC'))).toEqual(
    [...numbers(before), ...numbers(after)].reverse(),
  )
})
