// Tells through ntfy, by its publish API (https://docs.ntfy.sh/publish/).
//
// Messages are published as JSON at the root of the server: unlike headers, JSON holds every letter and line break.

import { z } from 'zod'
import { priorities } from '../domain/messages/notification.ts'
import { type ChannelKind, opens } from './channel.ts'
import { fitting, jsonSize } from './fitting.ts'
import { post } from './post.ts'
import { objectIn, recognized } from './recognized.ts'
import { token } from './token.ts'
import { webUrl } from './webUrl.ts'

type NtfySettings = { url: string; topic: string; accessToken: string | null }

/**
 * The most that a text may take as JSON, in bytes. A message above 4,096 bytes becomes an attachment or is refused, and the
 * whole JSON may have twice as many (the default of `message-size-limit`).
 */
const sizeLimits = { message: 4000, title: 1000 }

export const ntfy: ChannelKind<NtfySettings> = {
  kind: 'NTFY',
  description: 'Push messages through ntfy, on ntfy.sh or a server of your own.',
  fields: {
    url: {
      type: 'String',
      description: 'The address of the ntfy server.',
      default: 'https://ntfy.sh/',
      schema: webUrl,
    },
    topic: {
      type: 'String',
      description:
        'The topic to publish to. On a server without accounts, everybody who knows it can read the messages.',
      confidential: true,
      required: true,
      // ntfy takes letters of the English alphabet, digits, - and _ (https://docs.ntfy.sh/publish/), and says so itself; what
      // an old release was set to is not lost over it.
      schema: z
        .string('must be text')
        .trim()
        .regex(/^[^\s/\p{Cc}]{1,64}$/u, 'must be 1 to 64 letters, digits, - and _'),
    },
    accessToken: {
      type: 'String',
      description: 'An access token, like tk_…; without one, messages are published anonymously.',
      secret: true,
      schema: token,
    },
  },
  secretsGoTo: 'url',
  async send({ url, topic, accessToken }, outgoing, signal) {
    const { key, title, message, priority, tags } = outgoing
    const click = opens(outgoing)
    const body = {
      topic,
      title: fitting(title, sizeLimits.title, { size: jsonSize }),
      message: fitting(message, sizeLimits.message, { size: jsonSize }),
      // 1 is min, 5 is urgent: "Message priority".
      priority: priorities.indexOf(priority) + 1,
      tags,
      // Opened when the notification is tapped: "Click action".
      ...(click !== null && { click }),
      // "Action buttons": three at most.
      ...(outgoing.actions.length > 0 && {
        actions: outgoing.actions.map(({ label, url }) => ({ action: 'view', label, url })),
      }),
      // A message with the same sequence ID takes the place of the earlier one: "Updating notifications", since ntfy 2.16.
      // A UUID has a form that is allowed; servers before 2.16 do not look at it.
      sequence_id: key,
    }
    const headers: Record<string, string> = accessToken === null ? {} : { authorization: `Bearer ${accessToken}` }
    const answer = await post(new URL('/', url).href, headers, JSON.stringify(body), signal)
    // "JSON message format": the message as subscribers get it.
    return recognized(answer, url, 'an ntfy server', (answer) => {
      const { id, event } = objectIn(answer)
      return typeof id === 'string' && event === 'message'
    })
  },
}
