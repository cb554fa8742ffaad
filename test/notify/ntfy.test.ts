// What arrives at an ntfy server, and on the phones of its subscribers.

import { expect, it } from 'vitest'
import { startNtfyServer } from '../support/ntfyServer.ts'
import { attempt, outgoing } from '../support/outgoing.ts'

it('publishes as JSON, with everything that the documentation has a field for', async () => {
  const server = await startNtfyServer({ accessToken: 'tk_secret' })
  const { answer } = (await attempt('NTFY', server.settings)) as { answer: string }
  expect(JSON.parse(answer)).toMatchObject({ id: 'message1', event: 'message', sequence_id: outgoing.key })
  const [{ method, path, headers, body } = {}] = server.requests
  expect([method, path, headers?.['content-type'], headers?.authorization]).toEqual([
    'POST',
    '/',
    'application/json',
    'Bearer tk_secret',
  ])
  expect(JSON.parse(body ?? '')).toMatchInlineSnapshot(`
    {
      "click": "https://nas-01.example:8200/",
      "message": "It was due 2 hours ago.
    Last run: yesterday.",
      "priority": 4,
      "sequence_id": "0c3a5f0e-5d0b-4d5e-9c1a-7f2b6f7c9a01",
      "tags": [
        "warning",
        "duplistatus",
      ],
      "title": "Photos on nas-01 is overdue",
      "topic": "backups",
    }
  `)
})

it.each([
  ['MIN', 1],
  ['LOW', 2],
  ['DEFAULT', 3],
  ['HIGH', 4],
  ['URGENT', 5],
] as const)('says the priority %s as %d', async (priority, number) => {
  const server = await startNtfyServer()
  await attempt('NTFY', server.settings, { priority })
  expect(server.received).toMatchObject([{ priority: number }])
})

it('publishes anonymously without a token, and a test without anything to open', async () => {
  const server = await startNtfyServer()
  await attempt('NTFY', server.settings, { event: 'TEST', job: null })
  expect(server.requests[0]?.headers).not.toHaveProperty('authorization')
  expect(server.received).toMatchObject([{ topic: 'backups', click: null }])
})

it.each(['', '/', '/some/path', '/?since=all'])('finds the server at an address that ends in "%s"', async (end) => {
  const server = await startNtfyServer()
  await attempt('NTFY', { ...server.settings, url: server.url + end })
  expect(server.received).toHaveLength(1)
})

it('keeps letters of every script, line breaks, quotes and what looks like headers', async () => {
  const server = await startNtfyServer()
  const title = 'Größe übersetzt: 写真 🎉\r\nX-Priority: 1'
  const message = 'Zeile 1\n"Zeile 2"\\\t\u0000 =?UTF-8?Q?x?= 🚨'
  await attempt('NTFY', server.settings, { title, message })
  expect(server.received).toMatchObject([{ title, message, priority: 4 }])
})

it.each([
  ['plain letters', 'a', 4000, 1000],
  ['letters of two bytes', 'ü', 2000, 500],
  ['emoji, none of them halved', '🎉', 1000, 250],
  ['quotes, which take two bytes as JSON', '"', 2000, 500],
])('shortens %s to what ntfy takes as a message', async (_, letter, message, title) => {
  const server = await startNtfyServer()
  const { settings } = server
  await attempt('NTFY', settings, { message: letter.repeat(message), title: letter.repeat(title) })
  await attempt('NTFY', settings, { message: letter.repeat(message + 1), title: letter.repeat(title + 1) })
  const [whole, cut] = server.received
  expect([whole?.message, whole?.title]).toEqual([letter.repeat(message), letter.repeat(title)])
  const size = (text = '') => Buffer.byteLength(JSON.stringify(text)) - 2
  for (const [text, limit] of [
    [cut?.message, 4000],
    [cut?.title, 1000],
  ] as const) {
    expect(text).toMatch(new RegExp(`^${letter}+…$`, 'u'))
    expect([size(text) <= limit, size(text) > limit - size(letter)]).toEqual([true, true])
  }
})

it.each([
  ['one notification on a server that knows sequences', true, 1],
  ['two on one that is older than 2.16', false, 2],
])('sent again after the answer was lost, is %s', async (_, sequences, notifications) => {
  const server = await startNtfyServer({ sequences })
  const { settings } = server
  await attempt('NTFY', settings)
  await attempt('NTFY', settings)
  await attempt('NTFY', settings, { key: '0c3a5f0e-5d0b-4d5e-9c1a-7f2b6f7c9a02' })
  expect(server.received).toHaveLength(3)
  expect(server.shown()).toHaveLength(notifications + 1)
})

it.each([
  ['a wrong token', { accessToken: 'tk_wrong' }, /answered 401: .*unauthorized/],
  ['no token', { accessToken: null }, /answered 403: .*forbidden/],
  ['a topic that cannot be', { topic: 'ünïcode' }, /answered 400: .*topic invalid/],
])('does not try again with %s', async (_, wrong, error) => {
  const server = await startNtfyServer({ accessToken: 'tk_secret' })
  const result = await attempt('NTFY', { ...server.settings, ...wrong })
  expect(result).toEqual({ error: expect.stringMatching(error), permanent: true, retryAfterMs: null })
  expect(server.received).toEqual([])
})

it.each([
  ['a page', { status: 200, body: '<html>Log in</html>' }],
  ['nothing', { status: 204 }],
  ['other JSON', { status: 200, body: '{"ok":true}' }],
  ['JSON that is no object', { status: 200, body: 'null' }],
])('does not take %s for the answer of an ntfy server', async (_, reaction) => {
  const server = await startNtfyServer()
  server.next(reaction)
  expect(await attempt('NTFY', server.settings)).toEqual({
    error: expect.stringMatching(/^127\.0\.0\.1:\d+ answered, but not like an ntfy server; check the address\.$/),
    permanent: false,
    retryAfterMs: null,
  })
})
