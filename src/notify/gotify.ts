// Pushes through a Gotify server (https://gotify.net/docs/pushmsg, https://gotify.net/docs/msgextras).

import type { Priority } from '../domain/messages/notification.ts'
import { actionLines, type ChannelKind, opens } from './channel.ts'
import { cutMark, fitting } from './fitting.ts'
import { post } from './post.ts'
import { recognized } from './recognized.ts'
import { token } from './token.ts'
import { below as addressBelow, webUrl } from './webUrl.ts'

type GotifySettings = { url: string; token: string }

/** In bytes: the size of a text column in MySQL, which Gotify may use. */
const textLimit = 65_535

/** The Android app shows a notification from 1, plays a sound from 4, and vibrates from 8. */
const numbers: Record<Priority, number> = { MIN: 1, LOW: 3, DEFAULT: 5, HIGH: 8, URGENT: 10 }

export const gotify: ChannelKind<GotifySettings> = {
  kind: 'GOTIFY',
  description: 'Push messages through a Gotify server.',
  fields: {
    url: {
      type: 'String',
      description: 'The address of the Gotify server, like https://gotify.example.org.',
      confidential: true,
      required: true,
      schema: webUrl,
    },
    token: {
      type: 'String',
      description: 'The token of an application, which Gotify shows under Apps.',
      secret: true,
      required: true,
      schema: token,
    },
  },
  secretsGoTo: 'url',
  async send({ url, token }, outgoing, signal) {
    const click = opens(outgoing)
    const below = actionLines(outgoing)
    const body = {
      title: outgoing.title,
      // Gotify refuses an empty text.
      message:
        fitting(outgoing.message || outgoing.title, textLimit - Buffer.byteLength(below), {
          size: Buffer.byteLength,
          mark: cutMark,
        }) + below,
      priority: numbers[outgoing.priority],
      ...(click !== null && { extras: { 'client::notification': { click: { url: click } } } }),
    }
    const answer = await post(addressBelow(url, 'message'), { 'x-gotify-key': token }, JSON.stringify(body), signal)
    return recognized(answer, url, 'a Gotify server', (answer) => /^\{\s*"id":\s*\d/.test(answer))
  },
}
