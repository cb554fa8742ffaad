// A webhook of Discord (https://docs.discord.com/developers/resources/webhook), which refuses what Discord refuses.

import { z } from 'zod'
import { type ChatService, json, readAs, type Shown, withoutLink } from './chatService.ts'
import { startHttpReceiver } from './httpReceiver.ts'

const embed = z.strictObject({
  title: z.string().max(256),
  description: z.string().max(4096),
  // Not documented: a host without a dot is refused.
  url: z
    .url({ protocol: /^https?$/ })
    .refine((url) => new URL(url).hostname.includes('.'), 'Not a well formed URL.')
    .optional(),
  color: z.int().min(0).max(0xffffff),
  timestamp: z.iso.datetime(),
})
const schema = z.strictObject({
  content: z.string().max(2000).optional(),
  embeds: z.array(embed).min(1).max(10),
  allowed_mentions: z.strictObject({ parse: z.array(z.enum(['roles', 'users', 'everyone'])) }).optional(),
  flags: z.literal(4096).optional(),
})

export async function startDiscordServer(): Promise<ChatService> {
  const shown: Shown[] = []
  const receiver = await startHttpReceiver((request) => {
    const { pathname, searchParams } = new URL(request.path, 'http://discord')
    const [, id, token] = /^\/api\/webhooks\/(\d+)\/(\w+)$/.exec(pathname) ?? []
    if (id !== '1234') return json(404, { message: 'Unknown Webhook', code: 10015 })
    if (token !== 'abcd') return json(401, { message: 'Invalid Webhook Token', code: 50027 })
    const read = readAs(request, schema)
    if ('wrong' in read) return json(400, { message: 'Invalid Form Body', code: 50035, errors: read.wrong })
    const { content = '', embeds, allowed_mentions, flags } = read.given
    for (const { title, description, url, color } of embeds) {
      const { text, link } = withoutLink(seen(description))
      shown.push({
        title: seen(title),
        text,
        link: url ?? link,
        silent: flags === 4096,
        look: color,
        // Embeds call nobody.
        pings: allowed_mentions ? [] : (content.match(/@everyone|@here|<@\w+>/g) ?? []),
      })
    }
    if (searchParams.get('wait') !== 'true') return { status: 204 }
    return json(200, { id: String(shown.length), type: 0, channel_id: '1', webhook_id: id })
  })
  const settings = { url: `${receiver.url}/api/webhooks/1234/abcd` }
  return Object.assign(receiver, { kind: 'DISCORD', settings, shown })
}

/**
 * As a reader sees it: an address shows as it is, up to a space or a bracket; a sign of Markdown that is not escaped is gone, and what it
 * does shows as ⟨⟩.
 */
function seen(text: string): string {
  const parts = /(https?:\/\/[^\s<]+[^\s<.,:;"')\]])|\\([^A-Za-z\d\s])|[*_~`|<[\\]|^\s*[#>-]/gm
  return text.replace(parts, (_, address?: string, escaped?: string) => address ?? escaped ?? '⟨⟩')
}
