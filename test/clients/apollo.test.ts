// How a frontend works with this server through Apollo Client and its normalized cache.

import {
  ApolloClient,
  ApolloLink,
  CombinedGraphQLErrors,
  gql,
  HttpLink,
  InMemoryCache,
  Observable,
  type OperationVariables,
  type TypedDocumentNode,
} from '@apollo/client'
import { loadDevMessages, loadErrorMessages } from '@apollo/client/dev'
import { relayStylePagination } from '@apollo/client/utilities'
import { OperationTypeNode, print } from 'graphql'
import { createClient } from 'graphql-sse'
import { beforeEach, expect, it, onTestFinished, vi } from 'vitest'
import type { TypedDocumentString } from '../generated/graphql.ts'
import { startServer, type TestServer } from '../support/server.ts'
import * as documents from './documents.ts'
import { expectQuiet } from './quiet.ts'

// As a bundler has it while a frontend is developed: only then does Apollo warn, and in words.
vi.hoisted(() => Object.assign(globalThis, { __DEV__: true }))
loadDevMessages()
loadErrorMessages()

// With the `documentMode` that the code generator has by itself, documents are what Apollo takes. Here they are strings, and
// are parsed; the types of their variables and answers go along.
function parse<Data, Variables extends OperationVariables>(
  document: TypedDocumentString<Data, Variables>,
): TypedDocumentNode<Data, Variables> {
  return gql(document.toString())
}
const servers = parse(documents.servers)
const server = parse(documents.server)
const renameServer = parse(documents.renameServer)
const backups = parse(documents.backups)
const backupJob = parse(documents.backupJob)
const backupRecorded = parse(documents.backupRecorded)

function createApollo({ url, fetch }: TestServer): ApolloClient {
  const cache = new InMemoryCache({
    // Ids are unique over all types: they are the keys of the cache as they stand.
    dataIdFromObject: ({ id }) => (typeof id === 'string' ? id : undefined),
    typePolicies: {
      Query: {
        fields: {
          // An id begins with its type. So what a list has brought is found by its id without asking.
          node: (known, { args, toReference }) =>
            known === undefined ? toReference({ __typename: args?.id.split(':')[0], id: args?.id }) : known,
          // Pages become one list, one for each filter and order. Apollo joins `edges` only: do not ask for `nodes` there.
          servers: relayStylePagination(['filter', 'orderBy']),
          backups: relayStylePagination(['filter', 'orderBy']),
        },
      },
    },
  })
  const events = createClient({ url, fetchFn: fetch })
  const subscriptions = new ApolloLink(({ query, variables, operationName = '' }) => {
    const request = { query: print(query), variables, operationName }
    return new Observable((observer) =>
      events.subscribe<Record<string, unknown>, Record<string, unknown>>(request, observer),
    )
  })
  const link = ApolloLink.split(
    ({ operationType }) => operationType === OperationTypeNode.SUBSCRIPTION,
    subscriptions,
    new HttpLink({ uri: url, fetch }),
  )
  return new ApolloClient({ cache, link })
}

beforeEach(expectQuiet)

it('finds what a list has brought by its id, and shows a change everywhere, without asking again', async () => {
  const app = await startServer()
  await app.post(documents.runOf(1))
  const client = createApollo(app)

  const list = await client.query({ query: servers })
  expect(list.data?.servers.edges).toMatchObject([{ node: { id: 'Server:1', displayName: 'nas' } }])
  const one = await client.query({ query: server, variables: { id: 'Server:1' } })
  expect(one.data?.node).toMatchObject({ id: 'Server:1', displayName: 'nas' })

  await client.mutate({ mutation: renameServer, variables: { id: 'Server:1', alias: 'Archive' } })
  const listNow = await client.query({ query: servers })
  expect(listNow.data?.servers.edges).toMatchObject([{ node: { id: 'Server:1', displayName: 'Archive' } }])
  const oneNow = await client.query({ query: server, variables: { id: 'Server:1' } })
  expect(oneNow.data?.node).toMatchObject({ id: 'Server:1', displayName: 'Archive' })
  expect(app.asked).toEqual(['Servers', 'RenameServer'])

  const none = await client.query({ query: server, variables: { id: 'Server:9' } })
  expect(none.data).toEqual({ node: null })
})

it('shows an alias before the server has answered, then the one that was taken; not one that is refused', async () => {
  const app = await startServer()
  await app.post(documents.runOf(1))
  const client = createApollo(app)
  const shown: unknown[] = []
  const list = client.watchQuery({ query: servers }).subscribe(({ data, dataState }) => {
    if (dataState === 'complete') shown.push(data.servers.edges[0]?.node.displayName)
  })
  onTestFinished(() => list.unsubscribe())
  await expect.poll(() => shown).toEqual(['nas'])

  const rename = (alias: string) =>
    client.mutate({
      mutation: renameServer,
      variables: { id: 'Server:1', alias },
      optimisticResponse: {
        updateServer: {
          __typename: 'UpdateServerPayload',
          server: { __typename: 'Server', id: 'Server:1', displayName: alias },
        },
      },
    })
  await rename('  Archive ')
  await expect.poll(() => shown).toEqual(['nas', '  Archive ', 'Archive'])

  const tooLong = 'x'.repeat(201)
  const error = await rename(tooLong).catch((error: unknown) => error)
  await expect.poll(() => shown).toEqual(['nas', '  Archive ', 'Archive', tooLong, 'Archive'])
  expect(CombinedGraphQLErrors.is(error) && error.errors.map(({ extensions }) => extensions)).toEqual([
    { code: 'BAD_USER_INPUT', issues: [{ path: 'alias', message: 'must not exceed 200 characters' }] },
  ])
})

it('reads a list to its end, and every run that stays there once, while others come and go', async () => {
  const app = await startServer()
  for (const day of [1, 2, 3, 4, 6, 7, 8, 9, 10]) await app.post(documents.runOf(day))
  const client = createApollo(app)
  const list = client.watchQuery({ query: backups })
  let shown: string[] = []
  const watcher = list.subscribe(({ data, dataState }) => {
    if (dataState === 'complete') shown = data.backups.edges.map(({ node }) => node.id)
  })
  onTestFinished(() => watcher.unsubscribe())
  await expect.poll(() => shown).toEqual(['Backup:9', 'Backup:8', 'Backup:7'])

  // The last run of the page goes, and one of a page to come; a run comes before the page, and one after it.
  await app.elsewhere(
    'mutation { a: deleteBackup(id: 7) { deletedBackup { id } } b: deleteBackup(id: 3) { deletedBackup { id } } }',
  )
  await app.post(documents.runOf(11))
  await app.post(documents.runOf(5))
  const first = await client.query({ query: backups })
  const second = await list.fetchMore({ variables: { after: first.data?.backups.pageInfo.endCursor } })
  expect(second.data?.backups.pageInfo.hasNextPage).toBe(true)
  const third = await list.fetchMore({ variables: { after: second.data?.backups.pageInfo.endCursor } })
  expect(third.data?.backups.pageInfo.hasNextPage).toBe(false)
  await expect
    .poll(() => shown)
    .toEqual([
      ...['Backup:9', 'Backup:8', 'Backup:7'],
      ...['Backup:6', 'Backup:5', 'Backup:11'],
      ...['Backup:4', 'Backup:2', 'Backup:1'],
    ])
})

it('hears of a run as it is recorded, and its job has it as the latest one', async () => {
  const app = await startServer()
  await app.post(documents.runOf(1))
  const client = createApollo(app)
  const shown: unknown[] = []
  const job = client
    .watchQuery({ query: backupJob, variables: { id: 'BackupJob:1' } })
    .subscribe(({ data, dataState }) => {
      if (dataState === 'complete') shown.push(data.node)
    })
  onTestFinished(() => job.unsubscribe())
  await expect.poll(() => shown).toMatchObject([{ totals: { runs: 1 }, latestBackup: { id: 'Backup:1' } }])

  const heard: unknown[] = []
  const events = client
    .subscribe({ query: backupRecorded })
    .subscribe(({ data }) => heard.push(data?.backupRecorded.id))
  onTestFinished(() => events.unsubscribe())
  await app.answered('BackupRecorded')
  await app.post(documents.runOf(2))
  await expect.poll(() => heard).toEqual(['Backup:2'])
  await expect.poll(() => shown.at(-1)).toMatchObject({ totals: { runs: 2 }, latestBackup: { id: 'Backup:2' } })
  expect(app.asked).toEqual(['BackupJob', 'BackupRecorded'])
})
