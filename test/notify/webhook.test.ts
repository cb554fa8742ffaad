// What arrives at a receiver of webhooks, checked with the library of Standard Webhooks.

import { createHmac } from 'node:crypto'
import { expect, it } from 'vitest'
import { messageEvents } from '../../src/domain/messages/notification.ts'
import { attempt, outgoing } from '../support/outgoing.ts'
import { startWebhookReceiver } from '../support/webhookReceiver.ts'

it('posts what happened, signed, under a key that stays the same', async () => {
  const receiver = await startWebhookReceiver()
  const settings = { ...receiver.settings, url: `${receiver.url}/hooks/7?from=duplistatus` }
  expect(await attempt('WEBHOOK', settings)).toEqual({ answer: '' })
  expect(await attempt('WEBHOOK', settings)).toEqual({ answer: '' })
  expect(receiver.received.map(({ key }) => key)).toEqual([outgoing.key, outgoing.key])
  expect(receiver.requests.map(({ method, path }) => [method, path])).toEqual(
    Array(2).fill(['POST', '/hooks/7?from=duplistatus']),
  )
  expect(receiver.requests[0]?.headers).toMatchObject({
    'content-type': 'application/json',
    'user-agent': 'duplistatus',
    'webhook-id': outgoing.key,
    'webhook-timestamp': expect.stringMatching(/^\d{10}$/),
    'webhook-signature': expect.stringMatching(/^v1,[\w+/]{43}=$/),
  })
  // Sender and receiver use the same library: the signature is reckoned once more by hand.
  const { headers, body } = receiver.requests[0] as (typeof receiver.requests)[number]
  const key = Buffer.from(receiver.settings.secret.replace('whsec_', ''), 'base64')
  const signed = `${headers['webhook-id']}.${headers['webhook-timestamp']}.${body}`
  expect(headers['webhook-signature']).toBe(`v1,${createHmac('sha256', key).update(signed).digest('base64')}`)
  expect(receiver.received[0]?.payload).toMatchInlineSnapshot(`
    {
      "data": {
        "job": {
          "backupId": 123,
          "dueAt": "2026-08-01T10:00:00.000Z",
          "id": 7,
          "name": "Photos",
          "server": {
            "id": 1,
            "name": "nas-01",
            "url": "https://nas-01.example:8200/",
          },
          "state": "OVERDUE",
        },
        "message": "It was due 2 hours ago.
    Last run: yesterday.",
        "priority": "HIGH",
        "tags": [
          "warning",
          "duplistatus",
        ],
        "title": "Photos on nas-01 is overdue",
      },
      "timestamp": "2026-08-01T12:00:00.000Z",
      "type": "job.overdue",
    }
  `)
})

it('names every event by a type of its own', async () => {
  const receiver = await startWebhookReceiver()
  for (const event of messageEvents) await attempt('WEBHOOK', receiver.settings, { event })
  await attempt('WEBHOOK', receiver.settings, { event: 'TEST', job: null })
  expect(receiver.received.map(({ payload }) => payload.type)).toEqual([
    'job.overdue',
    'job.failed',
    'job.warning',
    'job.success',
    'job.recovered',
    'job.unusual',
    'channel.digest',
    'channel.test',
  ])
  expect(receiver.received.at(-1)).toMatchObject({ payload: { data: { job: null } } })
})

it('signs letters of every script as they are sent', async () => {
  const receiver = await startWebhookReceiver()
  const title = 'Größe 写真 🎉 \ud800 \u2028'
  expect(await attempt('WEBHOOK', receiver.settings, { title })).toEqual({ answer: '' })
  expect(receiver.received).toMatchObject([{ payload: { data: { title } } }])
})

it('is refused by a receiver that has another secret', async () => {
  const receiver = await startWebhookReceiver()
  const { secret } = (await startWebhookReceiver()).settings
  expect(await attempt('WEBHOOK', { ...receiver.settings, secret })).toEqual({
    error: expect.stringMatching(/^127\.0\.0\.1:\d+ answered 401: No matching signature found$/),
    permanent: true,
    retryAfterMs: null,
  })
  expect(receiver.received).toEqual([])
})
