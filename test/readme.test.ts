// Every command in the documents does what it says. `npm ci`, `npm start` and `npm test` are what CI and a user run.

import { execFile } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, it, onTestFinished } from 'vitest'
import { readConfig } from '../src/config.ts'
import { digestPlaceholders, placeholders } from '../src/domain/messages/template.ts'
import { schema } from '../src/graphql/schema.ts'
import { channelKinds } from '../src/notify/channelKinds.ts'
import { startApp } from './support/app.ts'
import { documents } from './support/documents.ts'
import { startNtfyServer } from './support/ntfyServer.ts'
import { startProcess } from './support/process.ts'
import { report } from './support/report.ts'

const root = new URL('..', import.meta.url)
/** Their settings are in the table of channels. */
const basics = ['NTFY', 'EMAIL', 'WEBHOOK']
/** The recipes of the page on scripting have tests of their own. */
const commands = [...documents.replace(/\n## Scripting\n.*?\n## /s, '').matchAll(/```sh\n(.*?)```/gs)].map(
  ([, block]) => block ?? '',
)

it.each([
  ['on the same machine', '127.0.0.1'],
  ['where tokens are demanded', '0.0.0.0'],
])('leads a new user through a first report, a query and a mutation, %s', async (_, HOST) => {
  const folder = mkdtempSync(join(tmpdir(), 'duplistatus-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const server = startProcess({ DATABASE_URL: `file:${folder}/backups.db`, HOST })
  const address = (await server.listening).replace('0.0.0.0', 'localhost')
  const token = /dst_[\w-]{43}/.exec(server.output())?.[0]
  const header = /`(-H "authorization: [^`]*)`/.exec(documents)?.[1] ?? ''
  const more = token === undefined ? '' : `${header.replace('TOKEN', token)} `
  const run = async (block: string) => {
    const script = block
      .replaceAll('curl ', `curl -sS --fail-with-body ${more}`)
      .replaceAll('http://localhost:9666', address)
    return (await promisify(execFile)('bash', ['-ec', script], { cwd: root })).stdout
  }
  const blocks = commands.filter((command) => /^curl /m.test(command))
  expect(blocks).toHaveLength(3)
  const [upload = '', query = '', mutation = ''] = blocks
  const [time = '', post = ''] = upload.split(/\n(?=curl )/)
  const first = /```json\n(.*?)\n```/s.exec(documents)?.[1] ?? ''
  expect(await run(`${time}\n${post}\necho; ${post}`)).toBe(`${first}\n${first.replace('false', 'true')}`)
  const { data } = JSON.parse(await run(query))
  const job = {
    name: 'Media',
    state: 'OK',
    lastStatus: 'SUCCESS',
    dueAt: null,
    versions: 14,
    storedSize: 12884901888123,
  }
  expect(data).toEqual({
    servers: { nodes: [{ id: 'Server:1', displayName: 'nas-01', state: 'OK', jobs: [job] }] },
  })
  const changed = await run(mutation)
  expect(changed).toContain('"alias":"Production Server","notes":"Main production server"')
  expect(changed).toContain('{"status":"success","data":[{"id":1,"name":"nas-01","alias":"Production Server"')
})

it('leads a new user to being told, in three mutations', async () => {
  const section = /^## Set up messages$(.*?)^## /ms.exec(documents)?.[1] ?? ''
  const mutations = [...section.matchAll(/```graphql\n(mutation .*?)```/gs)].map(([, mutation]) => mutation ?? '')
  const app = await startApp()
  const ntfy = await startNtfyServer()
  const answers: unknown[] = []
  for (const mutation of mutations) answers.push(await app.graphql(mutation.replace('https://ntfy.sh', ntfy.url)))
  expect(answers).toEqual([
    {
      data: {
        createChannel: {
          channel: {
            id: 'Channel:1',
            name: 'My phone',
            settings: { url: `${ntfy.url}/`, topic: 'a-topic-of-mine', accessTokenSet: false },
          },
        },
      },
    },
    {
      data: {
        setNotificationRule: {
          notificationRule: { id: 'NotificationRule:1', events: ['OVERDUE', 'FAILED', 'RECOVERED'], repeat: 'DAILY' },
        },
      },
    },
    { data: { testNotification: { delivered: true, answer: expect.stringContaining('"topic":"a-topic-of-mine"') } } },
  ])
  await app.post(report({ data: { ParsedResult: 'Error' } }))
  await app.deliver()
  expect(ntfy.received.map(({ topic, title }) => [topic, title])).toEqual([
    ['a-topic-of-mine', 'A test of duplistatus'],
    ['a-topic-of-mine', 'Failed: Photos on nas'],
  ])
})

it('has a recipe for each service that messages can be read in', async () => {
  const section = /^## Recipes$(.*?)^## /ms.exec(documents)?.[1] ?? ''
  const mutations = [...section.matchAll(/```graphql\n(mutation .*?)```/gs)].map(([, mutation]) => mutation ?? '')
  const app = await startApp()
  for (const mutation of mutations) expect(await app.graphql(mutation)).not.toHaveProperty('errors')
  const { data } = await app.graphql('{ channels { nodes { kind } } }')
  const kinds = (data as { channels: { nodes: { kind: string }[] } }).channels.nodes.map(({ kind }) => kind)
  expect(kinds.sort()).toEqual(
    Object.keys(channelKinds)
      .filter((kind) => !basics.includes(kind))
      .sort(),
  )
})

it('names only fields of the schema where it says what can be done', () => {
  const table = /\| to \| use \|\n(.*?)\n\n/s.exec(documents)?.[1] ?? ''
  const roots = [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()]
  const fields = roots.flatMap((type) => Object.keys(type?.getFields() ?? {}))
  const deeper = ['rules', 'schedule', 'toleranceSeconds', 'latenessWatched']
  const named = [...table.matchAll(/`(\w+)/g)].map(([, name]) => name)
  expect(named.length).toBeGreaterThan(20)
  expect(named.filter((name) => !fields.includes(name ?? ''))).toEqual(deeper)
})

it('names only npm scripts that there are', () => {
  const { scripts } = JSON.parse(readFileSync(new URL('package.json', root), 'utf8'))
  const named = [...documents.matchAll(/npm run ([\w:]+)|`(check:\w+)`/g)].map(([, script, check]) => script ?? check)
  expect(named.length).toBeGreaterThan(4)
  for (const name of named) expect(scripts).toHaveProperty([name ?? ''])
})

it('names only folders and files of src that there are', () => {
  const layout = /## Source layout\n\n```\n(.*?)```/s.exec(documents)?.[1] ?? ''
  const named = [...layout.matchAll(/^ {2}([\w.]+\/?)|(?<= {3,})(\w+\.ts)/gm)].map(([name]) => name.trim())
  expect(named.length).toBeGreaterThan(7)
  for (const name of named) expect([name, existsSync(new URL(`src/${name}`, root))]).toEqual([name, true])
})

it('names only tests that there are', () => {
  const rows = [...documents.matchAll(/`((?:test|src)\/[\w./]+\.ts)`(?:: ([^|;]+))?/g)]
  expect(rows.length).toBeGreaterThan(10)
  for (const [, file = '', name] of rows) {
    const text = readFileSync(new URL(file, root), 'utf8')
    if (name && !name.includes('`')) expect(text).toContain(name.trim())
  }
})

it('lists every variable with its default, as .env.example does', () => {
  const example = readFileSync(new URL('.env.example', root), 'utf8')
  const defaults = Object.fromEntries([...example.matchAll(/^(\w+)=(.*)$/gm)].map(([, name, value]) => [name, value]))
  expect(readConfig(defaults)).toEqual(readConfig({}))
  const table = [...documents.matchAll(/^\| `([A-Z_]+)` \| (?:`([^`]*)` )?\|/gm)].map(([, name, value = '']) => [
    name,
    value,
  ])
  expect(Object.fromEntries(table)).toEqual(defaults)
  const source = readFileSync(new URL('src/config.ts', root), 'utf8')
  const read = [...source.matchAll(/^ {2,4}([A-Z_]+): /gm)].map(([, name]) => name)
  expect(read.sort()).toEqual(Object.keys(defaults).sort())
})

it('lists every placeholder of a template, as the code describes it', () => {
  const table = [...documents.matchAll(/^\| `\{(\w+)\}` \| (.*) \|$/gm)].map(([, name, description]) => [
    name,
    description,
  ])
  expect(table).toEqual([...Object.entries(placeholders), ...Object.entries(digestPlaceholders)])
})

it('links only to files and headings that there are', () => {
  const pages = [
    'README.md',
    'CONTRIBUTING.md',
    ...readdirSync(new URL('docs/', root)).flatMap((name) => (name.endsWith('.md') ? `docs/${name}` : [])),
  ]
  const text = (path: string) => readFileSync(new URL(path, root), 'utf8')
  const headings = (path: string) =>
    [
      ...text(path)
        .replaceAll(/```.*?```/gs, '')
        .matchAll(/^#+ (.*)$/gm),
    ].map(([, heading = '']) =>
      heading
        .toLowerCase()
        .replaceAll(/[^\w\- ]/g, '')
        .replaceAll(' ', '-'),
    )
  const links = pages.flatMap((page) =>
    [...text(page).matchAll(/\]\((?!https?:)([^)#]*)(?:#([^)]*))?\)/g)].map(([, path = '', heading]) => {
      const to = new URL(path || page.replace(/^.*\//, ''), new URL(page, root))
      return { page, to: to.href.slice(root.href.length), heading }
    }),
  )
  expect(links.length).toBeGreaterThan(20)
  for (const { page, to, heading } of links) {
    expect([page, to, existsSync(new URL(to, root))]).toEqual([page, to, true])
    if (heading) expect([page, to, headings(to)]).toEqual([page, to, expect.arrayContaining([heading])])
  }
})
