// What a Gotify server gets.

import { expect, it } from 'vitest'
import { startGotifyServer } from '../support/gotifyServer.ts'
import { attempt, outgoing } from '../support/outgoing.ts'

it('pushes a message that opens its link', async () => {
  const server = await startGotifyServer()
  expect(await attempt('GOTIFY', server.settings, { link: 'https://backups.example/jobs/7' })).toMatchObject({
    answer: expect.stringMatching(/^\{"id":1,"appid":5,/),
  })
  expect(server.requests[0]?.headers['x-gotify-key']).toBe('AbCdEf')
  expect(JSON.parse(server.requests[0]?.body ?? '')).toMatchInlineSnapshot(`
    {
      "extras": {
        "client::notification": {
          "click": {
            "url": "https://backups.example/jobs/7",
          },
        },
      },
      "message": "It was due 2 hours ago.
    Last run: yesterday.",
      "priority": 8,
      "title": "Photos on nas-01 is overdue",
    }
  `)
})

it.each([
  ['MIN', 1],
  ['LOW', 3],
  ['DEFAULT', 5],
  ['HIGH', 8],
  ['URGENT', 10],
] as const)('says the priority %s as %d', async (priority, look) => {
  const { settings, shown } = await startGotifyServer()
  await attempt('GOTIFY', settings, { priority })
  expect(shown).toMatchObject([{ look }])
})

it.each(['/gotify', '/gotify/'])('finds a server under the path %s', async (path) => {
  const server = await startGotifyServer('/gotify')
  expect(await attempt('GOTIFY', { ...server.settings, url: server.url + path })).toHaveProperty('answer')
})

it.each([
  ['a', 65_535],
  ['ü', 32_767],
])('takes %s up to 65,535 bytes', async (letter, most) => {
  const { settings, shown } = await startGotifyServer()
  await attempt('GOTIFY', settings, { message: letter.repeat(most) })
  await attempt('GOTIFY', settings, { message: letter.repeat(most + 1) })
  expect(shown.map(({ text }) => text.endsWith('… (cut)'))).toEqual([false, true])
})

it('has the title for a text where a template makes none', async () => {
  const { settings, shown } = await startGotifyServer()
  await attempt('GOTIFY', settings, { message: '' })
  expect(shown).toMatchObject([{ title: outgoing.title, text: outgoing.title }])
})

it('does not try again with a wrong token', async () => {
  const { settings, shown } = await startGotifyServer()
  expect(await attempt('GOTIFY', { ...settings, token: 'wrong' })).toEqual({
    error: expect.stringMatching(/ answered 401: .*you need to provide a valid token/),
    permanent: true,
    retryAfterMs: null,
  })
  expect(shown).toEqual([])
})
