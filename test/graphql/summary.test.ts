// How many servers and jobs are in each state, held against the states of all.

import { expect, it } from 'vitest'
import { startApp, type TestApp } from '../support/app.ts'
import { diceFor } from '../support/random.ts'
import { report } from '../support/report.ts'

const states = ['OVERDUE', 'LATE', 'FAILED', 'WARNING', 'OK', 'NEW', 'PAUSED']
type Counts = { state: string; count: number }[]

async function counts(app: TestApp) {
  const { data, errors } = await app.graphql(`{
    summary { jobsByState { state count } serversByState { state count } }
    servers(first: 100) { nodes { state jobs { state } } }
  }`)
  expect(errors).toBeUndefined()
  const { summary, servers } = data as {
    summary: { jobsByState: Counts; serversByState: Counts }
    servers: { nodes: { state: string; jobs: { state: string }[] }[] }
  }
  const counted = (found: string[]) =>
    states.map((state) => ({ state, count: found.filter((one) => one === state).length }))
  expect(summary.serversByState).toEqual(counted(servers.nodes.map(({ state }) => state)))
  expect(summary.jobsByState).toEqual(counted(servers.nodes.flatMap(({ jobs }) => jobs.map(({ state }) => state))))
  return summary
}

it('names every state where there is nothing', async () => {
  const app = await startApp()
  const none = states.map((state) => ({ state, count: 0 }))
  expect(await counts(app)).toEqual({ jobsByState: none, serversByState: none })
})

it('counts what the lists show', async () => {
  const app = await startApp()
  const dice = diceFor(3, 1)
  const results = [
    {},
    { ParsedResult: 'Warning', Warnings: ['w'] },
    { ParsedResult: 'Error', Errors: ['e'] },
    { Dryrun: true },
  ]
  // Due within three hours, with an hour of tolerance: two hours later some are late, some overdue.
  for (let job = 0; job < 60; job += 1) {
    const minutes = dice.below(180)
    const begin = new Date('2026-08-01T12:00:00Z')
    const next = new Date(begin.getTime() + minutes * 60_000).toISOString().slice(0, 19).replaceAll(/[-:]/g, '')
    const machine = `m${dice.below(12)}`
    const extra = { 'machine-id': machine, 'machine-name': machine, 'backup-id': `DB-${job}`, 'backup-name': `J${job}` }
    await app.post(
      report({
        extra: { ...extra, ...(dice.chance(0.7) ? { 'next-scheduled-run': `${next}Z` } : {}) },
        data: { BeginTime: begin.toISOString(), EndTime: begin.toISOString(), ...dice.pick(results) },
      }),
    )
    if (dice.chance(0.3)) await app.graphql(`mutation { pauseJob(id: ${job + 1}) { backupJob { id } } }`)
  }
  await app.post(report({ extra: { 'machine-id': 'empty', 'machine-name': 'empty' } }))
  await app.graphql('mutation { deleteBackupJob(id: 61) { deletedBackups } }')
  await app.post(report({ extra: { 'machine-id': 'idle', 'machine-name': 'idle' } }))
  await app.graphql('mutation { pauseJob(id: 62) { backupJob { id } } }')
  app.setTime('2026-08-01T14:00:00Z')
  const { jobsByState, serversByState } = await counts(app)
  expect(jobsByState.filter(({ count }) => count === 0)).toEqual([])
  expect(serversByState.filter(({ count }) => count > 0).length).toBeGreaterThan(4)
})
