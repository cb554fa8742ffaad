// Relay's own compiler takes the schema as it is committed, and the server takes what the compiler makes of an application:
// the one in the folder relay.

import { execFile } from 'node:child_process'
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, it, onTestFinished } from 'vitest'
import { startServer } from '../support/server.ts'
import { runOf } from './documents.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const require = createRequire(import.meta.url)
/** The compiler is a program; the package says where it is. */
const compiler: string = require('relay-compiler')

it('lets an application page in both directions, fetch again by id, change, delete and listen', async () => {
  const { code, output, operations } = await compile()
  expect(output).not.toMatch(/WARN|ERROR/)
  expect(code).toBe(0)
  expect(operations.map((text) => /^\w+ \w+/.exec(text)?.[0]).sort()).toMatchInlineSnapshot(`
    [
      "mutation backupsDeleteMutation",
      "mutation backupsRecordMutation",
      "mutation serversDeleteMutation",
      "mutation serversRenameMutation",
      "query backupsBackupRefetchQuery",
      "query backupsQuery",
      "query jobsJobRefetchQuery",
      "query jobsQuery",
      "query jobsRunsPaginationQuery",
      "query serversQuery",
      "query serversServerRefetchQuery",
      "subscription backupsRecordedSubscription",
    ]
  `)
})

it.each([
  [
    'a field that is not there',
    'query wrongQuery { servers(first: 1) { edges { node { machines } } } }',
    'The type `Server` has no field `machines`. Did you mean `machineIds`?',
  ],
  [
    'pages of what is not a connection',
    'fragment wrong_server on Server { jobs @connection(key: "wrong_jobs") { id } }',
    "@connection used on invalid field 'jobs'.",
  ],
  [
    'fetching again what has no id',
    'fragment wrong_line on LogLine @refetchable(queryName: "wrongQuery") { text }',
    "Invalid use of @refetchable on fragment 'wrong_line'",
  ],
  [
    'deleting by what is not an id',
    'mutation wrongMutation { deleteServer(id: 1) { deletedServer { name @deleteRecord } } }',
    "Invalid use of @deleteRecord on field 'name'.",
  ],
])('does not let an application compile with %s', async (_, document, message) => {
  const { code, output } = await compile(document)
  expect(code).toBe(1)
  expect(output).toContain(message)
})

it('answers a page as Relay asks for it: both directions are named, one of them is null', async () => {
  const app = await startServer()
  for (const day of [1, 2, 3, 4, 5]) await app.post(runOf(day))
  const { operations } = await compile()
  const query = operations.find((text) => text.startsWith('query jobsRunsPaginationQuery(')) as string
  /** The ids of a page, and where it lies. */
  async function page(variables: Record<string, unknown>) {
    const nothing = { first: null, after: null, last: null, before: null, filter: null }
    const data = await app.elsewhere(query, { id: 'BackupJob:1', ...nothing, ...variables })
    const { edges, pageInfo } = (data as { node: { backups: Page } }).node.backups
    return { ids: edges.map(({ node }) => node.id), ...pageInfo }
  }

  const first = await page({ first: 2 })
  expect(first).toMatchObject({ ids: ['Backup:5', 'Backup:4'], hasPreviousPage: false, hasNextPage: true })
  const second = await page({ first: 2, after: first.endCursor })
  expect(second).toMatchObject({ ids: ['Backup:3', 'Backup:2'], hasNextPage: true })
  const back = await page({ last: 2, before: second.endCursor })
  expect(back).toMatchObject({ ids: ['Backup:4', 'Backup:3'], hasPreviousPage: true })
})

interface Page {
  edges: { node: { id: string } }[]
  pageInfo: { startCursor: string; endCursor: string; hasPreviousPage: boolean; hasNextPage: boolean }
}

/**
 * Compiles the application, with one more document if there is one.
 *
 * @returns what the compiler exits with and prints, and the texts of the operations that the application would send
 */
async function compile(document?: string) {
  const folder = await mkdtemp(join(tmpdir(), 'duplistatus-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  await cp(join(root, 'test/clients/relay'), join(folder, 'app'), { recursive: true })
  if (document) await writeFile(join(folder, 'app/wrong.js'), `graphql\`${document}\``)
  await cp(join(root, 'schema.graphql'), join(folder, 'schema.graphql'))
  await writeFile(join(folder, 'operations.json'), '{}')
  const config = {
    src: 'app',
    schema: 'schema.graphql',
    language: 'javascript',
    persistConfig: { file: 'operations.json' },
  }
  await writeFile(join(folder, 'relay.config.json'), JSON.stringify(config))

  const { code, output } = await new Promise<{ code: unknown; output: string }>((resolve) => {
    execFile(compiler, ['relay.config.json', '--noWatchman'], { cwd: folder }, (error, stdout, stderr) =>
      resolve({ code: error ? error.code : 0, output: stdout + stderr }),
    )
  })
  return {
    code,
    output,
    operations: Object.values<string>(JSON.parse(await readFile(join(folder, 'operations.json'), 'utf8'))),
  }
}
