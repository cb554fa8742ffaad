// Messages over GraphQL: what became of them, in pages, and what can be done with those that were given up. Long,
// because whole answers stand here.

import { expect, it } from 'vitest'
import { startApp, type TestApp } from '../support/app.ts'
import { type NtfyServer, startNtfyServer } from '../support/ntfyServer.ts'
import { report } from '../support/report.ts'

/** An app that tells an ntfy server of every run, and of what is overdue. */
async function start(): Promise<{ app: TestApp; ntfy: NtfyServer }> {
  const app = await startApp()
  const ntfy = await startNtfyServer()
  const { errors } = await app.graphql(
    `mutation ($url: String!) {
      createChannel(input: { name: "Phone", settings: { ntfy: { url: $url, topic: "backups" } } }) { channel { id } }
      setNotificationRule(input: { channel: 1, events: [OVERDUE, FAILED, WARNING, SUCCESS], repeat: DAILY }) {
        notificationRule { id } }
    }`,
    { url: ntfy.url },
  )
  expect(errors).toBeUndefined()
  return { app, ntfy }
}

const hourly = (hour: number, changes: Parameters<typeof report>[0] = {}) =>
  report({ ...changes, data: { BeginTime: new Date(Date.UTC(2026, 6, 1, hour)).toISOString(), ...changes.data } })

const all = `
  id databaseId key event reminder title message priority tags createdAt status attempts nextAttemptAt endedAt answer
  channel { id } job { id } server { id } backup { id }`

it('shows a message from when it is written until the far end has taken it', async () => {
  const { app, ntfy } = await start()
  await app.post(
    report({ data: { ParsedResult: 'Error' }, logLines: ['2026-07-31 02:05:00 +00 - [Error-x]: no space'] }),
  )
  const read = async () => (await app.graphql(`{ notifications { totalCount nodes { ${all} } } }`)).data as Listed
  const before = await read()
  const { key } = before.notifications.nodes[0] ?? {}
  expect(before).toMatchInlineSnapshot(
    { notifications: { nodes: [{ key: expect.any(String) }] } },
    `
    {
      "notifications": {
        "nodes": [
          {
            "answer": null,
            "attempts": 0,
            "backup": {
              "id": "Backup:1",
            },
            "channel": {
              "id": "Channel:1",
            },
            "createdAt": "2026-08-01T12:00:00.000Z",
            "databaseId": 1,
            "endedAt": null,
            "event": "FAILED",
            "id": "Notification:1",
            "job": {
              "id": "BackupJob:1",
            },
            "key": Any<String>,
            "message": "no space
    Error at 2026-07-31 02:00 UTC. Errors: 0, warnings: 0.
    2026-07-31 02:05:00 +00 - [Error-x]: no space",
            "nextAttemptAt": "2026-08-01T12:00:00.000Z",
            "priority": "HIGH",
            "reminder": false,
            "server": {
              "id": "Server:1",
            },
            "status": "PENDING",
            "tags": [
              "rotating_light",
            ],
            "title": "Failed: Photos on nas",
          },
        ],
        "totalCount": 1,
      },
    }
  `,
  )
  app.setTime('2026-08-01T12:00:01Z')
  await app.deliver()
  expect((await read()).notifications.nodes).toEqual([
    {
      ...before.notifications.nodes[0],
      status: 'SENT',
      attempts: 1,
      nextAttemptAt: null,
      endedAt: '2026-08-01T12:00:01.000Z',
      answer: expect.stringContaining('"event":"message"'),
    },
  ])
  expect(ntfy.received).toMatchObject([{ key, title: before.notifications.nodes[0]?.title }])
})

it('shows why a message is not sent, and tries one again that was given up', async () => {
  const { app, ntfy } = await start()
  ntfy.next({ status: 500, body: 'out of order' }, { status: 400, body: 'no such topic' })
  await app.post(report())
  const read = async () => {
    const { data } = await app.graphql(
      '{ node(id: "Notification:1") { ... on Notification { status attempts nextAttemptAt endedAt answer } } }',
    )
    return (data as { node: object }).node
  }
  const retry = () =>
    app.graphql(
      'mutation { retryNotification(id: "Notification:1") { notification { id status attempts nextAttemptAt } } }',
    )
  await app.deliver()
  expect(await read()).toEqual({
    status: 'PENDING',
    attempts: 1,
    nextAttemptAt: '2026-08-01T12:00:30.000Z',
    endedAt: null,
    answer: expect.stringMatching(/ answered 500: out of order$/),
  })
  expect((await retry()).errors).toMatchObject([
    { message: 'There is no Notification:1 that was given up.', extensions: { code: 'NOT_FOUND' } },
  ])
  app.setTime('2026-08-01T12:01:00Z')
  await app.deliver()
  expect(await read()).toEqual({
    status: 'DEAD',
    attempts: 2,
    nextAttemptAt: null,
    endedAt: '2026-08-01T12:01:00.000Z',
    answer: expect.stringMatching(/ answered 400: no such topic$/),
  })
  expect(await retry()).toEqual({
    data: {
      retryNotification: {
        notification: {
          id: 'Notification:1',
          status: 'PENDING',
          attempts: 0,
          nextAttemptAt: '2026-08-01T12:01:00.000Z',
        },
      },
    },
  })
  await app.deliver()
  expect(await read()).toMatchObject({ status: 'SENT', attempts: 1 })
  expect(ntfy.received).toHaveLength(1)
})

it('gives up what waits for a channel that is switched off', async () => {
  const { app } = await start()
  await app.post(report())
  await app.graphql('mutation { updateChannel(id: 1, input: { enabled: false }) { channel { id } } }')
  await app.post(hourly(1))
  const { data } = await app.graphql('{ notifications { nodes { id status answer } } }')
  expect(data).toEqual({
    notifications: { nodes: [{ id: 'Notification:1', status: 'DEAD', answer: 'The channel was switched off.' }] },
  })
})

it('lists messages of a job, a server and a channel, and those of which something became', async () => {
  const { app, ntfy } = await start()
  // Job 1 and 2 are on server 1, job 3 is on server 2; the first message is given up, the last two wait.
  ntfy.next({ status: 400 })
  await app.post(hourly(1))
  await app.deliver()
  const { errors } = await app.graphql(`mutation {
    createChannel(input: { name: "Tablet", settings: { ntfy: { url: "${ntfy.url}", topic: "night" } } }) { channel { id } }
    setNotificationRule(input: { channel: 2, job: 1, events: [SUCCESS] }) { notificationRule { id } }
  }`)
  expect(errors).toBeUndefined()
  const mail = { 'backup-id': 'DB-2', 'backup-name': 'Mail' }
  const web = { 'machine-id': 'machine-2', 'machine-name': 'web' }
  for (const one of [hourly(1, { extra: mail }), hourly(1, { extra: web }), hourly(2)]) {
    await app.post(one)
    await app.deliver()
  }
  await app.post(hourly(3))
  const list = async (filter: string, order = 'ASC') => {
    const query = `{ notifications(filter: { ${filter} }, orderBy: CREATED_AT_${order}) { totalCount nodes { databaseId } } }`
    const { notifications } = (await app.graphql(query)).data as Listed
    expect(notifications.totalCount).toBe(notifications.nodes.length)
    return notifications.nodes.map(({ databaseId }) => databaseId)
  }
  const every = await list('')
  expect(await list('', 'DESC')).toEqual([...every].reverse())
  const statuses = Object.fromEntries(
    await Promise.all(
      ['PENDING', 'SENDING', 'SENT', 'DEAD'].map(async (status) => [status, await list(`status: [${status}]`)]),
    ),
  )
  const lists = {
    job: await list('job: 1'),
    server: await list('server: "Server:1"'),
    channel: await list('channel: 2'),
    both: await list('server: 1, channel: "Channel:1"'),
    some: await list('status: [SENT, DEAD, SENT]'),
    ofJob: await list('job: "BackupJob:1", status: [PENDING, DEAD]'),
    none: await list('status: []'),
  }
  expect({ every, statuses, lists }).toMatchInlineSnapshot(`
    {
      "every": [
        1,
        2,
        3,
        4,
        5,
        6,
        7,
      ],
      "lists": {
        "both": [
          1,
          2,
          5,
          7,
        ],
        "channel": [
          4,
          6,
        ],
        "job": [
          1,
          4,
          5,
          6,
          7,
        ],
        "none": [],
        "ofJob": [
          1,
          6,
          7,
        ],
        "server": [
          1,
          2,
          4,
          5,
          6,
          7,
        ],
        "some": [
          1,
          2,
          3,
          4,
          5,
        ],
      },
      "statuses": {
        "DEAD": [
          1,
        ],
        "PENDING": [
          6,
          7,
        ],
        "SENDING": [],
        "SENT": [
          2,
          3,
          4,
          5,
        ],
      },
    }
  `)
  const nested = await app.graphql(`{
    channels { nodes { notifications(filter: { status: [SENT] }) { nodes { databaseId } } } }
    servers { nodes { notifications { nodes { databaseId } } jobs { notifications { totalCount nodes { databaseId } } } } }
  }`)
  expect(nested).toMatchInlineSnapshot(`
    {
      "data": {
        "channels": {
          "nodes": [
            {
              "notifications": {
                "nodes": [
                  {
                    "databaseId": 5,
                  },
                  {
                    "databaseId": 3,
                  },
                  {
                    "databaseId": 2,
                  },
                ],
              },
            },
            {
              "notifications": {
                "nodes": [
                  {
                    "databaseId": 4,
                  },
                ],
              },
            },
          ],
        },
        "servers": {
          "nodes": [
            {
              "jobs": [
                {
                  "notifications": {
                    "nodes": [
                      {
                        "databaseId": 2,
                      },
                    ],
                    "totalCount": 1,
                  },
                },
                {
                  "notifications": {
                    "nodes": [
                      {
                        "databaseId": 7,
                      },
                      {
                        "databaseId": 6,
                      },
                      {
                        "databaseId": 5,
                      },
                      {
                        "databaseId": 4,
                      },
                      {
                        "databaseId": 1,
                      },
                    ],
                    "totalCount": 5,
                  },
                },
              ],
              "notifications": {
                "nodes": [
                  {
                    "databaseId": 7,
                  },
                  {
                    "databaseId": 6,
                  },
                  {
                    "databaseId": 5,
                  },
                  {
                    "databaseId": 4,
                  },
                  {
                    "databaseId": 2,
                  },
                  {
                    "databaseId": 1,
                  },
                ],
              },
            },
            {
              "jobs": [
                {
                  "notifications": {
                    "nodes": [
                      {
                        "databaseId": 3,
                      },
                    ],
                    "totalCount": 1,
                  },
                },
              ],
              "notifications": {
                "nodes": [
                  {
                    "databaseId": 3,
                  },
                ],
              },
            },
          ],
        },
      },
    }
  `)
})

it('goes through pages while messages come', async () => {
  const { app } = await start()
  for (let hour = 1; hour <= 5; hour++) await app.post(hourly(hour))
  const page = async (args: string) =>
    (
      (
        await app.graphql(
          `{ notifications(${args}) { nodes { databaseId } pageInfo { hasNextPage startCursor endCursor } } }`,
        )
      ).data as Listed
    ).notifications
  const numbers = ({ nodes }: Listed['notifications']) => nodes.map(({ databaseId }) => databaseId)
  const first = await page('first: 2')
  await app.post(hourly(6))
  const second = await page(`first: 2, after: "${first.pageInfo.endCursor}"`)
  const third = await page(`first: 2, after: "${second.pageInfo.endCursor}"`)
  expect([first, second, third].map(numbers)).toEqual([[5, 4], [3, 2], [1]])
  expect([first, second, third].map(({ pageInfo }) => pageInfo.hasNextPage)).toEqual([true, true, false])
  expect(numbers(await page(`last: 2, before: "${third.pageInfo.startCursor}"`))).toEqual([3, 2])
  expect(numbers(await page('first: 1, orderBy: CREATED_AT_ASC'))).toEqual([1])
})

it.each([
  ['filter: { server: "Backup:1" }', 'filter.server'],
  ['filter: { job: "x" }', 'filter.job'],
  ['filter: { channel: "Server:1" }', 'filter.channel'],
  ['first: 101', 'first'],
  ['after: "x"', 'after'],
])('answers %s with where it is wrong', async (args, path) => {
  const app = await startApp()
  const { errors } = await app.graphql(`{ notifications(${args}) { totalCount nodes { id } } }`)
  expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT', issues: [{ path }] } }])
})

interface Listed {
  notifications: {
    totalCount: number
    nodes: { databaseId: number; key: string; title: string }[]
    pageInfo: { hasNextPage: boolean; startCursor: string; endCursor: string }
  }
}
