// What client libraries need of the schema: ids by which their caches know what changed, and lists without dry runs.

import { expect, it } from 'vitest'
import { startApp } from '../support/app.ts'
import { report } from '../support/report.ts'

it('gives what there is one of an id, the same in queries and in what mutations return (apollo-client)', async () => {
  const app = await startApp()
  expect(await app.graphql('{ summary { id } settings { id } access { id } }')).toEqual({
    data: { summary: { id: 'Summary' }, settings: { id: 'Settings' }, access: { id: 'Access' } },
  })
  expect(
    await app.graphql(`mutation {
      updateSettings(input: { toleranceSeconds: 60 }) { settings { id toleranceSeconds } }
      updateAccess(input: { requireToken: true }) { access { id } }
    }`),
  ).toEqual({
    data: {
      updateSettings: { settings: { id: 'Settings', toleranceSeconds: 60 } },
      updateAccess: { access: { id: 'Access' } },
    },
  })
})

it('lists runs without dry runs, or dry runs alone, and counts what it lists', async () => {
  const app = await startApp()
  for (const [day, Dryrun] of [false, true, false, true, true].entries()) {
    await app.post(report({ data: { BeginTime: `2026-07-0${day + 1}T02:00:00Z`, Dryrun } }))
  }
  const list = async (filter: string) =>
    (await app.graphql(`{ backups(filter: { ${filter} }) { totalCount nodes { databaseId } } }`)).data
  const runs = (...ids: number[]) => ({
    backups: { totalCount: ids.length, nodes: ids.map((databaseId) => ({ databaseId })) },
  })
  expect(await list('status: [SUCCESS]')).toEqual(runs(5, 4, 3, 2, 1))
  expect(await list('status: [SUCCESS], dryRun: false')).toEqual(runs(3, 1))
  expect(await list('dryRun: false')).toEqual(runs(3, 1))
  expect(await list('dryRun: true, job: 1')).toEqual(runs(5, 4, 2))
  expect(await list('dryRun: null')).toEqual(runs(5, 4, 3, 2, 1))
})
