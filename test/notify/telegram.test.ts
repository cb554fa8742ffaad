// What the Bot API of Telegram gets.

import { expect, it } from 'vitest'
import { attempt } from '../support/outgoing.ts'
import { startTelegramServer } from '../support/telegramServer.ts'

it('sends plain text, the title bold', async () => {
  const server = await startTelegramServer()
  const link = 'https://backups.example/jobs/7'
  expect(await attempt('TELEGRAM', server.settings, { link })).toMatchObject({
    answer: expect.stringMatching(/^\{"ok":true,"result":\{"message_id":1,/),
  })
  expect(server.requests[0]?.path).toBe('/bot123456:ABC-DEF_1234/sendMessage')
  expect(JSON.parse(server.requests[0]?.body ?? '')).toMatchInlineSnapshot(`
    {
      "chat_id": "-1001234",
      "disable_notification": false,
      "entities": [
        {
          "length": 27,
          "offset": 0,
          "type": "bold",
        },
      ],
      "link_preview_options": {
        "is_disabled": true,
      },
      "text": "Photos on nas-01 is overdue
    It was due 2 hours ago.
    Last run: yesterday.

    https://backups.example/jobs/7",
    }
  `)
})

it.each([
  ['MIN', true],
  ['LOW', true],
  ['DEFAULT', false],
  ['HIGH', false],
  ['URGENT', false],
] as const)('makes no sound with the priority %s: %s', async (priority, silent) => {
  const { settings, shown } = await startTelegramServer()
  await attempt('TELEGRAM', settings, { priority })
  expect(shown).toMatchObject([{ silent }])
})

it.each(['', '/', '/proxy', '/proxy/', '/proxy/?a=b#c'])(
  'finds the API at an address that ends in "%s"',
  async (end) => {
    const server = await startTelegramServer()
    await attempt('TELEGRAM', { ...server.settings, url: server.url + end })
    expect(server.requests[0]?.path).toBe(
      `${end.startsWith('/proxy') ? '/proxy' : ''}/bot123456:ABC-DEF_1234/sendMessage`,
    )
  },
)

it.each([
  ['a', 1],
  ['🎉', 2],
])('takes as many of %s as Telegram does, with the title and the link', async (letter, size) => {
  const server = await startTelegramServer()
  const [title, link] = ['Title', 'http://nas:9666/jobs/7']
  const most = Math.floor((4096 - title.length - 1 - 2 - link.length) / size)
  await attempt('TELEGRAM', server.settings, { title, link, message: letter.repeat(most) })
  await attempt('TELEGRAM', server.settings, { title, link, message: letter.repeat(most + 1) })
  expect(server.shown.map(({ text, link }) => [text.endsWith('(cut)'), link])).toEqual([
    [false, link],
    [true, link],
  ])
  for (const { body } of server.requests) expect(JSON.parse(body).text.length).toBeGreaterThan(4094)
})

it('sends a text without a title', async () => {
  const { settings, shown } = await startTelegramServer()
  await attempt('TELEGRAM', settings, { title: '', message: 'It failed.' })
  expect(shown).toMatchObject([{ title: '', text: 'It failed.' }])
})

it.each([
  ['a wrong token', { token: '123456:ABC' }, /answered 401: .*Unauthorized/],
  ['a chat that it is not in', { chat: '-42' }, /answered 400: .*chat not found/],
])('does not try again with %s, nor says the token', async (_, wrong, error) => {
  const server = await startTelegramServer()
  const failed = await attempt('TELEGRAM', { ...server.settings, ...wrong })
  expect(failed).toEqual({ error: expect.stringMatching(error), permanent: true, retryAfterMs: null })
  expect(JSON.stringify(failed)).not.toContain('123456')
})

it('does not keep a token that a proxy repeats in its error', async () => {
  const server = await startTelegramServer()
  server.next({ status: 502, body: 'No upstream for /bot123456:ABC-DEF_1234/sendMessage' })
  expect(await attempt('TELEGRAM', server.settings)).toMatchObject({
    error: expect.stringMatching(/ answered 502: No upstream for \/bot•••\/sendMessage$/),
  })
})
