// What is kept of what channels get back: never a secret, and never much.

import { inspect } from 'node:util'
import { pino } from 'pino'
import { expect, it } from 'vitest'
import type { ChannelKind, ChannelSettings } from '../../src/notify/channel.ts'
import { channelKinds } from '../../src/notify/channelKinds.ts'
import { sendMessage } from '../../src/notify/sendMessage.ts'
import { startHttpReceiver } from '../support/httpReceiver.ts'
import { startMailServer } from '../support/mailServer.ts'
import { attempt, outgoing } from '../support/outgoing.ts'

const secret = `whsec_${Buffer.from('a secret of twenty-four bytes at least').toString('base64')}`

it.each([200, 500])('keeps one line of 500 characters of what status %d says, however much it is', async (status) => {
  const body = `Said:\r\n\u0000${'🎉'.repeat(100_000)}`
  const receiver = await startHttpReceiver(() => ({ status, body }))
  const said = Object.values(await attempt('WEBHOOK', { url: receiver.url, secret }))[0] as string
  expect([...said]).toHaveLength(500)
  expect(said).toMatch(/^(127\.0\.0\.1:\d+ answered 500: )?Said: 🎉+…$/u)
})

it.each([
  [500, 'x'.repeat(500)],
  [501, `${'x'.repeat(499)}…`],
])('keeps an answer of %d characters as it should', async (length, kept) => {
  const receiver = await startHttpReceiver(() => ({ status: 200, body: 'x'.repeat(length) }))
  expect(await attempt('WEBHOOK', { url: receiver.url, secret })).toEqual({ answer: kept })
})

it('does not keep a secret that the far end repeats, in any form', async () => {
  const accessToken = 'tk_very&secret'
  const base64 = (text: string) => Buffer.from(text).toString('base64')
  const forms = [
    accessToken,
    encodeURIComponent(accessToken),
    ...['', ':', 'me:', '\0me\0'].map((user) => base64(user + accessToken)),
  ]
  const receiver = await startHttpReceiver(() => ({ status: 500, body: `You sent ${forms.join(' or ')}, no more.` }))
  expect(await attempt('NTFY', { url: receiver.url, topic: 'backups', accessToken })).toMatchObject({
    error: expect.stringMatching(/ answered 500: You sent ••• or ••• or ••• or ••• or ••• or •••, no more\.$/),
  })
  receiver.always({ status: 200, body: secret })
  expect(await attempt('WEBHOOK', { url: receiver.url, secret })).toEqual({ answer: '•••' })
})

it.each(Object.keys(channelKinds))('fails with an error of %s that is safe to log', async (kind) => {
  const receiver = await startHttpReceiver(({ headers, body }) => ({
    status: 400,
    body: JSON.stringify([headers, body]),
  }))
  const mailServer = await startMailServer({ user: 'backups', password: 'correct horse' })
  const settings: Record<string, ChannelSettings> = {
    NTFY: { url: `${receiver.url}/secret-path`, topic: 'backups', accessToken: 'tk_secret' },
    EMAIL: { ...mailServer.settings, password: 'secret horse' },
    WEBHOOK: { url: `${receiver.url}/secret-path`, secret },
    DISCORD: { url: `${receiver.url}/secret-path` },
    SLACK: { url: `${receiver.url}/secret-path` },
    TEAMS: { url: `${receiver.url}/secret-path` },
    TELEGRAM: { url: `${receiver.url}/secret-path`, token: '1234:tk_secret', chat: '-42' },
    GOTIFY: { url: `${receiver.url}/secret-path`, token: 'tk_secret' },
    APPRISE: { url: `${receiver.url}/secret-path`, key: null, tag: null, urls: 'mailto://me:secret%20horse@a.example' },
  }
  const attempted = sendMessage(
    channelKinds[kind] as ChannelKind,
    settings[kind] ?? {},
    outgoing,
    AbortSignal.timeout(10_000),
  )
  const error: unknown = await attempted.catch((error) => error)
  expect(error).toMatchObject({ name: 'ChannelError', permanent: true })
  const lines: string[] = []
  pino({ level: 'trace' }, { write: (line) => void lines.push(line) }).error(error, 'failed')
  const seen = [inspect(error, { depth: 9, showHidden: true }), JSON.stringify(error), ...lines].join('\n')
  expect(seen).toContain('ChannelError')
  for (const word of ['tk_secret', 'secret horse', 'secret%20horse', 'secret-path', secret])
    expect(seen).not.toContain(word)
})

it('does not keep one of several addresses that a secret holds', async () => {
  const urls = 'mailto://me:correct-horse@a.example, json://b.example/tk_secret'
  const receiver = await startHttpReceiver(() => ({ status: 424, body: 'Unparseable URL json://b.example/tk_secret' }))
  expect(await attempt('APPRISE', { url: receiver.url, key: null, tag: null, urls })).toMatchObject({
    error: expect.stringMatching(/ Unparseable URL •••$/),
  })
})

it('makes even an unforeseen failure one that can be kept', async () => {
  expect(await attempt('WEBHOOK', { url: `no address with ${secret}`, secret })).toEqual({
    error: 'TypeError: Invalid URL',
    permanent: false,
    retryAfterMs: null,
  })
})
