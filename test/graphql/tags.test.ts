// Tags over GraphQL: how people put them on servers and jobs, what they count for, and what becomes of them.

import { describe, expect, it } from 'vitest'
import { startApp, type TestApp } from '../support/app.ts'
import { diceFor } from '../support/random.ts'
import { report } from '../support/report.ts'

/** Reports a run of a job; day and hour of July. */
const send = async (app: TestApp, machine: string, job: string, hour = 0, more: Record<string, unknown> = {}) => {
  const begin = new Date(Date.UTC(2026, 6, 1, hour)).toISOString()
  const extra = { 'machine-id': machine, 'machine-name': machine, 'backup-id': `DB-${job}`, 'backup-name': job }
  const { status } = await app.post(report({ extra, data: { BeginTime: begin, EndTime: begin, ...more } }))
  expect(status).toBe(200)
}

/** What updateServer or updateBackupJob answers. */
const put = async (app: TestApp, what: 'server' | 'backupJob', id: unknown, input: object) => {
  const name = what === 'server' ? 'Server' : 'BackupJob'
  const answer = await app.graphql(
    `mutation ($id: ID!, $input: Update${name}Input!) { update${name}(id: $id, input: $input) { ${what} { tags updatedAt } } }`,
    { id, input },
  )
  return (answer.data as Record<string, Record<string, object>> | null)?.[`update${name}`]?.[what] ?? answer.errors
}

const data = async (app: TestApp, query: string, variables = {}) => {
  const answer = await app.graphql(query, variables)
  expect(answer.errors).toBeUndefined()
  return answer.data as Record<string, never>
}

describe.each(['server', 'backupJob'] as const)('of a %s', (what) => {
  it('are replaced by those that are given, left where they are left out, and cleared by null or nothing', async () => {
    const app = await startApp()
    await send(app, 'nas', 'Photos')
    const was = '2026-08-01T12:00:00.000Z'
    app.setTime('2026-08-02T00:00:00Z')
    const first = { tags: ['cellar', 'off site'], updatedAt: '2026-08-02T00:00:00.000Z' }
    expect(await put(app, what, 1, { tags: [] })).toEqual({ tags: [], updatedAt: was })
    expect(await put(app, what, 1, { tags: ['Off  Site', ' cellar', 'CELLAR'] })).toEqual(first)
    app.setTime('2026-08-03T00:00:00Z')
    const second = '2026-08-03T00:00:00.000Z'
    expect(await put(app, what, 1, { tags: ['cellar', 'off site'] })).toEqual(first)
    expect(await put(app, what, 1, { notes: 'new' })).toEqual({ ...first, updatedAt: second })
    expect(await put(app, what, 1, { tags: ['b', 'a'] })).toEqual({ tags: ['a', 'b'], updatedAt: second })
    expect(await put(app, what, 1, { tags: null })).toEqual({ tags: [], updatedAt: second })
    await put(app, what, 1, { tags: ['c'] })
    expect(await put(app, what, 1, { tags: [] })).toEqual({ tags: [], updatedAt: second })
  })

  it('are up to 50, of up to 50 characters', async () => {
    const app = await startApp()
    await send(app, 'nas', 'Photos')
    const many = (count: number) => Array.from({ length: count }, (_, index) => `t${index + 100}`)
    expect(await put(app, what, 1, { tags: [...many(50), 'T100 '] })).toMatchObject({ tags: many(50) })
    expect(await put(app, what, 1, { tags: [`  ${'x'.repeat(50)}`] })).toMatchObject({ tags: ['x'.repeat(50)] })
    const refused = (path: string, message: string) => [
      { extensions: { code: 'BAD_USER_INPUT', issues: [{ path, message }] } },
    ]
    expect(await put(app, what, 1, { tags: many(51) })).toMatchObject(
      refused('tags', 'must not hold more than 50 tags'),
    )
    expect(await put(app, what, 1, { tags: ['a', 'x'.repeat(51)] })).toMatchObject(
      refused('tags.1', 'must not exceed 50 characters'),
    )
    expect(await put(app, what, 1, { tags: [' \n'] })).toMatchObject(refused('tags.0', 'must not be blank'))
    expect(await put(app, what, 1, {})).toMatchObject({ tags: ['x'.repeat(50)] })
  })

  it('are not changed by somebody who read them before somebody else changed them', async () => {
    const app = await startApp()
    await send(app, 'nas', 'Photos')
    app.setTime('2026-08-02T00:00:00Z')
    await put(app, what, 1, { tags: ['a'] })
    expect(await put(app, what, 1, { tags: ['b'], ifUnmodifiedSince: '2026-08-01T12:00:00Z' })).toMatchObject([
      { extensions: { code: 'CONFLICT' } },
    ])
    expect(await put(app, what, 1, {})).toMatchObject({ tags: ['a'] })
  })

  it('go with it', async () => {
    const app = await startApp()
    await send(app, 'nas', 'Photos')
    await put(app, what, 1, { tags: ['a'] })
    const name = what === 'server' ? 'Server' : 'BackupJob'
    expect(await data(app, `mutation { delete${name}(id: 1) { deleted${name} { tags } } }`)).toEqual({
      [`delete${name}`]: { [`deleted${name}`]: { tags: ['a'] } },
    })
    await send(app, 'nas', 'Photos', 1)
    expect(await data(app, '{ tags { name } servers { nodes { tags jobs { tags } } } }')).toEqual({
      tags: [],
      servers: { nodes: [{ tags: [], jobs: [{ tags: [] }] }] },
    })
  })
})

it('of a server are heard by those who listen for its changes', async () => {
  const app = await startApp()
  await send(app, 'nas', 'Photos')
  const response = await app.fetch('/graphql', {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'text/event-stream' },
    body: JSON.stringify({ query: 'subscription { serverUpdated { id tags } }' }),
  })
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader()
  await put(app, 'server', 1, { tags: ['b', 'A'] })
  let heard = ''
  while (!heard.includes('"tags"')) heard += (await reader?.read())?.value ?? ''
  expect(heard).toContain('{"data":{"serverUpdated":{"id":"Server:1","tags":["a","b"]}}}')
  await reader?.cancel()
})

describe('tags', () => {
  it('are all that something carries, with how many jobs they count for and how the worst stands', async () => {
    const app = await startApp()
    await send(app, 'nas', 'Photos')
    await send(app, 'nas', 'Music', 0, { ParsedResult: 'Error', Errors: ['e'] })
    await send(app, 'web', 'Sites', 0, { ParsedResult: 'Warning', Warnings: ['w'] })
    await send(app, 'old', 'Mail')
    await app.graphql('mutation { deleteBackupJob(id: 4) { deletedBackups } }')
    await put(app, 'server', 1, { tags: ['home', 'both'] })
    await put(app, 'server', 3, { tags: ['empty', 'home'] })
    await put(app, 'backupJob', 1, { tags: ['home', 'photos'] })
    await put(app, 'backupJob', 3, { tags: ['both', 'paused'] })
    await app.graphql('mutation { pauseJob(id: 3) { backupJob { id } } }')
    expect(await data(app, '{ tags { name jobs servers state } }')).toEqual({
      tags: [
        { name: 'both', jobs: 3, servers: 1, state: 'FAILED' },
        { name: 'empty', jobs: 0, servers: 1, state: 'NEW' },
        { name: 'home', jobs: 2, servers: 2, state: 'FAILED' },
        { name: 'paused', jobs: 1, servers: 0, state: 'PAUSED' },
        { name: 'photos', jobs: 1, servers: 0, state: 'OK' },
      ],
    })
  })

  it('of both are on the one that is left of two', async () => {
    const app = await startApp()
    await send(app, 'nas', 'Photos')
    await send(app, 'web', 'Photos', 1)
    await send(app, 'web', 'Sites', 1)
    await put(app, 'server', 1, { tags: ['a', 'b'] })
    await put(app, 'server', 2, { tags: ['b', 'c'] })
    await put(app, 'backupJob', 1, { tags: ['x', 'y'] })
    await put(app, 'backupJob', 2, { tags: ['y', 'z'] })
    await put(app, 'backupJob', 3, { tags: ['sites'] })
    await data(app, 'mutation { mergeServers(from: 2, into: 1) { movedJobs mergedJobs } }')
    expect(await data(app, '{ servers { nodes { id tags jobs { id tags } } } }')).toEqual({
      servers: {
        nodes: [
          {
            id: 'Server:1',
            tags: ['a', 'b', 'c'],
            jobs: [
              { id: 'BackupJob:1', tags: ['x', 'y', 'z'] },
              { id: 'BackupJob:3', tags: ['sites'] },
            ],
          },
        ],
      },
    })
    await data(app, 'mutation { mergeBackupJobs(from: 3, into: 1) { movedBackups } }')
    expect(await data(app, '{ backupJobs { nodes { id tags } } }')).toEqual({
      backupJobs: { nodes: [{ id: 'BackupJob:1', tags: ['sites', 'x', 'y', 'z'] }] },
    })
  })

  it('are on both that a split makes', async () => {
    const app = await startApp()
    await send(app, 'nas', 'Photos')
    await send(app, 'web', 'Photos', 1)
    await data(app, 'mutation { mergeServers(from: 2, into: 1) { movedBackups } }')
    await put(app, 'server', 1, { tags: ['a', 'b'] })
    await put(app, 'backupJob', 1, { tags: ['x', 'y'] })
    await data(app, 'mutation { splitServer(id: 1, machineIds: ["web"]) { movedBackups } }')
    const alike = { tags: ['a', 'b'], jobs: [{ tags: ['x', 'y'] }] }
    expect(await data(app, '{ servers { nodes { tags jobs { tags } } } }')).toEqual({
      servers: { nodes: [alike, alike] },
    })
  })

  it('are on both jobs that a split makes', async () => {
    const app = await startApp()
    await send(app, 'nas', 'Photos')
    await send(app, 'nas', 'Music', 1)
    await data(app, 'mutation { mergeBackupJobs(from: 2, into: 1) { movedBackups } }')
    await put(app, 'backupJob', 1, { tags: ['x', 'y'] })
    await data(app, 'mutation { splitBackupJob(id: 1, backupIds: ["DB-Music"]) { movedBackups } }')
    expect(await data(app, '{ backupJobs { nodes { name tags } } }')).toEqual({
      backupJobs: {
        nodes: [
          { name: 'Music', tags: ['x', 'y'] },
          { name: 'Photos', tags: ['x', 'y'] },
        ],
      },
    })
  })
})

describe('filter.tag', () => {
  // Few jobs are read one by one, many all at once.
  it.each([
    ['of few jobs', 4, 3],
    ['of more than a hundred', 12, 14],
  ])(
    'restricts servers, jobs and runs to those %s that the tag counts for',
    async (_, servers, jobs) => {
      const app = await startApp()
      const dice = diceFor(5, servers)
      const some = () => ['a', 'b', 'c'].filter(() => dice.chance(0.5))
      const tagsOfServer: string[][] = []
      const all: { id: string; server: string; tags: string[] }[] = []
      for (let server = 1; server <= servers; server += 1) {
        const ofServer = some()
        for (let job = 1; job <= jobs; job += 1) {
          await send(app, `m${server}`, `J${job}`, dice.below(500))
          const tags = some()
          all.push({ id: `BackupJob:${all.length + 1}`, server: `Server:${server}`, tags: [...ofServer, ...tags] })
          await put(app, 'backupJob', all.length, { tags })
        }
        tagsOfServer.push(ofServer)
        await put(app, 'server', server, { tags: ofServer })
      }
      for (let run = 0; run < 40; run += 1) {
        await send(app, `m${1 + dice.below(servers)}`, `J${1 + dice.below(jobs)}`, dice.below(500))
      }
      type Run = { id: string; beganAt: string; status: string; job: { id: string } }
      const allRuns: Run[] = []
      for (let after: string | null = null; ; ) {
        const { backups } = (await data(
          app,
          `query ($after: String) { backups(first: 100, after: $after) {
          nodes { id beganAt status job { id } } pageInfo { endCursor hasNextPage } } }`,
          { after },
        )) as unknown as { backups: { nodes: Run[]; pageInfo: { endCursor: string; hasNextPage: boolean } } }
        allRuns.push(...backups.nodes)
        if (!backups.pageInfo.hasNextPage) break
        after = backups.pageInfo.endCursor
      }
      expect(allRuns.length).toBeGreaterThan(all.length)
      for (const tag of ['a', ' B', 'C', 'd', '']) {
        const name = tag.trim().toLowerCase()
        const wanted = all.filter(({ tags }) => tags.includes(name)).map(({ id }) => id)
        if ('abc'.includes(name || ' ')) expect(wanted.length > 100).toBe(servers === 12)
        const runs = allRuns.filter(({ job }) => wanted.includes(job.id))
        const found = await data(
          app,
          `query ($tag: String) {
          servers(first: 100, orderBy: LAST_SEEN_ASC, filter: { tag: $tag }) { totalCount nodes { id } }
          backupJobs(first: 100, filter: { tag: $tag }) { totalCount nodes { id } }
          newest: backups(first: 30, filter: { tag: $tag }) { totalCount nodes { id beganAt status job { id } } }
          oldest: backups(last: 30, filter: { tag: $tag, status: [SUCCESS, WARNING] }) { totalCount nodes { id beganAt status job { id } } }
        }`,
          { tag },
        )
        const count = tagsOfServer.filter((tags) => tags.includes(name)).length
        expect(found).toMatchObject({
          servers: { totalCount: count, nodes: { length: count } },
          backupJobs: { totalCount: wanted.length, nodes: { length: Math.min(100, wanted.length) } },
          newest: { totalCount: runs.length, nodes: runs.slice(0, 30) },
          oldest: { totalCount: runs.length, nodes: runs.slice(-30) },
        })
        const { nodes } = found.backupJobs as unknown as { nodes: { id: string }[] }
        expect(nodes.filter(({ id }) => !wanted.includes(id))).toEqual([])
      }
    },
    60_000,
  )

  it('goes together with the others, and with pages', async () => {
    const app = await startApp()
    for (const [hour, machine, job] of [
      [1, 'nas', 'Photos'],
      [2, 'web', 'Photos'],
      [3, 'nas', 'Music'],
      [4, 'nas', 'Photos'],
      [5, 'nas', 'Mail'],
    ] as const)
      await send(app, machine, job, hour)
    await put(app, 'backupJob', 1, { tags: ['a'] })
    await put(app, 'backupJob', 3, { tags: ['a'] })
    const page = async (after: string | null) =>
      (
        (await data(
          app,
          'query ($after: String) { backups(first: 2, after: $after, filter: { server: 1, tag: "a" }) { nodes { id } pageInfo { endCursor hasNextPage } } }',
          { after },
        )) as unknown as { backups: { nodes: object[]; pageInfo: { endCursor: string; hasNextPage: boolean } } }
      ).backups
    const first = await page(null)
    const second = await page(first.pageInfo.endCursor)
    expect([first.nodes, first.pageInfo.hasNextPage, second.nodes, second.pageInfo.hasNextPage]).toEqual([
      [{ id: 'Backup:4' }, { id: 'Backup:3' }],
      true,
      [{ id: 'Backup:1' }],
      false,
    ])
    expect(
      await data(
        app,
        `{ backupJobs(filter: { server: 1, tag: "a", search: "mus" }) { nodes { name } }
           none: backups(filter: { job: 4, tag: "a" }) { totalCount nodes { id } } }`,
      ),
    ).toEqual({ backupJobs: { nodes: [{ name: 'Music' }] }, none: { totalCount: 0, nodes: [] } })
  })
})

describe('a notification rule of a tag', () => {
  const rule = async (app: TestApp, input: object) => {
    const mutation = `mutation ($input: SetNotificationRuleInput!) { setNotificationRule(input: $input) {
      notificationRule { id tag server { id } job { id } events repeat } } }`
    const answer = await app.graphql(mutation, { input: { channel: 1, ...input } })
    return (
      (answer.data as { setNotificationRule: { notificationRule: object } } | null)?.setNotificationRule
        .notificationRule ?? answer.errors
    )
  }
  /** An app with a channel; nothing is sent: what is written counts. */
  const start = async () => {
    const app = await startApp()
    await app.graphql(
      'mutation { createChannel(input: { name: "Phone", settings: { ntfy: { url: "http://127.0.0.1:9", topic: "x" } } }) { channel { id } } }',
    )
    return app
  }
  const told = async (app: TestApp) =>
    (
      (await data(app, '{ notifications(first: 100) { nodes { event job { id } } } }')) as never as {
        notifications: { nodes: { event: string; job: { id: string } }[] }
      }
    ).notifications.nodes.map(({ event, job }) => `${job.id} ${event}`)

  it('is set, shown, replaced and deleted, and stands also while nothing carries the tag', async () => {
    const app = await start()
    const first = {
      id: 'NotificationRule:1',
      tag: 'off site',
      server: null,
      job: null,
      events: ['FAILED'],
      repeat: 'ONCE',
    }
    expect(await rule(app, { tag: ' Off  Site', events: ['FAILED'] })).toEqual(first)
    expect(await rule(app, { tag: 'off site', events: [], repeat: 'DAILY' })).toEqual({
      ...first,
      events: [],
      repeat: 'DAILY',
    })
    expect(await rule(app, { tag: 'other', events: [] })).toMatchObject({ id: 'NotificationRule:3', tag: 'other' })
    expect(await data(app, '{ channels { nodes { rules { tag } } } tags { name } }')).toEqual({
      channels: { nodes: [{ rules: [{ tag: 'off site' }, { tag: 'other' }] }] },
      tags: [],
    })
    expect(await data(app, 'mutation { deleteNotificationRule(id: 1) { deletedNotificationRule { tag } } }')).toEqual({
      deleteNotificationRule: { deletedNotificationRule: { tag: 'off site' } },
    })
  })

  it.each([
    [{ tag: 'a', job: 1 }, 'tag', 'must be left out if job is given'],
    [{ tag: 'a', server: 1 }, 'tag', 'must be left out if server is given'],
    [{ tag: ' ' }, 'tag', 'must not be blank'],
    [{ tag: 'x'.repeat(51) }, 'tag', 'must not exceed 50 characters'],
  ])('is refused with %j', async (input, path, message) => {
    const app = await start()
    await send(app, 'nas', 'Photos')
    expect(await rule(app, { ...input, events: [] })).toMatchObject([
      { extensions: { code: 'BAD_USER_INPUT', issues: [{ path, message }] } },
    ])
  })

  it('counts before that of the server if the job carries the tag, and after it if the server does', async () => {
    const app = await start()
    for (const job of ['Photos', 'Music']) await send(app, 'nas', job)
    await send(app, 'web', 'Sites')
    await rule(app, { tag: 'a', events: ['SUCCESS'] })
    const step = async (hour: number) => {
      const before = (await told(app)).length
      for (const job of ['Photos', 'Music']) await send(app, 'nas', job, hour)
      await send(app, 'web', 'Sites', hour)
      const all = await told(app)
      return all.slice(0, all.length - before).reverse()
    }
    expect(await step(1)).toEqual([])
    await put(app, 'backupJob', 1, { tags: ['a'] })
    expect(await step(2)).toEqual(['BackupJob:1 SUCCESS'])
    await put(app, 'server', 2, { tags: ['A'] })
    expect(await step(3)).toEqual(['BackupJob:1 SUCCESS', 'BackupJob:3 SUCCESS'])
    await rule(app, { server: 1, events: [] })
    await rule(app, { server: 2, events: [] })
    expect(await step(4)).toEqual(['BackupJob:1 SUCCESS'])
    await rule(app, { job: 1, events: [] })
    expect(await step(5)).toEqual([])
    await data(app, 'mutation { deleteNotificationRule(id: "NotificationRule:4") { deletedNotificationRule { id } } }')
    await put(app, 'backupJob', 1, { tags: null })
    expect(await step(6)).toEqual([])
  })

  it('adds up with that of another tag of the job', async () => {
    const app = await start()
    await send(app, 'nas', 'Photos')
    await put(app, 'backupJob', 1, { tags: ['a', 'b', 'silent'] })
    await rule(app, { tag: 'silent', events: [] })
    await rule(app, { tag: 'a', events: ['SUCCESS'] })
    await rule(app, { tag: 'b', events: ['FAILED'] })
    await rule(app, { events: ['WARNING'] })
    await send(app, 'nas', 'Photos', 1)
    await send(app, 'nas', 'Photos', 2, { ParsedResult: 'Warning', Warnings: ['w'] })
    await send(app, 'nas', 'Photos', 3, { ParsedResult: 'Error', Errors: ['e'] })
    expect(await told(app)).toEqual(['BackupJob:1 FAILED', 'BackupJob:1 SUCCESS'])
  })
})
