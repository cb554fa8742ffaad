// INTROSPECTION=off: the schema is told to nobody, neither when asked for nor by the way.

import { getIntrospectionQuery } from 'graphql'
import { expect, it } from 'vitest'
import { startApp, type TestApp } from '../support/app.ts'

const off = { environment: { INTROSPECTION: 'off' } }

const messages = ({ errors }: { errors?: unknown[] }) => errors?.map((error) => (error as { message: string }).message)

it('does not answer questions about the schema', async () => {
  const app = await startApp(off)
  expect(await app.graphql('{ __schema { description } a: __type(name: "Server") { name } }')).toMatchObject({
    errors: ['__schema', '__type'].map((field) => ({
      message: `GraphQL introspection has been disabled, but the requested query contained the field "${field}".`,
      extensions: { code: 'GRAPHQL_VALIDATION_FAILED' },
    })),
  })
  expect(await app.graphql(getIntrospectionQuery())).not.toHaveProperty('data')
  expect(await app.graphql('{ __typename summary { __typename } }')).toEqual({
    data: { __typename: 'Query', summary: { __typename: 'Summary' } },
  })
})

const mistakes: [string, string, Record<string, unknown>, string][] = [
  ['a field', '{ servrs { totalCount } }', {}, 'Cannot query field "servrs" on type "Query".'],
  ['a type', '{ node(id: "Server:1") { name } }', {}, 'Cannot query field "name" on type "Node".'],
  ['the type of a fragment', '{ ... on Quer { __typename } }', {}, 'Unknown type "Quer".'],
  [
    'the type of a variable',
    'query ($f: ServerFiltr) { servers(filter: $f) { totalCount } }',
    {},
    'Unknown type "ServerFiltr".',
  ],
  ['an argument', '{ servers(frst: 1) { totalCount } }', {}, 'Unknown argument "frst" on field "Query.servers".'],
  [
    'a directive’s argument',
    '{ summary @skip(if: true, iff: true) { totalServers } }',
    {},
    'Unknown argument "iff" on directive "@skip".',
  ],
  [
    'an input field',
    '{ servers(filter: { stat: OK }) { totalCount } }',
    {},
    'Field "stat" is not defined by type "ServerFilter".',
  ],
  [
    'an enum value',
    '{ servers(orderBy: NAME_AS) { totalCount } }',
    {},
    'Value "NAME_AS" does not exist in "ServerOrder" enum.',
  ],
  [
    'an enum value in a variable',
    'query ($o: ServerOrder) { servers(orderBy: $o) { totalCount } }',
    { o: 'NAME_AS' },
    'Variable "$o" got invalid value "NAME_AS"; Value "NAME_AS" does not exist in "ServerOrder" enum.',
  ],
  [
    'an input field in a variable',
    'query ($f: ServerFilter) { servers(filter: $f) { totalCount } }',
    { f: { stat: 'OK' } },
    'Variable "$f" got invalid value { stat: "OK" }; Field "stat" is not defined by type "ServerFilter".',
  ],
  [
    'an enum value in a variable of a subscription',
    'subscription ($o: BackupOrder) { backupRecorded { job { backups(orderBy: $o) { totalCount } } } }',
    { o: 'BEGAN_AT_AS' },
    'Variable "$o" got invalid value "BEGAN_AT_AS"; Value "BEGAN_AT_AS" does not exist in "BackupOrder" enum.',
  ],
]

it('suggests no names', async () => {
  const [open, closed] = [await startApp(), await startApp(off)]
  const ask = (app: TestApp) =>
    Promise.all(mistakes.map(async ([what, query, variables]) => [what, await app.graphql(query, variables)] as const))
  for (const [what, answer] of await ask(open)) {
    expect([what, messages(answer)]).toEqual([what, [expect.stringMatching(/ Did you mean .*\?$/)]])
  }
  const told = await ask(closed)
  expect(told.map(([what, answer]) => [what, messages(answer)])).toEqual(
    mistakes.map(([what, , , message]) => [what, [message]]),
  )
  expect(JSON.stringify(told)).not.toContain('Did you mean')
})
