// An answer that was kept is the one that would be given now: random writes and reads of several questions, each compared
// with a server that keeps nothing, on the same file and at the same time.

import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import fc from 'fast-check'
import { pino } from 'pino'
import { describe, expect, it, onTestFinished } from 'vitest'
import { createApp } from '../../src/app.ts'
import { readConfig } from '../../src/config.ts'
import { createAnswerCache } from '../../src/http/door/answerCache.ts'
import { start } from '../support/app.ts'
import { report } from '../support/report.ts'
import { countStatements } from '../support/statements.ts'

const minute = 60_000
const fromHere = { address: '127.0.0.1', host: 'localhost' }
const past = '"2026-08-01T11:00:00Z"'
const later = '"2026-08-01T13:00:00Z"'
const chart = (to: string) =>
  `{ server(by: { id: 1 }) { history(from: "2026-07-25T00:00:00Z"${to}) { runs storedSize } } }`

const questions = [
  '{ servers { totalCount nodes { id alias lastSeen latestBackup { id status } jobs { id lastStatus totals { runs } } } } }',
  '{ servers { nodes { id state jobs { state } } } }',
  '{ servers(filter: { state: [OVERDUE, LATE] }) { nodes { id } } }',
  '{ backupJobs(filter: { state: [OK] }) { nodes { id } } }',
  '{ backups(first: 5) { nodes { id beganAt uploadedSize } } }',
  '{ summary { totalBackups totalUploadedSize } }',
  '{ summary { totalBackups overdueJobs } }',
  '{ node(id: "Backup:1") { id } }',
  '{ server(by: { name: "nas" }) { id alias } }',
  chart(''),
  chart(`, to: ${past}`),
  chart(`, to: ${later}`),
  '{ backups(first: 101) { nodes { id } } }',
  '{ nothing }',
  '{',
  '{ previewTemplate(event: OVERDUE, job: 1) { message } }',
]

const actions = fc.array(
  fc.oneof(
    { weight: 6, arbitrary: fc.record({ ask: fc.nat(questions.length - 1), get: fc.boolean(), gzip: fc.boolean() }) },
    {
      weight: 2,
      arbitrary: fc.record({ machine: fc.nat(2), job: fc.nat(1), minutesAgo: fc.nat(500), elsewhere: fc.boolean() }),
    },
    { weight: 1, arbitrary: fc.record({ alias: fc.constantFrom('a', 'b', null), elsewhere: fc.boolean() }) },
    { weight: 1, arbitrary: fc.record({ remove: fc.integer({ min: 1, max: 5 }) }) },
    // The same question before and after, with nothing written between.
    {
      weight: 3,
      arbitrary: fc.record({ pass: fc.integer({ min: 1, max: 60 }), around: fc.nat(questions.length - 1) }),
    },
  ),
  { minLength: 30, maxLength: 80 },
)

describe('an answer', () => {
  it('is at any time the one of a server that keeps none', async () => {
    const long = process.env.SOAK === '1'
    await fc.assert(
      fc.asyncProperty(actions, async (sequence) => {
        const { ask, elsewhere, pass, stop } = await startTwo()
        const compare = async (question: number, how: { get?: boolean; gzip?: boolean } = {}) => {
          // What is asked for the first time is not kept.
          await ask(questions[question] as string, how, true)
          const [answer, expected] = await ask(questions[question] as string, how)
          expect(answer).toEqual(expected)
        }
        try {
          for (const action of sequence) {
            if ('ask' in action) await compare(action.ask, action)
            else if ('pass' in action) {
              await compare(action.around)
              await pass(action.pass)
              await compare(action.around)
            } else if ('machine' in action) await elsewhere('/api/upload', reportOf(action), !action.elsewhere)
            else if ('remove' in action)
              await elsewhere('/graphql', {
                query: `mutation { deleteBackup(id: ${action.remove}) { deletedBackup { id } } }`,
              })
            else {
              const query =
                'mutation ($alias: String) { updateServer(id: 1, input: { alias: $alias }) { server { id } } }'
              await elsewhere('/graphql', { query, variables: { alias: action.alias } }, !action.elsewhere)
            }
          }
        } finally {
          await stop()
        }
      }),
      long ? { numRuns: 300 } : { numRuns: 6, seed: 7, endOnFailure: true },
    )
  }, 600_000)

  it('is given again without asking the database', async () => {
    const { ask, elsewhere, file, stop } = await startTwo()
    onTestFinished(stop)
    await elsewhere('/api/upload', reportOf({ machine: 0, job: 0, minutesAgo: 1 }), true)
    const asked = async (question: string) => {
      for (const _ of ['new', 'known from then on']) await ask(question, {}, true)
      return (await countStatements(file, async () => void (await ask(question, {}, true)))).statements
    }

    const counts = []
    for (const question of questions.slice(0, 12)) counts.push(`${await asked(question)} ${question.slice(0, 100)}`)

    expect(counts).toMatchInlineSnapshot(`
      [
        "0 { servers { totalCount nodes { id alias lastSeen latestBackup { id status } jobs { id lastStatus tot",
        "0 { servers { nodes { id state jobs { state } } } }",
        "0 { servers(filter: { state: [OVERDUE, LATE] }) { nodes { id } } }",
        "0 { backupJobs(filter: { state: [OK] }) { nodes { id } } }",
        "0 { backups(first: 5) { nodes { id beganAt uploadedSize } } }",
        "0 { summary { totalBackups totalUploadedSize } }",
        "0 { summary { totalBackups overdueJobs } }",
        "0 { node(id: "Backup:1") { id } }",
        "0 { server(by: { name: "nas" }) { id alias } }",
        "7 { server(by: { id: 1 }) { history(from: "2026-07-25T00:00:00Z") { runs storedSize } } }",
        "0 { server(by: { id: 1 }) { history(from: "2026-07-25T00:00:00Z", to: "2026-08-01T11:00:00Z") { runs s",
        "7 { server(by: { id: 1 }) { history(from: "2026-07-25T00:00:00Z", to: "2026-08-01T13:00:00Z") { runs s",
      ]
    `)
  })

  it('is made anew after another process wrote', async () => {
    const { ask, elsewhere, file, stop } = await startTwo()
    onTestFinished(stop)
    await elsewhere('/api/upload', reportOf({ machine: 0, job: 0, minutesAgo: 1 }), true)
    for (const _ of [1, 2, 3]) await ask('{ server(by: { id: 1 }) { alias } }', {})
    const database = new Database(file)
    database.exec("UPDATE servers SET alias = 'Attic'")
    database.close()

    const [answer] = await ask('{ server(by: { id: 1 }) { alias } }', {})

    expect(answer?.body).toEqual({ data: { server: { alias: 'Attic' } } })
  })

  it('is given to nobody who may not ask, with the headers for the site that asks, and wrong tokens count once', async () => {
    const environment = {
      HOST: '0.0.0.0',
      MAX_TOKEN_FAILURES: '2',
      CORS_ORIGINS: 'https://a.example,https://b.example',
    }
    const { url, file, token, stop } = await startTwo(environment)
    onTestFinished(stop)
    const asked = async (held: string | null, origin?: string) => {
      const headers = {
        ...(held === null ? {} : { authorization: `Bearer ${held}` }),
        ...(origin === undefined ? {} : { origin }),
      }
      const answer = await fetch(`${url}/graphql?query={servers{totalCount}}`, { headers })
      return [answer.status, answer.headers.get('access-control-allow-origin'), answer.headers.get('vary')]
    }
    for (const origin of [undefined, 'https://a.example', 'https://b.example', 'https://c.example']) {
      // The first use of a token is written, and then the answer is not kept; nor is it the first time.
      for (const _ of [1, 2, 3]) await asked(token, origin)
    }

    const { statements } = await countStatements(file, async () => void (await asked(token)))
    const answers = [
      await asked(token),
      await asked(token, 'https://a.example'),
      await asked(token, 'https://b.example'),
      await asked(token, 'https://c.example'),
      await asked(null),
      await asked('wrong'),
      await asked('wrong'),
      await asked('wrong'),
    ]
    const database = new Database(file)
    database.exec('UPDATE tokens SET revoked_at = 1')
    database.close()
    answers.push(await asked(token))

    // The version of the database is no statement that counts.
    expect(statements).toBe(0)
    expect(answers).toEqual([
      [200, null, 'origin'],
      [200, 'https://a.example', 'origin'],
      [200, 'https://b.example', 'origin'],
      [200, null, 'origin'],
      [401, null, 'origin'],
      [401, null, 'origin'],
      [401, null, 'origin'],
      [429, null, 'origin'],
      // Those from here were too many in this minute.
      [429, null, 'origin'],
    ])
  })

  it('has an id of its own each time, or that of its request', async () => {
    const { url, stop } = await startTwo()
    onTestFinished(stop)
    const idOf = async (headers: Record<string, string>) =>
      (await fetch(`${url}/graphql?query={__typename}`, { headers })).headers.get('x-request-id')

    const made = [await idOf({}), await idOf({}), await idOf({}), await idOf({})]
    const given = await idOf({ 'x-request-id': 'proxy-12345' })

    for (const id of made) expect(id).toMatch(/^[0-9a-f-]{36}$/)
    expect(new Set(made).size).toBe(4)
    expect(given).toBe('proxy-12345')
  })
})

function reportOf({ machine, job, minutesAgo }: { machine: number; job: number; minutesAgo: number }) {
  return report({
    data: { BeginTime: new Date(start.getTime() - minutesAgo * minute).toISOString() },
    extra: {
      'machine-id': `machine-${machine}`,
      'machine-name': machine === 0 ? 'nas' : `nas-${machine}`,
      'backup-id': `DB-${job}`,
      'next-scheduled-run': new Date(start.getTime() + 30 * (1 + job + 2 * machine) * minute)
        .toISOString()
        .replace(/[-:]|\.000/g, ''),
    },
  })
}

/** A server that keeps answers, and one that does not because nothing comes to it over HTTP, on one file and one clock. */
async function startTwo(environment: Record<string, string> = {}) {
  const folder = await mkdtemp(join(tmpdir(), 'duplistatus-'))
  const file = join(folder, 'backups.db')
  let now = start
  const config = readConfig({ DATABASE_URL: `file:${file}`, ...environment })
  const keeping = await createApp(config, pino({ level: 'silent' }), () => now)
  const plain = await createApp(config, pino({ level: 'silent' }), () => now)
  const server = createServer(keeping.listener).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`

  async function ask(query: string, { get = false, gzip = false }: { get?: boolean; gzip?: boolean }, once = false) {
    const path = get ? `/graphql?${new URLSearchParams({ query })}` : '/graphql'
    const headers = {
      'content-type': 'application/json',
      accept: 'application/json',
      'accept-encoding': gzip ? 'gzip' : 'identity',
    }
    const init = { method: get ? 'GET' : 'POST', headers, ...(get ? {} : { body: JSON.stringify({ query }) }) }
    const answers = await Promise.all([
      fetch(`${url}${path}`, init),
      ...(once
        ? []
        : [
            plain.fetch(
              new Request(`http://localhost${path}`, { ...init, headers: { ...headers, 'accept-encoding': '' } }),
              fromHere,
            ),
          ]),
    ])
    return Promise.all(
      answers.map(async (answer) => ({
        status: answer.status,
        type: answer.headers.get('content-type'),
        body: await answer.json(),
      })),
    )
  }

  /** Writes through the server that keeps answers, or through the other one. */
  async function elsewhere(path: string, body: unknown, here = false) {
    const init = { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }
    const answered = here
      ? await fetch(`${url}${path}`, init)
      : await plain.fetch(new Request(`http://localhost${path}`, init), fromHere)
    const text = await answered.text()
    // A run that is to be deleted may not be there.
    if (!answered.ok && path === '/api/upload') throw new Error(text)
  }

  return {
    url,
    file,
    token: (await keeping.firstToken()) as string,
    ask,
    elsewhere,
    /** What time brings is written at once, as when the servers watch the clock. */
    pass: async (minutes: number) => {
      now = new Date(now.getTime() + minutes * minute)
      await keeping.catchUp()
    },
    stop: async () => {
      server.closeAllConnections()
      server.close()
      await Promise.all([keeping.close(), plain.close()])
      await rm(folder, { recursive: true })
    },
  }
}

describe('the cache', () => {
  const answer = (size: number) => ({ status: 200, headers: {}, body: new Uint8Array(size) })

  it('keeps the answer to a question that was asked before', () => {
    const cache = createAnswerCache()

    const first = cache.ask('question', 1)
    const second = cache.ask('question', 1)
    second.keep?.(answer(7))

    expect(first).toEqual({ known: null, keep: null })
    expect(second.known).toBeNull()
    expect(cache.ask('question', 1).known).toEqual(answer(7))
    expect(cache.ask('another', 1).known).toBeNull()
  })

  it('gives it until something is written, and knows the question from then on', () => {
    const cache = createAnswerCache()
    cache.ask('question', 1)
    cache.ask('question', 1).keep?.(answer(1))

    const { known, keep } = cache.ask('question', 2)
    keep?.(answer(2))

    expect(known).toBeNull()
    expect(cache.ask('question', 2).known).toEqual(answer(2))
  })

  it('gives no answer during which something was written, whoever noticed that first', () => {
    const cache = createAnswerCache()
    cache.ask('question', 1)

    const { keep } = cache.ask('question', 1)
    cache.ask('another', 2)
    keep?.(answer(1))

    expect(cache.ask('question', 2).known).toBeNull()
  })

  it('neither keeps nor gives anything while the version cannot be told', () => {
    const cache = createAnswerCache()
    for (const _ of ['new', 'kept']) cache.ask('question', 1).keep?.(answer(1))

    cache.ask('another', null)
    expect(cache.ask('another', null)).toEqual({ known: null, keep: null })
    expect(cache.ask('question', null)).toEqual({ known: null, keep: null })
  })

  it('forgets those first that were not asked for longest, and keeps none of more than 2 MiB', () => {
    const cache = createAnswerCache()
    const mebibyte = 2 ** 20
    const keep = (question: string, size: number) => {
      for (const _ of ['new', 'kept']) cache.ask(question, 1).keep?.(answer(size))
    }
    for (let number = 0; number < 15; number++) keep(`${number}`, mebibyte)
    cache.ask('0', 1)
    keep('huge', 2 * mebibyte + 1)
    for (const name of ['one', 'two']) keep(name, mebibyte)

    const known = ['0', '1', '2', '3', '14', 'huge', 'one', 'two'].filter((question) => cache.ask(question, 1).known)

    expect(known).toEqual(['0', '3', '14', 'one', 'two'])
  })

  it('forgets questions as well', () => {
    const cache = createAnswerCache()
    cache.ask('question', 1)
    for (let number = 0; number < 16 * 1024; number++) cache.ask(`${number}`, 1)

    expect(cache.ask('question', 1).keep).toBeNull()
  })
})
