// Channels of the services that people read messages in, over GraphQL: made, changed and tried, and what of them is shown to whom.

import { describe, expect, it } from 'vitest'
import { startApp } from '../support/app.ts'
import { startAppriseServer } from '../support/appriseServer.ts'
import type { ChatService } from '../support/chatService.ts'
import { startDiscordServer } from '../support/discordServer.ts'
import { startGotifyServer } from '../support/gotifyServer.ts'
import { report } from '../support/report.ts'
import { startSlackServer } from '../support/slackServer.ts'
import { startTeamsServer } from '../support/teamsServer.ts'
import { startTelegramServer } from '../support/telegramServer.ts'
import { startGuarded } from '../support/tokens.ts'

const services: [string, () => Promise<ChatService>][] = [
  ['discord', startDiscordServer],
  ['slack', startSlackServer],
  ['teams', startTeamsServer],
  ['telegram', startTelegramServer],
  ['gotify', startGotifyServer],
  ['apprise', startAppriseServer],
]

const create = 'mutation ($input: CreateChannelInput!) { createChannel(input: $input) { channel { id kind } } }'
const shown = `{ channels { nodes { kind settings {
  ... on DiscordSettings { url } ... on SlackSettings { url } ... on TeamsSettings { url }
  ... on TelegramSettings { url chat tokenSet } ... on GotifySettings { url tokenSet } ... on AppriseSettings { url keySet tag urlsSet }
} } } }`

describe.each(services)('%s', (field, start) => {
  it('is made, tried, and told of a run, with a link to its job', async () => {
    const app = await startApp({ environment: { PUBLIC_URL: 'https://backups.example' } })
    const service = await start()
    expect(
      await app.graphql(create, { input: { name: 'Chat', settings: { [field]: service.settings } } }),
    ).toMatchObject({ data: { createChannel: { channel: { id: 'Channel:1', kind: service.kind } } } })
    expect(await app.graphql('mutation { testNotification(channel: 1) { delivered answer } }')).toMatchObject({
      data: { testNotification: { delivered: true } },
    })
    await app.graphql(
      'mutation { setNotificationRule(input: { channel: 1, events: [SUCCESS] }) { notificationRule { id } } }',
    )
    await app.post(report())
    await app.deliver()
    expect(service.shown).toMatchObject([
      { title: 'A test of duplistatus', link: 'https://backups.example' },
      { title: 'Success: Photos on nas', link: 'https://backups.example/jobs/1', pings: [] },
    ])
  })

  it('shows its address to ADMIN alone, its secrets to nobody, and the log none of them', async () => {
    const logged: string[] = []
    const app = await startGuarded({ logged })
    const service = await start()
    const { url, ...settings } = service.settings
    const input = { name: 'Chat', settings: { [field]: { ...settings, url } } }
    expect(await app.ask(app.admin, create, { input })).not.toHaveProperty('body.errors')
    const reader = await app.newToken({ scope: 'READ' })
    const asSeen = async (token: string) => JSON.stringify((await app.ask(token, shown)).body)
    expect(await asSeen(reader)).toContain('"url":null')
    expect(await asSeen(app.admin)).toContain(`"url":"${service.url}`)
    const all = (await asSeen(reader)) + (await asSeen(app.admin))
    for (const name of ['token', 'key', 'urls'] as const) {
      const secret = service.settings[name]
      if (typeof secret !== 'string') continue
      expect(all).toContain(`"${name}Set":true`)
      expect(all).not.toContain(secret)
      expect(logged.join('')).not.toContain(secret)
    }
    expect(logged.join('')).toContain(`${service.url}/…`)
    expect(logged.join('')).not.toContain('abcd')
  })
})

it.each([
  ['discord', { url: 'ftp://discord.example/' }, 'settings.discord.url'],
  ['slack', { url: 'https://me:secret@slack.example/' }, 'settings.slack.url'],
  ['telegram', { token: 'no token', chat: 'my chat' }, 'settings.telegram.token settings.telegram.chat'],
  ['telegram', { token: '1:a/../b', chat: '@backups' }, 'settings.telegram.token'],
  ['gotify', { url: 'https://gotify.example', token: 'ä' }, 'settings.gotify.token'],
  ['apprise', { url: 'http://apprise:8000', key: 'a/b' }, 'settings.apprise.key'],
  ['apprise', { url: 'http://apprise:8000', key: 'nas', urls: 'json://a' }, 'settings.apprise.urls'],
  ['apprise', { url: 'http://apprise:8000', tag: 'phone' }, 'settings.apprise.tag'],
])('refuses %s with %j', async (field, settings, paths) => {
  const app = await startApp()
  const { errors } = await app.graphql(create, { input: { name: 'Chat', settings: { [field]: settings } } })
  const [{ extensions }] = errors as [{ extensions: { code: string; issues: { path: string }[] } }]
  expect([extensions.code, extensions.issues.map(({ path }) => path).join(' ')]).toEqual(['BAD_USER_INPUT', paths])
})

it('does not send a token to another server than the one it was given for', async () => {
  const app = await startApp()
  const update = 'mutation ($input: UpdateChannelInput!) { updateChannel(id: 1, input: $input) { channel { id } } }'
  await app.graphql(create, {
    input: { name: 'Chat', settings: { gotify: { url: 'https://gotify.example', token: 'AbCdEf' } } },
  })
  const { errors } = await app.graphql(update, { input: { settings: { gotify: { url: 'https://evil.example' } } } })
  expect(errors).toMatchObject([{ extensions: { issues: [{ path: 'settings.gotify.token' }] } }])
})
