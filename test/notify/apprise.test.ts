// What an Apprise API server gets.

import { expect, it } from 'vitest'
import { startAppriseServer } from '../support/appriseServer.ts'
import { attempt, outgoing } from '../support/outgoing.ts'

it('sends to the recipients of a key that have the tag', async () => {
  const server = await startAppriseServer()
  expect(await attempt('APPRISE', server.settings, { link: 'https://backups.example/jobs/7' })).toEqual({
    answer: '{"error":null,"details":[]}',
  })
  expect(server.requests[0]?.path).toBe('/notify/family-42')
  expect(JSON.parse(server.requests[0]?.body ?? '')).toMatchInlineSnapshot(`
    {
      "body": "It was due 2 hours ago.
    Last run: yesterday.

    https://backups.example/jobs/7",
      "format": "text",
      "tag": "phone",
      "title": "Photos on nas-01 is overdue",
      "type": "failure",
    }
  `)
})

it('sends to all recipients of a key without a tag, and to those of an address without a key', async () => {
  const server = await startAppriseServer('/apprise')
  await attempt('APPRISE', { ...server.settings, tag: null })
  expect(server.shown).toHaveLength(2)
  const urls = 'json://a.example, json://b.example, json://c.example'
  await attempt('APPRISE', { ...server.settings, key: null, tag: null, urls })
  expect(server.shown).toHaveLength(5)
  expect(server.requests.map(({ path }) => path)).toEqual(['/apprise/notify/family-42', '/apprise/notify'])
})

it.each([
  ['OVERDUE', 'failure'],
  ['FAILED', 'failure'],
  ['WARNING', 'warning'],
  ['SUCCESS', 'success'],
  ['RECOVERED', 'success'],
  ['UNUSUAL', 'warning'],
  ['TEST', 'info'],
] as const)('says %s as %s', async (event, look) => {
  const { settings, shown } = await startAppriseServer()
  await attempt('APPRISE', settings, { event })
  expect(shown).toMatchObject([{ look }])
})

it.each([
  ['a key that is not known', { key: 'other' }],
  ['a tag that nobody has', { tag: 'desktop' }],
  ['no recipient at all', { key: null, tag: null }],
])('is not delivered, and not tried again, with %s', async (_, wrong) => {
  const { settings, shown } = await startAppriseServer()
  expect(await attempt('APPRISE', { ...settings, ...wrong })).toEqual({
    error: expect.stringMatching(
      /^127\.0\.0\.1:\d+ answered 204: no recipient matched, so nothing was sent; check key, tag and urls\.$/,
    ),
    permanent: true,
    retryAfterMs: null,
  })
  expect(shown).toEqual([])
})

it('is tried again if a recipient could not be reached', async () => {
  const { settings } = await startAppriseServer()
  expect(await attempt('APPRISE', { ...settings, tag: 'phone,broken' })).toEqual({
    error: expect.stringMatching(/ answered 424: it could not reach all recipients\. \{"error":"One or more/),
    permanent: false,
    retryAfterMs: null,
  })
})

it('takes texts up to what Apprise takes, with the link', async () => {
  const { settings, shown } = await startAppriseServer()
  const link = 'https://backups.example/jobs/7'
  const [title, text] = [250, 32_768 - 2 - link.length]
  await attempt('APPRISE', settings, { link, title: 'a'.repeat(title), message: 'a'.repeat(text) })
  await attempt('APPRISE', settings, { link, title: 'a'.repeat(title + 1), message: 'a'.repeat(text + 1) })
  expect(shown.map(({ title, text, link }) => [title.endsWith('…'), text.endsWith('… (cut)'), link])).toEqual([
    [false, false, link],
    [true, true, link],
  ])
})

it('has the title for a text where a template makes none', async () => {
  const { settings, shown } = await startAppriseServer()
  await attempt('APPRISE', settings, { message: '' })
  expect(shown).toMatchObject([{ title: outgoing.title, text: outgoing.title }])
})
