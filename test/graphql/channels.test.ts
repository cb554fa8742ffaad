// Channels and their rules over GraphQL: how they are made, changed, tried and removed, and what of them is never shown. Long,
// because every kind has its own settings and its own faults.

import { describe, expect, it } from 'vitest'
import { startApp, type TestApp } from '../support/app.ts'
import { startMailServer } from '../support/mailServer.ts'
import { startNtfyServer } from '../support/ntfyServer.ts'
import { report } from '../support/report.ts'
import { everyFieldOf } from '../support/selection.ts'
import { startWebhookReceiver } from '../support/webhookReceiver.ts'

const create = (app: TestApp, input: object) =>
  app.graphql(
    `mutation ($input: CreateChannelInput!) { createChannel(input: $input) { channel ${everyFieldOf('Channel', 2)} } }`,
    { input },
  )
const update = (app: TestApp, id: unknown, input: object) =>
  app.graphql(
    `mutation ($id: ID!, $input: UpdateChannelInput!) {
      updateChannel(id: $id, input: $input) { channel ${everyFieldOf('Channel', 2)} } }`,
    { id, input },
  )
const test = (app: TestApp, channel: unknown) =>
  app.graphql('mutation ($channel: ID!) { testNotification(channel: $channel) { delivered answer } }', { channel })
const setRule = (app: TestApp, input: object) =>
  app.graphql(
    `mutation ($input: SetNotificationRuleInput!) { setNotificationRule(input: $input) {
      notificationRule { id channel { id } server { id } job { id } events repeat createdAt updatedAt } } }`,
    { input },
  )

const secrets = {
  accessToken: 'tk_very_secret',
  password: 'correct horse',
  secret: `whsec_${Buffer.from('a secret of twenty-four bytes at least').toString('base64')}`,
}
const { accessToken, password, secret } = secrets
const mail = { host: 'mail.example.org', from: 'backups@example.org', to: ['ops@example.org'] }
const later = '2026-08-02T00:00:00.000Z'

describe('createChannel', () => {
  it('makes a channel of each kind, with the defaults of what is left out, and shows no secret', async () => {
    const app = await startApp()
    expect(
      await create(app, { name: ' Phone ', settings: { ntfy: { topic: 'backups', accessToken } } }),
    ).toMatchInlineSnapshot(`
      {
        "data": {
          "createChannel": {
            "channel": {
              "__typename": "Channel",
              "createdAt": "2026-08-01T12:00:00.000Z",
              "databaseId": 1,
              "digest": null,
              "enabled": true,
              "id": "Channel:1",
              "kind": "NTFY",
              "name": "Phone",
              "rules": [],
              "settings": {
                "__typename": "NtfySettings",
                "accessTokenSet": true,
                "topic": "backups",
                "url": "https://ntfy.sh/",
              },
              "updatedAt": "2026-08-01T12:00:00.000Z",
            },
          },
        },
      }
    `)
    expect(
      await create(app, { name: 'Ops', settings: { email: { ...mail, user: 'backups', password } } }),
    ).toMatchInlineSnapshot(`
      {
        "data": {
          "createChannel": {
            "channel": {
              "__typename": "Channel",
              "createdAt": "2026-08-01T12:00:00.000Z",
              "databaseId": 2,
              "digest": null,
              "enabled": true,
              "id": "Channel:2",
              "kind": "EMAIL",
              "name": "Ops",
              "rules": [],
              "settings": {
                "__typename": "EmailSettings",
                "allowUntrustedCertificate": false,
                "from": "backups@example.org",
                "host": "mail.example.org",
                "passwordSet": true,
                "port": null,
                "security": "STARTTLS",
                "to": [
                  "ops@example.org",
                ],
                "user": "backups",
              },
              "updatedAt": "2026-08-01T12:00:00.000Z",
            },
          },
        },
      }
    `)
    expect(
      await create(app, { name: 'Chat', settings: { webhook: { url: 'https://chat.example.org/x', secret } } }),
    ).toMatchInlineSnapshot(`
      {
        "data": {
          "createChannel": {
            "channel": {
              "__typename": "Channel",
              "createdAt": "2026-08-01T12:00:00.000Z",
              "databaseId": 3,
              "digest": null,
              "enabled": true,
              "id": "Channel:3",
              "kind": "WEBHOOK",
              "name": "Chat",
              "rules": [],
              "settings": {
                "__typename": "WebhookSettings",
                "secretSet": true,
                "url": "https://chat.example.org/x",
              },
              "updatedAt": "2026-08-01T12:00:00.000Z",
            },
          },
        },
      }
    `)
    expect(await create(app, { name: 'Public', settings: { ntfy: { topic: 'all', url: null } } })).toMatchObject({
      data: { createChannel: { channel: { settings: { url: 'https://ntfy.sh/', accessTokenSet: false } } } },
    })
    const { data } = await app.graphql(
      '{ channels { totalCount nodes { id kind name } } node(id: "Channel:2") { id } }',
    )
    expect(data).toEqual({
      channels: {
        totalCount: 4,
        nodes: [
          { id: 'Channel:1', kind: 'NTFY', name: 'Phone' },
          { id: 'Channel:2', kind: 'EMAIL', name: 'Ops' },
          { id: 'Channel:3', kind: 'WEBHOOK', name: 'Chat' },
          { id: 'Channel:4', kind: 'NTFY', name: 'Public' },
        ],
      },
      node: { id: 'Channel:2' },
    })
  })

  it('says everything that is wrong at once, where it stands', async () => {
    const app = await startApp()
    const settings = { email: { ...mail, port: 0, to: ['ops@example.org', 'nobody'], user: 'backups' } }
    expect((await create(app, { name: ' ', settings })).errors).toMatchInlineSnapshot(`
      [
        {
          "extensions": {
            "code": "BAD_USER_INPUT",
            "issues": [
              {
                "message": "must not be blank",
                "path": "name",
              },
              {
                "message": "must be 1 or more",
                "path": "settings.email.port",
              },
              {
                "message": "must be an address, like ops@example.org or Backups <backups@example.org>",
                "path": "settings.email.to.1",
              },
              {
                "message": "must be set, as there is a user",
                "path": "settings.email.password",
              },
            ],
          },
          "locations": [
            {
              "column": 42,
              "line": 1,
            },
          ],
          "message": "The channel cannot be made like this: name: must not be blank; settings.email.port: must be 1 or more; settings.email.to.1: must be an address, like ops@example.org or Backups <backups@example.org>; settings.email.password: must be set, as there is a user",
          "path": [
            "createChannel",
          ],
        },
      ]
    `)
    expect(
      (await create(app, { name: 'x', settings: { ntfy: { topic: 'a b', accessToken: 'ä' } } })).errors,
    ).toMatchInlineSnapshot(`
      [
        {
          "extensions": {
            "code": "BAD_USER_INPUT",
            "issues": [
              {
                "message": "must be 1 to 64 letters, digits, - and _",
                "path": "settings.ntfy.topic",
              },
              {
                "message": "must be a token: 1 to 200 letters, digits and signs without spaces",
                "path": "settings.ntfy.accessToken",
              },
            ],
          },
          "locations": [
            {
              "column": 42,
              "line": 1,
            },
          ],
          "message": "The channel cannot be made like this: settings.ntfy.topic: must be 1 to 64 letters, digits, - and _; settings.ntfy.accessToken: must be a token: 1 to 200 letters, digits and signs without spaces",
          "path": [
            "createChannel",
          ],
        },
      ]
    `)
    expect(await app.graphql('{ channels { totalCount } }')).toEqual({ data: { channels: { totalCount: 0 } } })
  })

  it.each([
    [{ name: 'x', settings: {} }, 'input.settings'],
    [
      { name: 'x', settings: { ntfy: { topic: 'a' }, webhook: { url: 'https://a.example', secret } } },
      'input.settings',
    ],
    [{ name: 'x', settings: { ntfy: {} } }, 'input.settings.ntfy'],
    [{ settings: { ntfy: { topic: 'a' } } }, 'input'],
  ])('refuses what is of no kind, or not complete: %j', async (input, path) => {
    const app = await startApp()
    expect((await create(app, input)).errors).toMatchObject([
      { extensions: { code: 'BAD_USER_INPUT', issues: [{ path }] } },
    ])
  })
})

describe('updateChannel', () => {
  it('changes what is given, leaves what is left out, and clears what is null', async () => {
    const app = await startApp()
    await create(app, { name: 'Phone', settings: { ntfy: { topic: 'backups', accessToken } } })
    app.setTime(later)
    const settings = { __typename: 'NtfySettings', url: 'https://ntfy.sh/', topic: 'backups', accessTokenSet: true }
    const channel = { name: 'Phone', enabled: true, settings, updatedAt: later }
    const answer = (changed: object) => ({ data: { updateChannel: { channel: changed } } })
    expect(await update(app, 'Channel:1', { name: 'Tablet' })).toMatchObject(answer({ ...channel, name: 'Tablet' }))
    expect(await update(app, 1, { enabled: false })).toMatchObject(
      answer({ ...channel, name: 'Tablet', enabled: false }),
    )
    expect(await update(app, 1, { settings: { ntfy: { topic: 'night' } } })).toMatchObject(
      answer({ enabled: false, settings: { ...settings, topic: 'night' } }),
    )
    expect(await update(app, 1, { settings: { ntfy: { accessToken: null } } })).toMatchObject(
      answer({ settings: { ...settings, topic: 'night', accessTokenSet: false } }),
    )
  })

  it('says everything that is wrong at once, where it stands', async () => {
    const app = await startApp()
    await create(app, { name: 'Phone', settings: { ntfy: { topic: 'backups', accessToken } } })
    const issuesOf = async (input: object, id = 1) => {
      const { errors } = await update(app, id, input)
      const [{ extensions }] = errors as [{ extensions: { code: string; issues?: unknown } }]
      return extensions.issues ?? extensions.code
    }
    expect(await issuesOf({ name: null, enabled: null, settings: { ntfy: { topic: null } } })).toEqual([
      { path: 'name', message: 'must be text' },
      { path: 'enabled', message: 'must be true or false' },
      { path: 'settings.ntfy.topic', message: 'must be set' },
    ])
    // Whoever may change a channel must not have its token sent to himself.
    expect(await issuesOf({ settings: { ntfy: { url: 'https://elsewhere.example' } } })).toEqual([
      { path: 'settings.ntfy.accessToken', message: 'must be given again, because url has changed' },
    ])
    expect(await issuesOf({ settings: { email: { host: 'mail' } } })).toEqual([
      { path: 'settings.email', message: 'is of another kind; the channel is of the kind NTFY' },
    ])
    expect(await issuesOf({ name: 'x' }, 9)).toBe('NOT_FOUND')
    expect(await issuesOf({ name: 'x', ifUnmodifiedSince: '2026-08-01T11:59:59Z' })).toBe('CONFLICT')
    expect(await issuesOf({ settings: null, ifUnmodifiedSince: '2026-08-01T12:00:00Z' }).catch(() => 'taken')).toBe(
      'taken',
    )
  })
})

describe('testNotification', () => {
  it('arrives through each kind, with the answer of the far end', async () => {
    const app = await startApp()
    const ntfy = await startNtfyServer({ accessToken })
    const mailServer = await startMailServer({ user: 'backups', password })
    const webhook = await startWebhookReceiver()
    await create(app, { name: 'Phone', settings: { ntfy: ntfy.settings } })
    await create(app, { name: 'Ops', settings: { email: mailServer.settings } })
    await create(app, { name: 'Chat', settings: { webhook: webhook.settings } })
    expect(await test(app, 'Channel:1')).toMatchObject({
      data: { testNotification: { delivered: true, answer: expect.stringContaining('"event":"message"') } },
    })
    expect(await test(app, 2)).toEqual({
      data: { testNotification: { delivered: true, answer: '250 kept as number 1' } },
    })
    expect(await test(app, '3')).toEqual({ data: { testNotification: { delivered: true, answer: '' } } })
    const title = 'A test of duplistatus'
    expect(ntfy.received).toMatchObject([{ topic: 'backups', title }])
    expect(mailServer.received).toMatchObject([{ subject: title }])
    expect(webhook.received).toMatchObject([{ payload: { type: 'channel.test', data: { title, job: null } } }])
    // A test is told to nobody but its channel, and leaves nothing behind.
    expect(await app.graphql('{ notifications { totalCount } }')).toEqual({
      data: { notifications: { totalCount: 0 } },
    })
  })

  it('says what went wrong, without the secret that was refused', async () => {
    const app = await startApp()
    const ntfy = await startNtfyServer({ accessToken: 'tk_another' })
    ntfy.next({ status: 503, body: `not now, ${accessToken}` })
    await create(app, { name: 'Phone', settings: { ntfy: { url: ntfy.url, topic: 'backups', accessToken } } })
    expect(await test(app, 1)).toMatchObject({
      data: { testNotification: { delivered: false, answer: expect.stringMatching(/ answered 503: not now, •••$/) } },
    })
    expect(await test(app, 1)).toMatchObject({
      data: { testNotification: { delivered: false, answer: expect.stringMatching(/ answered 401: /) } },
    })
    expect((await test(app, 9)).errors).toMatchObject([
      { message: 'There is no Channel:9.', extensions: { code: 'NOT_FOUND' } },
    ])
    expect((await test(app, 'Server:1')).errors).toMatchObject([
      { extensions: { code: 'BAD_USER_INPUT', issues: [{ path: 'channel' }] } },
    ])
  })
})

describe('setNotificationRule', () => {
  it('sets what is told of everything, of a server and of a job, in place of what was set before', async () => {
    const app = await startApp()
    await app.post(report())
    await create(app, { name: 'Phone', settings: { ntfy: { topic: 'backups' } } })
    expect(
      await setRule(app, { channel: 'Channel:1', events: ['RECOVERED', 'OVERDUE', 'OVERDUE'] }),
    ).toMatchInlineSnapshot(`
      {
        "data": {
          "setNotificationRule": {
            "notificationRule": {
              "channel": {
                "id": "Channel:1",
              },
              "createdAt": "2026-08-01T12:00:00.000Z",
              "events": [
                "OVERDUE",
                "RECOVERED",
              ],
              "id": "NotificationRule:1",
              "job": null,
              "repeat": "ONCE",
              "server": null,
              "updatedAt": "2026-08-01T12:00:00.000Z",
            },
          },
        },
      }
    `)
    await setRule(app, { channel: 1, server: 'Server:1', events: ['FAILED'], repeat: 'WEEKLY' })
    await setRule(app, { channel: 1, job: 'BackupJob:1', events: [] })
    app.setTime(later)
    expect(await setRule(app, { channel: 1, server: 1, events: ['FAILED', 'WARNING'], repeat: 'DAILY' })).toMatchObject(
      {
        data: {
          setNotificationRule: {
            notificationRule: { id: 'NotificationRule:2', createdAt: '2026-08-01T12:00:00.000Z', updatedAt: later },
          },
        },
      },
    )
    const { data } = await app.graphql(`{
      channels { nodes { rules { id server { id } job { id } events repeat } } }
      servers { nodes { notificationRules { id } jobs { notificationRules { id } } } }
    }`)
    expect(data).toMatchInlineSnapshot(`
      {
        "channels": {
          "nodes": [
            {
              "rules": [
                {
                  "events": [
                    "OVERDUE",
                    "RECOVERED",
                  ],
                  "id": "NotificationRule:1",
                  "job": null,
                  "repeat": "ONCE",
                  "server": null,
                },
                {
                  "events": [
                    "FAILED",
                    "WARNING",
                  ],
                  "id": "NotificationRule:2",
                  "job": null,
                  "repeat": "DAILY",
                  "server": {
                    "id": "Server:1",
                  },
                },
                {
                  "events": [],
                  "id": "NotificationRule:3",
                  "job": {
                    "id": "BackupJob:1",
                  },
                  "repeat": "ONCE",
                  "server": null,
                },
              ],
            },
          ],
        },
        "servers": {
          "nodes": [
            {
              "jobs": [
                {
                  "notificationRules": [
                    {
                      "id": "NotificationRule:3",
                    },
                  ],
                },
              ],
              "notificationRules": [
                {
                  "id": "NotificationRule:2",
                },
              ],
            },
          ],
        },
      }
    `)
  })

  it.each([
    [{ channel: 'Server:1', events: [] }, [{ path: 'channel' }]],
    [{ channel: 1, server: 1, job: 1, events: [] }, [{ path: 'job', message: 'must be left out if server is given' }]],
    [{ channel: 1, job: 'x', events: [] }, [{ path: 'job' }]],
    [{ channel: 1, events: ['LATE'] }, [{ path: 'input.events[0]' }]],
    [{ channel: 9, events: [] }, 'There is no Channel:9.'],
    [{ channel: 1, job: 9, events: [] }, 'There is no BackupJob:9.'],
    [{ channel: 1, server: 9, events: [] }, 'There is no Server:9.'],
  ])('refuses %j', async (input, expected) => {
    const app = await startApp()
    await app.post(report())
    await create(app, { name: 'Phone', settings: { ntfy: { topic: 'backups' } } })
    const { errors } = await setRule(app, input)
    expect(errors).toMatchObject(
      typeof expected === 'string'
        ? [{ message: expected, extensions: { code: 'NOT_FOUND' } }]
        : [{ extensions: { code: 'BAD_USER_INPUT', issues: expected } }],
    )
  })

  it('is undone by deleteNotificationRule', async () => {
    const app = await startApp()
    await app.post(report())
    await create(app, { name: 'Phone', settings: { ntfy: { topic: 'backups' } } })
    await setRule(app, { channel: 1, job: 1, events: ['FAILED'] })
    const remove = () =>
      app.graphql(`mutation { deleteNotificationRule(id: "NotificationRule:1") {
        deletedNotificationRule { id events job { name } channel { name } } } }`)
    expect(await remove()).toEqual({
      data: {
        deleteNotificationRule: {
          deletedNotificationRule: {
            id: 'NotificationRule:1',
            events: ['FAILED'],
            job: { name: 'Photos' },
            channel: { name: 'Phone' },
          },
        },
      },
    })
    expect((await remove()).errors).toMatchObject([{ extensions: { code: 'NOT_FOUND' } }])
    expect(await app.graphql('{ node(id: "NotificationRule:1") { id } }')).toEqual({ data: { node: null } })
  })
})

it('deletes a channel with its rules and messages, and shows it as it was', async () => {
  const app = await startApp()
  await create(app, { name: 'Phone', settings: { ntfy: { topic: 'backups', accessToken } } })
  await setRule(app, { channel: 1, events: ['SUCCESS'] })
  await app.post(report())
  const remove = () =>
    app.graphql(`mutation { deleteChannel(id: 1) { deletedChannel {
      id settings { ... on NtfySettings { topic accessTokenSet } } rules { events } notifications { totalCount } } } }`)
  expect(await remove()).toEqual({
    data: {
      deleteChannel: {
        deletedChannel: {
          id: 'Channel:1',
          settings: { topic: 'backups', accessTokenSet: true },
          rules: [{ events: ['SUCCESS'] }],
          notifications: { totalCount: 0 },
        },
      },
    },
  })
  expect(await app.graphql('{ channels { totalCount } notifications { totalCount } }')).toEqual({
    data: { channels: { totalCount: 0 }, notifications: { totalCount: 0 } },
  })
  expect((await remove()).errors).toMatchObject([{ message: 'There is no Channel:1.' }])
})

it('never shows a secret, however it is asked for', async () => {
  const app = await startApp()
  const answers = [
    await create(app, { name: 'Phone', settings: { ntfy: { topic: 'backups', accessToken } } }),
    await create(app, { name: 'Ops', settings: { email: { ...mail, user: 'backups', password } } }),
    await create(app, { name: 'Chat', settings: { webhook: { url: 'https://chat.example.org/', secret } } }),
    await update(app, 1, { settings: { ntfy: { accessToken: `${accessToken} ` } } }),
    await update(app, 1, { settings: { ntfy: { accessToken: `${accessToken}ä` } } }),
    await update(app, 2, { settings: { email: { user: null } } }),
    await update(app, 3, { settings: { webhook: { secret: `${secret}!` } } }),
    await app.graphql(`{ channels { nodes ${everyFieldOf('Channel', 4)} } }`),
    await app.graphql(`mutation { deleteChannel(id: 1) { deletedChannel ${everyFieldOf('Channel', 3)} } }`),
  ]
  expect(answers.filter(({ errors }) => errors)).toHaveLength(3)
  for (const word of Object.values(secrets)) expect(JSON.stringify(answers)).not.toContain(word.slice(0, -8))
})
