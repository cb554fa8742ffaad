// How a frontend works with this server through urql and its normalized cache.

import { type AnyVariables, Client, fetchExchange, gql } from '@urql/core'
import { cacheExchange } from '@urql/exchange-graphcache'
import { relayPagination } from '@urql/exchange-graphcache/extras'
import { beforeEach, expect, it, onTestFinished } from 'vitest'
import type { MutationUpdateServerArgs, TypedDocumentString } from '../generated/graphql.ts'
import { startServer, type TestServer } from '../support/server.ts'
import * as documents from './documents.ts'
import { expectQuiet } from './quiet.ts'

// The code generator makes documents as urql takes them, unless its `documentMode` is `string` as it is here. Strings are parsed
// first; the types of their variables and answers go along.
function parse<Data, Variables extends AnyVariables>(document: TypedDocumentString<Data, Variables>) {
  return gql<Data, Variables>(document.toString())
}
const servers = parse(documents.servers)
const server = parse(documents.server)
const renameServer = parse(documents.renameServer)
const backups = parse(documents.backups)
const backupJob = parse(documents.backupJob)
const backupRecorded = parse(documents.backupRecorded)

function createUrql({ url, fetch }: TestServer): Client {
  const cache = cacheExchange({
    // Ids are unique over all types: they are the keys of the cache as they stand.
    globalIDs: true,
    // What has no id is a part of what it stands in.
    keys: { JobTotals: () => null },
    resolvers: {
      Query: {
        // An id begins with its type. So what a list has brought is found by its id without asking.
        node: (_, args, cache) =>
          cache.resolve('Query', 'node', args) === null ? null : { __typename: String(args.id).split(':')[0], ...args },
        // Pages become one list. They must be asked for with `first` or `last`: urql passes over a list without arguments.
        servers: relayPagination(),
        backups: relayPagination(),
      },
    },
    optimistic: {
      updateServer: ({ id, input: { alias } }: MutationUpdateServerArgs, cache) => ({
        __typename: 'UpdateServerPayload',
        server: { __typename: 'Server', id, displayName: alias ?? (cache.resolve(id, 'name') as string) },
      }),
    },
  })
  return new Client({
    url,
    fetch,
    // The server takes mutations and subscriptions with POST only, and sends the events of a subscription as its answer.
    preferGetMethod: false,
    fetchSubscriptions: true,
    exchanges: [cache, fetchExchange],
  })
}

beforeEach(expectQuiet)

it('finds what a list has brought by its id, and shows a change everywhere, without asking again', async () => {
  const app = await startServer()
  await app.post(documents.runOf(1))
  const client = createUrql(app)

  const list = await client.query(servers, {})
  expect(list.data?.servers.edges).toEqual([{ node: { id: 'Server:1', name: 'nas', displayName: 'nas' } }])
  const one = await client.query(server, { id: 'Server:1' })
  expect(one.data).toEqual({ node: { id: 'Server:1', displayName: 'nas' } })

  await client.mutation(renameServer, { id: 'Server:1', alias: 'Archive' })
  const listNow = await client.query(servers, {})
  expect(listNow.data?.servers.edges).toEqual([{ node: { id: 'Server:1', name: 'nas', displayName: 'Archive' } }])
  const oneNow = await client.query(server, { id: 'Server:1' })
  expect(oneNow.data).toEqual({ node: { id: 'Server:1', displayName: 'Archive' } })
  expect(app.asked).toEqual(['Servers', 'RenameServer'])

  const none = await client.query(server, { id: 'Server:9' })
  expect(none.data).toEqual({ node: null })
})

it('shows an alias before the server has answered, then the one that was taken; not one that is refused', async () => {
  const app = await startServer()
  await app.post(documents.runOf(1))
  const client = createUrql(app)
  const shown: (string | undefined)[] = []
  const list = client.query(servers, {}).subscribe(({ data }) => shown.push(data?.servers.edges[0]?.node.displayName))
  onTestFinished(list.unsubscribe)
  await expect.poll(() => shown).toEqual(['nas'])

  await client.mutation(renameServer, { id: 'Server:1', alias: '  Archive ' })
  await expect.poll(() => shown).toEqual(['nas', '  Archive ', 'Archive'])

  const tooLong = 'x'.repeat(201)
  const { error } = await client.mutation(renameServer, { id: 'Server:1', alias: tooLong })
  await expect.poll(() => shown).toEqual(['nas', '  Archive ', 'Archive', tooLong, 'Archive'])
  expect(error?.graphQLErrors.map(({ extensions }) => extensions)).toEqual([
    { code: 'BAD_USER_INPUT', issues: [{ path: 'alias', message: 'must not exceed 200 characters' }] },
  ])

  await client.mutation(renameServer, { id: 'Server:1', alias: null })
  await expect.poll(() => shown.slice(5)).toEqual(['nas', 'nas'])
})

it('reads a list to its end, and every run that stays there once, while others come and go', async () => {
  const app = await startServer()
  for (const day of [1, 2, 3, 4, 6, 7, 8, 9, 10]) await app.post(documents.runOf(day))
  const client = createUrql(app)

  const first = await client.query(backups, {})
  expect(first.data?.backups.edges.map(({ node }) => node.id)).toEqual(['Backup:9', 'Backup:8', 'Backup:7'])

  // The last run of the page goes, and one of a page to come; a run comes before the page, and one after it.
  await app.elsewhere(
    'mutation { a: deleteBackup(id: 7) { deletedBackup { id } } b: deleteBackup(id: 3) { deletedBackup { id } } }',
  )
  await app.post(documents.runOf(11))
  await app.post(documents.runOf(5))
  const second = await client.query(backups, { after: first.data?.backups.pageInfo.endCursor })
  expect(second.data?.backups.pageInfo.hasNextPage).toBe(true)
  const third = await client.query(backups, { after: second.data?.backups.pageInfo.endCursor })
  expect(third.data?.backups.pageInfo.hasNextPage).toBe(false)
  expect(third.data?.backups.edges.map(({ node }) => node.id)).toEqual([
    ...['Backup:9', 'Backup:8', 'Backup:7'],
    ...['Backup:6', 'Backup:5', 'Backup:11'],
    ...['Backup:4', 'Backup:2', 'Backup:1'],
  ])
})

it('hears of a run as it is recorded, and its job has it as the latest one', async () => {
  const app = await startServer()
  await app.post(documents.runOf(1))
  const client = createUrql(app)
  const shown: unknown[] = []
  const job = client.query(backupJob, { id: 'BackupJob:1' }).subscribe(({ data }) => shown.push(data?.node))
  onTestFinished(job.unsubscribe)
  await expect.poll(() => shown).toEqual([{ id: 'BackupJob:1', totals: { runs: 1 }, latestBackup: { id: 'Backup:1' } }])

  const heard: unknown[] = []
  const events = client.subscription(backupRecorded, {}).subscribe(({ data }) => heard.push(data?.backupRecorded.id))
  onTestFinished(events.unsubscribe)
  await app.answered('BackupRecorded')
  await app.post(documents.runOf(2))
  await expect.poll(() => heard).toEqual(['Backup:2'])
  await expect
    .poll(() => shown.at(-1))
    .toEqual({
      id: 'BackupJob:1',
      totals: { runs: 2 },
      latestBackup: { id: 'Backup:2' },
    })
  expect(app.asked).toEqual(['BackupJob', 'BackupRecorded'])
})
