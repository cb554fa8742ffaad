// What the benchmark asks for, alike of the server and of the floor.

import { readFileSync } from 'node:fs'

export interface Operation {
  name: string
  path: string
  connections: number
  /** The body of the request of that number; those of numbers that differ differ. */
  body(number: number): string
  /** Ours against the floor, at least. */
  bar: number
}

const day = 24 * 60 * 60 * 1000

/** The queries and the mutation, in the order of the table. The chart ends at `until`: both servers give the same days. */
export function documents(until: Date) {
  return {
    hello: { query: 'query hello { __typename }', variables: {} },
    dashboard: {
      query: `query dashboard {
        servers(first: 100, orderBy: NAME_ASC) {
          nodes {
            id displayName state lastSeen
            jobs {
              id name state dueAt
              latestBackup { id status beganAt durationSeconds uploadedSize storedSize warnings errors }
            }
          }
        }
      }`,
      variables: {},
    },
    page: {
      query: `query page($server: ID!) {
        backups(first: 50, filter: { server: $server }, orderBy: BEGAN_AT_DESC) {
          nodes {
            id status beganAt durationSeconds sourceSize uploadedSize storedSize examinedFiles warnings errors versions
          }
        }
      }`,
      variables: { server: 'Server:7' },
    },
    chart: {
      query: `query chart($server: ID!, $from: DateTime!, $to: DateTime!) {
        server(by: { id: $server }) {
          history(from: $from, to: $to, bucket: DAY) { from runs failed uploadedSize storedSize }
        }
      }`,
      variables: { server: 'Server:7', from: new Date(until.getTime() - 90 * day), to: until },
    },
    lookup: {
      query: `query lookup($name: String!) {
        server(by: { name: $name }) { id name alias lastSeen latestBackup { id status beganAt } }
      }`,
      variables: { name: 'server-07' },
    },
    summary: {
      query: `query summary {
        summary { totalServers totalBackupJobs totalBackups totalUploadedSize totalStorageUsed totalBackupSize lastBackupAt }
      }`,
      variables: {},
    },
    updateServer: {
      query: `mutation updateServer($id: ID!, $alias: String) {
        updateServer(id: $id, input: { alias: $alias }) { server { id name alias } }
      }`,
      variables: { id: 'Server:7', alias: 'Attic' },
    },
  }
}

/**
 * The operations that are measured by requests per second. A query that is asked for the first time after a write is told
 * from one that was answered before by a number in its body that means nothing: the cached answer to another is of no use.
 */
export function operations(until: Date): Operation[] {
  const asked = documents(until)
  const names = Object.keys(asked) as (keyof typeof asked)[]
  const bodies = Object.fromEntries(
    names.map((name) => [name, JSON.stringify({ operationName: name, ...asked[name] })]),
  ) as Record<keyof typeof asked, string>
  const fresh = (name: keyof typeof asked) => (number: number) =>
    `${bodies[name].slice(0, -1)},"extensions":{"number":${number}}}`
  const alike = (name: keyof typeof asked) => () => bodies[name]
  const graphql = { path: '/graphql', connections: 10 }
  return [
    { name: 'hello, uncached', ...graphql, body: fresh('hello'), bar: 0.1 },
    { name: 'dashboard, first after a write', ...graphql, body: fresh('dashboard'), bar: 0.5 },
    { name: 'page, first after a write', ...graphql, body: fresh('page'), bar: 0.3 },
    { name: 'chart, first after a write', ...graphql, body: fresh('chart'), bar: 0.5 },
    { name: 'one server by name, first after a write', ...graphql, body: fresh('lookup'), bar: 0 },
    { name: 'summary, first after a write', ...graphql, body: fresh('summary'), bar: 0 },
    { name: 'dashboard, nothing has changed', ...graphql, body: alike('dashboard'), bar: 1.5 },
    { name: 'page, nothing has changed', ...graphql, body: alike('page'), bar: 1.5 },
    { name: 'chart, nothing has changed', ...graphql, body: alike('chart'), bar: 1.5 },
    {
      name: 'updateServer',
      ...graphql,
      body: (number) => bodies.updateServer.replace('"Attic"', `"Attic ${number}"`),
      bar: 0,
    },
    ...[1, 10, 50].map((connections) => ({
      name: `upload, ${connections} ${connections === 1 ? 'connection' : 'connections'}`,
      path: '/api/upload',
      connections,
      body: uploads(until),
      bar: connections === 1 ? 0.3 : connections === 50 ? 0.5 : 0,
    })),
  ]
}

/** The success sample, begun at a time of its own for each number: a millisecond apart, from two years ago on. */
function uploads(until: Date): (number: number) => string {
  const report = JSON.parse(readFileSync(new URL('../fixtures/success.json', import.meta.url), 'utf8'))
  report.Data.BeginTime = 'BEGIN'
  const [before, after] = JSON.stringify(report).split('BEGIN')
  const first = until.getTime() - 730 * day
  return (number) => `${before}${new Date(first + number).toISOString()}${after}`
}
