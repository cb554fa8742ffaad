// Which jobs a filter lets through, on both sides of each boundary.

import { expect, it } from 'vitest'
import { startApp, type TestApp } from '../support/app.ts'
import { problemsIn } from '../support/problems.ts'
import { report } from '../support/report.ts'

async function listed(app: TestApp, filter: string): Promise<string> {
  const { data, errors } = await app.graphql(`{ backupJobs(filter: { ${filter} }) { totalCount nodes { name } } }`)
  expect(errors).toBeUndefined()
  const { totalCount, nodes } = (data as { backupJobs: { totalCount: number; nodes: { name: string }[] } }).backupJobs
  expect(nodes.length).toBe(totalCount)
  return nodes.map(({ name }) => name).join(' ')
}

const send = (app: TestApp, name: string, next: string | null = null, data: object = {}) =>
  app.post(report({ extra: { 'backup-id': name, 'backup-name': name, 'next-scheduled-run': next }, data: { ...data } }))

it('goes by when they are due, and leaves out those of which nothing is expected', async () => {
  const app = await startApp()
  await send(app, 'never')
  await send(app, 'early', '20260802T020000Z')
  await send(app, 'late', '20260803T020000Z')
  const moments = ['2026-08-02T01:59:59.999Z', '2026-08-02T02:00:00.000Z', '2026-08-02T02:00:00.001Z']
  const after = await Promise.all(moments.map((moment) => listed(app, `dueAfter: "${moment}"`)))
  const before = await Promise.all(moments.map((moment) => listed(app, `dueBefore: "${moment}"`)))
  expect([after, before]).toEqual([
    ['early late', 'early late', 'late'],
    ['', '', 'early'],
  ])
  expect(await listed(app, 'dueAfter: "2026-08-02T02:00:00Z", dueBefore: "2026-08-03T02:00:00Z"')).toBe('early')
  expect(await listed(app, 'dueAfter: null, dueBefore: null')).toBe('early late never')
})

it('goes by whether somebody knows of their trouble, or silenced them', async () => {
  const app = await startApp()
  await send(app, 'calm')
  await send(app, 'known', null, { ParsedResult: 'Error', Errors: ['e'] })
  await send(app, 'silent')
  await app.graphql('mutation { acknowledgeJob(id: 2) { backupJob { id } } }')
  await app.graphql('mutation { snoozeJob(id: 3, until: "2026-08-01T13:00:00Z") { backupJob { id } } }')
  const all = async () => [
    await listed(app, 'acknowledged: true'),
    await listed(app, 'acknowledged: false'),
    await listed(app, 'acknowledged: null'),
    await listed(app, 'snoozed: true'),
    await listed(app, 'snoozed: false'),
    await listed(app, 'acknowledged: true, snoozed: true'),
  ]
  expect(await all()).toEqual(['known', 'calm silent', 'calm known silent', 'silent', 'calm known', ''])
  app.setTime('2026-08-01T13:00:00.000Z')
  expect(await listed(app, 'snoozed: true')).toBe('silent')
  app.setTime('2026-08-01T13:00:00.001Z')
  expect(await listed(app, 'snoozed: true')).toBe('')
})

it('goes by the exact name', async () => {
  const app = await startApp()
  for (const name of ['Photos', 'photos', 'Photos 2']) await send(app, name)
  expect(await listed(app, 'name: "Photos"')).toBe('Photos')
  expect(await listed(app, 'name: "hotos"')).toBe('')
  expect(await listed(app, 'name: ""')).toBe('')
  expect(await listed(app, 'name: null')).toBe('Photos photos Photos 2')
})

it('lists servers and jobs by what they are called, whatever the case, unless told otherwise', async () => {
  const app = await startApp()
  for (const [index, name] of ['beta', 'Alpha', 'Ähre', 'Zoo', 'nas'].entries()) {
    const extra = { 'machine-id': `m${index}`, 'machine-name': name, 'backup-id': name, 'backup-name': name }
    await app.post(report({ extra }))
  }
  await app.graphql('mutation { updateServer(id: 4, input: { alias: "archive" }) { server { id } } }')
  await app.graphql('mutation { updateBackupJob(id: 4, input: { alias: "ARCHIVE" }) { backupJob { id } } }')
  const query = '{ servers { nodes { displayName } } backupJobs { nodes { displayName } } }'
  const names = async () => {
    const { data } = await app.graphql(query)
    const { servers, backupJobs } = data as Record<string, { nodes: { displayName: string }[] }>
    return [servers, backupJobs].map((list) => list?.nodes.map(({ displayName }) => displayName).join(' '))
  }
  expect(await names()).toEqual(['Ähre Alpha archive beta nas', 'Ähre Alpha ARCHIVE beta nas'])
  await app.graphql('mutation { updateServer(id: 4, input: { alias: null }) { server { id } } }')
  await app.graphql('mutation { updateBackupJob(id: 4, input: { alias: null }) { backupJob { id } } }')
  expect(await names()).toEqual(['Ähre Alpha beta nas Zoo', 'Ähre Alpha beta nas Zoo'])
  // Reported under another name.
  const extra = { 'machine-id': 'm0', 'machine-name': 'omega', 'backup-id': 'beta', 'backup-name': 'OMEGA' }
  await app.post(report({ extra, data: { BeginTime: '2026-07-31T03:00:00Z' } }))
  expect(await names()).toEqual(['Ähre Alpha nas omega Zoo', 'Ähre Alpha nas OMEGA Zoo'])
})

it('lists servers by how bad they stand, as their jobs come, change and go', async () => {
  const app = await startApp()
  const run = (machine: string, job: string, data: Record<string, unknown> = {}) =>
    app.post(
      report({ extra: { 'machine-id': machine, 'machine-name': machine, 'backup-id': job, 'backup-name': job }, data }),
    )
  const standing = async () => {
    const { data } = await app.graphql('{ servers(orderBy: SEVERITY_DESC) { nodes { name state } } }')
    expect(problemsIn(app.file)).toEqual([])
    const { nodes } = (data as { servers: { nodes: { name: string; state: string }[] } }).servers
    return nodes.map(({ name, state }) => `${name} ${state}`)
  }
  await run('nas', 'A')
  await run('nas', 'B', { ParsedResult: 'Error', Errors: ['e'] })
  await run('web', 'D', { ParsedResult: 'Warning', Warnings: ['w'] })
  expect(await standing()).toEqual(['nas FAILED', 'web WARNING'])
  await app.graphql('mutation { deleteBackupJob(id: 2) { deletedBackups } }')
  expect(await standing()).toEqual(['web WARNING', 'nas OK'])
  await app.graphql('mutation { pauseJob(id: 1) { backupJob { id } } }')
  expect(await standing()).toEqual(['web WARNING', 'nas PAUSED'])
  await run('nas', 'C', { Dryrun: true })
  expect(await standing()).toEqual(['web WARNING', 'nas NEW'])
  await app.graphql('mutation { deleteBackupJob(id: 4) { deletedBackups } }')
  expect(await standing()).toEqual(['web WARNING', 'nas PAUSED'])
  await app.graphql('mutation { mergeServers(from: 2, into: 1) { movedJobs } }')
  expect(await standing()).toEqual(['nas WARNING'])
})
