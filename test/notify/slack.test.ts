// What an incoming webhook of Slack gets, and of Mattermost and Rocket.Chat.

import { expect, it } from 'vitest'
import { attempt } from '../support/outgoing.ts'
import { startSlackServer } from '../support/slackServer.ts'

it('posts one attachment', async () => {
  const server = await startSlackServer()
  expect(await attempt('SLACK', server.settings, { link: 'https://backups.example/jobs/7' })).toEqual({ answer: 'ok' })
  expect(JSON.parse(server.requests[0]?.body ?? '')).toMatchInlineSnapshot(`
    {
      "attachments": [
        {
          "color": "#d00000",
          "fallback": "Photos on nas-01 is overdue",
          "mrkdwn_in": [],
          "text": "It was due 2 hours ago.
    Last run: yesterday.",
          "title": "Photos on nas-01 is overdue",
          "title_link": "https://backups.example/jobs/7",
        },
      ],
    }
  `)
})

it.each([
  ['OVERDUE', '#d00000'],
  ['FAILED', '#d00000'],
  ['WARNING', '#daa038'],
  ['SUCCESS', '#2eb886'],
  ['RECOVERED', '#2eb886'],
  ['TEST', '#439fe0'],
] as const)('shows %s in a colour', async (event, look) => {
  const { settings, shown } = await startSlackServer()
  await attempt('SLACK', settings, { event })
  expect(shown).toMatchObject([{ look }])
})

it.each([
  ['a', 4000],
  ['&', 800],
  ['<', 1000],
])('takes %s up to 4,000 characters, and cuts no entity', async (letter, most) => {
  const server = await startSlackServer()
  await attempt('SLACK', server.settings, { message: letter.repeat(most) })
  await attempt('SLACK', server.settings, { message: letter.repeat(most + 1) })
  expect(server.shown.map(({ text }) => text.length)).toEqual([most, Math.floor(3993 / (4000 / most)) + 7])
  for (const { body } of server.requests) expect(body).not.toMatch(/&(?!amp;|lt;|gt;)/)
})

it.each([
  ['@all', '@\u200ball'],
  ['(@here)', '(@\u200bhere)'],
  ['_@channel_', '_@\u200bchannel_'],
  ['@über', '@\u200büber'],
  ['me@example.org', 'me@example.org'],
  ['größe@example.org', 'größe@example.org'],
  ['a @ b', 'a @ b'],
  ['@@all', '@\u200b@\u200ball'],
  ['#here@all', '#here@\u200ball'],
  ['@.user', '@\u200b.user'],
  ['ends with @', 'ends with @'],
])('posts %j so that Mattermost calls nobody', async (message, text) => {
  const { settings, shown } = await startSlackServer()
  await attempt('SLACK', settings, { message })
  expect(shown).toMatchObject([{ text, pings: [] }])
})

it.each([
  [400, 'invalid_payload', true],
  [403, 'action_prohibited', true],
  [404, 'channel_not_found', true],
  [410, 'channel_is_archived', true],
  [429, 'rate_limited', false],
  [500, 'rollup_error', false],
])('takes %d %s as final: %s', async (status, body, permanent) => {
  const server = await startSlackServer()
  server.next({ status, body })
  expect(await attempt('SLACK', server.settings)).toMatchObject({ permanent })
})

it('is delivered to Rocket.Chat, which answers with JSON', async () => {
  const server = await startSlackServer()
  server.next({ status: 200, body: '{"success":true}' })
  expect(await attempt('SLACK', server.settings)).toEqual({ answer: '{"success":true}' })
})
