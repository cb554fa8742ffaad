// What a webhook of Discord gets.

import { expect, it } from 'vitest'
import { startDiscordServer } from '../support/discordServer.ts'
import { attempt, outgoing } from '../support/outgoing.ts'

it('posts one embed that calls nobody, and waits until it is kept', async () => {
  const server = await startDiscordServer()
  const link = 'https://backups.example/jobs/7'
  expect(await attempt('DISCORD', server.settings, { link })).toEqual({
    answer: '{"id":"1","type":0,"channel_id":"1","webhook_id":"1234"}',
  })
  expect(server.requests[0]?.path).toBe('/api/webhooks/1234/abcd?wait=true')
  expect(JSON.parse(server.requests[0]?.body ?? '')).toMatchInlineSnapshot(`
    {
      "allowed_mentions": {
        "parse": [],
      },
      "embeds": [
        {
          "color": 15548997,
          "description": "It was due 2 hours ago.
    Last run: yesterday.",
          "timestamp": "2026-08-01T12:00:00.000Z",
          "title": "Photos on nas-01 is overdue",
          "url": "https://backups.example/jobs/7",
        },
      ],
    }
  `)
})

it('posts in the thread that the address names', async () => {
  const server = await startDiscordServer()
  await attempt('DISCORD', { url: `${server.settings.url}?thread_id=5678` })
  expect(server.requests[0]?.path).toBe('/api/webhooks/1234/abcd?thread_id=5678&wait=true')
})

it.each([
  ['MIN', true],
  ['LOW', true],
  ['DEFAULT', false],
  ['HIGH', false],
  ['URGENT', false],
] as const)('makes no sound with the priority %s: %s', async (priority, silent) => {
  const { settings, shown } = await startDiscordServer()
  await attempt('DISCORD', settings, { priority })
  expect(shown).toMatchObject([{ silent }])
})

it.each([
  ['OVERDUE', 0xed4245],
  ['FAILED', 0xed4245],
  ['WARNING', 0xfaa61a],
  ['SUCCESS', 0x57f287],
  ['RECOVERED', 0x57f287],
  ['TEST', 0x5865f2],
] as const)('shows %s in a colour', async (event, look) => {
  const { settings, shown } = await startDiscordServer()
  await attempt('DISCORD', settings, { event })
  expect(shown).toMatchObject([{ look }])
})

it.each([
  ['a', 4096, 256],
  ['*', 2048, 128],
  ['🎉', 2048, 128],
])('takes as many of %s as Discord does', async (letter, text, title) => {
  const { settings, shown } = await startDiscordServer()
  const link = 'https://backups.example/'
  await attempt('DISCORD', settings, { link, title: letter.repeat(title), message: letter.repeat(text) })
  await attempt('DISCORD', settings, { link, title: letter.repeat(title + 1), message: letter.repeat(text + 1) })
  expect(shown.map(({ title, text }) => [[...title].length, [...text].length])).toEqual([
    [title, text],
    [Math.floor(255 / (256 / title)) + 1, Math.floor(4089 / (4096 / text)) + '… (cut)'.length],
  ])
})

it('keeps a link below the text whole, however long the text is', async () => {
  const { settings, shown } = await startDiscordServer()
  const link = 'http://nas:9666/jobs/7'
  await attempt('DISCORD', settings, { link, message: 'a'.repeat(4096 - 2 - link.length) })
  await attempt('DISCORD', settings, { link, message: 'a'.repeat(4096 - 1 - link.length) })
  expect(shown.map(({ text, link }) => [text.endsWith('(cut)'), link])).toEqual([
    [false, link],
    [true, link],
  ])
})

it.each([
  ['a webhook that was deleted', '/api/webhooks/5678/abcd', 404, 'Unknown Webhook'],
  ['a wrong token', '/api/webhooks/1234/x', 401, 'Invalid Webhook Token'],
])('does not try again with %s', async (_, path, status, message) => {
  const server = await startDiscordServer()
  expect(await attempt('DISCORD', { url: server.url + path })).toEqual({
    error: expect.stringMatching(new RegExp(` answered ${status}: .*${message}`)),
    permanent: true,
    retryAfterMs: null,
  })
})

it('is posted twice if the answer is lost: Discord has no key for it', async () => {
  const { settings, shown, next } = await startDiscordServer()
  await attempt('DISCORD', settings)
  next('DROP_READ')
  expect(await attempt('DISCORD', settings)).toMatchObject({ permanent: false })
  await attempt('DISCORD', settings)
  expect(shown.map(({ title }) => title)).toEqual([outgoing.title, outgoing.title])
})
