// Lists and cursors that somebody made up: they are refused, or cost no more than honest ones.

import { describe, expect, it } from 'vitest'
import { startApp } from '../support/app.ts'
import { report } from '../support/report.ts'

const refused = { errors: [{ extensions: { code: 'BAD_USER_INPUT' } }] }
const many = (value: string, count: number) => Array(count).fill(value)

describe('a list', () => {
  it.each<[string, (list: string) => string, string]>([
    ['of states of servers', (list) => `{ servers(filter: { state: ${list} }) { totalCount } }`, 'OK'],
    ['of states of jobs', (list) => `{ backupJobs(filter: { state: ${list} }) { totalCount } }`, 'OK'],
    ['of results', (list) => `{ backups(filter: { status: ${list} }) { totalCount } }`, 'SUCCESS'],
    ['of levels', (list) => `{ backup(id: 1) { logLines(level: ${list}) { totalCount } } }`, 'ERROR'],
    ['of what became of messages', (list) => `{ notifications(filter: { status: ${list} }) { totalCount } }`, 'DEAD'],
    ['of ids', (list) => `{ nodes(ids: ${list}) { id } }`, '"Server:1"'],
    [
      'of weekdays',
      (list) =>
        `mutation { updateBackupJob(id: 1, input: { schedule: { interval: "1D", weekdays: ${list} } }) { backupJob { schedule { weekdays } } } }`,
      'MONDAY',
    ],
  ])('%s is answered up to a hundred entries, and refused beyond', async (_, query, entry) => {
    const app = await startApp()
    await app.post(report())
    expect(await app.graphql(query(`[${many(entry, 100).join(' ')}]`))).not.toHaveProperty('errors')
    expect(await app.graphql(query(`[${many(entry, 101).join(' ')}]`))).toMatchObject(refused)
  })

  it('is bounded in variables too, wherever it stands in them', async () => {
    const app = await startApp()
    const query =
      'query ($state: [JobState!], $filter: BackupFilter, $ids: [ID!]!) { servers(filter: { state: $state }) { totalCount } backups(filter: $filter) { totalCount } nodes(ids: $ids) { id } }'
    const ask = (state: string[], status: string[], ids: string[]) =>
      app.graphql(query, { state, filter: { status }, ids })
    const [ok, most] = [many('OK', 100), many('SUCCESS', 100)]
    expect(await ask(ok, most, many('Server:1', 100))).not.toHaveProperty('errors')
    for (const variables of [
      [many('OK', 101), most, []],
      [ok, many('SUCCESS', 101), []],
      [ok, most, many('Server:1', 99_000)],
    ] as [string[], string[], string[]][]) {
      expect(await ask(...variables)).toMatchObject(refused)
    }
  })

  it('of days is a set, and kept in its order', async () => {
    const app = await startApp()
    await app.post(report())
    const days = '[SUNDAY MONDAY SUNDAY]'
    expect(
      await app.graphql(
        `mutation { updateBackupJob(id: 1, input: { schedule: { interval: "1D", weekdays: ${days} } }) { backupJob { schedule { weekdays } } } }`,
      ),
    ).toMatchObject({ data: { updateBackupJob: { backupJob: { schedule: { weekdays: ['MONDAY', 'SUNDAY'] } } } } })
  })

  it('within the report that recordReport takes may be longer', async () => {
    const app = await startApp()
    const answer = await app.graphql('mutation ($report: JSON!) { recordReport(report: $report) { duplicate } }', {
      report: report({ logLines: many('line', 500) }),
    })
    expect(answer).toEqual({ data: { recordReport: { duplicate: false } } })
  })
})

describe('a cursor that somebody forged', () => {
  const cursor = (...values: unknown[]) => Buffer.from(JSON.stringify(values)).toString('base64url')

  it.each([
    ['a time that is none', cursor('BEGAN_AT_DESC', 9_007_199_254_740_991, 1)],
    ['a time before all', cursor('BEGAN_AT_DESC', -8_640_000_000_000_001, 1)],
    ['a number that is too large', cursor('BEGAN_AT_DESC', 0, 2 ** 31)],
    ['a fraction', cursor('BEGAN_AT_DESC', 0.5, 1)],
    ['a text', cursor('BEGAN_AT_DESC', '0', 1)],
    ['nothing', cursor('BEGAN_AT_DESC', null, 1)],
    ['too little', cursor('BEGAN_AT_DESC', 0)],
  ])('with %s is refused', async (_, after) => {
    const app = await startApp()
    await app.post(report())
    expect(await app.graphql(`{ backups(orderBy: BEGAN_AT_DESC, after: "${after}") { nodes { id } } }`)).toMatchObject(
      refused,
    )
  })

  it('at the very ends of time and numbers is one', async () => {
    const app = await startApp()
    await app.post(report())
    for (const at of [8.64e15, -8.64e15]) {
      const query = `{ backups(orderBy: BEGAN_AT_DESC, after: "${cursor('BEGAN_AT_DESC', at, 2 ** 31 - 1)}") { nodes { id } } }`
      expect(await app.graphql(query)).toEqual({ data: { backups: { nodes: at > 0 ? [{ id: 'Backup:1' }] : [] } } })
    }
  })
})

it.each(['999999999999999', '2147483648', '2147483647'])('a run of the number %s is none', async (id) => {
  const app = await startApp()
  expect(await app.graphql(`{ backup(id: "${id}") { id } node(id: "Backup:${id}") { id } }`)).toEqual({
    data: { backup: null, node: null },
  })
})
