// A workflow of Microsoft Teams that posts the card which its webhook gets. It answers before it posts: a card that is too large is
// taken, and nobody sees it.

import { z } from 'zod'
import { type ChatService, json, readAs, type Shown } from './chatService.ts'
import { startHttpReceiver } from './httpReceiver.ts'

const block = z.strictObject({
  type: z.literal('RichTextBlock'),
  // A run shows no Markdown, and no line break.
  inlines: z
    .array(
      z.strictObject({
        type: z.literal('TextRun'),
        text: z.string().regex(/^[^\n]*$/),
        weight: z.enum(['Default', 'Lighter', 'Bolder']).optional(),
        size: z.enum(['Default', 'Small', 'Medium', 'Large', 'ExtraLarge']).optional(),
        color: z.enum(['Default', 'Dark', 'Light', 'Accent', 'Good', 'Warning', 'Attention']).optional(),
      }),
    )
    .length(1),
  spacing: z.enum(['None', 'Small', 'Default']).optional(),
})
const card = z.strictObject({
  $schema: z.literal('http://adaptivecards.io/schemas/adaptive-card.json'),
  type: z.literal('AdaptiveCard'),
  version: z.enum(['1.2', '1.3', '1.4', '1.5']),
  msteams: z.strictObject({ width: z.literal('Full') }),
  body: z.array(block).min(1),
  actions: z.array(z.strictObject({ type: z.literal('Action.OpenUrl'), title: z.string().min(1), url: z.url() })),
})
const schema = z.strictObject({
  type: z.literal('message'),
  attachments: z
    .array(
      z.strictObject({
        contentType: z.literal('application/vnd.microsoft.card.adaptive'),
        contentUrl: z.null(),
        content: card,
      }),
    )
    .length(1),
})

/** Of 28 KB; workflows were seen to add a sixth to what they were given. */
const largest = (28 * 1024 * 6) / 7

export async function startTeamsServer(): Promise<ChatService> {
  const shown: Shown[] = []
  const receiver = await startHttpReceiver((request) => {
    const { pathname, searchParams } = new URL(request.path, 'http://teams')
    if (pathname !== '/workflows/1/triggers/manual/paths/invoke')
      return json(404, { error: { code: 'WorkflowNotFound' } })
    if (searchParams.get('sig') !== 'abcd') return json(401, { error: { code: 'DirectApiAuthorizationRequired' } })
    const read = readAs(request, schema)
    if ('wrong' in read) return json(400, { error: { code: 'TriggerInputSchemaMismatch', message: read.wrong } })
    const [title, ...lines] = (read.given.attachments[0]?.content.body ?? []).map(({ inlines: [run] }) => run)
    const [action] = read.given.attachments[0]?.content.actions ?? []
    if (Buffer.byteLength(request.body) <= largest) {
      const text = lines.map((run) => run?.text).join('\n')
      shown.push({ title: title?.text ?? '', text, link: action?.url ?? null, look: title?.color, pings: [] })
    }
    return { status: 202 }
  })
  const settings = { url: `${receiver.url}/workflows/1/triggers/manual/paths/invoke?sp=%2Ftriggers&sig=abcd` }
  return Object.assign(receiver, { kind: 'TEAMS', settings, shown })
}
