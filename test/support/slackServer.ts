// Incoming webhooks of Slack (https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks), and of Mattermost, which takes
// the same and calls people by a plain @ as well.

import { z } from 'zod'
import { type ChatService, namesIn, readAs, type Shown } from './chatService.ts'
import { startHttpReceiver } from './httpReceiver.ts'

/** "Escaping text": &, < and > stand for themselves only as entities. */
const escaped = (max: number) =>
  z
    .string()
    .max(max)
    .regex(/^(?:[^&<>]|&(?:amp|lt|gt);)*$/, 'unescaped')

const schema = z.strictObject({
  attachments: z
    .array(
      z.strictObject({
        fallback: escaped(250),
        color: z.string().regex(/^#[\da-f]{6}$/),
        title: escaped(250),
        title_link: z.url().optional(),
        text: escaped(4000),
        mrkdwn_in: z.array(z.enum(['pretext', 'text', 'fields'])).length(0),
      }),
    )
    .min(1),
})

export async function startSlackServer(): Promise<ChatService> {
  const shown: Shown[] = []
  const receiver = await startHttpReceiver((request) => {
    if (!request.path.startsWith('/services/')) return { status: 404, body: 'no_service' }
    if (request.path !== '/services/T0/B0/abcd') return { status: 403, body: 'invalid_token' }
    const read = readAs(request, schema)
    if ('wrong' in read) return { status: 400, body: `invalid_payload ${read.wrong}` }
    for (const { title, text, title_link, color } of read.given.attachments) {
      const seen = { title: unescaped(title), text: unescaped(text) }
      shown.push({ ...seen, link: title_link ?? null, look: color, pings: [title, text].flatMap(namesIn) })
    }
    return { status: 200, body: 'ok' }
  })
  return Object.assign(receiver, { kind: 'SLACK', settings: { url: `${receiver.url}/services/T0/B0/abcd` }, shown })
}

function unescaped(text: string): string {
  return text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&')
}
