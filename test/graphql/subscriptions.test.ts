// Subscriptions over server-sent events: what is heard, when, by whom, and what a listener costs.

import { setTimeout as sleep } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { startApp } from '../support/app.ts'
import { report } from '../support/report.ts'
import { subscribe } from '../support/subscribe.ts'

const recorded = 'subscription { backupRecorded { id status job { name } server { name } } }'

/** A report of the n-th hour of July. */
const hourly = (hour: number, extra = {}) =>
  report({ data: { Duration: '00:00:00', BeginTime: new Date(Date.UTC(2026, 6, 1, hour)).toISOString() }, extra })

it('tells of every run once, in the order in which they are recorded, as it is then', async () => {
  const app = await startApp()
  await app.post(hourly(0))
  const events = await subscribe(app, recorded)
  await Promise.all([1, 2, 3].map((hour) => app.post(hourly(hour))))
  await app.post(hourly(2))
  await app.post(report({ data: { BeginTime: '2026-07-30T00:00:00Z', Dryrun: true, Warnings: ['w'] } }))
  const heard = [await events.next(), await events.next(), await events.next(), await events.next()]
  expect(heard).toEqual(
    ['Backup:2', 'Backup:3', 'Backup:4', 'Backup:5'].map((id) => ({
      data: {
        backupRecorded: { id, status: expect.any(String), job: { name: 'Photos' }, server: { name: 'nas' } },
      },
    })),
  )
})

it('leaves out what is skipped inside an event', async () => {
  const app = await startApp()
  const events = await subscribe(app, 'subscription { backupRecorded { id status @skip(if: true) } }')
  await app.post(hourly(0))
  expect(await events.next()).toEqual({ data: { backupRecorded: { id: 'Backup:1' } } })
})

it('tells of the runs of one server only, if asked', async () => {
  const app = await startApp()
  await app.post(hourly(0))
  await app.post(hourly(0, { 'machine-id': 'machine-2', 'machine-name': 'web' }))
  const events = await subscribe(app, 'subscription { backupRecorded(server: "Server:2") { id server { name } } }')
  await app.post(hourly(1))
  await app.post(hourly(1, { 'machine-id': 'machine-2', 'machine-name': 'web' }))
  expect(await events.next()).toEqual({ data: { backupRecorded: { id: 'Backup:4', server: { name: 'web' } } } })
})

it('tells what a person changed of a server, and of merges, and not what changes nothing', async () => {
  const app = await startApp()
  await app.post(hourly(0))
  await app.post(hourly(0, { 'machine-id': 'machine-2' }))
  const events = await subscribe(app, 'subscription { serverUpdated(server: 1) { id alias machineIds } }')
  const rename = (id: number, alias: string) =>
    app.graphql(
      'mutation ($id: ID!, $input: UpdateServerInput!) { updateServer(id: $id, input: $input) { server { id } } }',
      {
        id,
        input: { alias },
      },
    )
  await rename(2, 'other')
  await rename(1, 'one')
  expect(await events.next()).toEqual({
    data: { serverUpdated: { id: 'Server:1', alias: 'one', machineIds: ['machine-1'] } },
  })
  await rename(1, 'one')
  await app.graphql('mutation { mergeServers(from: 2, into: 1) { movedBackups } }')
  expect(await events.next()).toEqual({
    data: { serverUpdated: { id: 'Server:1', alias: 'one', machineIds: ['machine-1', 'machine-2'] } },
  })
})

it.each([
  ['of all jobs', '', ['nas OVERDUE', 'web OVERDUE', 'nas OK', 'web OK']],
  ['of one job', '(job: "BackupJob:2")', ['web OVERDUE', 'web OK']],
  ['of one server', '(server: 2)', ['web OVERDUE', 'web OK']],
  ['of a job of a server', '(job: 1, server: 1)', ['nas OVERDUE', 'nas OK']],
])('tells of the states %s as they change', async (_, args, expected) => {
  const app = await startApp()
  await app.graphql('mutation { updateSettings(input: { toleranceSeconds: 0 }) { settings { toleranceSeconds } } }')
  const soon = { 'next-scheduled-run': '20260801T130000Z' }
  await app.post(hourly(0, soon))
  await app.post(hourly(0, { ...soon, 'machine-id': 'machine-2', 'machine-name': 'web' }))
  const events = await subscribe(app, `subscription { jobStateChanged${args} { to server { name } job { state } } }`)
  app.setTime('2026-08-01T14:00:00Z')
  await app.rest('GET', '/api/health')
  const heard: unknown[] = []
  const listen = async () => {
    const { data } = (await events.next()) as { data: { jobStateChanged: Changed } }
    const { to, server, job } = data.jobStateChanged
    expect(job.state).toBe(to)
    heard.push(`${server.name} ${to}`)
  }
  for (const _ of expected.filter((one) => one.endsWith('OVERDUE'))) await listen()
  const run = { BeginTime: '2026-08-01T13:30:00Z', EndTime: '2026-08-01T13:40:00Z' }
  await app.post(report({ data: run }))
  await app.post(report({ data: run, extra: { 'machine-id': 'machine-2', 'machine-name': 'web' } }))
  for (const _ of expected.filter((one) => one.endsWith('OK'))) await listen()
  expect(heard).toEqual(expected)
})

interface Changed {
  to: string
  server: { name: string }
  job: { state: string }
}

it('judges what it tells at the moment it tells it, not at that of the subscription', async () => {
  const app = await startApp()
  await app.post(report({ extra: { 'next-scheduled-run': '20260801T130000Z' } }))
  const events = await subscribe(app, 'subscription { serverUpdated { state } }')
  const rename = (alias: string) =>
    app.graphql(`mutation { updateServer(id: 1, input: { alias: "${alias}" }) { server { id } } }`)
  await rename('at noon')
  expect(await events.next()).toEqual({ data: { serverUpdated: { state: 'OK' } } })
  app.setTime('2026-08-01T15:00:00Z')
  await rename('in the afternoon')
  expect(await events.next()).toEqual({ data: { serverUpdated: { state: 'OVERDUE' } } })
})

it.each([
  ['backupRecorded(server: 9) { id }', 'NOT_FOUND', 'There is no Server:9.'],
  ['jobStateChanged(job: 9) { id }', 'NOT_FOUND', 'There is no BackupJob:9.'],
  ['jobStateChanged(job: "Server:1") { id }', 'BAD_USER_INPUT', expect.stringContaining('must be like BackupJob:1')],
  ['jobStateChanged(server: 9) { id }', 'NOT_FOUND', 'There is no Server:9.'],
  ['serverUpdated(server: "Backup:1") { id }', 'BAD_USER_INPUT', expect.stringContaining('must be like Server:1')],
])('refuses to listen to what is not there: %s', async (field, code, message) => {
  const app = await startApp()
  const events = await subscribe(app, `subscription { ${field} }`)
  expect(await events.next()).toMatchObject({ errors: [{ message, extensions: { code } }] })
  expect(await events.next()).toBe('complete')
})

it('answers in a form that no proxy holds back, and that goes on while nothing happens', async () => {
  const app = await startApp()
  const events = await subscribe(app, recorded)
  expect(Object.fromEntries(events.headers)).toMatchObject({
    'content-type': 'text/event-stream',
    'cache-control': 'no-cache, no-transform',
    'x-accel-buffering': 'no',
  })
  expect(events.headers.get('content-encoding')).toBeNull()
  // A comment at once, and then again and again: every 12 seconds, and faster in tests.
  expect(await events.ping()).toBe(':')
  expect(await events.ping()).toBe(':')
})

it('keeps no more than 1,000 events for a listener that does not take them, and then says so', async () => {
  const app = await startApp()
  await app.post(hourly(0))
  const events = await subscribe(app, 'subscription { backupRecorded { databaseId } }')
  for (let hour = 1; hour <= 1200; hour += 100) {
    await Promise.all(Array.from({ length: 100 }, (_, index) => app.post(hourly(hour + index))))
  }
  const heard: number[] = []
  let item = await events.next()
  while (item !== 'complete' && 'data' in item && item.data) {
    heard.push((item.data as { backupRecorded: { databaseId: number } }).backupRecorded.databaseId)
    item = await events.next()
  }
  // A few were on their way to the listener already.
  expect(heard.length).toBeGreaterThanOrEqual(1000)
  expect(heard.length).toBeLessThan(1050)
  expect(heard).toEqual(heard.map((_, index) => index + 2))
  expect(item).toMatchObject({ errors: [{ extensions: { code: 'UNAVAILABLE' } }] })
  expect(await events.next()).toBe('complete')
})

it('ends with the server', async () => {
  const app = await startApp()
  const events = await subscribe(app, recorded)
  await app.close()
  expect(await events.next()).toBe('complete')
})

it('forgets a listener that went away, also one that was waiting', async () => {
  const app = await startApp()
  await app.post(hourly(0))
  const events = await subscribe(app, recorded)
  await events.leave()
  await sleep(10)
  expect(await app.post(hourly(1))).toMatchObject({ status: 200 })
  expect(await events.next().catch(() => 'gone')).toBe('gone')
})
