// Tells by posting JSON, signed as Standard Webhooks 1.0.0 has it
// (https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md), so that receivers can check it
// with the libraries made for that.

import { Webhook } from 'standardwebhooks'
import { z } from 'zod'
import type { ChannelKind, OutgoingMessage } from './channel.ts'
import { post } from './post.ts'
import { webUrl } from './webUrl.ts'

type WebhookSettings = { url: string; secret: string }

export const webhook: ChannelKind<WebhookSettings> = {
  kind: 'WEBHOOK',
  description: 'JSON posted to an address, signed according to Standard Webhooks.',
  fields: {
    url: {
      type: 'String',
      description: 'The address to post to.',
      confidential: true,
      required: true,
      schema: webUrl,
    },
    secret: {
      type: 'String',
      description:
        'The key that messages are signed with, the same as at the receiver: whsec_ and 24 to 64 random bytes in Base64.',
      secret: true,
      required: true,
      // "Signature scheme": 24 bytes at least, 64 at most.
      schema: z
        .string('must be text')
        .trim()
        .refine((secret) => {
          const { length } = keyOf(secret)
          return secret === `whsec_${keyOf(secret).toString('base64')}` && length >= 24 && length <= 64
        }, 'must be whsec_ and the Base64 of 24 to 64 random bytes'),
    },
  },
  // It signs; it is not sent.
  secretsGoTo: null,
  send({ url, secret }, message, signal) {
    const body = JSON.stringify(payload(message))
    // "Webhook headers": the moment of this attempt in seconds, so that receivers can refuse what is replayed later.
    const now = new Date()
    const headers = {
      'webhook-id': message.key,
      'webhook-timestamp': String(Math.floor(now.getTime() / 1000)),
      'webhook-signature': new Webhook(secret).sign(message.key, now, body),
    }
    return post(url, headers, body, signal)
  },
}

/** Events that are about no job. */
const ofChannels = ['TEST', 'DIGEST']

/** "Payload structure": a type in parts, the moment of the event (not of the attempt), and the data. */
function payload({ event, createdAt, title, message, priority, tags, link, actions, job, jobs }: OutgoingMessage) {
  return {
    type: `${ofChannels.includes(event) ? 'channel' : 'job'}.${event.toLowerCase()}`,
    timestamp: createdAt,
    data: {
      title,
      message,
      priority,
      tags,
      ...(link !== null && { link }),
      ...(actions.length > 0 && { actions }),
      job,
      ...(jobs.length > 1 && { jobs }),
    },
  }
}

function keyOf(secret: string): Buffer {
  return Buffer.from(secret.replace(/^whsec_/, ''), 'base64')
}
